"""The entries' own documents: the page of each, the page that says it was withdrawn, and the redirects to it.

Not here: listings and feeds that hold the entry (listings, feed_documents), how a page looks (rendering).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from feeds.errors import TemplateInvalid
from feeds.jobs.publish.documents import GONE, HTML, Document, Sheet, gone_marker
from feeds.jobs.publish.elements import Manner
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.stock import BATCH, Item
from feeds.jobs.publish.subjects import entry_subject
from feeds.model import Entry
from feeds.rendering.environment import Templates
from feeds.rendering.pages import entry_page, redirect_page, withdrawn_page
from feeds.rendering.views import SiteView
from feeds.rules.standing import leaves_a_page
from feeds.store import changes, documents
from feeds.store.batches import batches
from feeds.store.documents import Held
from feeds.store.engine import Transaction
from feeds.store.reprints import Reprint

# What stands in them is named by the program alone.
OWN_FOLDERS = frozenset({"media", "assets", "sitemaps", "private", "readers"})
REDIRECT = "redirect"


@dataclass(slots=True)
class _Left:
    """What is left to do for an entry once everything else is printed: redirects to make, documents to clear."""

    addresses: tuple[str, ...] = ()
    to: str = ""
    key: str = ""
    there: Mapping[str, str] = field(default_factory=dict)  # the format of each of its documents, by path
    page: str | None = None
    is_whole: bool = True  # else something of it could not be written, and it is due again


class EntryPages:
    """Prints the entries' own documents: :meth:`pages` first, :meth:`rest` when all else is printed."""

    def __init__(self, room: Room, *, manners: Collection[Manner], show_files: Callable[[Iterable[str]], bool]) -> None:
        self._store, self._stock, self._elements = room.store, room.stock, room.elements
        self._site, self._templates, self._manners, self._show_files = room.site, room.templates, manners, show_files
        self._left: dict[str, _Left] = {}
        self._done: list[str] = []
        self.broken: TemplateInvalid | None = None
        self.notes: list[str] = []

    def pages(self, entry_ids: Sequence[str]) -> Iterator[Sheet]:
        """Yield the page of each entry; while a template is broken, what needs none."""
        for batch in batches(entry_ids, BATCH):
            with self._store.reading() as tx:
                there = documents.list_of(tx, [entry_subject(entry_id) for entry_id in batch])
                slugs = changes.former_slugs(tx, batch)
                changed = changes.changes_of(tx, batch)
            for entry_id in batch:
                known = {one.path: one.format for one in there if one.feed == entry_subject(entry_id)}
                self._left[entry_id] = _Left(there=known)
            items = self._stock.items(batch)
            for manner in self._manners:
                self._elements.build((item for item in items if item.entry.is_public), manner)
            for item in items:
                yield from self._page(item, slugs.get(item.entry.id, ()), changed[item.entry.id])
            self._settle(batch)

    def rest(self) -> Iterator[Sheet]:
        """Yield the redirects to the entries, and clear what is theirs no more; an entry without its page waits."""
        yield from (Sheet(due=Reprint(entry_subject(entry_id))) for entry_id in self._done)
        for entry_id, left in self._left.items():
            redirects = tuple(self._redirects(entry_id, left))
            kept = {left.page, *(document.path for document in redirects)}
            if left.page and not left.to:
                kept.add(left.page + GONE)
            if self.broken and left.to:
                kept |= {path for path, format in left.there.items() if format == REDIRECT}
            cleared = tuple(path for path in left.there if path not in kept)
            due = Reprint(entry_subject(entry_id)) if left.is_whole and not self.broken else None
            yield Sheet(due=due, documents=redirects, cleared=cleared)

    def _settle(self, entry_ids: Iterable[str]) -> None:
        """Let go of what there is to remember of entries for which nothing is left to do: of most, in a large store."""
        for entry_id in entry_ids:
            left = self._left.get(entry_id)
            if left and left.is_whole and not left.addresses and left.there.keys() <= {left.page}:
                del self._left[entry_id]
                self._done.append(entry_id)

    def _page(self, item: Item, slugs: Sequence[str], change: int) -> Iterator[Sheet]:
        entry, left = item.entry, self._left[item.entry.id]
        if entry.is_public:
            left.is_whole = self._show_files(name for _, name in entry.article.files if name)
            left.to, left.key = item.printed.url, f"{entry.source}/{entry.key}"
            left.addresses = (*(f"{slug}/" for slug in slugs), *entry.article.former_addresses)
        if leaves_a_page(entry) or (entry.is_public and entry.article.url is None):
            left.page = f"{entry.slug}/index.html"
            yield from self._rendered(item, change)

    def _rendered(self, item: Item, change: int) -> Iterator[Sheet]:
        entry, path = item.entry, f"{item.entry.slug}/index.html"
        data = self._data(item)
        if data is None:
            self._wait(entry)
            return
        page = self._document(entry, path, data, held=((entry.id, change),) if entry.is_public else ())
        yield Sheet(due=None, documents=(page,) if entry.is_public else (page, gone_marker(page)))

    def _wait(self, entry: Entry) -> None:
        """Leave an entry without its page: what is public keeps its old one and is due again, what is not loses it."""
        if entry.is_public:
            del self._left[entry.id]
        else:
            self._left[entry.id].page = None

    def _data(self, item: Item) -> bytes | None:
        """Render an entry's page, None once a template is broken."""
        entry = item.entry
        if self.broken is not None:
            return None
        try:
            if entry.is_public:
                return entry_page(item.printed, self._site, self._templates)
            when, why = entry.withdrawn_at or entry.updated_at, entry.withdrawn_reason or ""
            return withdrawn_page(self._site, self._templates, url=item.printed.url, withdrawn_at=when, reason=why)
        except TemplateInvalid as error:
            self.broken = error
            return None

    def _redirects(self, entry_id: str, left: _Left) -> Iterator[Document]:
        if self.broken is not None:
            return
        for address in left.addresses:
            path = safe_path(address)
            with self._store.reading() as tx:
                problem = "is not an address on this site" if path is None else in_the_way(tx, path, entry_id)
            if path is not None and not problem:
                data = redirect(path, left.to, site=self._site, templates=self._templates)
                yield Document(
                    feed=entry_subject(entry_id), format=REDIRECT, part=path, path=path, media_type=HTML, data=data
                )
            else:
                self.notes.append(f"{left.key}: no redirect from {address}: it {problem}")

    def _document(self, entry: Entry, path: str, data: bytes, *, held: Held) -> Document:
        feed = entry_subject(entry.id)
        return Document(feed=feed, format="html", part="", path=path, media_type=HTML, data=data, held=held)


