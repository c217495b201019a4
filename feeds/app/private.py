"""The feeds of one site as its operator sees them, and the readers' own addresses of the private ones.

Not here: printing feeds (jobs.publish), answering at a private address (web).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.app.site import App
from feeds.store import private_addresses

if TYPE_CHECKING:
    from feeds.jobs.private_feeds import PrivateReport
    from feeds.model.private_addresses import PrivateAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """A feed of the config: where it stands, and of a private one how many readers have an address.

    In a family ``each`` says what it has a feed for, and ``url`` holds ``{slug}``; a private feed has no ``url``.
    """

    slug: str
    title: str
    each: str | None
    url: str | None
    private: bool
    readers: int


class Feeds:
    """The feeds of an :class:`App`."""

    def __init__(self, app: App) -> None:
        self._app, self._config = app, app.config

    def list(self) -> list[FeedFacts]:
        """Return all feeds, in the config's order."""
        with self._app.store.reading() as tx:
            readers = private_addresses.count_open(tx)
        return [
            FeedFacts(
                slug=feed.slug,
                title=feed.title,
                each=feed.each,
                url=None if feed.private else self._config.site.url + ("" if feed.path == "." else f"{feed.path}/"),
                private=feed.private,
                readers=readers.get(feed.slug, 0) if feed.private else 0,
            )
            for feed in self._config.feeds
        ]

    def readers(self, feed: str) -> Iterator[tuple[str, PrivateAddress]]:
        """Yield (e-mail address, private address) of everybody who has or had one of a private feed."""
        from feeds.jobs.private_feeds import list_readers

        return list_readers(self._config, self._app.store, feed)

    def give(self, reader: str, feed: str, *, add: bool = False) -> PrivateReport:
        """Return a reader's own address of a private feed, made where they have none."""
        from feeds.jobs.private_feeds import give

        return give(self._config, self._app.store, reader, feed=feed, now=self._app.clock(), add=add)

    def revoke(self, reader: str, feed: str) -> bool:
        """Revoke a reader's own address of a feed; tell whether there was one."""
        from feeds.jobs.private_feeds import revoke

        return revoke(self._config, self._app.store, reader, feed=feed, now=self._app.clock())
