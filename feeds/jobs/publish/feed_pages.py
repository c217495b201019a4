"""The page of each feed that has no listing at its place: what it is, how to subscribe, its newest entries.

Not here: listings, which say the same of the feeds that stand beside them; how the page looks (rendering).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from feeds.config import FeedConfig
from feeds.jobs.publish.documents import HTML, Document, Sheet
from feeds.jobs.publish.feed_documents import below, links_of
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.subjects import FEED_PAGE, is_listed, leading_to
from feeds.rendering.pages import listing_page
from feeds.rendering.views import ListingView
from feeds.rules.families import Member
from feeds.store import documents, feed_entries
from feeds.store.reprints import Reprint


class FeedPages:
    """Prints the pages of feeds by their names."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield the page of one feed, or what clears it where there is none any more."""
        feed_name = name.removeprefix(FEED_PAGE)
        config = self._room.subjects.feed(feed_name)
        with self._room.store.reading() as tx:
            newest = feed_entries.list_newest(tx, feed_name, self._room.config.output.page_size)
        member = self._room.member(feed_name, newest) if config and config.each else None
        pages = []
        if config and not config.private and bool(member) == (config.each is not None):
            slug = member.slug if member else ""
            pages = [] if is_listed(config, slug) else [self._page(name, config, member, held=newest)]
        with self._room.store.reading() as tx:
            there = {one.path: one.title for one in documents.list_of(tx, [name])}
        wanted = {page.path: page.title for page in pages}
        then = () if there == wanted else leading_to(name)
        for part in parts:
            yield Sheet(
                due=Reprint(name, part), documents=tuple(pages), cleared=tuple(there.keys() - wanted), then=then
            )

    def _page(
        self, name: str, config: FeedConfig, member: Member | None, *, held: Sequence[feed_entries.Member]
    ) -> Document:
        room, called = self._room, member.name if member else ""
        path = config.path_for(member.slug) if member else config.path
        title = config.title_for(called)
        view = ListingView(
            title=title if room.site.title in title else f"{title} · {room.site.title}",
            heading=title,
            kicker="Feed",
            url=f"{room.site.url}{path}/",
            entries=tuple(item.printed for item in room.stock.items([one.entry_id for one in held])),
            description=config.description_for(called),
            page=None,
            feeds=links_of(room.config, config, member),
            subscribe=True,
            subscribe_first=True,
        )
        return Document(
            feed=name,
            format="html",
            part="",
            path=below(path, "index.html"),
            media_type=HTML,
            title=title,
            data=listing_page(view, room.site, room.templates),
            held=tuple((one.entry_id, one.change) for one in held),
        )
