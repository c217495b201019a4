"""What reconciling did, for people and machines.

Values only. Not here: doing it (reconciling).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from feeds.rules.mail_log_times import Span

MOST_TOLD = 1000  # of one kind; the counts are of all


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one delivery: the state that it is in now, and the server's words or why it stays as it was."""

    edition: str
    address: str
    state: str
    said: str


@dataclass(slots=True)
class ReconcileReport:
    """What was settled: ``counts`` by the state that deliveries are in now.

    ``covered`` is the time for which the logs are whole, ``faults`` is why they settle nothing that they lack.
    ``restored`` tells that the store was behind its witness; ``still_behind`` why it is so still, "" once it is not.
    """

    counts: dict[str, int] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    unsure: list[Settled] = field(default_factory=list)
    covered: list[Span] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    restored: bool = False
    still_behind: str = ""

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        return not (self.unsure or self.still_behind)

    def note(self, one: Settled, *, is_sure: bool) -> None:
        """Count what became of a delivery, and keep it as far as there is room."""
        self.counts[one.state] = self.counts.get(one.state, 0) + 1
        told = self.settled if is_sure else self.unsure
        if len(told) < MOST_TOLD:
            told.append(one)
