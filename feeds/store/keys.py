"""The site's keys: secrets that tokens are signed with, made here and never shown.

Not here: what is signed (rules).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import insert, select

from feeds.store.engine import Transaction
from feeds.store.schema import keys


def find_current(tx: Transaction) -> tuple[int, bytes] | None:
    """Return the number and the secret of the key that signs now: the newest that is not retired."""
    query = select(keys.c.id, keys.c.secret).where(keys.c.retired_at.is_(None)).order_by(keys.c.id.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return (row.id, row.secret) if row else None


def find(tx: Transaction, number: int) -> bytes | None:
    """Return the secret of a key that is not retired, or None."""
    return tx.execute(select(keys.c.secret).where(keys.c.id == number, keys.c.retired_at.is_(None))).scalar()


def current(tx: Transaction, *, at: datetime) -> tuple[int, bytes]:
    """Return the key that signs now; make the first one where there is none."""
    found = find_current(tx)
    if found is None:
        tx.execute(insert(keys).values(secret=secrets.token_bytes(32), created_at=at))
        found = find_current(tx)
        assert found is not None  # it was made in this transaction
    return found
