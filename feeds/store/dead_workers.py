"""Settling what workers left that died: each lock that is free names one.

Not here: who holds which lock (locking), the statements (deliveries).
"""

from __future__ import annotations

from datetime import datetime

from feeds.store import deliveries
from feeds.store.engine import Store
from feeds.store.locking import dead_worker, list_lock_files


def settle_dead(store: Store, now: datetime, *, most_crashes: int) -> int:
    """Queue again what dead workers had claimed, and leave in doubt what they were sending; return how many had died.

    What crashed a worker ``most_crashes`` times is set aside.
    """
    with store.reading() as tx:
        workers = {*deliveries.list_workers(tx), *list_lock_files(store)}
    return sum(_settle(store, worker, now, most_crashes=most_crashes) for worker in sorted(workers))


def _settle(store: Store, worker: str, now: datetime, *, most_crashes: int) -> bool:
    with dead_worker(store, worker) as is_dead:
        if is_dead:
            with store.writing() as tx:
                deliveries.recover(tx, worker, at=now, most_crashes=most_crashes)
    return is_dead
