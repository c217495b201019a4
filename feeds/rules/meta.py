"""Front matter, and the metadata of a saved page, read into what an article declares of itself.

Pure. Unknown keys are passed over (other programs have theirs). Not here: finding front matter in a file (sources), its
keys (meta_keys), who may read the article (holding), what the body says (articles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feeds.model import Access, Correction, Episode, Person, Tag
from feeds.rules.dates import DateReading, read_date
from feeds.rules.holding import access_of, is_held_back, is_yes_or_no
from feeds.rules.meta_episode import read_episode
from feeds.rules.meta_keys import ALSO, EMBARGOES, by_key, slips_in
from feeds.rules.raw_copy_people import is_name, names_in_byline
from feeds.rules.slugs import author_slug, slug_of
from feeds.rules.text import clean_line, clean_name, cut, scalar

_MAY_BE_TO_COME = 2027  # earlier years were over, or running, before there was this program
LONGEST_TAG = 100  # characters
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_AND = re.compile(r",?\s+(?:and|&)\s+|\s*;\s+")
_AUTHOR = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<email>[^<>@\s]+@[^<>@\s]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What an article declares of itself, cleaned; empty where it says nothing. ``notes`` tell what was unusable."""

    title: str = ""
    standfirst: str = ""
    summary: str = ""
    published_at: datetime | None = None
    promised_year: int | None = None  # the latest in a date that cannot be read
    updated_at: datetime | None = None
    authors: tuple[Person, ...] = ()
    tags: tuple[Tag, ...] = ()
    section: str = ""
    language: str = ""
    image: Mapping[str, str] = field(default_factory=dict)
    enclosures: tuple[tuple[str, str], ...] = ()
    access: Access = Access.PUBLIC
    draft: bool = False
    id: str | None = None
    slug: str | None = None
    url: str | None = None
    aliases: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    rights: str = ""
    episode: Episode | None = None
    notes: tuple[str, ...] = ()


def read_meta(meta: Mapping[str, Any], zone: ZoneInfo) -> Declared:
    """Read an article's front matter; naive dates are in ``zone``.

    Raises ArticleRefused where what decides who may read it, or when, cannot be understood: it must not slip out.
    """
    given = by_key(meta)
    notes = list(slips_in(given))
    if isinstance(given.get("title"), bool):
        notes.append("title: YAML takes this word for true or false; put it in quotes")
    published_at, promised_year = _published(given, zone, notes)
    updated_at = _date(given, "updated", zone, notes=notes)
    episode = read_episode(given, notes)
    return Declared(
        title=_line(_get(given, "title")),
        standfirst=_line(_get(given, "standfirst")),
        summary=_line(_get(given, "summary")),
        published_at=published_at,
        promised_year=promised_year,
        updated_at=updated_at,
        authors=_people(given),
        tags=_tags(_get(given, "tags")),
        section=_line(_get(given, "section")),
        language=_language(_get(given, "language"), notes),
        image=_image(given),
        enclosures=_files(_get(given, "enclosures")),
        access=access_of(given),
        draft=is_held_back(given),
        id=_identifier(given.get("id")),
        slug=slug_of(_line(given.get("slug"))) or None,
        url=_line(_get(given, "url")) or None,
        aliases=tuple(_line(alias) for alias in _items(_get(given, "aliases")) if _line(alias)),
        corrections=_corrections(given.get("corrections"), zone, otherwise=updated_at or published_at, notes=notes),
        rights=_line(_get(given, "rights")),
        episode=episode,
        notes=tuple(notes),
    )


def tag_of(name: str) -> Tag | None:
    """Return the tag that a spelling stands for; ``C`` and ``C++`` are two."""
    name = cut(clean_name(name), LONGEST_TAG)
    slug = slug_of(name, signs=True)
    return Tag(slug, name) if slug else None


def _get(given: Mapping[str, Any], key: str) -> Any:
    values = (given.get(name) for name in ALSO[key])
    return next((value for value in values if value not in (None, "") and not isinstance(value, bool)), None)


def _line(value: Any) -> str:
    """Return a scalar as a clean line; a list or a table is no line."""
    return "" if value is None or isinstance(value, list | dict | set | tuple | bool) else clean_line(scalar(value))


