"""Front matter, and the metadata of a saved page, read into what an article declares of itself.

Pure. Unknown keys are passed over (other programs have theirs); what decides who may read an article is never guessed.
Not here: finding front matter in a file (sources), what the body says (articles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feeds.errors import ArticleRefused
from feeds.model import Access, Correction, Person, Tag
from feeds.rules.dates import read_date
from feeds.rules.slugs import slug_of
from feeds.rules.text import clean_line, clean_name, cut, scalar

# One key of ours, and what other programs call the same thing.
_ALSO = {
    "title": ("title", "headline"),
    "standfirst": ("standfirst", "subtitle", "dek"),
    "summary": ("summary", "description", "excerpt"),
    "date": ("date", "published", "published_at", "pubdate"),
    "updated": ("updated", "updated_at", "lastmod", "modified", "last_modified_at"),
    "authors": ("authors", "author", "byline"),
    "tags": ("tags", "tag", "keywords", "categories"),
    "section": ("section", "category"),
    "language": ("language", "lang"),
    "image": ("image", "cover", "featured_image"),
    "enclosures": ("enclosures", "enclosure", "audio"),
    "url": ("external_url", "url", "link"),
    "aliases": ("aliases", "redirect_from"),
}
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
LONGEST_TAG = 100  # characters
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_AUTHOR = re.compile(r"(?P<name>[^<>]*?)\s*<(?P<email>[^<>@\s]+@[^<>@\s]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What an article declares of itself, cleaned; empty where it says nothing. ``notes`` tell what was unusable."""

    title: str = ""
    standfirst: str = ""
    summary: str = ""
    published_at: datetime | None = None
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
    notes: tuple[str, ...] = ()


def read_meta(meta: Mapping[str, Any], zone: ZoneInfo) -> Declared:
    """Read an article's front matter; naive dates are in ``zone``.

    Raises ArticleRefused where ``draft`` or ``access`` cannot be understood: such an article must not slip out.
    """
    given = {meta_key(key): value for key, value in meta.items()}
    notes: list[str] = []
    if isinstance(given.get("title"), bool):
        notes.append("title: YAML takes this word for true or false; put it in quotes")
    published_at = _date(given, "date", zone, notes=notes)
    updated_at = _date(given, "updated", zone, notes=notes)
    return Declared(
        title=_line(_get(given, "title")),
        standfirst=_line(_get(given, "standfirst")),
        summary=_line(_get(given, "summary")),
        published_at=published_at,
        updated_at=updated_at,
        authors=_people(_get(given, "authors")),
        tags=_tags(_get(given, "tags")),
        section=_line(_get(given, "section")),
        language=_language(_get(given, "language"), notes),
        image=_image(given),
        enclosures=_files(_get(given, "enclosures")),
        access=_access(given.get("access")),
        draft=_is_held_back(given),
        id=_identifier(given.get("id")),
        slug=slug_of(_line(given.get("slug"))) or None,
        url=_line(_get(given, "url")) or None,
        aliases=tuple(_line(alias) for alias in _items(_get(given, "aliases")) if _line(alias)),
        corrections=_corrections(given.get("corrections"), zone, otherwise=updated_at or published_at, notes=notes),
        notes=tuple(notes),
    )


def meta_key(key: object) -> str:
    """Return a key of front matter in the one spelling that is looked for."""
    return scalar(key).strip().lower().replace("-", "_")


def tag_of(name: str) -> Tag | None:
    """Return the tag that a spelling stands for; ``C`` and ``C++`` are two."""
    name = cut(clean_name(name), LONGEST_TAG)
    slug = slug_of(name, signs=True)
    return Tag(slug, name) if slug else None


def author_slug(name: str) -> str:
    """Return the key of an author in addresses."""
    return slug_of(name) or "unnamed"


def _get(given: Mapping[str, Any], key: str) -> Any:
    values = (given.get(name) for name in _ALSO[key])
    return next((value for value in values if value not in (None, "") and not isinstance(value, bool)), None)


def _line(value: Any) -> str:
    """Return a scalar as a clean line; a list or a table is no line."""
    return "" if value is None or isinstance(value, list | dict | set | tuple | bool) else clean_line(scalar(value))


def _items(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)


def _date(given: Mapping[str, Any], key: str, zone: ZoneInfo, *, notes: list[str]) -> datetime | None:
    value = _get(given, key)
    if value is None:
        return None
    reading = read_date(value, zone)
    if reading.note:
        notes.append(f"{key}: {reading.note}")
    return reading.at


def _people(value: Any) -> tuple[Person, ...]:
    people: dict[str, Person] = {}
    for item in _items(value):
        person = _person(item)
        if person.name:
            people.setdefault(author_slug(person.name), person)
    return tuple(people.values())


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


def _access(value: Any) -> Access:
    if value is None:
        return Access.PUBLIC
    text = _line(value).lower()
    if text not in set(Access):
        raise ArticleRefused(f"access: {_shown(value)} is unknown and may be meant for few: say public or members", hides=True)
    return Access(text)


def _is_held_back(given: Mapping[str, Any]) -> bool:
    """Tell whether an article is a draft: by ``draft``, or as other programs say it, by ``published: false``."""
    published = given.get("published")
    return _draft(given.get("draft")) or published is False or _line(published).lower() in {"false", "no"}


def _draft(value: Any) -> bool:
    if isinstance(value, bool) or value in (None, ""):
        return bool(value)
    text = _line(value).lower()
    if isinstance(value, str | int) and text in _YES | _NO:
        return text in _YES
    raise ArticleRefused(f"draft: {_shown(value)} is neither true nor false", hides=True)


def _shown(value: Any) -> str:
    text = _line(value)
    return repr(cut(text, 40)) if text else f"a {type(value).__name__}"


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
