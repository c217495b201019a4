"""The addresses that are not to be mailed: why, on what evidence, and since when.

A function per statement. One that was lifted stays, as the time from which bounces count anew. Not here: what
suppresses (rules), the condition that audiences are read by (subscribers.is_suppressed).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from feeds.store.engine import Transaction
from feeds.store.schema import suppressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that is not to be mailed, by its key: why, the evidence, the report that it is from, if any."""

    address_key: str
    reason: str
    evidence: str
    created_at: datetime
    report_id: str | None = None
    lifted_at: datetime | None = None


def add(tx: Transaction, suppression: Suppression) -> bool:
    """Suppress an address; False where it is already: then the first reason and its evidence stay."""
    known = find_any(tx, suppression.address_key)
    if known is None:
        tx.execute(insert(suppressions).values(**asdict(suppression)))
    elif known.lifted_at is not None:
        ours = suppressions.c.address_key == suppression.address_key
        tx.execute(update(suppressions).where(ours).values(**asdict(suppression)))
    return known is None or known.lifted_at is not None


def find(tx: Transaction, address_key: str) -> Suppression | None:
    """Return why an address is not to be mailed, or None where it may be."""
    return list_of(tx, [address_key]).get(address_key)


def find_any(tx: Transaction, address_key: str) -> Suppression | None:
    """Return the last suppression of an address, lifted or not, or None."""
    row = tx.execute(select(suppressions).where(suppressions.c.address_key == address_key)).one_or_none()
    return Suppression(**row._mapping) if row else None


def list_of(tx: Transaction, address_keys: Collection[str]) -> dict[str, Suppression]:
    """Return those of these addresses that are not to be mailed, by key; lifted ones are none."""
    standing = suppressions.c.address_key.in_(address_keys), suppressions.c.lifted_at.is_(None)
    return {row.address_key: Suppression(**row._mapping) for row in tx.execute(select(suppressions).where(*standing))}


def list_all(tx: Transaction, *, lifted: bool = False) -> list[Suppression]:
    """Return all that stand, the newest first; with ``lifted`` those too that stand no more."""
    query = select(suppressions).order_by(suppressions.c.created_at.desc(), suppressions.c.address_key)
    if not lifted:
        query = query.where(suppressions.c.lifted_at.is_(None))
    return [Suppression(**row._mapping) for row in tx.execute(query)]


def lift(tx: Transaction, address_key: str, *, at: datetime) -> bool:
    """Let an address be mailed again, without subscribing it to anything; False where it was not suppressed."""
    standing = suppressions.c.address_key == address_key, suppressions.c.lifted_at.is_(None)
    return tx.execute(update(suppressions).where(*standing).values(lifted_at=at)).rowcount == 1
