"""Which entries belong to which feed, and which of its archives holds them.

A function per statement. Not here: which they are (rules), when an archive is closed (rules.archives).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.prefixes import begins
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
    return [Place(*row) for ids in batches(entry_ids) for row in tx.execute(_PLACES_OF, {"ids": ids}).all()]


def replace(tx: Transaction, old: Iterable[Place], new: Iterable[Place]) -> None:
    """Take entries out of the places that they had, and write those that they have now."""
    drop(tx, old)
    # In the order of the indexes, which all but one begin with the feed: a third less work for the database.
    rows = [dict(zip(_NAMES, values, strict=True)) for values in sorted(map(_VALUES, new), key=itemgetter(0, 1))]
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
    if rows:
        tx.execute(_CLOSE, rows)


def list_part(tx: Transaction, feed: str, part: int | None) -> list[Member]:
    """Return the entries of an archive, or of what is open, in publication sequence. Served by its index."""
    if part is None:
        return _members(tx, _OPEN, its_feed=feed)
    return _members(tx, _IN_PART, its_feed=feed, its_part=part)


def list_newest(tx: Transaction, feed: str, limit: int) -> list[Member]:
    """Return the newest entries of a feed by their dates. Served by the index on (feed, published_at)."""
    return _members(tx, _NEWEST, its_feed=feed, most=limit)


def list_largest(tx: Transaction, prefix: str, limit: int) -> list[str]:
    """Return the feeds whose names begin with a prefix and that hold entries, those that hold most first.

    Served by the index on (feed, left_at), which a condition on left_at would have SQLite leave for another.
    """
    size = func.count() - func.count(feed_entries.c.left_at)
    query = select(feed_entries.c.feed).where(begins(tx, feed_entries.c.feed, prefix)).group_by(feed_entries.c.feed)
    return list(tx.execute(query.having(size > 0).order_by(size.desc(), feed_entries.c.feed).limit(limit)).scalars())


def list_left(tx: Transaction, feed: str) -> list[tuple[str, datetime]]:
    """Return (entry id, when) of what left a feed by being withdrawn, the latest first."""
    return [(entry_id, left_at) for entry_id, left_at in tx.execute(_LEFT, {"its_feed": feed})]


def list_left_before(tx: Transaction, at: datetime) -> list[Place]:
    """Return the places that were left before an instant. Served by the index on left_at."""
    return [Place(*row) for row in tx.execute(select(*_PLACE).where(feed_entries.c.left_at < at))]


def first_left_at(tx: Transaction) -> datetime | None:
    """Return when the first was left of the places that are remembered, or None."""
    return tx.execute(select(func.min(feed_entries.c.left_at))).scalar()


def last_part(tx: Transaction, feed: str) -> int:
    """Return the number of a feed's newest archive, 0 where it has none."""
    return tx.execute(_LAST_PART, {"its_feed": feed}).scalar() or 0


def list_feeds(tx: Transaction) -> list[tuple[str, int]]:
    """Return (feed, part) of everything that holds an entry or held one lately; the open part is 0."""
    part = func.coalesce(feed_entries.c.part, 0)
    query = select(feed_entries.c.feed, part).distinct().order_by(feed_entries.c.feed, part)
    return [(feed, number) for feed, number in tx.execute(query)]


# Made once: a publish asks these of every feed, and to put one together takes SQLAlchemy longer than to run it.
_NAMES = tuple(Place.__dataclass_fields__)
_VALUES = attrgetter(*_NAMES)
_PLACE = [feed_entries.c[name] for name in _NAMES]
_PLACES_OF = select(*_PLACE).where(feed_entries.c.entry_id.in_(bindparam("ids", expanding=True)))
_OURS = feed_entries.c.feed == bindparam("its_feed")
_IT = _OURS & (feed_entries.c.entry_id == bindparam("its_entry"))
_SAME = delete(feed_entries).where(_IT)
_CLOSE = update(feed_entries).where(_IT).values(part=bindparam("its_part"))
_LAST_PART = select(func.max(feed_entries.c.part)).where(_OURS)
_LEFT = (
    select(feed_entries.c.entry_id, feed_entries.c.left_at)
    .where(_OURS, feed_entries.c.left_at.is_not(None))
    .order_by(feed_entries.c.left_at.desc(), feed_entries.c.entry_id)
)
_COPIES = (feed_entries.c.sequence, feed_entries.c.published_at)
_MEMBERS = (
    select(feed_entries.c.entry_id, entries.c.change, *_COPIES, entries.c.updated_at)
    .join(entries)
    .where(_OURS, feed_entries.c.left_at.is_(None))
)
_OPEN = _MEMBERS.where(feed_entries.c.part.is_(None)).order_by(feed_entries.c.sequence)
_IN_PART = _MEMBERS.where(feed_entries.c.part == bindparam("its_part")).order_by(feed_entries.c.sequence)
_NEWEST = _MEMBERS.order_by(feed_entries.c.published_at.desc(), feed_entries.c.sequence.desc()).limit(bindparam("most"))


def _members(tx: Transaction, query: Select[Any], **asked: str | int) -> list[Member]:
    return [Member(*row) for row in tx.execute(query, asked).all()]
