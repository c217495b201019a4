"""The nouns that the checks look at: what every feed says in one form or another, whatever its format.

Each value keeps its place. Not here: taking them out of a document (rss_view, atom_view, json_view).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from feeds.formats.check.findings import Spot
from feeds.formats.check.opening import Kind

MOST_JUDGED = 5_000  # entries; no reader takes as many from one document


@dataclass(frozen=True, slots=True)
class Said:
    """A value as the document has it, its element's or key's name, and the rule it breaks if it is to be an address."""

    name: str
    value: str
    spot: Spot
    rule: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """An enclosure; None is what it does not say."""

    address: str | None
    length: Any
    media_type: str | None
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The feed as such, or one entry. ``node`` is its element or object, ``path`` where that stands in JSON.

    ``link`` leads to its page; ``addresses`` are all that must lead somewhere. ``contents`` are HTML.
    """

    spot: Spot
    node: Any
    path: tuple[str | int, ...] = ()
    id: Said | None = None
    title: Said | None = None
    link: Said | None = None
    published: Said | None = None
    updated: Said | None = None
    addresses: tuple[Said, ...] = ()
    files: tuple[File, ...] = ()
    contents: tuple[Said, ...] = ()
    language: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole feed: ``held`` counts its entries, of which ``entries`` are the first, those that are judged.

    ``selves``, ``hubs``, ``older`` are its links of these kinds (RFC 5005 for ``older``).
    """

    kind: Kind
    feed: Part
    entries: tuple[Part, ...]
    held: int
    size: int = 0
    selves: tuple[Said, ...] = ()
    hubs: tuple[Said, ...] = ()
    older: tuple[Said, ...] = ()
    lines: Any = field(default_factory=dict)


def shortened(value: object) -> str:
    """Return a value as it is quoted in a finding: on one line, and not endless."""
    text = " ".join(str(value).split())
    return text if len(text) <= 100 else f"{text[:100]}…"
