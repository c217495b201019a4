"""What can be found: a fault of a message by the number of its rule, with place, weight, remedy and who sees it.

Why each rule matters is told here once. Not here: finding anything (the other modules of this room).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

WHY = {
    "M1": "Servers tell messages apart, and judge who sent them, by From, Date and Message-ID.",
    "M2": "Readers who cannot leave with one click press the button for junk; large providers ask for it.",
    "M3": "Mail clients sort and mute by List-Id, and cannot read a List field that breaks its grammar.",
    "M4": "Unmarked, automatic mail draws out-of-office answers, and feedback on junk cannot be told apart.",
    "M5": "Servers on the way refuse or rewrite what breaks the form of mail, and rewriting breaks signatures.",
    "M6": "Clients show the last alternative that they understand; one with its parts in disorder is shown wrong.",
    "M7": "Large mailbox providers refuse bulk mail without a sound signature.",
    "M9": "These lines decide how fonts, voices, zoom, direction and dark mode work, before any design does.",
    "M10": "A screen reader reads what the elements say: a layout table as data, a bold line as no heading.",
    "M11": "Pictures are blocked in many inboxes and heard by some readers: the words in their place are the picture.",
    "M12": "Clients disable what is not a plain link, and a link is often read or heard alone.",
    "M13": "Gmail drops the style elements in several views, and each client honours some properties only.",
    "M14": "Half of all mail is read in dark mode; clients invert colours in their own ways.",
    "M15": "Gmail throws away a whole style element for one rule that it does not understand.",
    "M16": "The line beside the subject decides, with it, whether a mail is opened.",
    "M17": "Gmail clips a message at 102,400 bytes, and the link to unsubscribe is what falls off.",
    "M18": "Most mail is read on a phone: what is too wide, too small or too close cannot be used there.",
    "M19": "Watches, voices, searches and filters of junk read the text part; a poor one is a sign of junk.",
    "M20": "Clients fetch pictures ahead, so that an open is no sign of a reader, and readers mind being watched.",
}


class Severity(StrEnum):
    """An error loses readers or breaks the message; a warning costs less; advice is good to know."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Part(StrEnum):
    """Where in a message a fault stands."""

    HEADERS = "headers"
    MESSAGE = "message"
    HTML = "HTML part"
    TEXT = "text part"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: the part, the line within it (from 1) if known, and the header or element there."""

    part: Part
    line: int | None = None
    name: str = ""

    def __str__(self) -> str:
        line = f" line {self.line}" if self.line else ""
        return f"{self.part}{line}" + (f", {self.name}" if self.name else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the rule that it breaks, where, what is wrong, what to do, and which clients show it broken.

    ``usual`` is the severity before the config had its say.
    """

    rule: str
    severity: Severity
    spot: Spot
    what: str
    remedy: str
    seen_by: tuple[str, ...] = ()
    usual: Severity = Severity.ERROR

    @property
    def why(self) -> str:
        """Return why the rule matters."""
        return WHY[self.rule]

    @property
    def stops_press(self) -> bool:
        """Tell whether an edition with it must not go out: a fault of ours, unless the config makes light of it.

        What an entry can cause is never an error by itself, and stops nothing, however the config weighs it.
        """
        return self.severity is self.usual is Severity.ERROR

    @property
    def text(self) -> str:
        """Return place and fault in one line."""
        return f"{self.spot}: {self.what}"


def error(rule: str, spot: Spot, what: str, *, remedy: str, seen_by: tuple[str, ...] = ()) -> Finding:
    """Make a finding of what only we can cause, and what loses readers or breaks the message."""
    return Finding(rule, Severity.ERROR, spot, what, remedy, seen_by, Severity.ERROR)


def warning(rule: str, spot: Spot, what: str, *, remedy: str, seen_by: tuple[str, ...] = ()) -> Finding:
    """Make a finding that costs less, or that an entry can cause."""
    return Finding(rule, Severity.WARNING, spot, what, remedy, seen_by, Severity.WARNING)


def advice(rule: str, spot: Spot, what: str, *, remedy: str, seen_by: tuple[str, ...] = ()) -> Finding:
    """Make a finding that is good to know, and need not be acted on."""
    return Finding(rule, Severity.ADVICE, spot, what, remedy, seen_by, Severity.ADVICE)
