"""Writing sheets: each document in its place if its bytes changed, all of a batch recorded in one transaction.

Not here: what is on a sheet, the care in writing one file (output).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from feeds.config import Config
from feeds.errors import OutputRefused
from feeds.jobs.publish.documents import GONE, MOVED, Document, Sheet
from feeds.jobs.publish.entry_pages import REDIRECT
from feeds.jobs.publish.output import Output, Staged
from feeds.jobs.publish.planning import Plan
from feeds.jobs.publish.report import PublishReport
from feeds.store import documents, pings, reprints
from feeds.store.documents import Publication
from feeds.store.engine import Store, Transaction

MOST_DOCUMENTS, MOST_BYTES = 100, 8_000_000  # that are held in memory, and recorded in one transaction
VERSIONS_KEPT = timedelta(days=30)
UNWRITTEN = ""  # the hash of a document of which it is only known that it is about to be written
LEAST_COMPRESSED = 256  # bytes; what is smaller travels in one packet anyway


class Writer:
    """Writes the sheets of one plan and keeps the record; hubs are to hear of what people subscribe to and changed."""

    def __init__(
        self, store: Store, output: Output, report: PublishReport, *, config: Config, plan: Plan, now: datetime
    ) -> None:
        self._store, self._output, self._report = store, output, report
        self._config, self._materials, self._now = config, plan.materials, now
        self._due = {one.subject for one in plan.due}
        self._printed: set[str] = set()
        self._unfinished: set[str] = set()  # subjects of which something could not be written: they stay due

    def write_all(self, sheets: Iterable[Sheet], progress: Callable[[str], None]) -> None:
        """Write sheets as they are printed, a batch at a time."""
        for batch in _batches(sheets):
            for document in (document for sheet in batch for document in sheet.documents):
                progress(document.path)
            self._write(batch)

    def _write(self, batch: list[Sheet]) -> None:
        with self._store.reading() as tx:
            known = documents.list_at(tx, {document.path for sheet in batch for document in sheet.documents})
        wanted = [d for sheet in batch for d in sheet.documents if self._may_stand(d, known)]
        self._announce([document for document in wanted if document.path not in known])
        written = self._put(wanted)
        refused = {d.path for d in wanted if d.path not in known} - {d.path for d in written}
        stale = self._stale(batch)
        cleared = [path for path in stale if self._clear(path)]
        uncleared = set(stale) - set(cleared)
        self._unfinished |= {one.due.subject for one in batch if one.due and not uncleared.isdisjoint(one.cleared)}
        with self._store.writing() as tx:
            self._record(tx, written, known)
            documents.forget(tx, (*cleared, *refused))
            reprints.add(tx, (then for sheet in batch for then in sheet.then))
            reprints.remove(
                tx, [sheet.due for sheet in batch if sheet.due and sheet.due.subject not in self._unfinished]
            )

    def _may_stand(self, document: Document, known: dict[str, Publication]) -> bool:
        """Tell whether a document may be written at its path: it is nobody else's, in this run or on the disk."""
        there = known.get(document.path)
        taken = there is not None and there.feed != document.feed and there.format != REDIRECT
        if document.path in self._printed or (taken and there is not None and there.feed not in self._due):
            problem = f"{document.path}: two documents want this address; rename one of them"
        elif there is None and self._output.is_foreign(document.path, document.data):
            place = self._output.folder / document.path
            problem = f"{place}: was not made by Pressrun; move it away, or choose another slug"
        else:
            self._printed.add(document.path)
            return True
        self._fail(document, problem)
        return False

    def _announce(self, fresh: list[Document]) -> None:
        """Record new documents before they are written: killed in between, the next publish still knows of them.

        They have no title as yet: nothing leads to them.
        """
        if fresh:
            with self._store.writing() as tx:
                documents.record(tx, [replace(self._publication(one, UNWRITTEN), held=(), title="") for one in fresh])

    def _put(self, wanted: list[Document]) -> list[Document]:
        """Write the documents whose bytes changed, all of them flushed before the first is swapped in.

        Returns those that stand in their places now.
        """
        staged = [(document, self._stage(document)) for document in wanted]
        ready = [(document, one) for document, one in staged if not isinstance(one, OutputRefused)]
        if all(one is None for _, one in ready):
            return [document for document, _ in ready]
        self._output.flush()
        done = [document for document, one in ready if one is None or self._swap(document, one)]
        self._output.flush()
        return done

    def _stage(self, document: Document) -> Staged | OutputRefused | None:
        self._report.left_out += [(document.path, entry_id, reason) for entry_id, reason in document.left_out]
        try:
            staged = self._output.stage(document.path, document.data, packed=self._packs(document))
        except OutputRefused as error:
            self._fail(document, str(error))
            return error
        self._report.unchanged += staged is None or not staged.is_new
        return staged

    def _swap(self, document: Document, staged: Staged) -> bool:
        try:
            self._output.swap(staged)
        except OutputRefused as error:
            self._fail(document, str(error))
            return False
        self._report.written += [document.path] if staged.is_new else []
        return True

    def _fail(self, document: Document, problem: str) -> None:
        self._report.failed.append((document.path, problem))
        self._unfinished.add(document.feed)

    def _packs(self, document: Document) -> bool:
        return self._config.output.compress and len(document.data) >= LEAST_COMPRESSED

    def _stale(self, batch: list[Sheet]) -> list[str]:
        """Return what is to be cleared: what no sheet wants any more, and signs beside what is printed again."""
        printed = (document.path for sheet in batch for document in sheet.documents)
        signs = {path + sign for path in printed for sign in (GONE, MOVED)} - self._printed
        cleared = {path for sheet in batch for path in sheet.cleared}
        return sorted((cleared | {path for path in signs if self._output.stands(path)}) - self._printed)

    def _clear(self, path: str) -> bool:
        try:
            stood = self._output.remove(path)
        except OutputRefused as error:
            self._report.failed.append((path, str(error)))
            return False
        self._report.removed += [path] if stood else []
        return True

    def _record(self, tx: Transaction, written: list[Document], known: dict[str, Publication]) -> None:
        """Record what was written; what changed is remembered as a version, and the hubs are to hear of it."""
        changed, versions = list[Publication](), list[Publication]()
        for document in written:
            publication = self._publication(document, hashlib.sha256(document.data).hexdigest())
            before = known.get(document.path)
            if before is None or _facts(before) != _facts(publication):
                changed.append(publication)
            if document.is_versioned and (before is None or before.hash != publication.hash):
                versions.append(publication)
                self._queue(tx, self._config.site.url + document.path)
        documents.keep_versions(tx, versions, since=self._now - VERSIONS_KEPT)
        documents.record(tx, changed)

    def _queue(self, tx: Transaction, topic: str) -> None:
        for hub in self._config.site.hubs:
            pings.queue(tx, topic, hub, now=self._now)
            self._report.announced.append(topic)

    def _publication(self, document: Document, hash: str) -> Publication:
        return Publication(
            feed=document.feed,
            format=document.format,
            part=document.part,
            path=document.path,
            media_type=document.media_type,
            hash=hash,
            length=len(document.data),
            published_at=self._now,
            title=document.title,
            held=document.held,
            materials=self._materials,
        )


def _batches(sheets: Iterable[Sheet]) -> Iterator[list[Sheet]]:
    batch, count, size = list[Sheet](), 0, 0
    for sheet in sheets:
        batch.append(sheet)
        count += len(sheet.documents)
        size += sum(len(document.data) for document in sheet.documents)
        if count >= MOST_DOCUMENTS or size >= MOST_BYTES or len(batch) >= MOST_DOCUMENTS:
            yield batch
            batch, count, size = [], 0, 0
    if batch:
        yield batch


def _facts(publication: Publication) -> tuple[object, ...]:
    return publication.key, publication.hash, publication.title, publication.held, publication.materials
