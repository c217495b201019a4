"""Turns as the store remembers them: which slot was decided last for each series and zone beside a newsletter's home.

A function per statement. Not here: which turns there are (rules.preferences), the home's own memory (newsletters).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from feeds.rules.series import Turn
from feeds.store.engine import Transaction
from feeds.store.schema import subscribers, turns_seen

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTurn:
    """A turn's memory; no slot from before ``begun_at`` is due. ``cadence`` is the text of that of ``slot_at``."""

    series: str
    zone: str
    newsletter: str
    begun_at: datetime
    slot_at: datetime | None = None
    cadence: str | None = None


def key_of(turn: Turn) -> Key:
    """Return what a turn is remembered by."""
    return turn.series.name, turn.zone


def list_seen(tx: Transaction) -> dict[Key, SeenTurn]:
    """Return every turn that is remembered."""
    rows = tx.execute(select(turns_seen).order_by(turns_seen.c.series, turns_seen.c.zone))
    return {(row.series, row.zone): SeenTurn(**row._mapping) for row in rows}


def list_zones(tx: Transaction) -> list[str]:
    """Return the zones of subscribers. Served by the index on timezone: a step a zone, however many subscribers."""
    column = subscribers.c.timezone
    step = select(func.min(column).label("zone")).cte(recursive=True)
    after = select(func.min(column)).where(column > step.c.zone).scalar_subquery()
    zones = step.union_all(select(after).where(step.c.zone.is_not(None)))
    return list(tx.execute(select(zones.c.zone).where(zones.c.zone.is_not(None))).scalars())


def add(tx: Transaction, turns: Iterable[Turn], *, begun_at: datetime) -> None:
    """Remember turns that are new."""
    rows = [
        {"series": turn.series.name, "zone": turn.zone, "newsletter": turn.series.newsletter, "begun_at": begun_at}
        for turn in turns
    ]
    if rows:
        tx.execute(insert(turns_seen), rows)


def drop(tx: Transaction, keys: Iterable[Key]) -> None:
    """Forget turns that there are no more."""
    for series, zone in keys:
        tx.execute(delete(turns_seen).where(turns_seen.c.series == series, turns_seen.c.zone == zone))


def mark_decided(tx: Transaction, turn: Turn, *, slot: datetime, cadence: str) -> None:
    """Record that a slot was decided for a turn, whatever came of it: it is not due again."""
    series, zone = key_of(turn)
    ours = (turns_seen.c.series == series) & (turns_seen.c.zone == zone)
    tx.execute(update(turns_seen).where(ours).values(slot_at=slot, cadence=cadence))


def rename(tx: Transaction, old: str, new: str) -> None:
    """Give the memory of a newsletter's turns to its new slug."""
    tx.execute(delete(turns_seen).where(turns_seen.c.newsletter == new))
    series = new + func.substr(turns_seen.c.series, len(old) + 1)
    tx.execute(update(turns_seen).where(turns_seen.c.newsletter == old).values(newsletter=new, series=series))
