"""Notices: kept with the link's meaning until it is long stale, and queued to be delivered like editions.

A function per statement. Not here: a worker's further steps (deliveries), what a notice says (rendering).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from feeds.model import FINAL, DeliveryKind, DeliveryState, Notice, NoticeKind, SubscriptionState
from feeds.store import suppressions
from feeds.store.batches import batches
from feeds.store.deliveries import Claimed, delivery_of, stale_selections, take
from feeds.store.engine import Transaction
from feeds.store.promises import queued
from feeds.store.schema import BROUGHT, QUEUED, bounces, deliveries, notices, subscribers, subscriptions

_ID_OCTETS = 16
_COLUMNS = ("id", "kind", "newsletter", "subscriber_id", "created_at")
_ALL = (*_COLUMNS, "data")
_OURS = deliveries.c.kind == DeliveryKind.NOTICE


def new_id() -> str:
    """Return an id for a notice, which nobody can guess: by it the notice's link is known."""
    return secrets.token_hex(_ID_OCTETS)


def add(tx: Transaction, notice: Notice, *, transport: str, brings: str | None = None) -> None:
    """Keep a notice, and queue its delivery; both are there or neither. ``brings`` is a selection that it carries."""
    values = {name: getattr(notice, name) for name in _COLUMNS}
    tx.execute(insert(notices).values(**values, data=_data(notice)))
    promise: dict[str, object] = {
        "kind": DeliveryKind.NOTICE,
        "about": notice.id,
        "subscriber_id": notice.subscriber_id,
    }
    promise |= {"selection_id": brings, "transport": transport}
    tx.execute(insert(deliveries).values(**promise, **queued(notice.address, notice.created_at)))


def replace_queued(tx: Transaction, notice: Notice, *, brings: str | None) -> None:
    """Have a notice that is queued say something else, and carry another selection or none."""
    ours = update(deliveries).where(QUEUED, _OURS, deliveries.c.about == notice.id)
    if tx.execute(ours.values(selection_id=brings)).rowcount:
        tx.execute(update(notices).where(notices.c.id == notice.id).values(data=_data(notice)))


def list_stale(tx: Transaction) -> list[Notice]:
    """Return the queued notices that carry an entry which is public no more."""
    stale = or_(*(deliveries.c.selection_id.in_(query) for query in stale_selections(_carried())))
    query = select(notices).join(deliveries, deliveries.c.about == notices.c.id).where(QUEUED, _OURS, stale)
    return [_notice(row._mapping) for row in tx.execute(query.order_by(notices.c.id))]


def find(tx: Transaction, notice_id: str) -> Notice | None:
    """Return a notice by its id, or None."""
    row = tx.execute(select(notices).where(notices.c.id == notice_id)).one_or_none()
    return _notice(row._mapping) if row else None


def list_to(tx: Transaction, subscriber_id: str) -> list[Notice]:
    """Return the notices that were made for a subscriber, oldest first."""
    ours = select(notices).where(notices.c.subscriber_id == subscriber_id)
    return [_notice(row._mapping) for row in tx.execute(ours.order_by(notices.c.created_at, notices.c.id))]


def count_queued(tx: Transaction, now: datetime) -> int:
    """Return how many notices are queued and due. Served by the partial index of queued rows."""
    ours = (QUEUED, _OURS, deliveries.c.due_at <= now)
    return tx.execute(select(func.count()).select_from(deliveries).where(*ours)).scalar_one()


def count_by_state(tx: Transaction) -> dict[DeliveryState, int]:
    """Return how many notices stand where."""
    query = select(deliveries.c.state, func.count()).where(_OURS).group_by(deliveries.c.state)
    return {DeliveryState(state): number for state, number in tx.execute(query)}


