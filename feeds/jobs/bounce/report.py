"""What became of one report, and of all that a mailbox held.

Values only. Not here: taking them in (taking, boxes).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from feeds.model.bounces import Kind, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one report. ``about`` is its subject, ``said`` the server's words, ``suppressed`` whether its
    address now is, for the first time.

    ``was_known`` means that it was taken in before, ``waits`` that its delivery is in a worker's hands: it is to be
    brought again in a while, and nothing was recorded.
    """

    id: str
    kind: Kind
    reason: Reason | None = None
    address: str | None = None
    edition: str | None = None
    about: str = ""
    said: str = ""
    suppressed: bool = False
    left: bool = False
    was_known: bool = False
    waits: bool = False

    @property
    def needs_a_person(self) -> bool:
        """Tell whether nobody but a person can make anything of it."""
        return self.kind is Kind.UNCLEAR


@dataclass(slots=True)
class BounceReport:
    """What became of the reports in a mailbox: how many of each kind, and who was suppressed (address, why) or left.

    ``unclear`` are (name in the mailbox, subject), ``failed`` (name, what went wrong): these stay where they are.
    """

    kinds: dict[Kind, int] = field(default_factory=dict)
    suppressed: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    unclear: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    known_before: int = 0
    waiting: int = 0
    stopped: bool = False

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        return not (self.unclear or self.failed)

    def note(self, name: str, taken: Taken) -> None:
        """Count one report that came under a name."""
        if taken.was_known or taken.waits:
            self.known_before += taken.was_known
            self.waiting += taken.waits
            return
        self.kinds[taken.kind] = self.kinds.get(taken.kind, 0) + 1
        if taken.suppressed and taken.address:
            self.suppressed.append((taken.address, f"{taken.reason}: {taken.said}"))
        if taken.left and taken.address and taken.edition:
            self.left.append((taken.address, taken.edition))
        if taken.needs_a_person:
            self.unclear.append((name, taken.about))
