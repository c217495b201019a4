"""The press: media first, then pages, then the feeds that point to them; what is no longer published goes last.

Not here: making documents (feed_documents, pages), the care in writing one (output).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from feeds.config import Config
from feeds.errors import OutputRefused, TemplateInvalid
from feeds.jobs.publish.documents import Document
from feeds.jobs.publish.feed_documents import feed_documents
from feeds.jobs.publish.output import FileDamaged, Output
from feeds.jobs.publish.pages import Pages
from feeds.jobs.publish.stock import Stock, read_stock
from feeds.rendering.environment import Templates
from feeds.store import documents, entries
from feeds.store.documents import Publication
from feeds.store.engine import Store
from feeds.store.media import MEDIA_NAME, Shelf

BATCH = 100  # documents that are held in memory, and recorded in one transaction


@dataclass(slots=True)
class PublishReport:
    """What a publish did, by path; ``left_out`` is (path, entry id, reason), ``failed`` (path, reason).

    ``written`` are documents, ``media`` the pictures and files copied beside them.
    """

    written: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    went_live: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether everything is published as it should be."""
        return not (self.left_out or self.failed)


def publish(
    config: Config,
    store: Store,
    shelf: Shelf,
    *,
    templates: Templates,
    now: datetime,
    progress: Callable[[str], None] = lambda _path: None,
) -> PublishReport:
    """Print all documents as of ``now``. A document that cannot be written is reported, and the others go on.

    Raises OutputRefused where the output folder as a whole is refused. TemplateInvalid is raised last: feeds need no
    template, and what was withdrawn goes even where no page can be printed.
    """
    output = Output(config.output.path)
    output.open()
    with store.writing() as tx:
        went_live = entries.mark_live(tx, now)
    stock = read_stock(store, config)
    run = _PressRun(store, output, now)
    run.report.went_live = went_live
    run.publish_media(stock, shelf)
    pages = Pages(config, stock, templates)
    run.report.notes += pages.notes
    broken = run.publish_pages(pages, progress)
    run.publish_all(feed_documents(config, stock), progress)
    run.remove_what_is_no_more(keep=pages.paths if broken else frozenset())
    if broken is not None:
        raise broken
    return run.report


class _PressRun:
    """One publish: what the store knew before it, what has been printed since, and what there is to tell."""

    def __init__(self, store: Store, output: Output, now: datetime) -> None:
        self._store, self._output, self._now = store, output, now
        with store.reading() as tx:
            self._known = documents.list_all(tx)
        self._printed: set[str] = set()
        self.report = PublishReport()

    def publish_pages(self, pages: Pages, progress: Callable[[str], None]) -> TemplateInvalid | None:
        """Print the pages; return what is wrong with a template where that stopped it."""
        try:
            self.publish_all(pages.documents(), progress)
        except TemplateInvalid as error:
            return error
        return None

    def publish_all(self, printed: Iterator[Document], progress: Callable[[str], None]) -> None:
        """Write documents as they are printed, a batch at a time."""
        while batch := list(islice(printed, BATCH)):
            for document in batch:
                progress(document.path)
            self._publish(batch)

    def _publish(self, batch: Iterable[Document]) -> None:
        """Write the documents whose bytes changed, and record them."""
        wanted = [d for d in batch if self._is_first_at_its_path(d) and not self._is_taken(d)]
        fresh = self._announce([document for document in wanted if document.path not in self._known])
        refused = {document.path for document in wanted if not self._write(document)}
        changed = [d for d in wanted if d.path not in refused and not self._is_recorded(d)]
        if changed or refused & fresh:
            with self._store.writing() as tx:
                for document in changed:
                    documents.record(tx, self._publication(document), document.held)
                for path in refused & fresh:
                    documents.forget(tx, path)

    def publish_media(self, stock: Stock, shelf: Shelf) -> None:
        """Copy the files of public articles, and remove those of articles that are public no longer."""
        names = {name for entry in stock.entries for _, name in entry.article.files if name}
        for name in sorted(names):
            self._copy(name, shelf)
        for name in self._output.names("media"):
            if MEDIA_NAME.fullmatch(name) and name not in names:
                self._remove(f"media/{name}")

    def remove_what_is_no_more(self, *, keep: Set[str]) -> None:
        """Remove the documents that were published before and are not any more; ``keep`` are due, though unprinted.

        It happens even where another document could not be written: what was withdrawn must not stay for that.
        """
        for path in self._known.keys() - self._printed - keep:
            if self._remove(path):
                with self._store.writing() as tx:
                    documents.forget(tx, path)
        self.report.removed.sort()

    def _is_first_at_its_path(self, document: Document) -> bool:
        if document.path in self._printed:
            self.report.failed.append((document.path, "two documents want this address; rename one of them"))
            return False
        self._printed.add(document.path)
        return True

    def _is_taken(self, document: Document) -> bool:
        """Tell whether somebody else's file stands there: a store made anew adopts only what bears our mark."""
        if document.path in self._known or not self._output.is_foreign(document.path, document.data):
            return False
        place = self._output.folder / document.path
        why = f"{place}: was not made by Pressrun; move it away, or choose another slug"
        self.report.failed.append((document.path, why))
        return True

    def _announce(self, fresh: list[Document]) -> set[str]:
        """Record new documents before they are written: killed in between, the next publish still knows of them."""
        moved = {publication.key for publication in self._known.values()}
        announced = [d for d in fresh if (d.feed, d.format, d.part) not in moved]
        if announced:
            with self._store.writing() as tx:
                for document in announced:
                    documents.record(tx, self._publication(document), document.held)
        self._known |= {document.path: self._publication(document) for document in announced}
        return {document.path for document in announced}

    def _write(self, document: Document) -> bool:
        """Write a document if its bytes changed; return False where that was refused."""
        report = self.report
        report.left_out += [(document.path, entry_id, reason) for entry_id, reason in document.left_out]
        try:
            written = self._output.write(document.path, document.data)
        except OutputRefused as error:
            report.failed.append((document.path, str(error)))
            return False
        report.unchanged += not written
        report.written += [document.path] if written else []
        return True

    def _copy(self, name: str, shelf: Shelf) -> None:
        path, original = f"media/{name}", shelf.path(name)
        try:
            if self._output.copy(path, original):
                self.report.media.append(path)
        except FileDamaged:
            shelf.set_aside(name)
            why = f"{original}: was damaged, and is set aside; run `pressrun sync` to fetch it anew"
            self.report.failed.append((path, why))
        except OSError as error:
            self.report.failed.append((path, f"{original}: {error.strerror}; run `pressrun sync` to fetch it anew"))
        except OutputRefused as error:
            self.report.failed.append((path, str(error)))

    def _remove(self, path: str) -> bool:
        try:
            self._output.remove(path)
        except OutputRefused as error:
            self.report.failed.append((path, str(error)))
            return False
        self.report.removed.append(path)
        return True

    def _is_recorded(self, document: Document) -> bool:
        before, now = self._known.get(document.path), self._publication(document)
        return before is not None and (before.key, before.hash) == (now.key, now.hash)

    def _publication(self, document: Document) -> Publication:
        return Publication(
            feed=document.feed,
            format=document.format,
            part=document.part,
            path=document.path,
            media_type=document.media_type,
            hash=hashlib.sha256(document.data).hexdigest(),
            length=len(document.data),
            published_at=self._now,
        )
