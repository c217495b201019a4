"""What changes around deliveries that wait: entries are withdrawn, editions are cancelled.

A function per statement. Not here: a worker's own steps (deliveries), what fills the place of what was withdrawn
(jobs.compose).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, case, exists, func, select, union, update

from feeds.model import FINAL, DeliveryKind, DeliveryState
from feeds.store.batches import batches
from feeds.store.deliveries import cancelled_editions, stale_selections
from feeds.store.engine import Transaction
from feeds.store.schema import BROUGHT, DEFERRED, HELD, QUEUED, deliveries, editions, selections

_state, _worker = deliveries.c.state, deliveries.c.worker
_WAITING = (DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.DEFERRED, DeliveryState.UNBUILDABLE)

_UNSETTLED = tuple(state for state in DeliveryState if state not in FINAL)


def list_stale(tx: Transaction) -> list[str]:
    """Return the selections that wait to be sent and hold an entry, or tell of one, that is public no more."""
    unbuildable = and_(HELD, _state == DeliveryState.UNBUILDABLE)
    claimed = and_(_worker.is_not(None), _state == DeliveryState.CLAIMED)
    parts = (QUEUED, DEFERRED, unbuildable, claimed)
    of_edition = deliveries.c.kind == DeliveryKind.EDITION
    waiting = tx.execute(
        union(*(select(deliveries.c.selection_id).where(part, of_edition) for part in parts))
    ).scalars()
    stale = (query for batch in batches(waiting) for query in stale_selections(batch))
    return sorted({one for query in stale for one in tx.execute(query.distinct()).scalars()})


def is_stale(tx: Transaction, selection_id: str) -> bool:
    """Tell whether a selection holds an entry, or tells of one, that is public no more."""
    return any(tx.execute(query.limit(1)).first() for query in stale_selections([selection_id]))


def list_unsettled(tx: Transaction, edition_ids: Collection[str]) -> set[str]:
    """Return the selections of these editions of which a delivery may yet fail, that of a notice too.

    Served by the index on (about, state): what is settled is not looked at.
    """
    query = select(deliveries.c.selection_id).where(_state.in_(_UNSETTLED)).distinct()
    theirs = select(selections.c.id).where(selections.c.edition_id.in_(edition_ids))
    by_notice = query.where(BROUGHT, deliveries.c.selection_id.in_(theirs))
    found = (query.where(deliveries.c.about.in_(edition_ids)), by_notice)
    return {one for each in found for one in tx.execute(each).scalars()}


def are_all_cancelled(tx: Transaction, edition_id: str) -> bool:
    """Tell whether every delivery of an edition is cancelled."""
    other = exists().where(deliveries.c.about == edition_id, _state != DeliveryState.CANCELLED)
    return not tx.execute(select(other)).scalar()


def cancel_of_cancelled(tx: Transaction, at: datetime) -> int:
    """Cancel what came back into the queue of an edition that was cancelled meanwhile; return how many."""
    left = update(deliveries).where(QUEUED, deliveries.c.about.in_(cancelled_editions()))
    return tx.execute(left.values(state=DeliveryState.CANCELLED, ended_at=at)).rowcount


def cancel_queued(tx: Transaction, edition_id: str, *, at: datetime) -> int:
    """Cancel what is not sent of an edition, also what a worker has claimed and not begun; return how many."""
    ours = update(deliveries).where(deliveries.c.about == edition_id, _state.in_(_WAITING))
    return tx.execute(ours.values(state=DeliveryState.CANCELLED, ended_at=at, worker=None, begun_at=None)).rowcount


def cancel_to(tx: Transaction, subscriber_id: str, newsletter: str, *, at: datetime) -> int:
    """Cancel what is not sent of a newsletter to one subscriber; return how many."""
    ours = deliveries.c.subscriber_id == subscriber_id, _state.in_(_WAITING)
    of_it = deliveries.c.about.in_(select(editions.c.id).where(editions.c.newsletter == newsletter))
    values = {"state": DeliveryState.CANCELLED, "ended_at": at, "worker": None, "begun_at": None}
    return tx.execute(update(deliveries).where(*ours, of_it).values(**values)).rowcount


def count_waiting(tx: Transaction, edition_id: str) -> int:
    """Return how many deliveries of an edition cancelling it would end. Served by the index on (about, state)."""
    ours = (deliveries.c.about == edition_id, _state.in_(_WAITING))
    return tx.execute(select(func.count()).select_from(deliveries).where(*ours)).scalar_one()


def hand_back(tx: Transaction, edition_id: str) -> int:
    """Queue again what workers have claimed of an edition and not begun to send; return how many are to be sent."""
    ours = deliveries.c.about == edition_id
    claimed = update(deliveries).where(ours, _state == DeliveryState.CLAIMED)
    tx.execute(claimed.values(state=DeliveryState.QUEUED, worker=None, begun_at=None))
    waiting = (DeliveryState.QUEUED, DeliveryState.DEFERRED)
    return tx.execute(select(func.count()).select_from(deliveries).where(ours, _state.in_(waiting))).scalar_one()


def readdress(tx: Transaction, subscriber_id: str, address: str) -> None:
    """Have what is not sent yet to a subscriber go to an address of theirs that is new."""
    ours = deliveries.c.subscriber_id == subscriber_id, _state.not_in(FINAL)
    tx.execute(update(deliveries).where(*ours).values(domain=address.rpartition("@")[2].lower()))


def reselect(tx: Transaction, old: str, new: str | None, *, edition_id: str, at: datetime) -> int:
    """Give what is not sent of a selection another one, or cancel it with None; return how many.

    What a worker has claimed is taken from it, so that it cannot send what it has built already.
    """
    ours = (deliveries.c.about == edition_id, deliveries.c.selection_id == old, _state.in_(_WAITING))
    # In one statement: between two of them a worker could claim one, and send it as it was.
    freed = case((_state == DeliveryState.CLAIMED, DeliveryState.QUEUED), else_=_state)
    values = {"selection_id": new, "state": freed} if new else {"state": DeliveryState.CANCELLED, "ended_at": at}
    return tx.execute(update(deliveries).where(*ours).values(**values, worker=None, begun_at=None)).rowcount
