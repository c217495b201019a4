"""Pin: write each entry's permanent id into its own file, safe from moves and lost databases.

The only job that writes into a source. Not here: making ids (rules.identity).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from feeds.errors import ArticleRefused
from feeds.model import State
from feeds.store import entries
from feeds.store.engine import Store

WriteId = Callable[[str, str], bool]


@dataclass(slots=True)
class PinReport:
    """Which files were given their id, how many had one, and which could not be written: (key, reason)."""

    pinned: list[str] = field(default_factory=list)
    had_one: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def pin(store: Store, sources: Mapping[str, WriteId], *, dry_run: bool = False) -> PinReport:
    """Write the ids of all entries that are not withdrawn; ``sources`` maps a source to what writes into it."""
    report = PinReport()
    with store.reading() as tx:
        known = [e for e in entries.list_all(tx) if e.state is not State.WITHDRAWN and e.source in sources]
    for entry in sorted(known, key=lambda entry: (entry.source, entry.key)):
        if entry.article.declared_id is not None:
            report.had_one += 1
            continue
        try:
            if dry_run or sources[entry.source](entry.key, entry.id):
                report.pinned.append(entry.key)
            else:
                report.had_one += 1
        except ArticleRefused as error:
            report.refused.append((entry.key, error.reason))
        except OSError as error:
            report.refused.append((entry.key, f"it cannot be written: {error.strerror}"))
    return report
