"""Publications: the record of every document that was written, and the entries it holds.

A function per statement. Not here: the documents' bytes, which can always be printed again (jobs.publish).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, select, update

from feeds.store.engine import Transaction
from feeds.store.schema import document_entries, documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A document as it was last written: ``path`` under the output folder, SHA-256 in hex, ``length`` in bytes."""

    feed: str
    format: str
    part: str
    path: str
    media_type: str
    hash: str
    length: int
    published_at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """Which document it is: feed, format, part."""
        return self.feed, self.format, self.part

    @property
    def etag(self) -> str:
        """The strong entity tag (RFC 9110 section 8.8.3): it changes whenever the bytes do."""
        return f'"{self.hash[:32]}"'


def list_all(tx: Transaction) -> dict[str, Publication]:
    """Return every publication by its path."""
    names = Publication.__dataclass_fields__
    rows = tx.execute(select(documents).order_by(documents.c.path))
    return {row.path: Publication(**{name: row._mapping[name] for name in names}) for row in rows}


def record(tx: Transaction, publication: Publication, held: Sequence[tuple[str, int]]) -> None:
    """Record that a document was written, with the (entry id, revision) it holds, in order."""
    key = {name: getattr(publication, name) for name in ("feed", "format", "part")}
    values = {name: getattr(publication, name) for name in Publication.__dataclass_fields__} | {
        "etag": publication.etag
    }
    ours = [documents.c[name] == value for name, value in key.items()]
    tx.execute(delete(documents).where(documents.c.path == publication.path, ~and_(*ours)))  # who had that place before
    if tx.execute(update(documents).where(*ours).values(**values)).rowcount == 0:
        tx.execute(insert(documents).values(**values))
    tx.execute(delete(document_entries).where(*(document_entries.c[name] == value for name, value in key.items())))
    rows = [
        key | {"entry_id": entry_id, "position": position, "revision": revision}
        for position, (entry_id, revision) in enumerate(held)
    ]
    if rows:
        tx.execute(insert(document_entries), rows)


def forget(tx: Transaction, path: str) -> None:
    """Forget a document that is no longer published."""
    tx.execute(delete(documents).where(documents.c.path == path))


def last_published_at(tx: Transaction) -> datetime | None:
    """Return when a document last changed, or None."""
    return tx.execute(select(func.max(documents.c.published_at))).scalar()
