"""The press: media first, then pages, then the feeds that point to them; what is no longer published goes last.

Not here: making documents (feed_documents, pages), the care in writing one (output).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from feeds.config import Config
from feeds.errors import OutputRefused, PressrunError
from feeds.jobs.publish.documents import Document
from feeds.jobs.publish.feed_documents import feed_documents
from feeds.jobs.publish.output import Output
from feeds.jobs.publish.pages import Pages
from feeds.jobs.publish.stock import Stock, read_stock
from feeds.rendering.environment import Templates
from feeds.store import documents, entries
from feeds.store.documents import Publication
from feeds.store.engine import Store
from feeds.store.media import Shelf

_MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]+")


@dataclass(slots=True)
class PublishReport:
    """What a publish did, by path; ``left_out`` is (path, entry id, reason), ``failed`` (path, reason)."""

    written: list[str] = field(default_factory=list)
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
    """Print all documents as of ``now``. A document that cannot be written is reported, and the others go on."""
    report = PublishReport()
    with store.writing() as tx:
        report.went_live = entries.mark_live(tx, now)
    stock = read_stock(store, config)
    with store.reading() as tx:
        known = documents.list_all(tx)
    output = Output(config.output.path)
    _publish_media(stock, shelf, output, report)
    printed: set[str] = set()
    changed: list[tuple[Publication, Document]] = []
    for document in _documents(config, stock, templates, report):
        progress(document.path)
        if document.path in printed:
            report.failed.append((document.path, "two documents want this address; rename one of them"))
            continue
        printed.add(document.path)
        publication = _write(document, output, known.get(document.path), report=report, now=now)
        if publication is not None:
            changed.append((publication, document))
    _record(store, changed)
    if not report.failed:
        _remove(store, output, [path for path in known if path not in printed], report)
    return report


def _documents(config: Config, stock: Stock, templates: Templates, report: PublishReport) -> Iterator[Document]:
    pages = Pages(config, stock, templates)
    yield from pages.documents()
    report.notes += pages.notes
    yield from feed_documents(config, stock)


def _publish_media(stock: Stock, shelf: Shelf, output: Output, report: PublishReport) -> None:
    names = {name for entry in stock.entries for _, name in entry.article.files if name}
    for name in sorted(names):
        original = shelf.path(name)
        try:
            if output.copy(f"media/{name}", original, original.stat().st_size):
                report.written.append(f"media/{name}")
        except OSError as error:
            report.failed.append(
                (f"media/{name}", f"{original}: {error.strerror}; run `pressrun sync` to fetch it anew")
            )
        except OutputRefused as error:
            report.failed.append((f"media/{name}", str(error)))

    _remove_stale_media(names, output, report)


def _remove_stale_media(names: set[str], output: Output, report: PublishReport) -> None:
    """Remove the media of articles that are no longer public; files that are not ours stay."""
    folder = output.folder / "media"
    if folder.is_symlink() or not folder.is_dir():
        return
    for file in sorted(folder.iterdir()):
        if _MEDIA_NAME.fullmatch(file.name) and file.name not in names:
            output.remove(f"media/{file.name}")
            report.removed.append(f"media/{file.name}")


def _write(
    document: Document, output: Output, before: Publication | None, *, report: PublishReport, now: datetime
) -> Publication | None:
    """Write a document if its bytes changed; return the publication to record, None where nothing is to be recorded."""
    report.left_out += [(document.path, entry_id, reason) for entry_id, reason in document.left_out]
    digest = hashlib.sha256(document.data).hexdigest()
    try:
        written = output.write(document.path, document.data)
    except OutputRefused as error:
        report.failed.append((document.path, str(error)))
        return None
    if written:
        report.written.append(document.path)
    else:
        report.unchanged += 1
    publication = Publication(
        feed=document.feed,
        format=document.format,
        part=document.part,
        path=document.path,
        media_type=document.media_type,
        hash=digest,
        length=len(document.data),
        published_at=now,
    )
    is_recorded = before is not None and (before.key, before.hash) == (publication.key, publication.hash)
    return None if is_recorded else publication


def _record(store: Store, changed: list[tuple[Publication, Document]]) -> None:
    if changed:
        with store.writing() as tx:
            for publication, document in changed:
                documents.record(tx, publication, document.held)


def _remove(store: Store, output: Output, paths: list[str], report: PublishReport) -> None:
    for path in paths:
        try:
            output.remove(path)
        except PressrunError as error:
            report.failed.append((path, str(error)))
            continue
        with store.writing() as tx:
            documents.forget(tx, path)
        report.removed.append(path)
