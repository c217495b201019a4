"""What an examination before sending finds: how things stand, where, and the exact line that mends what is wrong.

Not here: finding it (the rules for SPF, DKIM and DMARC beside this one; jobs.doctor).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """OK is well; a WARNING costs some readers, or is not known for sure; an ERROR costs many, or all."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it belongs to (``SPF``), where it stands, its grade, and what is the case.

    ``remedy`` says what to do; ``lines`` are what to write, as in a zone file or in the config.
    """

    area: str
    where: str
    grade: Grade
    what: str
    remedy: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spot:
    """What a finding belongs to and where that stands, to make findings of."""

    area: str
    where: str

    def ok(self, what: str) -> Finding:
        """Make a finding of what is well."""
        return Finding(self.area, self.where, Grade.OK, what)

    def warning(self, what: str, *lines: str, remedy: str) -> Finding:
        """Make a finding that costs some readers, or that is not known for sure."""
        return Finding(self.area, self.where, Grade.WARNING, what, remedy, lines)

    def error(self, what: str, *lines: str, remedy: str) -> Finding:
        """Make a finding that costs many readers, or all."""
        return Finding(self.area, self.where, Grade.ERROR, what, remedy, lines)

    def unknown(self, problem: str) -> Finding:
        """Make a finding of a name that could not be looked up: that is no sign that there is nothing."""
        return self.error(
            f"it could not be looked up, so nothing is known of it: {problem}",
            remedy="see that this machine's name servers work, or name one with --resolver, and run this again",
        )
