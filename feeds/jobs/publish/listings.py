"""The listings: the index, and the entries of each tag, author and section, over as many pages as it takes.

Pages are closed from the oldest and numbered from it, so that a new entry moves no other to another page.
Not here: the entries' own pages (entry_pages), feeds (feed_documents), how a listing looks (rendering).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from feeds.jobs.publish.documents import HTML, Document, Sheet
from feeds.jobs.publish.entry_pages import REDIRECT, redirect
from feeds.jobs.publish.feed_documents import links_of
from feeds.jobs.publish.front import contents, sections
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.stock import BATCH
from feeds.jobs.publish.subjects import INDEX, LISTINGS, SITEMAP, leading_to
from feeds.rendering.pages import listing_page
from feeds.rendering.views import FeedLink, ListingView
from feeds.rules.families import Each, Member
from feeds.rules.queries import newest_first
from feeds.store import documents, feed_entries, reprints
from feeds.store.batches import batches
from feeds.store.documents import Publication
from feeds.store.feed_entries import Member as Held
from feeds.store.reprints import OPEN, Reprint

_KICKERS = {Each.TAG: "Tag", Each.AUTHOR: "Author", Each.SECTION: "Section"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A listing as it is to be printed; ``path`` is its folder, "" for the site's own."""

    name: str
    path: str
    heading: str
    kicker: str
    feeds: tuple[FeedLink, ...]
    former: tuple[str, ...] = ()


