"""What instant a written date means: in front matter, in a file's name, on a line under a headline.

Naive times are in the zone that is passed in; results are UTC. Not here: which of several dates an entry takes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Beyond these years conversions overflow and PostgreSQL refuses what SQLite keeps, so nothing outside is stored.
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC)
LATEST = datetime(2999, 12, 31, 23, 59, 59, tzinfo=UTC)
LONGEST_TEXT = 100  # characters; no written date is longer, and it bounds the work on hostile input

# Hours from UTC. RFC 5322 section 4.3 gives the American ones; those with several meanings (IST, CST in Asia) are left
# to the reader's zone unless the RFC settles them.
_OFFSETS = {
    0: ("Z", "UTC", "GMT", "UT", "WET"),
    1: ("BST", "WEST", "CET"),
    2: ("CEST", "EET"),
    3: ("EEST",),
    -4: ("EDT",),
    -5: ("EST", "CDT"),
    -6: ("CST", "MDT"),
    -7: ("MST", "PDT"),
    -8: ("PST",),
}
_ABBREVIATIONS = {name: hours for hours, names in _OFFSETS.items() for name in names}
# American news writes the hour so all year round; the place knows whether it is summer.
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}

# A line per month: English, French, German, Spanish, Portuguese, Italian, Dutch, Arabic (Egypt's and the Levant's).
_MONTH_NAMES = (
    "jan january janvier janv januar jänner enero ene janeiro gennaio gen januari يناير",
    "feb february février févr fév februar febrero fevereiro fev febbraio februari فبراير شباط",
    "mar march mars märz mär marzo março maart mrt مارس آذار",
    "apr april avril avr abril abr aprile أبريل إبريل نيسان",
    "may mai mayo maio maggio mag mei مايو أيار",
    "jun june juin juni junio junho giugno giu يونيو حزيران",
    "jul july juillet juil juli julio julho luglio lug يوليو تموز",
    "aug august août agosto ago augustus أغسطس آب",
    "sep sept september septembre septiembre setiembre setembro set settembre سبتمبر أيلول",
    "oct october octobre oktober okt octubre outubro out ottobre ott أكتوبر",
    "nov november novembre noviembre novembro نوفمبر",
    "dec december décembre déc dezember dez diciembre dic dezembro dicembre ديسمبر",
)
_MONTHS = {name.casefold(): number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_WEEKDAY = (
    r"(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\.?,?\s+)?"
)
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.º])?"
_DATES = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    r"(?P<year>\d{4})年\s?(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日",
    # With slashes either part may be the day, unless it is over 12.
    r"(?P<month>0?[1-9]|1[0-2])/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})",
    r"(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])/(?P<year>\d{4})",
    _WEEKDAY + _DAY + r"(?:\s+(?:of|de))?[\s-]+" + _MONTH + r",?[\s-]+(?:de\s+)?(?P<year>\d{4})",
    _WEEKDAY + _MONTH + r"\s+" + _DAY + r",?\s+(?P<year>\d{4})",
)
_ZONE = (
    r"(?P<zone>[Zz]|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|(?-i:[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_+-]+\d*){1,2}|[A-Z]{2,5}))"
)
_TIME = (
    r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2})(?:[:.]?(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?(?:\s*" + _ZONE + r")?(?:\s*\([A-Za-z ]+\))?"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for day in _DATES
    for pattern in (
        day + r"(?:(?:T|\s*[,–—|-]\s*|\s+)(?:at\s+)?" + _TIME + r")?",
        _TIME + r"\s*,?\s+(?:on\s+)?" + day,
    )
)
_LABEL = re.compile(
    r"(?:(?:first|last|originally)\s+)?(?:published|posted|updated|modified|created|date)(?:\s+(?:on|at))?\s*:?\s*"
    r"|(?:publi[ée] le|mis à jour le|veröffentlicht am|publicado (?:el|em)|pubblicato il|gepubliceerd op)\s*:?\s*",
    re.IGNORECASE,
)
_DAY_OR_MONTH_FIRST = re.compile(r"\d{1,2}/\d{1,2}/\d{4}\b")
_IN_NAME = re.compile(
    r"(?<!\d)(?:(?P<year>[12]\d{3})[-_./ ](?P<month>\d{2})[-_./ ](?P<day>\d{2})"
    r"|(?P<year8>(?:19|20)\d{2})(?P<month8>\d{2})(?P<day8>\d{2}))"
    r"(?:[Tt](?P<hour>\d{2})[-:.h]?(?P<minute>\d{2})(?:[-:.]?(?P<second>\d{2}))?(?P<zulu>[Zz])?)?(?!\d)"
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """An instant as it was read: ``at`` in UTC, None where there is none; ``note`` says what was wrong or mended."""

    at: datetime | None
    note: str = ""


def read_date(value: object, zone: ZoneInfo) -> DateReading:
    """Read a date as people and machines write it: RFC 3339, RFC 5322 section 3.3, or in words; never raise.

    A naive time is in ``zone``, a date alone is its midnight there, 02.03.2024 has the day first. Fractions of a second
    are dropped. An instant outside the years 1000 to 2999 is moved to the nearest end, with a note.
    """
    try:
        if isinstance(value, datetime):
            return _in_utc(value, zone)
        if isinstance(value, date):
            return _in_utc(datetime.combine(value, time()), zone)
        if isinstance(value, str):
            return _read_text(value, zone)
    except (ValueError, OverflowError) as impossible:
        return DateReading(None, f"{_quoted(value)} is no possible date: {impossible}")
    return DateReading(None, f"{type(value).__name__} is no date: write it as 2024-03-02 or 2024-03-02 14:39")


def date_in_name(key: str, zone: ZoneInfo) -> datetime | None:
    """Find the date in a file's name, else in the names of the folders it is in (the nearest counts)."""
    stem = key.rpartition("/")[2]
    found = next(_dates_in(stem, zone), None) or next(reversed(list(_dates_in(key, zone))), None)
    return found[1] if found else None


