"""Deliveries as what comes back names them: by row, by edition and address, or by edition alone.

A function per statement. Not here: proving that a report is about one (jobs), a worker's own steps (deliveries).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update

from feeds.model import DeliveryKind, DeliveryState
from feeds.rules.message_identity import named_after
from feeds.store import notices
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, editions, entries, selection_entries, subscribers
from feeds.store.schema import notices as notice_rows

LARGEST_ID = 2**31 - 1  # that the column can hold: a forged report may name any number
AT_ONCE = 1000  # rows that a walk through an edition holds in memory
IN_HAND = frozenset({DeliveryState.CLAIMED, DeliveryState.SENDING})
_COLUMNS = ("id", "subscriber_id", "generation", "state", "queued_at")
_MAY_BOUNCE = (DeliveryState.SENT, DeliveryState.IN_DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDelivery:
    """A delivery with what proves a report about it, and with whom and what it was for.

    ``name`` is what its messages are named after: the edition's id, or the notice's name.
    """

    id: int
    name: str
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
    return _sent(tx, row) if row else None


def list_of_notice(tx: Transaction, notice_id: str) -> list[SentDelivery]:
    """Return the one delivery of a notice, by its id, or none."""
    ours = (deliveries.c.kind == DeliveryKind.NOTICE) & (deliveries.c.about == notice_id)
    return [_sent(tx, row) for row in tx.execute(_select().where(ours))]


def list_to(tx: Transaction, edition_id: str, address_keys: Collection[str]) -> list[SentDelivery]:
    """Return the deliveries of an edition to some addresses. Served by the key (kind, about, subscriber)."""
    ours = (deliveries.c.about == edition_id) & subscribers.c.address_key.in_(address_keys)
    return [_sent(tx, row) for row in tx.execute(_select().where(ours))]


def list_of(tx: Transaction, edition_id: str) -> Iterator[SentDelivery]:
    """Yield all deliveries of an edition, not read at once; who has found one need not read on."""
    query = _select().where(deliveries.c.about == edition_id).execution_options(yield_per=AT_ONCE)
    with tx.execute(query) as rows:
        for row in rows:
            yield _sent(tx, row)


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
    columns = (deliveries.c[name] for name in _COLUMNS)
    newsletter = func.coalesce(editions.c.newsletter, notice_rows.c.newsletter).label("newsletter")
    return (
        select(*columns, newsletter, subscribers.c.address_key, subscribers.c.forgotten_at)
        .add_columns(deliveries.c.kind, deliveries.c.about)
        .outerjoin(editions, (deliveries.c.kind == DeliveryKind.EDITION) & (editions.c.id == deliveries.c.about))
        .outerjoin(notice_rows, (deliveries.c.kind == DeliveryKind.NOTICE) & (notice_rows.c.id == deliveries.c.about))
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(newsletter.is_not(None))
    )


def _sent(tx: Transaction, row: Row[Any]) -> SentDelivery:
    """Return a delivery; that of a notice went to the notice's own address, which may not be its reader's."""
    facts = {name: row._mapping[name] for name in (*_COLUMNS, "newsletter", "address_key", "forgotten_at")}
    kind = DeliveryKind(row.kind)
    notice = notices.find(tx, row.about) if kind is DeliveryKind.NOTICE else None
    facts |= {"address_key": notices.key_of(notice)} if notice else {}
    return SentDelivery(**facts | {"name": named_after(kind, row.about), "state": DeliveryState(row.state)})
