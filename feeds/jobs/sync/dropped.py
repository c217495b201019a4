"""The entries of sources that the config no longer has: they are gone, once a person says so.

Not here: entries that vanished from a source which is still there (source).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import groupby

from feeds.jobs.sync.report import SyncReport
from feeds.model import State
from feeds.store import entries
from feeds.store.engine import Store


def withdraw_dropped(store: Store, configured: Collection[str], *, accept: bool, now: datetime) -> list[SyncReport]:
    """Withdraw what belongs to no source of the config, or hold it, however little, until it is accepted."""
    with store.writing() as tx:
        known = (e for e in entries.list_known(tx) if e.source not in configured and e.state is not State.WITHDRAWN)
        left = sorted(known, key=lambda entry: (entry.source, entry.key))
        if accept:
            reason = "its source is no longer in the config"
            entries.mark_withdrawn(tx, [entry.id for entry in left], at=now, by="source", reason=reason)
    reports = []
    for source, group in groupby(left, key=lambda entry: entry.source):
        keys = [entry.key for entry in group]
        kept = SyncReport(source, withdrawn=keys) if accept else SyncReport(source, held=keys)
        kept.dropped = True
        reports.append(kept)
    return reports
