"""What can be found: a fault of a feed by the number of its rule, with its place, its weight and its remedy.

Why each rule matters is told here once. Not here: finding anything (the other modules of this room).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

WHY = {
    "F1": "One character that may not stand there and no reader can read the document; some give up on it for good.",
    "F2": "Readers tell entries apart by their ids: a repeated id hides an entry, a changed one shows it again.",
    "F3": "An id that can be read in two ways is another id in another reader, and its entry shows twice.",
    "F4": "A date that cannot be read becomes the time of fetching, and an old entry stands on top as new.",
    "F5": "Readers subscribe to the address that the document names, and go to its site by its link.",
    "F6": "RSS readers look for an e-mail address in author; a bare name there is shown wrong or not at all.",
    "F7": "Atom readers show text as it is: HTML that is not marked as HTML is shown with its tags.",
    "F8": "Players ask for a file by its type and show its length; a wrong one stops downloads half-way.",
    "F9": "Without conditional requests every poll costs the whole document, and readers poll less often.",
    "F10": "A reader is a program: it cannot log in, keep cookies or pass a challenge.",
    "F11": "Readers cut or refuse large documents, and fetch small ones more often.",
    "F13": "Bytes that change while nothing was edited cost every reader a download at each poll.",
    "F14": "Some readers trust the order of the document, and take the first entries for the newest.",
    "F15": "Readers ask again when the server says; left alone they guess, or give up.",
    "F16": "A feed shrinks to a tenth; caches that are not told mix its forms up.",
    "F18": "Readers show titles as text, and take the first of description and content for the text.",
    "F19": "Readers show content away from its page: relative addresses lead nowhere, scripts and frames are cut.",
    "F20": "Some readers take an Atom entry with a known time for a known entry.",
    "F21": "Without a language, readers choose wrong fonts, hyphens, voices and translations.",
    "F22": "Readers and browsers tell feeds by their media type; a wrong one is offered as a download.",
    "F23": "Tracking queries make one entry look like many, and tell of readers who did not agree.",
    "F24": "Readers walk back through archives; a broken link there loses the rest.",
    "F25": "A tombstone that contradicts the document leaves readers with an entry that was withdrawn.",
    "F26": "Hubs know a feed by one exact address; another spelling of it is another feed, and nobody is told.",
    "F27": "People paste the address of a page; readers find the feed by the links in it.",
    "F28": "Browsers no longer apply XSLT to feeds: people see source text.",
    "F29": "What a format asks for, readers rely on; without it each guesses differently.",
    "T47": "Readers refuse what is nested or long beyond reason, since it is made to exhaust them.",
    "T48": "Entities of a document type can read files, open connections and grow without end: readers refuse them.",
    "T49": "A small file that grows without end is made to exhaust readers.",
    "T50": "Text decoded by the wrong table is shown as other letters.",
}


class Severity(StrEnum):
    """An error loses entries or subscribers somewhere; a warning costs less."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document: whose, in words (``the feed``, or an entry's id or title), and its line if known."""

    where: str = "the feed"
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the number of the rule that it breaks, what is wrong, what to do, and where."""

    rule: str
    what: str
    remedy: str
    severity: Severity = Severity.ERROR
    where: str = "the feed"
    line: int | None = None

    @property
    def why(self) -> str:
        """Return why the rule matters."""
        return WHY[self.rule]

    @property
    def text(self) -> str:
        """Return whose fault it is and what is wrong, in one line."""
        return f"{self.where}: {self.what}"


def error(rule: str, spot: Spot, what: str, *, remedy: str) -> Finding:
    """Make a finding that loses entries or subscribers."""
    return Finding(rule, what, remedy, Severity.ERROR, spot.where, spot.line)


def warning(rule: str, spot: Spot, what: str, *, remedy: str) -> Finding:
    """Make a finding that costs less."""
    return Finding(rule, what, remedy, Severity.WARNING, spot.where, spot.line)
