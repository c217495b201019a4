"""Check: do the documents on disk say what the store says, and can every reader read them?

Looks and tells; changes nothing. Not here: the faults a document can have (formats), templates (rendering).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from feeds.config import Config
from feeds.formats import FORMATS, check_document
from feeds.store import documents
from feeds.store.documents import Publication
from feeds.store.engine import Store


@dataclass(slots=True)
class CheckReport:
    """What was looked at, and the faults, each in words that name the file and the remedy."""

    templates: int = 0
    documents: int = 0
    faults: list[str] = field(default_factory=list)


def check_documents(config: Config, store: Store, report: CheckReport) -> None:
    """Add what is wrong with the documents on disk to the report."""
    with store.reading() as tx:
        known = documents.list_all(tx)
    report.documents = len(known)
    for publication in known.values():
        report.faults += _faults(config, publication)


def _faults(config: Config, publication: Publication) -> list[str]:
    file = config.output.path / publication.path
    try:
        data = file.read_bytes()
    except OSError as error:
        return [f"{file}: {error.strerror}; `pressrun publish` writes it again"]
    if hashlib.sha256(data).hexdigest() != publication.hash:
        return [f"{file}: was changed since it was published; `pressrun publish` writes it again"]
    if publication.format not in FORMATS:
        return []
    address = config.site.url + publication.path if not publication.part else None
    return [f"{file}: {fault}" for fault in check_document(publication.format, data, address=address)]
