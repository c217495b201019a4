"""A newsletter on the site: a page for each edition, and the list of them.

The list's pages are numbered from the oldest, and hold the same editions for ever. Not here: the feed of the editions
(edition_feeds), what an edition holds (edition_stock), how a page looks (rendering).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from feeds.config import NewsletterConfig
from feeds.jobs.publish.documents import GONE, HTML, Document, Sheet, gone_marker
from feeds.jobs.publish.edition_stock import EditionStock, PrintedEdition
from feeds.jobs.publish.entry_pages import REDIRECT, redirect
from feeds.jobs.publish.newsletter_links import feed_links
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.stock import BATCH
from feeds.jobs.publish.subjects import INDEX
from feeds.rendering.edition_pages import NewsletterView, edition_page, newsletter_page
from feeds.rendering.views import FeedLink
from feeds.rules.series import folder_of, newsletter_of
from feeds.store import documents, newsletters, printed_editions
from feeds.store.batches import batches
from feeds.store.reprints import NEWSLETTER, OPEN, Reprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The editions of a series as a list over pages of ``size``, the newest being number ``last``.

    ``name`` is what it is printed by, ``feeds`` are its documents, ``former`` the slugs that it had before.
    """

    name: str
    newsletter: NewsletterConfig
    size: int
    last: int
    feeds: tuple[FeedLink, ...]
    former: tuple[str, ...]

    @property
    def series(self) -> str:
        """Return the series that its editions are numbered in."""
        return self.name.removeprefix(NEWSLETTER)

    @property
    def folder(self) -> str:
        """Return its folder in the output."""
        return folder_of(self.series)

    @property
    def closed(self) -> int:
        """Return how many pages of the list are closed: the open one holds as many as fill a page, or more."""
        return max(0, self.last // self.size - 1)

    def numbers_on(self, page: int) -> range:
        """Return the numbers of the editions on a page of the list."""
        first = (page - 1) * self.size + 1 if page else self.closed * self.size + 1
        return range(first, first + self.size if page else self.last + 1)

    def page_with(self, number: int) -> int:
        """Return on which page of the list an edition stands, OPEN where that is not closed."""
        page = 1 + (number - 1) // self.size
        return page if page <= self.closed else OPEN

    def path_of(self, page: int) -> str:
        """Return the folder of a page of the list."""
        return f"{self.folder}/page/{page}" if page else self.folder

    def edition_path(self, number: int) -> str:
        """Return the page of an edition."""
        return f"{self.folder}/{number}/index.html"


class EditionPages:
    """Prints newsletters' pages by their names; of those that are on the site no more nothing."""

    def __init__(self, room: Room) -> None:
        self._room, self._store, self._stock = room, room.store, EditionStock(room)

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield the pages of editions that are due, and those of the list; OPEN stays due until the feed is made."""
        newsletter = self._room.subjects.newsletter(name)
        if newsletter is None:
            return
        bound, numbers = bound_of(self._room, name, newsletter), sorted(set(parts) - {OPEN})
        for batch in batches(numbers, BATCH):
            yield from self._editions(bound, batch)
        if bound.series == newsletter.slug:  # the others are in nobody's list: their readers come by their mail
            for page in sorted({bound.page_with(number) for number in numbers} | self._new_pages(bound)):
                yield self._list(bound, page)
        yield from (Sheet(due=Reprint(name, number)) for number in numbers)

    def _new_pages(self, bound: Bound) -> set[int]:
        """Return the pages of the list to print whatever editions are due: the open one, and those just closed.

        The one before those had the open one as its newer neighbour.
        """
        page = bound.closed
        with self._store.reading() as tx:
            while page > 0 and documents.find(tx, f"{bound.path_of(page)}/index.html") is None:
                page -= 1
        return {OPEN} if page == bound.closed else set(range(max(page, 1), bound.closed + 1)) | {OPEN}

    # ---- editions ----

    def _editions(self, bound: Bound, numbers: Collection[int]) -> Iterator[Sheet]:
        stock = self._stock.numbered(bound.newsletter, numbers, bound.feeds, series=bound.series)
        found = {one.edition.number: one for one in stock}
        with self._store.reading() as tx:
            there = documents.list_at(tx, [bound.edition_path(number) for number in numbers])
        for number in numbers:
            sheet = self._edition(bound, found[number]) if number in found else self._gone(bound, number)
            before, path = there.get(bound.edition_path(number)), bound.edition_path(number)
            title = next((document.title for document in sheet.documents if document.path == path), None)
            is_known = title == (before.title if before else None)
            yield sheet if is_known else replace(sheet, then=(Reprint(INDEX),))  # which leads to the newest

    def _edition(self, bound: Bound, one: PrintedEdition) -> Sheet:
        path = bound.edition_path(one.edition.number)
        data = edition_page(one.view, self._room.site, self._room.templates)
        page = _page(bound, str(one.edition.number), path=path, data=data, held=one.held)
        page = replace(page, title=one.view.subject)
        first = one.edition.id.partition("/")[0]  # the series under whose name it was sent
        old = f"{folder_of(first)}/{one.edition.number}/index.html"
        moved = (self._redirect(bound, old, one.view.url),) if newsletter_of(first) in bound.former else ()
        return Sheet(due=None, documents=(page, *moved))

    def _gone(self, bound: Bound, number: int) -> Sheet:
        """Clear the page of an edition that is in print no more; where there was one, its address says so."""
        path = bound.edition_path(number)
        with self._store.reading() as tx:
            was_there = bool(documents.list_at(tx, [path, path + GONE]))
        sign = gone_marker(_page(bound, str(number), path=path, data=b""))
        return Sheet(due=None, documents=(sign,) if was_there else (), cleared=(path,) if was_there else ())

    # ---- the list ----

    def _list(self, bound: Bound, page: int) -> Sheet:
        site, newsletter = self._room.site, bound.newsletter
        found = self._stock.numbered(newsletter, bound.numbers_on(page), bound.feeds)
        view = NewsletterView(
            heading=newsletter.title,
            url=self._url(bound, page),
            editions=tuple(one.view for one in found),
            description=newsletter.description or "",
            page=page or None,
            front_url=self._url(bound, OPEN) if page else None,
            newer_url=self._url(bound, page + 1 if page < bound.closed else OPEN) if page else None,
            older_url=self._url(bound, (page or bound.closed + 1) - 1) if page != 1 and bound.closed else None,
            feeds=bound.feeds,
        )
        held = tuple(dict.fromkeys(each for one in found for each in one.held))
        data = newsletter_page(view, site, self._room.templates)
        part, path = f"page/{page}" if page else "", f"{bound.path_of(page)}/index.html"
        printed = (_page(bound, part, path=path, data=data, held=held),)
        if page:
            return Sheet(due=None, documents=printed)
        old = (f"{folder_of(slug)}/index.html" for slug in bound.former)
        moved = tuple(self._redirect(bound, path, view.url) for path in old)
        return Sheet(due=None, documents=(*printed, *moved), cleared=tuple(self._beyond(bound)))

    def _beyond(self, bound: Bound) -> Iterator[str]:
        """Yield the pages of the list that it has no more since others hold more."""
        page = bound.closed + 1
        with self._store.reading() as tx:
            while documents.find(tx, path := f"{bound.path_of(page)}/index.html") is not None:
                yield path
                page += 1

    def _url(self, bound: Bound, page: int) -> str:
        return f"{self._room.site.url}{bound.path_of(page)}/"

    def _redirect(self, bound: Bound, path: str, to: str) -> Document:
        data = redirect(path, to, site=self._room.site, templates=self._room.templates)
        return Document(feed=bound.name, format=REDIRECT, part=path, path=path, media_type=HTML, data=data)


def bound_of(room: Room, name: str, newsletter: NewsletterConfig) -> Bound:
    """Return a newsletter's editions as they are listed now."""
    with room.store.reading() as tx:
        last = printed_editions.last_number(tx, name.removeprefix(NEWSLETTER))
        former = newsletters.former_slugs(tx, newsletter.slug)
    configured = {one.slug for one in room.config.newsletters}
    return Bound(
        name=name,
        newsletter=newsletter,
        size=room.config.output.page_size,
        last=last,
        feeds=feed_links(room.site.url, newsletter),
        former=tuple(slug for slug in former if slug not in configured),
    )


def _page(bound: Bound, part: str, *, path: str, data: bytes, held: tuple[tuple[str, int], ...] = ()) -> Document:
    return Document(feed=bound.name, format="html", part=part, path=path, media_type=HTML, data=data, held=held)
