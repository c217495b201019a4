"""Prints a private feed, once for all its readers, and finds the files that its entries show.

Nothing is kept on the disk. Not here: whose address it is (opening), keeping what was printed (web).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from feeds.config import Config, FeedConfig
from feeds.config.frames import NEVER, frame_of
from feeds.formats import FORMATS, render_clean
from feeds.jobs.private_feeds.opened import Opened
from feeds.model import Article, Entry, Feed, Printed, State, Tag, Tombstone
from feeds.rules.printing import Press, for_feeds, print_entry, with_addresses
from feeds.rules.private_tokens import BLANK, private_url
from feeds.store import changes, entries, private_addresses, tags
from feeds.store.engine import Store, Transaction
from feeds.store.media import MEDIA_NAME, Shelf

MEDIA = "media:"


def print_feed(config: Config, store: Store, opened: Opened, *, format: str) -> bytes:
    """Return the feed's document in one of its formats; raise PressrunError where it cannot be printed.

    It is the same for all readers: :func:`addressed` makes it one's own. What has left since the last publish is not
    in it, although it still has its place.
    """
    folder = private_url(config.site.url, BLANK)
    with store.reading() as tx:
        held = _readable(tx, opened, (entry_id for entry_id, _ in opened.held))
        press = _press(tx, config, held)
        named = tags.by_entry(tx, [entry.id for entry in held])
    printed = [for_feeds(_printed(entry, press, named.get(entry.id, ()), files_at=folder)) for entry in held]
    return render_clean(FORMATS[format], _frame(config, opened, held, folder=folder), printed).data


def addressed(data: bytes, token: str) -> bytes:
    """Return a document, or a part of one, with a reader's own address wherever it names the feed's."""
    return data.replace(BLANK.encode(), token.encode())


def find_file(store: Store, shelf: Shelf, opened: Opened, *, name: str) -> Path | None:
    """Return where a file on the media shelf lies that an entry of the feed shows, None where none does."""
    if not MEDIA_NAME.fullmatch(name) or not shelf.path(name).is_file():
        return None
    with store.reading() as tx:
        naming = private_addresses.list_naming(tx, opened.feed.slug, name)
        found = (entry for entry_id in naming for entry in _readable(tx, opened, [entry_id]))
        return shelf.path(name) if any(_shows(entry, name) for entry in found) else None


def _shows(entry: Entry, name: str) -> bool:
    return any(file == name for _, file in entry.article.files)


def _readable(tx: Transaction, opened: Opened, entry_ids: Iterable[str]) -> list[Entry]:
    """Return those of these entries that the feed may show now, in their order."""
    wanted = list(entry_ids)
    found = {entry.id: entry for entry in entries.list_with(tx, wanted) if _may_stand(entry, opened.feed)}
    return [found[entry_id] for entry_id in wanted if entry_id in found]


def _may_stand(entry: Entry, feed: FeedConfig) -> bool:
    return entry.is_public or (feed.members and entry.state is State.LIVE)


def _press(tx: Transaction, config: Config, held: Sequence[Entry]) -> Press:
    """Return what print needs to know: the site, and where the public entries stand that these link to."""
    site = config.site
    targets = {target for entry in held for target in entry.article.linked_entries}
    found = changes.list_whereabouts(tx, targets).items()
    pages = {target: where.url or f"{site.url}{where.slug}/" for target, where in found if where.is_public}
    return Press(site_url=site.url, language=site.language, author=site.author or "", zone=site.zone, pages=pages)


def _printed(entry: Entry, press: Press, own_tags: tuple[Tag, ...], *, files_at: str) -> Printed:
    """Return an entry as it is printed here. One for members has no page: its link is the site's, unless it has one.

    The files that it shows stand at the reader's own address; those of public entries, where everyone gets them.
    """
    if entry.is_public:
        return print_entry(entry, press, own_tags)
    moved = replace(entry, article=_with_files_at(entry.article, files_at))
    printed = print_entry(moved, press, own_tags)
    # The page of an author exists only where everyone may read something by them.
    return replace(printed, url=printed.url if entry.article.url else press.site_url, author_urls={})


def _with_files_at(article: Article, folder: str) -> Article:
    settled = partial(_file_at, folder)
    image = article.image
    return replace(
        article,
        html=with_addresses(article.html, settled),
        image=replace(image, address=settled(image.address)) if image else None,
        enclosures=tuple(replace(each, address=settled(each.address)) for each in article.enclosures),
    )


def _file_at(folder: str, address: str) -> str:
    return f"{folder}media/{address.removeprefix(MEDIA)}" if address.startswith(MEDIA) else address


def _frame(config: Config, opened: Opened, held: Sequence[Entry], *, folder: str) -> Feed:
    """Return what the documents say of the feed. No hub hears of it: what it would fetch and pass on is secret."""
    times = [entry.updated_at for entry in held] + [at for _, at in opened.left]
    return replace(
        frame_of(config.site, opened.feed),
        addresses={name: folder + FORMATS[name].filename for name in opened.feed.formats},
        updated_at=max(times, default=NEVER),
        tombstones=tuple(Tombstone(entry_id, at) for entry_id, at in opened.left),
    )
