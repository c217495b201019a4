"""Deliveries as they come into being: an edition promised to its readers, a notice to one.

Not here: what becomes of them (deliveries).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from feeds.model import DeliveryKind, DeliveryState, Edition
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, subscribers

ADDED_AT_ONCE = 1_000  # rows: the memory that it takes does not grow with the number of readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A delivery to be: who gets which selection."""

    subscriber_id: str
    selection_id: str


def add(
    tx: Transaction, edition: Edition, promises: Iterable[Promise], *, transport: str, at: datetime | None = None
) -> None:
    """Queue one delivery for each promise, as of when the edition was composed or of ``at``."""
    same: dict[str, object] = {"kind": DeliveryKind.EDITION, "about": edition.id, "transport": transport}
    same |= _fresh(at or edition.composed_at)
    for some in batches(promises, size=ADDED_AT_ONCE):
        by_selection: defaultdict[str, list[str]] = defaultdict(list)
        for promise in some:
            by_selection[promise.selection_id].append(promise.subscriber_id)
        for selection_id, ids in by_selection.items():
            # Read and written within the database: a row through Python takes six times as long.
            if tx.execute(_ADD, same | {"selection_id": selection_id, "of": ids}).rowcount != len(ids):
                raise ValueError(f"a subscriber of {edition.id} is not in the store, or was promised it twice")


def queued(address: str, at: datetime) -> dict[str, object]:
    """Return what is the same for all that is queued to go to an address at once."""
    return {"domain": address.rpartition("@")[2].lower()} | _fresh(at)


def _fresh(at: datetime) -> dict[str, object]:
    fresh = {"state": DeliveryState.QUEUED, "generation": 0, "attempts": 0, "crashes": 0}
    return fresh | {"queued_at": at, "due_at": at}


# What stands behind the last @ of an address, said so that SQLite and PostgreSQL both understand it.
_before_domain = func.rtrim(subscribers.c.address, func.replace(subscribers.c.address, "@", ""))
_domain = func.lower(func.substr(subscribers.c.address, func.length(_before_domain) + 1))
_SAME = tuple(deliveries.c[name] for name in ("kind", "about", "transport", "selection_id", *_fresh(datetime.max)))
_ADD = (
    insert(deliveries)
    .from_select(
        [*_SAME, deliveries.c.domain, deliveries.c.subscriber_id],
        select(*(bindparam(column.name, type_=column.type) for column in _SAME), _domain, subscribers.c.id)
        .where(subscribers.c.id.in_(bindparam("of", expanding=True)))
        .order_by(subscribers.c.id),
    )
    .execution_options(preserve_rowcount=True)
)
