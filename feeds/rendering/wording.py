"""Dates and lists of names as people read them, in the site's language and zone.

Not here: dates as machines write them into feeds (formats), reading dates (rules).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list

from feeds.model import Person


def day(at: datetime, language: str, time_zone: str, *, form: str = "long") -> str:
    """Write the day of an instant in words: "23 November 2026". ``form`` is Babel's: long, full, medium, short."""
    return _in_words(at.astimezone(ZoneInfo(time_zone)).date(), language, form)


def instant(at: datetime) -> str:
    """Write an instant for machines, in UTC (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=4096)
def _in_words(date: date, language: str, form: str) -> str:
    return format_date(date, format=form, locale=locale_of(language))


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


def locale_of(language: str) -> Locale:
    """Return Babel's locale for a BCP 47 tag, its plain language where the region is unknown, else British English."""
    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "GB")
