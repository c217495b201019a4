"""How often a newsletter is due: words and cron lines become one cadence, and a cadence gives slots.

Pure: ``now`` is an argument, and slots are UTC. The only door to cronsim. Not here: which slot counts (due).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

DEFAULT_AT = "07:00"
FEWEST_WEEKS, MOST_WEEKS = 2, 52
FIRST_YEAR, LAST_YEAR = 1970, 2999  # what a cadence may count from
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORDS = ("article", "day", "weekday", *WEEKDAYS, "2 weeks", "month")

_DAYS = {"day": "* * *", "weekday": "* * 1-5"} | {name: f"* * {n}" for n, name in enumerate(WEEKDAYS, start=1)}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_WEEKS = re.compile(r"([0-9]{1,3}) weeks")
_NO_DAY_NAMED = {"week", "weekly", "1 week", "1 weeks"}
_LONGEST_LINE = 200
_LAST_SURE_DAY = 28  # every month has it
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_SLACK = timedelta(hours=6)  # more than any clock has been set back since 1970


class BadCadence(ValueError):
    """Words that give no slots. ``known`` holds the words that would, where a word was asked for."""

    def __init__(self, problem: str, expected: str, known: tuple[str, ...] = ()) -> None:
        self.problem = problem
        self.known = known
        super().__init__(f"{problem}; expected {expected}")


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a newsletter is due: at the local times of a cron line, on those days that the other fields let stand.

    ``expression`` is "" where each article is an edition: it has no slots then. No slot comes before the day ``since``.
    ``weeks`` lets only every n-th week stand, counted from ``since``; ``month_day`` only that day of a month, or the
    last day of a shorter month.
    """

    expression: str
    zone: str
    since: date | None = None
    weeks: int = 1
    month_day: int | None = None

    @property
    def each_article(self) -> bool:
        """Return whether each article is an edition of its own."""
        return not self.expression

    def __str__(self) -> str:
        """Return the text by which a changed cadence is noticed: those with one text have the same slots."""
        parts = [self.expression or "each article", self.zone]
        parts += [f"from {self.since}"] if self.since else []
        parts += [f"every {self.weeks} weeks"] if self.weeks > 1 else []
        parts += [f"on day {self.month_day}"] if self.month_day else []
        return " ".join(parts)


def every(word: str, *, at: str = DEFAULT_AT, since: date | None = None, zone: str) -> Cadence:
    """Return the cadence that a word names, such as ``monday``, at a local time such as ``07:00``.

    ``zone`` is an IANA name that is known to be one. Raises BadCadence.
    """
    clock = _clock(at)
    _check_since(since)
    if word == "article":
        return Cadence("", zone, since)
    if word in _DAYS:
        return Cadence(f"{clock} {_DAYS[word]}", zone, since)
    if word == "month":
        return _monthly(clock, since, zone)
    if weeks := _WEEKS.fullmatch(word):
        return Cadence(f"{clock} * * {_weekday_of(since, word)}", zone, since, _in_range(int(weeks[1]), word))
    if word in _NO_DAY_NAMED:
        raise BadCadence(f"{_quoted(word)} names no day", 'the day\'s name, such as "monday"')
    raise BadCadence(f"{_quoted(word)} is no cadence", f"one of {', '.join(WORDS)}", WORDS)


def cron(line: str, *, since: date | None = None, zone: str) -> Cadence:
    """Return the cadence of a cron line of five fields, read as Debian's cron reads it. Raises BadCadence."""
    _check_since(since)
    expression = " ".join(line.split())
    problem = _problem_of(expression)
    if problem:
        raise BadCadence(f"{_quoted(line)} {problem}", 'minute, hour, day, month and weekday, such as "0 7 * * 1"')
    return Cadence(expression, zone, since)


@lru_cache(maxsize=4096)  # a beat asks the same of one cadence for each language, and more than once
def last_slot(cadence: Cadence, now: datetime) -> datetime | None:
    """Return the newest slot that is not after ``now``; None where there is none."""
    passes = (_slots(cadence, now, fold, back=True) for fold in _folds(cadence))
    newest = (next((slot for slot in slots if slot <= now), None) for slots in passes)
    return max((slot for slot in newest if slot), default=None)


@lru_cache(maxsize=4096)
def next_slot(cadence: Cadence, now: datetime) -> datetime | None:
    """Return the first slot after ``now``; None where there is none."""
    passes = (_slots(cadence, now, fold, back=False) for fold in _folds(cadence))
    first = (next((slot for slot in slots if slot > now), None) for slots in passes)
    return min((slot for slot in first if slot), default=None)


def length_at(cadence: Cadence, instant: datetime) -> timedelta:
    """Return how long the slot lasts in which ``instant`` lies; before the first slot, how long that one will last.

    It is zero where each article is an edition.
    """
    start = last_slot(cadence, instant) or next_slot(cadence, instant)
    end = next_slot(cadence, start) if start else None
    return end - start if start and end else timedelta(0)