def redirect(path: str, to: str, *, site: SiteView, templates: Templates) -> bytes:
    """Return the page at a path of the site that leads to another address."""
    return redirect_page(site, templates, old_url=site.url + path.removesuffix("index.html"), new_url=to)


def in_the_way(tx: Transaction, path: str, entry_id: str) -> str:
    """Say what a redirect of an entry at this path would collide with, "" where it may stand there."""
    if PurePosixPath(path).parts[0] in OWN_FOLDERS:
        return "lies in a folder that the site keeps for itself"
    there = documents.list_at(tx, [path, *folders_of(path)])
    if path in there and (there[path].feed != entry_subject(entry_id) or there[path].format != REDIRECT):
        return "is the address of another page"
    # A file cannot stand where a folder is needed: one alias would then keep a feed from being written for ever.
    over = next((folder for folder in folders_of(path) if folder in there), None)
    if over is not None:
        return f"would turn {over} into a folder"
    return "is a folder that other documents stand in" if documents.is_folder(tx, path) else ""


def folders_of(path: str) -> list[str]:
    """Return the folders that a path stands in, the nearest first, without the output itself."""
    return [str(folder) for folder in PurePosixPath(path).parents][:-1]


def safe_path(address: str) -> str | None:
    """Return the file for an old address on the site, or None where it is none."""
    parts = urlsplit(address)
    path = PurePosixPath(unquote(parts.path).strip("/"))
    if parts.scheme or parts.netloc or parts.query or ".." in path.parts or "\\" in str(path) or not path.parts:
        return None
    if any(part.startswith(".") or len(part.encode()) > 200 for part in path.parts) or len(str(path).encode()) > 1000:
        return None
    if not str(path).isprintable():
        return None
    return str(path) if path.suffix in {".html", ".htm"} else f"{path}/index.html"
