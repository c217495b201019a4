"""What composing did for one newsletter, for people and machines.

Values only. Not here: doing it (editions).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from feeds.rules.due import Decision, Standing


class Outcome(StrEnum):
    """What came of asking whether a newsletter is due."""

    COMPOSED = "composed"
    ALREADY = "composed before"
    NOTHING_NEW = "nothing new"
    TOO_FEW = "too few entries"
    NO_READERS = "no readers"
    SKIPPED = "missed, and skipped"
    CLOCK_WENT_BACK = "clock_went_back"
    WAITING = "not due"


_STANDINGS = {
    Standing.WAITING: Outcome.WAITING,
    Standing.SKIPPED: Outcome.SKIPPED,
    Standing.CLOCK_WENT_BACK: Outcome.CLOCK_WENT_BACK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What some readers of an edition get: how many they are, and what it holds for them.

    ``note`` tells whether the editor's note stands in it.
    """

    subject: str
    readers: int
    entries: int
    more: int = 0
    corrections: int = 0
    note: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A series that readers chose in place of the newsletter's own: how many, and when its next slot comes, if any."""

    series: str
    readers: int
    next_at: datetime | None


@dataclass(slots=True, kw_only=True)
class ComposeReport:
    """One turn of a newsletter, or with ``each article`` one entry of it.

    ``series`` names what it is numbered in, ``zone`` whose clock counts, "" for the newsletter's own.
    ``slot`` is the due instant that was decided. ``selections`` tell what the edition holds, and for how many, most
    readers first; ``subject`` is the first one's. ``left_out`` pairs an entry with the reason why it cannot stand in a
    digest. ``note`` is the file of the editor's note for that slot, "" where there is none; ``remarks`` tell what was
    left out of the note, and ``notes`` what is amiss with pictures. ``faults`` are the errors and warnings of the lint.
    Where its own series has no readers, ``chosen`` are those that its readers chose.
    """

    newsletter: str
    outcome: Outcome
    series: str = ""
    zone: str = ""
    slot: datetime | None = None
    next_at: datetime | None = None
    edition: str = ""
    number: int = 0
    subject: str = ""
    deliveries: int = 0
    waiting: int = 0
    selections: list[Part] = field(default_factory=list)
    note: str = ""
    remarks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what it is of, in words for people."""
        return f"{self.series or self.newsletter} in {self.zone}" if self.zone else self.series or self.newsletter

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        return not self.left_out and self.outcome is not Outcome.CLOCK_WENT_BACK


def undue_report(newsletter: str, decision: Decision | None) -> ComposeReport:
    """Return the report of a newsletter of which there is nothing to compose now."""
    if decision is None:
        return ComposeReport(newsletter=newsletter, outcome=Outcome.WAITING)
    outcome = _STANDINGS[decision.standing]
    return ComposeReport(newsletter=newsletter, outcome=outcome, slot=decision.slot, next_at=decision.next_at)
