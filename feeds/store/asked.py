"""What was asked of the site, and how often: kept across restarts, for all programs that answer.

A function per statement. Not here: how often is too often (rules.asking).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from feeds.store.engine import Transaction
from feeds.store.schema import asked
from feeds.store.upserting import upsert

SPAN = timedelta(minutes=5)  # counts are kept for spans of time: a day is then told from another to five minutes
LONGEST = timedelta(days=2)  # nothing is looked back for longer


def count(tx: Transaction, what: str, *, since: datetime) -> int:
    """Return how often something was asked since a time, to five minutes."""
    ours = (asked.c.what == what) & (asked.c.begun_at > since - SPAN)
    return tx.execute(select(func.sum(asked.c.number)).where(ours)).scalar() or 0


def add(tx: Transaction, *what: str, at: datetime) -> None:
    """Count that each of these was asked once more."""
    begun_at = datetime.fromtimestamp(at.timestamp() // SPAN.total_seconds() * SPAN.total_seconds(), UTC)
    for each in what:
        upsert(tx, asked, {"what": each, "begun_at": begun_at}, values={"number": 1}, adds=True)
    tx.execute(delete(asked).where(asked.c.begun_at < at - LONGEST))
