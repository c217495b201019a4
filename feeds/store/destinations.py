"""How destinations stand, and what each transport was given when: kept across runs, for all workers.

A function per statement. Not here: what follows from it (rules.destinations, rules.allowance).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update

from feeds.model import DeliveryKind, DeliveryState, Reply
from feeds.rules.allowance import DAY, HOUR, Used
from feeds.rules.destinations import Destination
from feeds.store.engine import Transaction
from feeds.store.schema import QUEUED, deliveries, destinations, given, marks
from feeds.store.upserting import upsert

SPAN = timedelta(minutes=5)  # counts are kept for spans of time: an hour is then told from another to five minutes


def list_all(tx: Transaction, transport: str) -> dict[str, Destination]:
    """Return domain → how it stands by a transport, of all that were sent anything."""
    rows = tx.execute(select(destinations).where(destinations.c.transport == transport))
    return {
        row.domain: Destination(domain=row.domain, window=row.window, failures=row.failures, retry_at=row.retry_at)
        for row in rows
    }


def put(tx: Transaction, transport: str, standing: Iterable[Destination], *, at: datetime) -> None:
    """Write down how destinations stand."""
    for one in standing:
        values = {"window": one.window, "failures": one.failures, "retry_at": one.retry_at, "changed_at": at}
        upsert(tx, destinations, {"transport": transport, "domain": one.domain}, values=values)


def rest(tx: Transaction, edition_id: str | None, destination: Destination, *, reply: Reply | None) -> int:
    """Defer what is queued of an edition for a destination that rests, without an attempt; return how much it is.

    Without an edition it is the notices that are deferred.
    """
    is_notice = deliveries.c.kind == DeliveryKind.NOTICE
    ours = is_notice if edition_id is None else deliveries.c.about == edition_id
    waiting = (QUEUED, ours, deliveries.c.domain == destination.domain)
    values: dict[str, object] = {"state": DeliveryState.DEFERRED, "due_at": destination.retry_at}
    if reply is not None:
        values |= {"reply_code": reply.code or None, "reply_enhanced": reply.enhanced, "reply_text": reply.text}
    return tx.execute(update(deliveries).where(*waiting).values(**values)).rowcount


# ---- what a transport was given ----


def used(tx: Transaction, transport: str, now: datetime) -> Used:
    """Return what a transport was given."""
    own = given.c.transport == transport
    by_age = {
        age: tx.execute(select(func.sum(given.c.number)).where(own, given.c.begun_at > now - age)).scalar() or 0
        for age in (HOUR, DAY)
    }
    named = {name: _mark(tx, f"{name}:{transport}") for name in ("first", "free")}
    return Used(hour=by_age[HOUR], day=by_age[DAY], first_at=named["first"], free_at=named["free"])


def give(tx: Transaction, transport: str, number: int, *, now: datetime, free_at: datetime | None) -> None:
    """Write down that a transport is given so many messages, and until when they take it by its pace.

    Less than none takes back what was written down and not handed over.
    """
    begun_at = datetime.fromtimestamp(now.timestamp() // SPAN.total_seconds() * SPAN.total_seconds(), UTC)
    upsert(tx, given, {"transport": transport, "begun_at": begun_at}, values={"number": number}, adds=True)
    tx.execute(delete(given).where(given.c.begun_at < now - 2 * DAY))
    if free_at is not None:
        upsert(tx, marks, {"name": f"free:{transport}"}, values={"value": free_at.isoformat()})


def mark_first(tx: Transaction, transport: str, *, at: datetime) -> None:
    """Write down that a transport sends a message, where it is its first."""
    if _mark(tx, f"first:{transport}") is None:
        upsert(tx, marks, {"name": f"first:{transport}"}, values={"value": at.isoformat()})


def _mark(tx: Transaction, name: str) -> datetime | None:
    found = tx.execute(select(marks.c.value).where(marks.c.name == name)).scalar()
    return datetime.fromisoformat(found) if found else None
