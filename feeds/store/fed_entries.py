"""The entries that readers' private feeds gave them in place of mail: so that none is mailed again.

A function per statement. Not here: what such a feed holds (jobs.private_feeds), the addresses (private_addresses).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select

from feeds.store.engine import Transaction
from feeds.store.schema import fed_entries


def add(tx: Transaction, subscriber_id: str, newsletter: str, *, entry_ids: Collection[str], at: datetime) -> None:
    """Note that a reader was given entries of a newsletter; what is noted already stays so."""
    known = list_of(tx, newsletter, subscriber_id).get(subscriber_id, frozenset())
    row = {"subscriber_id": subscriber_id, "newsletter": newsletter, "given_at": at}
    if new := [row | {"entry_id": entry_id} for entry_id in sorted(set(entry_ids) - known)]:
        tx.execute(insert(fed_entries), new)


def list_of(tx: Transaction, newsletter: str, subscriber_id: str | None = None) -> dict[str, frozenset[str]]:
    """Return subscriber id → the entries of a newsletter that a feed gave them: all readers, or one."""
    query = select(fed_entries.c.subscriber_id, fed_entries.c.entry_id).where(fed_entries.c.newsletter == newsletter)
    if subscriber_id is not None:
        query = query.where(fed_entries.c.subscriber_id == subscriber_id)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for who, entry_id in tx.execute(query):
        found[who].add(entry_id)
    return {who: frozenset(entry_ids) for who, entry_ids in found.items()}


def drop_before(tx: Transaction, newsletter: str, at: datetime) -> None:
    """Forget what was given before an instant, below which the newsletter brings nothing to anybody."""
    tx.execute(delete(fed_entries).where(fed_entries.c.newsletter == newsletter, fed_entries.c.given_at < at))
