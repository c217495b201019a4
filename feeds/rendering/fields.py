"""Merge fields: the places in a digest where a reader's own link goes, told from all that an article can say.

Until it is filled, a field is a placeholder that bears the edition's mark. A new field is a line in the table.
Pure. Not here: filling whole messages (galley).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

EDITION_PAGE = "edition_page"  # the same for all readers of a selection, and known once it is sent
# Each looks like what will stand there, so that no template, inliner or line break takes it for anything else.
MERGE_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "leave_url": "mailto:leave-url.{mark}@field.invalid",
        "leave_page": "https://leave-page.{mark}.field.invalid/",
        "preferences_url": "https://preferences-url.{mark}.field.invalid/",
        EDITION_PAGE: "https://edition-page.{mark}.field.invalid/",
    }
)

Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Field:
    """A place for a reader's own value; ``escape`` makes the value fit for the part of the message."""

    name: str
    escape: Escape


@dataclass(frozen=True, slots=True)
class OwnPages:
    """The addresses of a reader's own pages: to leave one newsletter by, and to choose what comes of it."""

    leave: str
    preferences: str


def values_of(leave_url: str, pages: OwnPages | None) -> dict[str, str]:
    """Return merge field → one reader's value; ``leave_url`` is a mailto link, ``pages`` None where there are none."""
    own = pages or OwnPages(leave_url, leave_url)
    return {"leave_url": leave_url, "leave_page": own.leave, "preferences_url": own.preferences}


def mark_of(said: object) -> str:
    """Return the mark of an edition's or a notice's placeholders, ``said`` being all that it can say.

    It is a hash of that: an article that held it would have to hold a hash of itself.
    """
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def placeholders(mark: str) -> dict[str, str]:
    """Return field → what stands in its place in a digest with this mark."""
    return {name: form.format(mark=mark) for name, form in MERGE_FIELDS.items()}


def links_shown(mark: str, *, has_pages: bool) -> tuple[str, str | None]:
    """Return what stands in a digest with this mark for the link to leave by, and for the preferences, if any."""
    places = placeholders(mark)
    return (places["leave_page"], places["preferences_url"]) if has_pages else (places["leave_url"], None)


def page_shown(mark: str, page_url: str | None) -> str | None:
    """Return what stands in a digest with this mark for the page that it can be seen on; see DigestView.page_url."""
    return placeholders(mark)[EDITION_PAGE] if page_url == "" else page_url


def divided(text: str, mark: str, escape: Escape) -> list[str | Field]:
    """Return a part of a digest as what is the same for all readers, and the fields between; text first and last.

    ``escape`` is that of the part: ``html.escape``, or ``str`` in plain text. Without a mark there are no fields.
    """
    if not mark:
        return [text]
    names = {place: name for name, place in placeholders(mark).items()}
    pieces = re.split(f"({'|'.join(map(re.escape, names))})", text)
    return [Field(names[piece], escape) if index % 2 else piece for index, piece in enumerate(pieces)]


def filled(text: str, mark: str, escape: Escape, *, values: Mapping[str, str]) -> str:
    """Return a part of a digest as one reader sees it."""
    pieces = divided(text, mark, escape)
    return "".join(piece if isinstance(piece, str) else escape(values[piece.name]) for piece in pieces)
