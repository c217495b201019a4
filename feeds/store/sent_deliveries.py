"""Deliveries as what comes back names them: by row, by edition and address, or by edition alone.

A function per statement. Not here: proving that a report is about one (jobs), a worker's own steps (deliveries).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from feeds.model import DeliveryState
from feeds.store.deliveries import EDITION
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, editions, entries, selection_entries, subscribers

LARGEST_ID = 2**31 - 1  # that the column can hold: a forged report may name any number
AT_ONCE = 1000  # rows that a walk through an edition holds in memory
IN_HAND = frozenset({DeliveryState.CLAIMED, DeliveryState.SENDING})
_MAY_BOUNCE = (DeliveryState.SENT, DeliveryState.IN_DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDelivery:
    """A delivery of an edition with what proves a report about it, and with whom and what it was for."""

    id: int
    edition_id: str
    newsletter: str
    subscriber_id: str
    address_key: str
    generation: int
    state: DeliveryState
    queued_at: datetime
    forgotten_at: datetime | None


def find(tx: Transaction, delivery_id: int) -> SentDelivery | None:
    """Return a delivery by its row's number, or None."""
    if delivery_id > LARGEST_ID:
        return None
    row = tx.execute(_select().where(deliveries.c.id == delivery_id)).one_or_none()
    return _sent(row) if row else None


def list_to(tx: Transaction, edition_id: str, address_keys: Collection[str]) -> list[SentDelivery]:
    """Return the deliveries of an edition to some addresses. Served by the key (kind, about, subscriber)."""
    ours = (deliveries.c.about == edition_id) & subscribers.c.address_key.in_(address_keys)
    return [_sent(row) for row in tx.execute(_select().where(ours))]


def list_of(tx: Transaction, edition_id: str) -> Iterator[SentDelivery]:
    """Yield all deliveries of an edition, not read at once; who has found one need not read on."""
    query = _select().where(deliveries.c.about == edition_id).execution_options(yield_per=AT_ONCE)
    with tx.execute(query) as rows:
        for row in rows:
            yield _sent(row)


def list_edition_ids(tx: Transaction, newsletter: str) -> list[str]:
    """Return the ids of the editions that were made under a newsletter's slug, whatever it is called now."""
    ours = editions.c.id.startswith(f"{newsletter}/", autoescape=True)
    return list(tx.execute(select(editions.c.id).where(ours).order_by(editions.c.id)).scalars())


def list_entry_times(tx: Transaction, delivery_id: int) -> list[tuple[datetime | None, datetime]]:
    """Return (live at, published at) of the entries that a delivery holds."""
    query = (
        select(entries.c.live_at, entries.c.published_at)
        .join(selection_entries, selection_entries.c.entry_id == entries.c.id)
        .join(deliveries, deliveries.c.selection_id == selection_entries.c.selection_id)
        .where(deliveries.c.id == delivery_id)
    )
    return [(row.live_at, row.published_at) for row in tx.execute(query)]


def mark_bounced(tx: Transaction, delivery: SentDelivery, *, at: datetime, enhanced: str | None, said: str) -> bool:
    """Record that what was sent came back; False where it is not what was sent last, or is in other hands by now."""
    ours = deliveries.c.id == delivery.id, deliveries.c.generation == delivery.generation
    step = update(deliveries).where(*ours, deliveries.c.state.in_(_MAY_BOUNCE))
    values = {"state": DeliveryState.BOUNCED, "ended_at": at, "reply_code": None}
    values |= {"reply_enhanced": enhanced, "reply_text": said}
    return tx.execute(step.values(**values)).rowcount == 1


def _select() -> Select[Any]:
    columns = (deliveries.c[name] for name in ("id", "subscriber_id", "generation", "state", "queued_at"))
    return (
        select(*columns, editions.c.newsletter, subscribers.c.address_key, subscribers.c.forgotten_at)
        .add_columns(deliveries.c.about.label("edition_id"))
        .join(editions, editions.c.id == deliveries.c.about)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(deliveries.c.kind == EDITION)
    )


def _sent(row: Row[Any]) -> SentDelivery:
    return SentDelivery(**dict(row._mapping) | {"state": DeliveryState(row.state)})
