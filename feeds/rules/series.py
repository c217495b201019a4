"""The series of a newsletter: its own, and one for each cadence and language that its readers may choose beside that.

Editions are numbered in a series. Pure. Not here: what a reader chose (preferences), when one is due (due).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FOLDER = "newsletters"  # of the site: what newsletters have there stands below it
_BETWEEN = "--"  # no slug holds it


@dataclass(frozen=True, slots=True)
class Series:
    """The series of a newsletter; ``cadence`` and ``language`` are "" where they are the newsletter's own."""

    newsletter: str
    cadence: str = ""
    language: str = ""

    @property
    def is_own(self) -> bool:
        """Tell whether it is the newsletter's own."""
        return not (self.cadence or self.language)

    @property
    def name(self) -> str:
        """Return what it is known by, such as ``weekly``, ``weekly--day`` or ``weekly--month--pt-br``."""
        chosen = (self.cadence.replace(" ", "-"), self.language.lower())
        return _BETWEEN.join((self.newsletter, *filter(None, chosen)))


@dataclass(frozen=True, slots=True)
class Turn:
    """The readers of a series who have one clock: an IANA zone; "" means those of every zone."""

    series: Series
    zone: str

    def holds(self, other: Turn) -> bool:
        """Tell whether the readers of another turn are among its own."""
        return self.series == other.series and self.zone in {"", other.zone}


def newsletter_of(series: str) -> str:
    """Return the slug of the newsletter that a series is of, by the series' name."""
    return series.partition(_BETWEEN)[0]


def renamed(series: str, newsletter: str) -> str:
    """Return the name that a series has, or had, under another slug of its newsletter."""
    return newsletter + series.removeprefix(newsletter_of(series))


def folder_of(series: str) -> str:
    """Return the folder of a series in the output, by its name: ``newsletters/weekly/month/de``."""
    return f"{FOLDER}/{series.replace(_BETWEEN, '/')}"


def language_in(series: str, languages: Iterable[str]) -> str:
    """Return which of the languages that readers may choose a series is in, "" where it is in none of them."""
    _, *parts = series.split(_BETWEEN)
    return next((language for language in languages if language.lower() in parts), "")