class Listings:
    """Prints listings by their names."""

    def __init__(self, room: Room) -> None:
        self._room, self._config, self._store, self._stock = room, room.config, room.store, room.stock
        self._site, self._templates, self._tag_aliases = room.site, room.templates, room.tag_aliases

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield what is to be printed of a listing: closed pages first, since the open one points to them."""
        due = set(parts)
        with self._store.reading() as tx:
            newest = feed_entries.list_newest(tx, name, self._config.output.page_size)
            there = documents.list_open(tx, name)
        listing = self._listing(name, newest)
        if listing is None:
            yield from self._cleared(name, due)
            return
        if OPEN in due:
            due |= self._close(listing)
        shown = {one.entry_id for one in newest}
        for part, held in self._held(name, sorted(due - {OPEN})):
            yield self._closed(listing, part, held)
            if not shown.isdisjoint(one.entry_id for one in held):
                due.add(OPEN)  # one is among the newest by its date, and so on the open page too
        if OPEN in due:
            yield self._open(listing, newest, there)

    def _held(self, name: str, parts: Iterable[int]) -> Iterator[tuple[int, Sequence[Held]]]:
        """Yield closed pages with what they hold; the entries of several are fetched at once."""
        for batch in batches(parts, max(1, BATCH // self._config.output.page_size)):
            with self._store.reading() as tx:
                held = {part: feed_entries.list_part(tx, name, part) for part in batch}
            self._stock.items([one.entry_id for page in held.values() for one in page])
            yield from held.items()

    def _listing(self, name: str, newest: Sequence[Held]) -> Listing | None:
        """Return a listing by its name, None where no entry stands in it any more."""
        if name == INDEX:
            title = self._config.site.title
            return Listing(name=name, path="", heading=title, kicker="", feeds=self._site.feeds)
        folder = name[1:].partition("/")[0]
        member = self._room.member(name, newest) if folder in LISTINGS else None
        if member is None:
            return None
        each = LISTINGS[folder]
        former = [old for old, new in self._tag_aliases.items() if each is Each.TAG and new == member.slug]
        return Listing(
            name=name,
            path=f"{name[1:]}/",
            heading=member.name,
            kicker=_KICKERS[each],
            feeds=self._feeds(each, member),
            former=tuple(f"{folder}/{old}/index.html" for old in former),
        )

    def _feeds(self, each: Each, member: Member) -> tuple[FeedLink, ...]:
        families = (feed for feed in self._config.feeds if feed.each is each)
        return tuple(link for feed in families for link in links_of(self._config, feed, member))

    def _close(self, listing: Listing) -> set[int]:
        """Close the pages that are full, while as many entries stay open; return what that has printed."""
        size = self._config.output.page_size
        with self._store.reading() as tx:
            held = feed_entries.list_part(tx, listing.name, None)
            last = feed_entries.last_part(tx, listing.name)
        number = max(0, len(held) // size - 1)
        if number == 0:
            return set()
        closed = [(held[place].entry_id, last + 1 + place // size) for place in range(number * size)]
        due = set(range(last + 1, last + 1 + number))
        with self._store.writing() as tx:
            feed_entries.close(tx, listing.name, closed)
            reprints.add(tx, (Reprint(listing.name, part) for part in due))
        return due

    def _closed(self, listing: Listing, part: int, held: Sequence[Held]) -> Sheet:
        """Return a closed page; it links to older ones and to the open one, never to a newer: it stays as it is."""
        older = self._url(listing, part - 1) if part > 1 else None
        page = self._page(listing, held, page=part, older_url=older)
        return Sheet(due=Reprint(listing.name, part), documents=(page,))

    def _open(self, listing: Listing, newest: Sequence[Held], there: Sequence[Publication]) -> Sheet:
        with self._store.reading() as tx:
            held = {one.entry_id: one for one in feed_entries.list_part(tx, listing.name, None)}
            last = feed_entries.last_part(tx, listing.name)
        oldest = min((one.published_at for one in held.values()), default=None)
        held |= {one.entry_id: one for one in newest if oldest is None or one.published_at > oldest}
        older = self._url(listing, last) if last else None
        page = self._page(listing, list(held.values()), page=None, older_url=older)
        moved = tuple(self._former(listing, path) for path in listing.former)
        wanted = {document.path for document in moved}
        stale = tuple(one.path for one in there if one.format == REDIRECT and one.path not in wanted)
        is_known = any((one.path, one.title) == (page.path, page.title) for one in there)
        then = () if is_known or listing.name == INDEX else (Reprint(SITEMAP), *leading_to(listing.name))
        return Sheet(due=Reprint(listing.name), documents=(page, *moved), cleared=stale, then=then)

    def _page(self, listing: Listing, held: Sequence[Held], *, page: int | None, older_url: str | None) -> Document:
        held, is_front = newest_first(held), listing.name == INDEX and page is None
        view = ListingView(
            title=listing.heading if listing.name == INDEX else f"{listing.heading} · {self._site.title}",
            heading=listing.heading,
            kicker=listing.kicker,
            url=self._url(listing, page or OPEN),
            entries=tuple(item.printed for item in self._stock.items([one.entry_id for one in held])),
            description=self._site.description if listing.name == INDEX else "",
            page=page,
            front_url=self._url(listing, OPEN) if page else None,
            older_url=older_url,
            feeds=listing.feeds,
            subscribe=page is None and bool(listing.feeds),
            contents=contents(self._room) if is_front else None,
        )
        site = replace(self._site, sections=sections(self._room)) if is_front else self._site
        return Document(
            feed=listing.name,
            format="html",
            part=str(page or ""),
            path=f"{_folder(listing, page or OPEN)}index.html",
            media_type=HTML,
            title="" if page else listing.heading,
            data=listing_page(view, site, self._templates),
            held=tuple((one.entry_id, one.change) for one in held),
        )

    def _former(self, listing: Listing, path: str) -> Document:
        data = redirect(path, self._url(listing, OPEN), site=self._site, templates=self._templates)
        return Document(feed=listing.name, format=REDIRECT, part=f"~{path}", path=path, media_type=HTML, data=data)

    def _cleared(self, name: str, due: set[int]) -> Iterator[Sheet]:
        with self._store.reading() as tx:
            there = documents.list_of(tx, [name])
        then = (Reprint(SITEMAP), *leading_to(name))
        yield from (Sheet(due=Reprint(name, part)) for part in sorted(due - {OPEN}))
        yield Sheet(due=Reprint(name), cleared=tuple(one.path for one in there), then=then)

    def _url(self, listing: Listing, part: int) -> str:
        return self._site.url + _folder(listing, part)


def _folder(listing: Listing, part: int) -> str:
    return listing.path if part == OPEN else f"{listing.path}page/{part}/"
