"""Questions about deliveries, and what a person decides of them.

A function per statement. Not here: a worker's own steps (deliveries).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select, update

from feeds.model import Delivery, DeliveryKind, DeliveryState, EditionState, NoticeKind
from feeds.store.deliveries import delivery_of, paused_editions
from feeds.store.engine import Transaction
from feeds.store.notices import address_in
from feeds.store.schema import DEFERRED, HELD, QUEUED, deliveries, editions, notices, subscribers

NOTICES = "notices"  # what people call all of them; no edition is called so, since each has a slash in its id


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery with the address that it goes to; ``is_paused`` where a person holds its edition back.

    ``notice`` is the kind of what it brings, None where that is an edition, or a notice that was erased.
    """

    delivery: Delivery
    address: str
    is_paused: bool = False
    notice: NoticeKind | None = None

    @property
    def name(self) -> str:
        """What people know it by: its edition's id, or ``notices/KIND``; without a kind where it was erased."""
        if self.delivery.kind == DeliveryKind.EDITION:
            return self.delivery.about
        return f"{NOTICES}/{self.notice}" if self.notice else NOTICES


def list_all(
    tx: Transaction,
    *,
    edition_id: str | None = None,
    kinds: Collection[NoticeKind] = (),
    address_key: str | None = None,
    states: Collection[DeliveryState] = (),
) -> Iterator[Listed]:
    """Yield deliveries, the newest edition or notice first.

    Those of an edition, of notices of some kinds, to a reader, in some states, or all.
    """
    # Only who moves gets a notice elsewhere: of all others the whole notice need not be read.
    elsewhere = case((notices.c.kind == NoticeKind.MOVE, notices.c.data), else_=None).label("elsewhere")
    query = (
        select(deliveries, subscribers.c.address, editions.c.state.label("edition_state"))
        .add_columns(notices.c.kind.label("notice"), elsewhere)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(editions, (deliveries.c.kind == DeliveryKind.EDITION) & (editions.c.id == deliveries.c.about))
        .outerjoin(notices, (deliveries.c.kind == DeliveryKind.NOTICE) & (notices.c.id == deliveries.c.about))
    )
    if edition_id is not None:
        query = query.where(deliveries.c.about == edition_id)
    if kinds:
        query = query.where(notices.c.kind.in_(kinds))
    if address_key is not None:
        query = query.where(subscribers.c.address_key == address_key)
    if states:
        query = query.where(deliveries.c.state.in_(states))
    order = (deliveries.c.queued_at.desc(), deliveries.c.about, subscribers.c.address_key)
    for row in tx.execute(query.order_by(*order)):
        yield _listed(row)


def count_ended(tx: Transaction, names: Collection[str], *, since: datetime) -> dict[DeliveryState, int]:
    """Return state → how many deliveries have ended since an instant, of these editions, and of ``NOTICES``."""
    kinds = [DeliveryKind.NOTICE] if NOTICES in names else []
    ours = deliveries.c.about.in_(names) | deliveries.c.kind.in_(kinds)
    query = select(deliveries.c.state, func.count()).where(ours, deliveries.c.ended_at >= since)
    return {DeliveryState(state): number for state, number in tx.execute(query.group_by(deliveries.c.state))}


def count_by_state(tx: Transaction, edition_ids: Collection[str] | None = None) -> dict[str, dict[DeliveryState, int]]:
    """Return edition id → state → number, of these editions or of all. Served by the index on (about, state)."""
    columns = deliveries.c.about, deliveries.c.state
    query = select(*columns, func.count()).where(deliveries.c.kind == DeliveryKind.EDITION).group_by(*columns)
    if edition_ids is not None:
        query = query.where(deliveries.c.about.in_(edition_ids))
    found: dict[str, dict[DeliveryState, int]] = {}
    for about, state, number in tx.execute(query.order_by(deliveries.c.about)):
        found.setdefault(about, {})[DeliveryState(state)] = number
    return found


def count_held(tx: Transaction) -> dict[DeliveryState, int]:
    """Return how many deliveries wait for a person, by state. Served by the partial index of held rows."""
    return _by_state(tx, HELD)


def count_all(tx: Transaction) -> dict[DeliveryState, int]:
    """Return how many deliveries there ever were, by state. It reads all of the index on (about, state)."""
    return _by_state(tx)


def count_open(tx: Transaction) -> dict[DeliveryState, int]:
    """Return how many deliveries are not at their end, by state. Served by the partial indexes, and that of workers."""
    return {
        state: number
        for condition in (QUEUED, DEFERRED, HELD, deliveries.c.worker.is_not(None))
        for state, number in _by_state(tx, condition).items()
    }


def oldest_due_at(tx: Transaction, now: datetime) -> datetime | None:
    """Return since when the delivery that waits longest has been due, None where none is.

    What a person holds back does not wait. Served by the partial indexes of queued and of deferred rows.
    """
    due = (deliveries.c.due_at <= now) & deliveries.c.about.not_in(paused_editions())
    oldest = (tx.execute(select(func.min(deliveries.c.due_at)).where(one, due)).scalar() for one in (QUEUED, DEFERRED))
    return min((at for at in oldest if at is not None), default=None)


def _by_state(tx: Transaction, *conditions: Any) -> dict[DeliveryState, int]:
    query = select(deliveries.c.state, func.count()).where(*conditions).group_by(deliveries.c.state)
    return {DeliveryState(state): number for state, number in tx.execute(query)}


def requeue(
    tx: Transaction, ids: Collection[int], *, now: datetime, states: Collection[DeliveryState], again: bool
) -> int:
    """Queue these deliveries again, where they are in one of these states still; return how many.

    With ``again`` it is a deliberate re-send: it counts a generation, and so gets another Message-ID.
    """
    values: dict[str, Any] = {
        "state": DeliveryState.QUEUED,
        "due_at": now,
        "queued_at": now,
        "ended_at": None,
        "crashes": 0,
    }
    if again:
        values |= {"generation": deliveries.c.generation + 1, "attempts": 0, "dated_at": None}
    return _changed(tx, ids, states=states, values=values)


def resolve(tx: Transaction, ids: Collection[int], state: DeliveryState, *, at: datetime, why: str) -> int:
    """Record what a person knows of deliveries that waited for one; return how many."""
    waiting = (DeliveryState.IN_DOUBT, DeliveryState.UNBUILDABLE)
    return _changed(tx, ids, states=waiting, values={"state": state, "ended_at": at, "reply_text": why})


def _listed(row: Row[Any]) -> Listed:
    is_paused = row.edition_state == EditionState.PAUSED
    notice = NoticeKind(row.notice) if row.notice else None
    address = address_in(row.elsewhere) if row.elsewhere else row.address
    return Listed(delivery_of(row), address, is_paused, notice)


def _changed(
    tx: Transaction, ids: Collection[int], *, states: Collection[DeliveryState], values: Mapping[str, Any]
) -> int:
    ours = update(deliveries).where(deliveries.c.id.in_(ids), deliveries.c.state.in_(states))
    return tx.execute(ours.values(**values)).rowcount
