"""Links between articles that lead nowhere, told once: when the article is read, or when what it links to goes.

Not here: finding the links in a text (rules), what is printed in their place (rules.printing).
"""

from __future__ import annotations

from collections.abc import Iterable

from feeds.jobs.sync.report import SyncReport
from feeds.store import entries
from feeds.store.engine import Store


def note_broken_links(store: Store, reports: Iterable[SyncReport]) -> None:
    """Add a note to the reports for each link, from or to what changed in this sync, that no entry answers."""
    by_source = {report.source: report for report in reports}
    read = {f"{r.source}/{key}" for r in by_source.values() for key in (*r.added, *r.edited, *r.restored)}
    left = {f"{r.source}/{key}" for r in by_source.values() for key in (*r.withdrawn, *dict(r.hidden))}
    with store.reading() as tx:
        linked = entries.list_links(tx)
        there = {f"{source}/{key}" for source, key, _ in linked} | entries.list_former_keys(tx)
    for source, key, targets in linked:
        broken = [t for t in targets if t not in there and (t in left or f"{source}/{key}" in read)]
        if source in by_source:
            why = "there is no such article; its text is kept without the link"
            by_source[source].notes += [(key, f"link to {target}: {why}") for target in broken]
