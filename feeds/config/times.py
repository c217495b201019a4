"""The values of the config that are about time: cadences, days, lengths of time.

Not here: what a cadence is, and which ones there are (rules.cadence is the judge); time zones (values).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from feeds.config.values import as_text
from feeds.config.words import Wrong, kind_of, quietly, quoted, suggestion
from feeds.rules.cadence import BadCadence, Cadence, cron, every

LONGEST = timedelta(days=366)
_SOME_DAY, _SOME_ZONE = date(2026, 11, 23), "UTC"  # where a key is judged by itself
_UNITS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}
_DURATION = re.compile(rf"([1-9][0-9]{{0,5}}) ({'|'.join(_UNITS)})s?")


def as_cadence_word(value: object) -> str:
    """Return ``value`` if it names a cadence, such as ``monday``; else raise Wrong, with the nearest."""
    word = as_text(value)
    _judge(lambda: every(word, since=_SOME_DAY, zone=_SOME_ZONE), word)
    return word


def needs_first_day(value: object) -> bool:
    """Return whether ``value`` names a cadence that counts from a day, as ``2 weeks`` does."""
    word = quietly(as_cadence_word, value)
    return word is not None and not _gives_slots(lambda: every(word, zone=_SOME_ZONE))


def as_clock(value: object) -> str:
    """Return ``value`` if it is a time of day, such as ``07:00``; else raise Wrong."""
    at = as_text(value)
    _judge(lambda: every("day", at=at, zone=_SOME_ZONE), at)
    return at


def as_cron_line(value: object) -> str:
    """Return ``value`` if it is a cron line that gives slots; else raise Wrong."""
    line = as_text(value)
    _judge(lambda: cron(line, zone=_SOME_ZONE), line)
    return line


def as_day(value: object) -> date:
    """Return ``value`` if it is a date that a cadence can count from; else raise Wrong."""
    if not isinstance(value, date) or isinstance(value, datetime):
        kind = "a date with a time" if isinstance(value, datetime) else kind_of(value)
        raise Wrong(f"{quoted(value)} is {kind}; expected a date without quotes, such as {_SOME_DAY}")
    _judge(lambda: every("day", since=value, zone=_SOME_ZONE), str(value))
    return value


def as_duration(value: object) -> timedelta:
    """Return the length of time that ``value`` writes out, such as ``2 hours``; else raise Wrong."""
    text = as_text(value)
    found = _DURATION.fullmatch(text)
    if not found:
        raise Wrong(f'{quoted(text)} is no length of time; expected a number and its unit, such as "2 hours"')
    length = int(found[1]) * _UNITS[found[2]]
    if length > LONGEST:
        raise Wrong(f"{quoted(text)} is too long; expected {LONGEST.days} days or less")
    return length


def duration_text(length: timedelta | None) -> str | None:
    """Return a length of time as the config writes it, in the largest unit that fits."""
    if length is None:
        return None
    unit, size = next((unit, size) for unit, size in _UNITS.items() if not length % size)
    number = length // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _judge(make: Callable[[], Cadence], given: str) -> None:
    try:
        make()
    except BadCadence as error:
        nearest = f"{error.problem}; {suggestion(given, error.known)}"
        raise Wrong(nearest if error.known else str(error)) from None


def _gives_slots(make: Callable[[], Cadence]) -> bool:
    try:
        make()
    except BadCadence:
        return False
    return True