def _items(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _published(given: Mapping[str, Any], zone: ZoneInfo, notes: list[str]) -> tuple[datetime | None, int | None]:
    """Return when an article says that it is published, and the latest year in what cannot be read of that."""
    values = [_first_date(given, ALSO["date"]), *(given.get(name) for name in EMBARGOES)]
    said = [value for value in values if value not in (None, "") and not is_yes_or_no(value)]
    readings = [(value, _noted("date", read_date(value, zone), notes)) for value in said]
    times = [reading.at for _, reading in readings if reading.at]
    years = [year for value, reading in readings if not reading.at for year in _years_in(value)]
    if max(years, default=0) >= _MAY_BE_TO_COME:
        notes.append(f"date: held back while {max(years)} is a year to come; write the date as 2024-03-02")
    return max(times, default=None), max(years, default=None)


def _first_date(given: Mapping[str, Any], names: Iterable[str]) -> Any:
    values = (given.get(name) for name in names)
    return next((value for value in values if value not in (None, "") and not is_yes_or_no(value)), None)


def _years_in(value: Any) -> list[int]:
    """Return the numbers that may be years: of four or five digits, or in front of a month and a day (20990231)."""
    # Nothing longer than a year with its date and time (20990231120000) is one.
    digits = re.findall(r"(?<!\d)\d{4,14}(?!\d)", scalar(value)[:1000])
    return [int(number if len(number) == 5 else number[:4]) for number in digits]


def _noted(key: str, reading: DateReading, notes: list[str]) -> DateReading:
    if reading.note:
        notes.append(f"{key}: {reading.note}")
    return reading


def _date(given: Mapping[str, Any], key: str, zone: ZoneInfo, *, notes: list[str]) -> datetime | None:
    value = _get(given, key)
    return None if value is None else _noted(key, read_date(value, zone), notes).at


def _people(given: Mapping[str, Any]) -> tuple[Person, ...]:
    key = next((name for name in ALSO["authors"] if given.get(name)), "authors")
    people: dict[str, Person] = {}
    for item in _items(_get(given, "authors")):
        for one in _one_by_one(item, is_byline=key == "byline"):
            person = _person(one)
            if person.name:
                people.setdefault(author_slug(person.name), person)
    return tuple(people.values())


def _one_by_one(item: Any, *, is_byline: bool) -> Iterable[Any]:
    """Take several people out of one line, where that is sure: a byline, or full names with "and" between them."""
    if not isinstance(item, str) or "<" in item:
        return (item,)
    line = clean_name(item)
    if is_byline:
        return names_in_byline(line) or (line,)
    names = _AND.split(line)
    if len(names) == 1:
        return (line,)
    names = [name for part in names for name in part.split(", ")]
    return names if all(is_name(name) for name in names) else (line,)


def _person(item: Any) -> Person:
    if isinstance(item, dict):
        return Person(
            clean_name(_line(item.get("name"))), _line(item.get("email")) or None, _line(item.get("url")) or None
        )
    text = clean_name(_line(item))
    match = _AUTHOR.fullmatch(text)
    return Person(match["name"].strip() or match["email"], match["email"]) if match else Person(text)


def _tags(value: Any) -> tuple[Tag, ...]:
    names = [part for item in _items(value) for part in (item.split(",") if isinstance(item, str) else [item])]
    found = (tag_of(_line(name)) for name in names)
    tags: dict[str, Tag] = {}
    for tag in filter(None, found):
        tags.setdefault(tag.slug, tag)
    return tuple(tags.values())


def _language(value: Any, notes: list[str]) -> str:
    text = _line(value)
    if text and not _LANGUAGE.fullmatch(text):
        notes.append(f"language: {text!r} is no language tag; the site's is used")
        return ""
    return text.replace("_", "-")


def _image(given: Mapping[str, Any]) -> dict[str, str]:
    value = _get(given, "image")
    named = {key: _line(given.get(f"image_{key}")) for key in ("alt", "caption", "credit")}
    if isinstance(value, dict):
        address = next((_line(value[key]) for key in ("path", "src", "url", "file", "image") if value.get(key)), "")
        named |= {key: _line(value[key]) for key in named if value.get(key)}
        return {"address": address} | named if address else {}
    return {"address": _line(value)} | named if _line(value) else {}


def _files(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = (
        (
            _line(next((item[key] for key in ("file", "path", "url", "src") if item.get(key)), "")),
            _line(item.get("title")),
        )
        if isinstance(item, dict)
        else (_line(item), "")
        for item in _items(value)
    )
    return tuple(pair for pair in pairs if pair[0])


def _identifier(value: Any) -> str | None:
    return re.sub(r"\s+", "", _line(value)) or None


def _corrections(value: Any, zone: ZoneInfo, *, otherwise: datetime | None, notes: list[str]) -> tuple[Correction, ...]:
    found: list[Correction] = []
    for item in _items(value):
        given = item if isinstance(item, dict) else {"text": item}
        text = _line(given.get("text") or given.get("what"))
        at = read_date(given.get("at") or given.get("date"), zone).at or otherwise
        if text and at:
            found.append(Correction(at, text))
        elif text:
            notes.append(f"corrections: {text!r} has no date and is not shown; give it `at:`")
    return tuple(sorted(found, key=lambda correction: correction.at))
