"""Dates, numbers and lists of names as people read them, in the language, zone and digits of the place.

Not here: fixed words (words), dates as machines write them into feeds (formats), reading dates (rules).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit
from markupsafe import Markup

from feeds.model import Person

# The zero of each numbering system that CLDR gives a locale by default; Babel names the system, and writes 0 to 9.
ZEROS = {
    "adlm": "\U0001e950",
    "arab": "\u0660",
    "arabext": "\u06f0",
    "beng": "\u09e6",
    "cakm": "\U00011136",
    "deva": "\u0966",
    "hmnp": "\U0001e140",
    "mtei": "\uabf0",
    "mymr": "\u1040",
    "nkoo": "\u07c0",
    "olck": "\u1c50",
    "tibt": "\u0f20",
}


def day(at: datetime, language: str, time_zone: str, *, form: str = "long") -> str:
    """Write the day of an instant in words: "23 November 2026". ``form`` is Babel's: long, full, medium, short."""
    return _in_words(at.astimezone(ZoneInfo(time_zone)).date(), language, form)


def instant(at: datetime) -> str:
    """Write an instant for machines, in UTC (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def _in_words(date: date, language: str, form: str) -> str:
    locale = locale_of(language)
    return _in_digits(format_date(date, format=form, locale=locale), locale)


def number(value: int, language: str) -> str:
    """Write a whole number as the language groups it, in the digits of its place: "1,234", "1.234", "١٬٢٣٤"."""
    locale = locale_of(language)
    return _in_digits(format_decimal(value, locale=locale, numbering_system="default"), locale)


def language_name(tag: str, language: str) -> str:
    """Return what a language is called in another: "German" for ``de`` in ``en``; an unknown one goes by its tag."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(locale_of(language))
    except (UnknownLocaleError, ValueError):
        name = None
    return name or tag


def names(people: Iterable[Person], language: str) -> str:
    """Join the names of people as the language does: "Ann Lee, Bo Ek and Cy Ruiz"."""
    return format_list([person.name for person in people], locale=locale_of(language))


def listed(texts: Iterable[str], language: str) -> str:
    """Join texts as the language does names."""
    return format_list(list(texts), locale=locale_of(language))


def joined(parts: Iterable[Markup], language: str) -> Markup:
    """Join pieces of HTML as the language does names."""
    return Markup(format_list(list(parts), locale=locale_of(language)))


def file_size(length: int, language: str) -> str:
    """Write how large a file is: "12.3 kB"."""
    locale = locale_of(language)
    steps = (("megabyte", 1_000_000), ("kilobyte", 1_000), ("byte", 1))
    unit, size = next((step for step in steps if length >= step[1]), steps[-1])
    written = format_unit(round(length / size, 1), f"digital-{unit}", "short", locale=locale)
    return _in_digits(written, locale)


def locale_of(language: str) -> Locale:
    """Return Babel's locale for a BCP 47 tag, or for as much of it as is known, else British English."""
    return find_locale(language) or Locale("en", "GB")


@lru_cache(maxsize=256)
def find_locale(language: str) -> Locale | None:
    """Return Babel's locale for a BCP 47 tag, or for as much of it as is known; None where nothing is."""
    subtags = language.split("-")
    for count in range(len(subtags), 0, -1):
        try:
            return Locale.parse("-".join(subtags[:count]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


def _in_digits(text: str, locale: Locale) -> str:
    zero = ZEROS.get(locale.default_numbering_system)
    return text.translate({ord("0") + digit: ord(zero) + digit for digit in range(10)}) if zero else text
