"""Which entries belong to which feed, and which of its archives holds them.

A function per statement. Not here: which they are (rules), when an archive is closed (rules.archives).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, select, update

from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.schema import entries, feed_entries


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place in a feed: ``part`` is the archive that holds it, None while that is open."""

    feed: str
    entry_id: str
    sequence: int
    published_at: datetime
    part: int | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of a feed, with what tells whether what was printed of it still holds."""

    entry_id: str
    change: int
    sequence: int
    published_at: datetime
    updated_at: datetime


def list_of(tx: Transaction, entry_ids: Collection[str]) -> list[Place]:
    """Return the places of these entries in all feeds, those too that they left. Served by the index on entry_id."""
    queries = (select(feed_entries).where(feed_entries.c.entry_id.in_(batch)) for batch in batches(entry_ids))
    return [_place(row) for query in queries for row in tx.execute(query)]


def replace(tx: Transaction, old: Iterable[Place], new: Iterable[Place]) -> None:
    """Take entries out of the places that they had, and write those that they have now."""
    drop(tx, old)
    rows = [{name: getattr(place, name) for name in Place.__dataclass_fields__} for place in new]
    if rows:
        tx.execute(insert(feed_entries), rows)


def drop(tx: Transaction, places: Iterable[Place]) -> None:
    """Take entries out of feeds for good."""
    gone = [{"its_feed": place.feed, "its_entry": place.entry_id} for place in places]
    if gone:
        tx.execute(_SAME, gone)


def close(tx: Transaction, feed: str, closed: Iterable[tuple[str, int]]) -> None:
    """Put these (entry id, archive) of a feed into their archives."""
    rows = [{"its_feed": feed, "its_entry": entry_id, "its_part": part} for entry_id, part in closed]
    ours = (feed_entries.c.feed == bindparam("its_feed")) & (feed_entries.c.entry_id == bindparam("its_entry"))
    if rows:
        tx.execute(update(feed_entries).where(ours).values(part=bindparam("its_part")), rows)


def list_part(tx: Transaction, feed: str, part: int | None) -> list[Member]:
    """Return the entries of an archive, or of what is open, in publication sequence. Served by its index."""
    which = feed_entries.c.part.is_(None) if part is None else feed_entries.c.part == part
    return _members(tx, and_(feed_entries.c.feed == feed, which, _THERE), feed_entries.c.sequence)


def list_newest(tx: Transaction, feed: str, limit: int) -> list[Member]:
    """Return the newest entries of a feed by their dates. Served by the index on (feed, published_at)."""
    order = (feed_entries.c.published_at.desc(), feed_entries.c.sequence.desc())
    return _members(tx, and_(feed_entries.c.feed == feed, _THERE), *order, limit=limit)


def list_left(tx: Transaction, feed: str) -> list[tuple[str, datetime]]:
    """Return (entry id, when) of what left a feed by being withdrawn, the latest first."""
    gone = feed_entries.c.left_at.is_not(None) & (feed_entries.c.feed == feed)
    query = select(feed_entries.c.entry_id, feed_entries.c.left_at).where(gone)
    found = tx.execute(query.order_by(feed_entries.c.left_at.desc(), feed_entries.c.entry_id))
    return [(entry_id, left_at) for entry_id, left_at in found]


def list_left_before(tx: Transaction, at: datetime) -> list[Place]:
    """Return the places that were left before an instant. Served by the index on left_at."""
    return [_place(row) for row in tx.execute(select(feed_entries).where(feed_entries.c.left_at < at))]


def first_left_at(tx: Transaction) -> datetime | None:
    """Return when the first was left of the places that are remembered, or None."""
    return tx.execute(select(func.min(feed_entries.c.left_at))).scalar()


def last_part(tx: Transaction, feed: str) -> int:
    """Return the number of a feed's newest archive, 0 where it has none."""
    return tx.execute(select(func.max(feed_entries.c.part)).where(feed_entries.c.feed == feed)).scalar() or 0


def list_feeds(tx: Transaction) -> list[tuple[str, int]]:
    """Return (feed, part) of everything that holds an entry or held one lately; the open part is 0."""
    part = func.coalesce(feed_entries.c.part, 0)
    query = select(feed_entries.c.feed, part).distinct().order_by(feed_entries.c.feed, part)
    return [(feed, number) for feed, number in tx.execute(query)]


_THERE = feed_entries.c.left_at.is_(None)
_SAME = delete(feed_entries).where(
    feed_entries.c.feed == bindparam("its_feed"), feed_entries.c.entry_id == bindparam("its_entry")
)


def _place(row: Row[Any]) -> Place:
    return Place(**{name: row._mapping[name] for name in Place.__dataclass_fields__})


def _members(tx: Transaction, which: Any, *order: Any, limit: int | None = None) -> list[Member]:
    ours = (feed_entries.c.entry_id, entries.c.change, feed_entries.c.sequence)
    query = select(*ours, feed_entries.c.published_at, entries.c.updated_at).join(entries).where(which)
    return [Member(*row) for row in tx.execute(query.order_by(*order).limit(limit))]
