"""Deliveries of which a mail server's log may tell: those that are not settled, and some that surely were sent.

A function per statement. Not here: reading logs, and what they say (rules, jobs.reconcile).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select, update

from feeds.model import DeliveryKind, DeliveryState
from feeds.rules.message_identity import named_after
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, editions, subscribers

AT_ONCE = 1000  # rows that a walk holds in memory
_COLUMNS = ("id", "subscriber_id", "generation", "state", "dated_at", "ended_at")
_state = deliveries.c.state
UNSETTLED = (DeliveryState.QUEUED, DeliveryState.DEFERRED, DeliveryState.IN_DOUBT, DeliveryState.UNBUILDABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDelivery:
    """A delivery with what its message's name is made of, and between which times it was handed over, if it was.

    ``name`` is what its messages are named after: the edition's id, or the notice's name. ``due_at`` is when its
    edition was due: a store that was restored may have composed it once more, and later.
    """

    id: int
    name: str
    subscriber_id: str
    address: str
    generation: int
    state: DeliveryState
    due_at: datetime
    dated_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a log says of a delivery: it ended so, then, with these words."""

    delivery: OpenDelivery
    state: DeliveryState
    at: datetime
    enhanced: str | None
    said: str


def list_in(tx: Transaction, states: Collection[DeliveryState]) -> Iterator[OpenDelivery]:
    """Yield the deliveries in these states, not read at once."""
    query = _select().where(_state.in_(states)).order_by(deliveries.c.id).execution_options(yield_per=AT_ONCE)
    with tx.execute(query) as rows:
        for row in rows:
            yield _open(row)


def list_sent(
    tx: Transaction, *, since: datetime, until: datetime, but: Collection[str], limit: int
) -> list[OpenDelivery]:
    """Return deliveries of which a server itself said between two times that it took them, the latest first.

    Those by transports in ``but`` are left out, and those of which only a person or a log says so.
    """
    sent = (_state == DeliveryState.SENT, deliveries.c.reply_code.is_not(None), deliveries.c.transport.not_in(but))
    query = _select().where(*sent, deliveries.c.ended_at.between(since, until))
    return [_open(row) for row in tx.execute(query.order_by(deliveries.c.ended_at.desc()).limit(limit))]


def mark_found(tx: Transaction, found: Iterable[Found]) -> int:
    """Record what a log says of deliveries, where they still stand as they did; return of how many."""
    return sum(tx.execute(_FOUND, _values(one)).rowcount for one in found)


def _values(found: Found) -> dict[str, Any]:
    one = found.delivery
    values = {"of": one.id, "was": one.state, "again": one.generation, "now": found.state, "at": found.at}
    return values | {"enhanced": found.enhanced, "said": found.said}


_FOUND = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("of"), _state == bindparam("was"), deliveries.c.generation == bindparam("again")
    )
    .values(
        state=bindparam("now"),
        ended_at=bindparam("at", type_=deliveries.c.ended_at.type),
        dated_at=func.coalesce(deliveries.c.dated_at, bindparam("at", type_=deliveries.c.dated_at.type)),
        reply_code=None,
        reply_enhanced=bindparam("enhanced"),
        reply_text=bindparam("said"),
    )
)


def _select() -> Select[Any]:
    # A notice is due when it is made, and a restored store makes none once more.
    due_at = func.coalesce(editions.c.due_at, deliveries.c.queued_at).label("due_at")
    return (
        select(*(deliveries.c[name] for name in _COLUMNS), deliveries.c.kind, deliveries.c.about)
        .add_columns(subscribers.c.address, due_at)
        .outerjoin(editions, (deliveries.c.kind == DeliveryKind.EDITION) & (editions.c.id == deliveries.c.about))
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    )


def _open(row: Row[Any]) -> OpenDelivery:
    facts = {name: row._mapping[name] for name in (*_COLUMNS, "address", "due_at")}
    name = named_after(DeliveryKind(row.kind), row.about)
    return OpenDelivery(**facts | {"name": name, "state": DeliveryState(row.state)})