def without_date(stem: str) -> str:
    """Strip the date from a file's stem, for its slug; a stem that is only a date stays as it is."""
    found = next(_dates_in(stem, ZoneInfo("UTC")), None)
    if found is None:
        return stem
    start, end = found[0].span()
    parts = (stem[:start].strip(" -_.,"), stem[end:].strip(" -_.,"))
    return "-".join(part for part in parts if part) or stem


def is_date_line(line: str) -> bool:
    """Tell whether a line is only a date, possibly behind "Published", "Last updated" and the like."""
    return all(_match(part) is not None for part in _labelled_dates(line))


def read_date_line(line: str, zone: ZoneInfo) -> DateReading:
    """Read the first date of a date line: of "Published … | Updated …", when it was published."""
    return read_date(_labelled_dates(line)[0], zone)


def _labelled_dates(line: str) -> list[str]:
    # The whole line is bounded before it is cut up, for the same reason as a single date.
    parts = re.split(r"\s*[|·•]\s*", line.strip()) if len(line) <= 2 * LONGEST_TEXT else [line]
    return [_LABEL.sub("", part, count=1) if _LABEL.match(part) else part for part in parts]


def _match(text: str) -> re.Match[str] | None:
    if len(text) > 2 * LONGEST_TEXT:
        return None
    text = " ".join(unicodedata.normalize("NFC", text).replace("\u2212", "-").split())
    if len(text) > LONGEST_TEXT:
        return None
    matches = (pattern.fullmatch(text) for pattern in _PATTERNS)
    return next((match for match in matches if match and _has_plain_time(match)), None)


def _has_plain_time(match: re.Match[str]) -> bool:
    # "2 March 2024 14" is no time of day: an hour alone needs its half of the day.
    return match["hour"] is None or match["minute"] is not None or match["half"] is not None


def _read_text(text: str, zone: ZoneInfo) -> DateReading:
    match = _match(text)
    if match is None:
        return DateReading(None, _why_unread(text))
    local = datetime(int(match["year"]), _month(match["month"]), int(match["day"]), *_time_of_day(match))
    offset = _offset(match["zone"])
    reading = _in_utc(local if offset is None else local.replace(tzinfo=offset), zone)
    if match["zone"] and offset is None:
        unknown = f"time zone {match['zone']} has several meanings or none: read as {zone.key}"
        return DateReading(reading.at, "; ".join(note for note in (reading.note, unknown) if note))
    return reading


def _why_unread(text: str) -> str:
    if _DAY_OR_MONTH_FIRST.search(text[:LONGEST_TEXT]):
        return f"{_quoted(text)} may have the day or the month first: write it as 2024-03-02"
    return f"{_quoted(text)} is no date that can be read: write it as 2024-03-02 or 2024-03-02 14:39"


def _quoted(value: object) -> str:
    if not isinstance(value, str):
        return type(value).__name__
    text = " ".join(value[:LONGEST_TEXT].split())
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def _month(written: str) -> int:
    # Matching without regard to case lets a dotless i through, which is no month: 0 says so.
    return int(written) if written.isdigit() else _MONTHS.get(written.casefold(), 0)


def _time_of_day(match: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if match["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    # RFC 3339 section 5.6 allows second 60, a leap second, which datetime has no place for.
    return hour, minute, min(second, 59) if second == 60 else second


def _offset(written: str | None) -> tzinfo | None:
    if not written:
        return None
    if ("+" in written or "-" in written) and "/" not in written:
        return _numeric_offset(written)
    hours = _ABBREVIATIONS.get(written.upper())
    return _place(_PLACES.get(written, written)) if hours is None else timezone(timedelta(hours=hours))


def _place(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if "/" in name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None  # an OSError where the name is that of a folder of zones, as America/Argentina


def _numeric_offset(written: str) -> tzinfo:
    digits = re.sub(r"\D", "", written)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError(f"{written} is no offset from UTC")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if "-" in written else ahead)


def _in_utc(moment: datetime, zone: ZoneInfo) -> DateReading:
    """Convert to UTC; a time that a change of clocks skips or repeats takes the first reading, and never fails."""
    at = _bounded(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    if at is not None:
        return DateReading(at)
    nearest = EARLIEST if moment.year < 2000 else LATEST
    return DateReading(nearest, f"{moment.year:04} is outside the years 1000 to 2999: taken as {nearest:%Y-%m-%d}")


def _bounded(aware: datetime) -> datetime | None:
    # The year is looked at first: near years 1 and 9999 the conversion itself overflows.
    if not EARLIEST.year <= aware.year <= LATEST.year:
        return None
    at = aware.astimezone(UTC).replace(microsecond=0)
    return at if EARLIEST <= at <= LATEST else None


def _dates_in(name: str, zone: ZoneInfo) -> Iterator[tuple[re.Match[str], datetime]]:
    for match in _IN_NAME.finditer(name):
        at = _named_instant(match, zone)
        if at is not None:
            yield match, at


def _named_instant(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    year, month, day = (int(match[part] or match[f"{part}8"]) for part in ("year", "month", "day"))
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    try:
        local = datetime(year, month, day, hour, minute, second)
        return _bounded(local.replace(tzinfo=UTC if match["zulu"] else zone))
    except ValueError:
        return None
