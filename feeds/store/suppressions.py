"""The addresses that are not to be mailed: why, on what evidence, and since when.

One that was lifted stays, as the time from which bounces count anew; of who asked to be forgotten, a keyed hash, found
by the address. Not here: what suppresses (rules), the condition that audiences are read by (subscribers.is_suppressed).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from feeds.store import keys
from feeds.store.engine import Transaction
from feeds.store.schema import suppressions

FORGOTTEN = "forgotten"


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
        ours = suppressions.c.address_key.in_(_known_by(tx, [suppression.address_key]))
        tx.execute(update(suppressions).where(ours).values(**asdict(suppression)))
    return known is None or known.lifted_at is not None


def find(tx: Transaction, address_key: str) -> Suppression | None:
    """Return why an address is not to be mailed, or None where it may be."""
    return list_of(tx, [address_key]).get(address_key)


def find_any(tx: Transaction, address_key: str) -> Suppression | None:
    """Return the last suppression of an address, lifted or not, or None."""
    known = suppressions.c.address_key.in_(_known_by(tx, [address_key]))
    found = tx.execute(select(suppressions).where(known).order_by(suppressions.c.created_at.desc())).first()
    return replace(Suppression(**found._mapping), address_key=address_key) if found else None


def list_of(tx: Transaction, address_keys: Collection[str]) -> dict[str, Suppression]:
    """Return those of these addresses that are not to be mailed, by key; lifted ones are none."""
    known_by = _known_by(tx, address_keys)
    standing = suppressions.c.address_key.in_(known_by), suppressions.c.lifted_at.is_(None)
    found = {known_by[row.address_key]: row._mapping for row in tx.execute(select(suppressions).where(*standing))}
    return {key: Suppression(**dict(values) | {"address_key": key}) for key, values in found.items()}


def hide(tx: Transaction, address_key: str, *, at: datetime) -> None:
    """Suppress an address whose owner asked to be forgotten: what is kept of it is a keyed hash.

    It goes by the site's first key, which stays when others take its place. What it was suppressed for stays so.
    """
    known = find_any(tx, address_key)
    stands = known is not None and known.lifted_at is None
    reason = known.reason if known and stands else FORGOTTEN
    tx.execute(delete(suppressions).where(suppressions.c.address_key.in_(_known_by(tx, [address_key]))))
    hidden = Suppression(
        address_key=_hidden(address_key, keys.first(tx, at=at)), reason=reason, evidence="", created_at=at
    )
    tx.execute(insert(suppressions).values(**asdict(hidden)))


def list_all(tx: Transaction, *, lifted: bool = False) -> list[Suppression]:
    """Return all that stand, the newest first; with ``lifted`` those too that stand no more."""
    query = select(suppressions).order_by(suppressions.c.created_at.desc(), suppressions.c.address_key)
    if not lifted:
        query = query.where(suppressions.c.lifted_at.is_(None))
    return [Suppression(**row._mapping) for row in tx.execute(query)]


def lift(tx: Transaction, address_key: str, *, at: datetime) -> bool:
    """Let an address be mailed again, without subscribing it to anything; False where it was not suppressed."""
    ours = suppressions.c.address_key.in_(_known_by(tx, [address_key]))
    standing = ours, suppressions.c.lifted_at.is_(None)
    return tx.execute(update(suppressions).where(*standing).values(lifted_at=at)).rowcount == 1


def _known_by(tx: Transaction, address_keys: Collection[str]) -> dict[str, str]:
    """Return what addresses may stand here under → each one's key: itself, or its hash."""
    secret = keys.find_first(tx)
    hidden = {_hidden(key, secret): key for key in address_keys} if secret else {}
    return {key: key for key in address_keys} | hidden


def _hidden(address_key: str, secret: bytes) -> str:
    return "hash " + hmac.new(secret, f"forgotten|{address_key}".encode(), hashlib.sha256).hexdigest()