def slot_name(cadence: Cadence, slot: datetime) -> str:
    """Return a slot as its zone writes it, ``2026-11-23T07:00``, so that no two slots of a cadence share a name.

    In the second pass of the hour that autumn repeats, its offset stands behind it.
    """
    local = slot.astimezone(ZoneInfo(cadence.zone))
    written = local if local.fold else local.replace(tzinfo=None)
    return written.isoformat(timespec="minutes")


def at_wall(name: str, zone: str) -> datetime:
    """Return when the clock of a zone shows what the name of a slot says, whatever zone gave it that name."""
    return datetime.fromisoformat(name).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_day(cadence: Cadence, instant: datetime) -> date:
    """Return the day that ``instant`` falls on where the cadence is at home."""
    return instant.astimezone(ZoneInfo(cadence.zone)).date()


def _clock(at: str) -> str:
    clock = _CLOCK.fullmatch(at)
    if not clock:
        raise BadCadence(f"{_quoted(at)} is no time of day", 'hours and minutes, such as "07:00"')
    return f"{int(clock[2])} {int(clock[1])}"


def _check_since(since: date | None) -> None:
    if since and not FIRST_YEAR <= since.year <= LAST_YEAR:
        raise BadCadence(f"{since} is out of reach", f"a date of the years {FIRST_YEAR} to {LAST_YEAR}")


def _monthly(clock: str, since: date | None, zone: str) -> Cadence:
    day = since.day if since else 1
    if day <= _LAST_SURE_DAY:
        return Cadence(f"{clock} {day} * *", zone, since)
    return Cadence(f"{clock} {_LAST_SURE_DAY}-31 * *", zone, since, month_day=day)


def _in_range(weeks: int, word: str) -> int:
    if not FEWEST_WEEKS <= weeks <= MOST_WEEKS:
        raise BadCadence(
            f"{_quoted(word)} is out of range", f"{FEWEST_WEEKS} to {MOST_WEEKS} weeks, or a weekday's name"
        )
    return weeks


def _weekday_of(since: date | None, word: str) -> int:
    if since is None:
        raise BadCadence(f"{_quoted(word)} counts from no day", "the date of its first slot too")
    return since.isoweekday()


def _problem_of(expression: str) -> str | None:
    """Return why a cron line gives no slots, None where it does. A day such as 30 February never comes."""
    if len(expression.split()) != 5 or len(expression) > _LONGEST_LINE:
        return "has not five fields"
    try:
        next(CronSim(expression, datetime(2000, 1, 1)))
    except StopIteration:
        return "gives no slot: no such day comes"
    except (CronSimError, ValueError) as error:
        return f"gives no slot: {str(error).lower()}"
    return None


def _folds(cadence: Cadence) -> tuple[int, ...]:
    """Return which passes of a repeated hour count: both for what runs all the time, the first for a fixed time."""
    return () if cadence.each_article else (0, 1) if _runs_on(cadence) else (0,)


def _runs_on(cadence: Cadence) -> bool:
    # As in Debian's cron: with a star in minute or hour, what the clock shows; else a fixed time, which must come once.
    minute, hour, *_ = cadence.expression.split()
    return minute.startswith("*") or hour.startswith("*")


def _slots(cadence: Cadence, now: datetime, fold: int, *, back: bool) -> Iterator[datetime]:
    """Yield the slots of one pass from about ``now`` on, in order of time, or from a little later back.

    cronsim is asked for what the clock on the wall shows, never for instants: from the second pass of a repeated hour
    it would lose a fixed time of the first one, and lose others where the clock is set by half an hour.
    """
    zone = ZoneInfo(cadence.zone)
    for wall in _walls(cadence, now.astimezone(zone).replace(tzinfo=None), back=back):
        moment = wall
        while not _is_shown(moment, zone) and not _runs_on(cadence):
            moment += _MINUTE  # a fixed time that spring skips comes right after the gap
        if _is_shown(moment, zone):
            yield moment.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _walls(cadence: Cadence, around: datetime, *, back: bool) -> Iterator[datetime]:
    earliest = datetime.combine(cadence.since, time()) - _SECOND if cadence.since else datetime.min
    start = around + _SLACK if back else max(around - _SLACK, earliest)
    walls = takewhile(lambda wall: wall > earliest, CronSim(cadence.expression, start, reverse=back))
    return (wall for wall in walls if _stands(cadence, wall.date()))


def _stands(cadence: Cadence, day: date) -> bool:
    if cadence.since and (day - cadence.since).days // 7 % cadence.weeks:
        return False
    return cadence.month_day is None or day.day == min(cadence.month_day, monthrange(day.year, day.month)[1])


def _is_shown(wall: datetime, zone: ZoneInfo) -> bool:
    """Return whether the clock of ``zone`` ever shows ``wall``: in the hour that spring skips it does not."""
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def _quoted(text: str) -> str:
    return f'"{text[:60]}"'
