"""Reads the dates of feeds as strictly as the standards write them, and says what is wrong with one.

Not here: reading dates that people write (rules.dates).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# RFC 822 section 5 with the four-digit years of RFC 1123; the military letters mean nothing certain (RFC 2822).
_RFC822 = re.compile(
    rf"(?:({'|'.join(_DAYS)}), )?\d{{1,2}} (?:{_MONTHS}) \d{{4}} \d\d:\d\d(?::\d\d)?"
    r" (?:[+-]\d{4}|UTC?|GMT|[ECMP][SD]T)"
)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Read:
    """A date as it was understood: ``at`` is None where it cannot be, and then ``problem`` says why."""

    at: datetime | None
    problem: str = ""


def read_rfc822(value: str) -> Read:
    """Read a date of RSS."""
    match = _RFC822.fullmatch(value)
    # -0000 is a time in UTC that says nothing of where it was written (RFC 2822 section 3.3).
    at = _parsed(parsedate_to_datetime, value.replace("-0000", "+0000")) if match else None
    if match is None or at is None:
        return Read(None, "is not a date of RFC 822")
    if match[1] and match[1] != _DAYS[at.weekday()]:
        return Read(at, f"names a {match[1]}, but that day is a {_DAYS[at.weekday()]}")
    return Read(at)


def read_rfc3339(value: str) -> Read:
    """Read a date of Atom or JSON Feed."""
    at = _parsed(datetime.fromisoformat, value) if _RFC3339.fullmatch(value) else None
    return Read(at, "" if at else "is not a date of RFC 3339")


def _parsed(read: object, value: str) -> datetime | None:
    try:
        at = read(value) if callable(read) else None
    except (ValueError, TypeError, OverflowError):
        return None
    return at if isinstance(at, datetime) and at.tzinfo is not None else None
