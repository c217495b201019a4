"""What the jobs of one command did, put together for people and machines.

Values only. Not here: each job's own report (jobs).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from feeds.errors import PressrunError

if TYPE_CHECKING:
    from feeds.jobs.announce import AnnounceReport
    from feeds.jobs.compose.report import ComposeReport
    from feeds.jobs.compose.withdrawals import Revised
    from feeds.jobs.deliver.report import DeliverReport
    from feeds.jobs.publish.report import PublishReport
    from feeds.jobs.sync import SyncReport

Report = TypeVar("Report")


@dataclass(slots=True)
class SyncOutcome:
    """What a sync of all sources did; ``tags`` tells of spellings that collide."""

    sources: list[SyncReport] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether every article of every source was read."""
        return all(report.is_clean for report in self.sources)


@dataclass(slots=True)
class ComposeOutcome:
    """What composing did: a report for each newsletter, editions from which withdrawn entries were taken, notes.

    ``failed`` pairs a newsletter with what stopped its edition.
    """

    reports: list[ComposeReport] = field(default_factory=list)
    revised: list[Revised] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        are_whole = not any(one.left_out or one.problem for one in self.revised)
        return are_whole and not self.failed and all(report.is_clean for report in self.reports)


@dataclass(slots=True)
class RunOutcome:
    """What one press run did; a part is None where there was nothing to do. ``errors`` are (job, what went wrong).

    ``run`` is the id that its log lines and records carry. ``alarms`` want a person's attention, ``notes`` do not.
    """

    run: str = ""
    sync: SyncOutcome | None = None
    publish: PublishReport | None = None
    announce: AnnounceReport | None = None
    compose: ComposeOutcome | None = None
    deliver: DeliverReport | None = None
    alarms: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[tuple[str, PressrunError]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        parts = (self.sync, self.publish, self.announce, self.compose, self.deliver)
        return not (self.alarms or self.errors) and all(part is None or part.is_clean for part in parts)


def merged(one: Report, later: Report) -> Report:
    """Return what two passes did together, in a report's own way, or else: lists joined, numbers added, the later."""
    if hasattr(one, "then"):
        return one.then(later)  # type: ignore[no-any-return]
    values = {field.name: together(getattr(one, field.name), getattr(later, field.name)) for field in fields(one)}  # type: ignore[arg-type]
    return replace(one, **values)  # type: ignore[type-var]


def together(one: Any, later: Any) -> Any:
    """Return what two passes gave in one place, either of which may be None."""
    if one is None or later is None:
        return one if later is None else later
    if is_dataclass(one):
        return merged(one, later)
    if isinstance(one, Counter | list) or (isinstance(one, int) and not isinstance(one, bool)):
        return one + later
    return later
