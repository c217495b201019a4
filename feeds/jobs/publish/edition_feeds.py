"""The feed of a newsletter's editions: each edition in print is an entry that leads to its page.

Not here: those pages (edition_pages), what an edition holds (edition_stock), feeds of entries (feed_documents).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config.frames import NEVER
from feeds.formats import FORMATS, print_document, print_entry_elements
from feeds.formats.printing import Elements, how_many_fit
from feeds.jobs.publish.documents import Document, Sheet, gone_marker, moved_marker
from feeds.jobs.publish.edition_pages import Bound, bound_of
from feeds.jobs.publish.edition_stock import EditionStock
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.subjects import SITE, SITEMAP
from feeds.model import Feed, Person
from feeds.rendering.edition_pages import edition_entry
from feeds.rendering.words import words_for
from feeds.rules.identity import edition_entry_id, feed_id
from feeds.rules.series import folder_of
from feeds.store import documents, newsletters
from feeds.store.documents import Publication
from feeds.store.reprints import NEWSLETTER, OPEN, Reprint

NEWEST = 20  # editions in the feed: older ones stand in the list


@dataclass(frozen=True, slots=True)
class _Element:
    """An edition as it stands in documents, and when it was updated."""

    made: Elements
    updated_at: datetime

    @property
    def held(self) -> tuple[str, int]:
        """Return what a reader is remembered to have."""
        return self.made.entry_id, int(self.updated_at.timestamp())


class EditionFeeds:
    """Prints newsletters' feeds by their names, and clears all that stands of a newsletter that is on the site no more.

    While ``pages_stand`` is not so, what is due stays due: its pages could not all be printed.
    """

    def __init__(self, room: Room) -> None:
        self._room, self._site, self._stock = room, room.config.site, EditionStock(room)
        self.pages_stand = True

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield the documents of the feed, whichever editions are due."""
        newsletter = self._room.subjects.newsletter(name)
        if newsletter is None:
            yield from self._ended(name, parts)
            return
        if name != NEWSLETTER + newsletter.slug:  # editions of readers' own cadences are pages, and stand in no feed
            yield Sheet(due=Reprint(name) if self.pages_stand else None)
            return
        bound = bound_of(self._room, name, newsletter)
        printed = list(self._documents(bound))
        copies = [copy for document in printed for copy in self._former(bound, document)]
        with self._room.store.reading() as tx:
            is_new = documents.find(tx, printed[0].path) is None
        yield Sheet(
            due=Reprint(name) if self.pages_stand else None,
            documents=(*printed, *copies),
            then=(Reprint(SITE), Reprint(SITEMAP)) if is_new else (),
        )

    def _ended(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Clear what stands of a newsletter; its feed says that it ended, unless it has another name now."""
        with self._room.store.reading() as tx:
            there = [one for one in documents.list_of(tx, [name]) if not one.format.startswith(".")]
            seen, bare = newsletters.list_seen(tx), newsletters.list_bare(tx)
        known, successor = seen.get(name.removeprefix(NEWSLETTER)), self._room.subjects.successor(name)
        is_moved = known is not None and known.renamed_to is not None
        if successor and not is_moved and (successor not in seen or successor in bare):
            there = []  # the next run takes note of its new name: until then it stays as it is
        signs = () if is_moved else tuple(gone_marker(_as_document(one)) for one in there if one.format in FORMATS)
        yield from (Sheet(due=Reprint(name, part)) for part in parts if part != OPEN)
        then = (Reprint(SITE), Reprint(SITEMAP)) if there else ()
        yield Sheet(due=Reprint(name), documents=signs, cleared=tuple(one.path for one in there), then=then)

    def _documents(self, bound: Bound) -> Iterator[Document]:
        frame = self._frame(bound)
        elements = self._fitting(list(self._elements(bound, frame)), frame)
        frame = replace(frame, updated_at=max((one.updated_at for one in elements), default=NEVER))
        for name, format in FORMATS.items():
            kept = [one for one in elements if name in one.made.data]
            missing = [one.made for one in elements if name not in one.made.data]
            yield Document(
                feed=bound.name,
                format=name,
                part="",
                path=f"{bound.folder}/{format.filename}",
                media_type=format.media_type,
                data=print_document(format, frame, [one.made.data[name] for one in kept]),
                held=tuple(one.held for one in kept),
                left_out=tuple((made.entry_id, made.left_out[name]) for made in missing),
                is_versioned=True,
            )

    def _elements(self, bound: Bound, frame: Feed) -> Iterator[_Element]:
        for one, updated_at in self._stock.newest(bound.newsletter, NEWEST):
            id = edition_entry_id(self._site.id, one.edition.id)
            words = words_for(one.view.language, self._room.templates)
            entry = edition_entry(one.view, words, id=id, author=frame.author.name, updated_at=updated_at)
            made = print_entry_elements(FORMATS.values(), entry, full_text=True, language=frame.language)
            yield _Element(made, updated_at)

    def _fitting(self, elements: list[_Element], frame: Feed) -> list[_Element]:
        """Return the newest of them, as many as a document holds in every format."""
        room = (
            how_many_fit(format, frame, [one.made.data.get(name, b"") for one in elements])
            for name, format in FORMATS.items()
        )
        return elements[: min(room)]

    def _frame(self, bound: Bound) -> Feed:
        site, newsletter = self._site, bound.newsletter
        return Feed(
            id=feed_id(site.id, bound.folder),
            title=newsletter.title,
            description=newsletter.description or newsletter.title,
            home_url=f"{site.url}{bound.folder}/",
            language=newsletter.language or site.language,
            author=Person(newsletter.sender.name or site.author or site.title),
            addresses={name: link.url for name, link in zip(FORMATS, bound.feeds, strict=True)},
            updated_at=NEVER,
            icon_url=site.icon,
            hubs=site.hubs,
            rights=site.rights or "",
        )

    def _former(self, bound: Bound, document: Document) -> Iterator[Document]:
        """Yield a document once more where readers may still look for it, with a sign that it moved."""
        for slug in bound.former:
            path = f"{folder_of(slug)}/{document.path.rpartition('/')[2]}"
            copy = replace(document, part=slug, path=path, left_out=(), is_versioned=False)
            yield copy
            yield moved_marker(copy, self._site.url + document.path)


def _as_document(one: Publication) -> Document:
    return Document(feed=one.feed, format=one.format, part=one.part, path=one.path, media_type=one.media_type, data=b"")
