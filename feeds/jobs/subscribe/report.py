"""What subscribing, leaving and resting did, in words that a tired operator can act on.

Values only. Not here: how it is shown (cli).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from feeds.rules.consent import Outcome


@dataclass(slots=True)
class SubscribeReport:
    """What became of readers: (address, newsletter) under each outcome; ``suppressed`` are (address, why).

    ``refused`` are rows that could not be taken: (line, what it says, why); ``duplicates`` (line, address) stand in the
    file more than once. ``problem`` says why nothing could be read. In a dry run it is what would happen.
    """

    dry_run: bool = False
    added: list[tuple[str, str]] = field(default_factory=list)
    confirmed: list[tuple[str, str]] = field(default_factory=list)
    renewed: list[tuple[str, str]] = field(default_factory=list)
    already_there: int = 0
    stays_ended: list[tuple[str, str]] = field(default_factory=list)
    suppressed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    duplicates: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def is_clean(self) -> bool:
        """Tell whether every row could be taken."""
        return not (self.refused or self.problem)

    @property
    def is_complete(self) -> bool:
        """Tell whether everybody is subscribed now who was to be."""
        return self.is_clean and not (self.stays_ended or self.suppressed)

    def note(self, outcome: Outcome, address: str, newsletter: str) -> None:
        """Record what became of a reader and a newsletter; of who is suppressed it is told once, with the reason."""
        if outcome is Outcome.ALREADY_THERE:
            self.already_there += 1
        elif outcome is not Outcome.SUPPRESSED:
            getattr(self, outcome).append((address, newsletter))


@dataclass(slots=True)
class LeaveReport:
    """Which newsletters an address was removed from, which it had left before, and where it never was."""

    address: str
    ended: list[str] = field(default_factory=list)
    had_ended: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PauseReport:
    """Which subscriptions of an address rest until an instant, None where that is over; which are not active."""

    address: str
    until: datetime | None
    paused: list[str] = field(default_factory=list)
    inactive: list[str] = field(default_factory=list)