def claim(tx: Transaction, *, worker: str, now: datetime, limit: int, but_for: Collection[str] = ()) -> list[Claimed]:
    """Take up to ``limit`` queued notices into a worker's hands, as editions are claimed.

    None is taken that carries what was withdrawn: it waits until that is taken out.
    """
    whole = and_(*(deliveries.c.selection_id.not_in(stale) for stale in stale_selections(_carried())))
    ours = [QUEUED, _OURS, deliveries.c.due_at <= now, deliveries.c.selection_id.is_(None) | whole]
    ours += [deliveries.c.domain.not_in(but_for)] if but_for else []
    ids = take(tx, ours, worker=worker, limit=limit)
    return _claimed(tx, ids) if ids else []


def drop_before(tx: Transaction, at: datetime) -> int:
    """Drop notices from before an instant with their deliveries, where those have ended; return how many.

    One that a report is about stays as long as that, and the delivery of one that carried an edition: who has had what
    is not forgotten.
    """
    told_of = select(bounces.c.delivery_id).where(bounces.c.delivery_id.is_not(None))
    ended = (_OURS, deliveries.c.state.in_(FINAL), deliveries.c.id.not_in(told_of))
    old = select(deliveries.c.about).join(notices, notices.c.id == deliveries.c.about)
    ids = list(tx.execute(old.where(*ended, notices.c.created_at < at)).scalars())
    for some in batches(ids):
        tx.execute(delete(deliveries).where(_OURS, deliveries.c.about.in_(some), deliveries.c.selection_id.is_(None)))
        tx.execute(delete(notices).where(notices.c.id.in_(some)))
    return len(ids)


def key_of(notice: Notice) -> str:
    """Return what the address of a notice is known by."""
    return notice.address.lower()


def address_in(data: bytes) -> str:
    """Return where a notice goes, as its data says."""
    return str(json.loads(data)["address"])


def _carried() -> Any:
    """Return the query for the selections that queued notices carry."""
    return select(deliveries.c.selection_id).where(QUEUED, BROUGHT)


def _data(notice: Notice) -> bytes:
    said = {
        "address": notice.address,
        "facts": dict(notice.facts),
        "parts": {name: part.decode() for name, part in notice.parts.items()},
    }
    return json.dumps(said).encode()


def _claimed(tx: Transaction, ids: Collection[int]) -> list[Claimed]:
    same_reader = subscriptions.c.subscriber_id == notices.c.subscriber_id
    query = (
        select(deliveries, subscribers.c.forgotten_at, subscriptions.c.state.label("standing"))
        .add_columns(subscriptions.c.generation.label("subscription_generation"), subscriptions.c.paused_until)
        .add_columns(*(notices.c[name].label(f"its_{name}") for name in _ALL))
        .join(notices, notices.c.id == deliveries.c.about)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(subscriptions, and_(same_reader, subscriptions.c.newsletter == notices.c.newsletter))
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    )
    found = [(row, _notice({name: row._mapping[f"its_{name}"] for name in _ALL})) for row in tx.execute(query)]
    refused = suppressions.list_of(tx, {key_of(notice) for _, notice in found})
    return [_in_hands(row, notice, is_suppressed=key_of(notice) in refused) for row, notice in found]


def _in_hands(row: Row[Any], notice: Notice, *, is_suppressed: bool) -> Claimed:
    return Claimed(
        delivery=delivery_of(row),
        newsletter=notice.newsletter,
        address=notice.address,
        address_key=key_of(notice),
        name="",  # whoever fills in a form may call the reader anything
        is_forgotten=row.forgotten_at is not None,
        is_suppressed=is_suppressed,
        subscription=SubscriptionState(row.standing) if row.standing else None,
        paused_until=row.paused_until,
        subscription_generation=row.subscription_generation or 0,
        notice=notice,
    )


def _notice(row: Mapping[Any, Any]) -> Notice:
    given = {name: row[name] for name in _COLUMNS}
    said = json.loads(row["data"])
    return Notice(
        **given | {"kind": NoticeKind(row["kind"])},
        address=said["address"],
        facts=said["facts"],
        parts={name: part.encode() for name, part in said["parts"].items()},
    )
