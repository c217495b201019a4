"""The site's keys: secrets that tokens are signed with, made here and never shown.

Not here: what is signed (rules).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from feeds.store.engine import Transaction
from feeds.store.schema import keys


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the site, but for its secret; from ``retired_at`` on nothing that it signed is good."""

    id: int
    created_at: datetime
    retired_at: datetime | None


def find_current(tx: Transaction) -> tuple[int, bytes] | None:
    """Return the number and the secret of the key that signs now: the newest that no other took the place of."""
    query = select(keys.c.id, keys.c.secret).where(keys.c.retired_at.is_(None)).order_by(keys.c.id.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return (row.id, row.secret) if row else None


def find(tx: Transaction, number: int, *, now: datetime) -> bytes | None:
    """Return the secret of a key by which what it signed is still good, or None."""
    return tx.execute(_GOOD, {"number": number, "now": now}).scalar()


def list_all(tx: Transaction) -> list[Key]:
    """Return the site's keys, the newest first."""
    rows = tx.execute(select(keys.c.id, keys.c.created_at, keys.c.retired_at).order_by(keys.c.id.desc()))
    return [Key(**row._mapping) for row in rows]


def rotate(tx: Transaction, *, at: datetime, until: datetime) -> int:
    """Let a new key sign from now on; what the others signed is good until an instant. Return the new one's number."""
    tx.execute(update(keys).where(keys.c.retired_at.is_(None)).values(retired_at=until))
    return current(tx, at=at)[0]


def find_first(tx: Transaction) -> bytes | None:
    """Return the secret of the site's first key, retired or not, or None where there is none yet."""
    return tx.execute(select(keys.c.secret).order_by(keys.c.id).limit(1)).scalar()


def first(tx: Transaction, *, at: datetime) -> bytes:
    """Return the secret of the site's first key, which hashes are made with that must be found again for ever."""
    current(tx, at=at)
    found = find_first(tx)
    assert found is not None  # it was made in this transaction
    return found


def current(tx: Transaction, *, at: datetime) -> tuple[int, bytes]:
    """Return the key that signs now; make the first one where there is none."""
    found = find_current(tx)
    if found is None:
        tx.execute(insert(keys).values(secret=secrets.token_bytes(32), created_at=at))
        found = find_current(tx)
        assert found is not None  # it was made in this transaction
    return found


_GOOD = select(keys.c.secret).where(
    keys.c.id == bindparam("number"),
    keys.c.retired_at.is_(None) | (keys.c.retired_at > bindparam("now", type_=keys.c.retired_at.type)),
)
