"""Publications: the record of every document that was written, the entries it holds, and the versions before it.

A function per statement. Not here: the documents' bytes, which can always be printed again (jobs.publish).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select

from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.prefixes import begins
from feeds.store.schema import document_versions, documents

Held = tuple[tuple[str, int], ...]  # (entry id, its change) in order


@dataclass(frozen=True, slots=True)
class Titled:
    """A document that others lead to by its title; ``number`` is that of an edition."""

    feed: str
    title: str
    path: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A document as it was last written: ``path`` under the output folder, SHA-256 in hex, ``length`` in bytes.

    ``title`` is that of a feed to subscribe to, of a listing, a feed's page or an edition; ``held`` are the entries in
    it, ``materials`` marks the settings and templates that it was printed by.
    """

    feed: str
    format: str
    part: str
    path: str
    media_type: str
    hash: str
    length: int
    published_at: datetime
    title: str = ""
    held: Held = ()
    materials: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Which document it is: feed, format, part."""
        return self.feed, self.format, self.part

    @property
    def etag(self) -> str:
        """The strong entity tag (RFC 9110 section 8.8.3): it changes whenever the bytes do."""
        return f'"{self.hash[:32]}"'


def list_all(tx: Transaction) -> Iterator[Publication]:
    """Yield every publication, in the order of the paths."""
    return map(_publication, tx.execute(_IN_ORDER))


def list_of(tx: Transaction, feeds: Collection[str], part: str | None = None) -> list[Publication]:
    """Return the documents of these feeds, or one part of them, in the order of the paths."""
    asked = {"feeds": list(feeds)} if part is None else {"feeds": list(feeds), "its_part": part}
    return [_publication(row) for row in tx.execute(_OF if part is None else _PART_OF, asked)]


def list_open(tx: Transaction, feed: str) -> list[Publication]:
    """Return the documents of a feed but for its archives, whose parts are numbers, in the order of the paths."""
    return [_publication(row) for row in tx.execute(_OPEN, {"its_feed": feed})]


def list_titles(tx: Transaction) -> dict[str, str]:
    """Return feed → title of every feed that there is to subscribe to, in the order of their names."""
    ours = (documents.c.title != "") & (documents.c.part == "") & (documents.c.format != "html")
    query = select(documents.c.feed, documents.c.title).where(ours)
    return {row.feed: row.title for row in tx.execute(query.order_by(documents.c.feed))}


def list_titled(tx: Transaction, prefix: str, *, limit: int | None = None) -> list[Titled]:
    """Return the documents with a title whose feeds' names begin with a prefix, in the order of those names.

    Served by the primary key.
    """
    query = _TITLED.where(begins(tx, documents.c.feed, prefix), documents.c.part == "")
    return [Titled(*row) for row in tx.execute(query.order_by(documents.c.feed).limit(limit))]


def list_titled_of(tx: Transaction, feeds: Collection[str]) -> list[Titled]:
    """Return the documents with a title of these feeds, in the order that they are given in."""
    query = _TITLED.where(documents.c.feed.in_(feeds), documents.c.part == "")
    found = {row.feed: Titled(*row) for row in tx.execute(query)}
    return [found[feed] for feed in feeds if feed in found]


def find_newest_edition(tx: Transaction, feed: str) -> Titled | None:
    """Return the page of the newest edition of a newsletter that is in print, or None."""
    part = documents.c.part  # a number: the longer is the higher
    query = _TITLED.add_columns(part).where(documents.c.feed == feed).order_by(func.length(part).desc(), part.desc())
    row = tx.execute(query.limit(1)).one_or_none()
    return Titled(row.feed, row.title, row.path, int(row.part)) if row else None


def list_feeds(tx: Transaction) -> list[str]:
    """Return the feeds and listings that documents were written of, but for those of one entry each."""
    query = select(documents.c.feed).where(documents.c.feed.not_like("=%")).distinct().order_by(documents.c.feed)
    return list(tx.execute(query).scalars())


def list_at(tx: Transaction, paths: Collection[str]) -> dict[str, Publication]:
    """Return the documents that stand at some of these paths."""
    rows = (row for batch in batches(paths) for row in tx.execute(_AT, {"paths": batch}))
    return {row.path: _publication(row) for row in rows}


def find(tx: Transaction, path: str) -> Publication | None:
    """Return the document at a path, or None."""
    return list_at(tx, [path]).get(path)


def is_folder(tx: Transaction, path: str) -> bool:
    """Tell whether documents stand below a path. Served by the unique index on path."""
    below = documents.c.path.between(f"{path}/", f"{path}/\U0010ffff")
    return tx.execute(select(documents.c.path).where(below).limit(1)).scalar() is not None


def count(tx: Transaction) -> int:
    """Return how many documents there are."""
    return tx.execute(select(func.count()).select_from(documents)).scalar() or 0


def record(tx: Transaction, written: Iterable[Publication]) -> None:
    """Record that documents were written, in place of what was recorded of them or stood at their paths."""
    rows = [_row(publication) for publication in written]
    if not rows:
        return
    own = [{mine: row[name] for mine, name in _ITS} for row in rows]
    tx.execute(_SAME_KEY, own)
    tx.execute(_SAME_PATH, own)
    tx.execute(insert(documents), rows)


def forget(tx: Transaction, paths: Iterable[str]) -> None:
    """Forget documents that are no longer published, and their versions."""
    gone = [{"its_path": path} for path in paths]
    if gone:
        tx.execute(_SAME_PATH, gone)
        tx.execute(delete(document_versions).where(document_versions.c.path == bindparam("its_path")), gone)


def keep_versions(tx: Transaction, written: Iterable[Publication], *, since: datetime) -> None:
    """Remember what documents held as they were written, and forget their versions from before ``since``."""
    rows = [{"path": one.path, "etag": one.etag, "held": one.held, "published_at": one.published_at} for one in written]
    if not rows:
        return
    tx.execute(_OLD_VERSIONS, [{"its_path": row["path"], "its_etag": row["etag"], "since": since} for row in rows])
    tx.execute(insert(document_versions), rows)


def find_version(tx: Transaction, path: str, etag: str) -> Held | None:
    """Return what the document at a path held when it had this entity tag, quotes included; None if that is unknown."""
    versions = document_versions.c
    row = tx.execute(select(versions.held).where(versions.path == path, versions.etag == etag)).one_or_none()
    return _held(row.held) if row else None


def last_published_at(tx: Transaction) -> datetime | None:
    """Return when a document last changed, or None."""
    return tx.execute(select(func.max(documents.c.published_at))).scalar()


_VERSION = document_versions.c
_OLD_VERSIONS = delete(document_versions).where(
    _VERSION.path == bindparam("its_path"),
    or_(_VERSION.etag == bindparam("its_etag"), _VERSION.published_at < bindparam("since")),
)
_SAME_PATH = delete(documents).where(documents.c.path == bindparam("its_path"))
_SAME_KEY = delete(documents).where(
    *(documents.c[name] == bindparam(f"its_{name}") for name in ("feed", "format", "part"))
)
_ITS = [(f"its_{name}", name) for name in ("feed", "format", "part", "path")]
_NAMES = tuple(Publication.__dataclass_fields__)
# Made once: a publish asks these of every feed, and to put one together takes SQLAlchemy longer than to run it.
_IN_ORDER = select(*(documents.c[name] for name in _NAMES)).order_by(documents.c.path)
_AT = _IN_ORDER.where(documents.c.path.in_(bindparam("paths", expanding=True)))
_OF = _IN_ORDER.where(documents.c.feed.in_(bindparam("feeds", expanding=True)))
_PART_OF = _OF.where(documents.c.part == bindparam("its_part"))
_TITLED = select(documents.c.feed, documents.c.title, documents.c.path).where(
    documents.c.format == "html", documents.c.title != ""
)
_OPEN = _IN_ORDER.where(
    documents.c.feed == bindparam("its_feed"), func.substr(documents.c.part, 1, 1).not_in(list("0123456789"))
)


def _publication(row: Row[Any]) -> Publication:
    values = dict(zip(_NAMES, row, strict=True))
    return Publication(**values | {"held": _held(values["held"])})


def _row(publication: Publication) -> dict[str, Any]:
    return {name: getattr(publication, name) for name in _NAMES} | {"etag": publication.etag}


def _held(value: Iterable[Sequence[Any]]) -> Held:
    return tuple((str(entry_id), int(change)) for entry_id, change in value)
