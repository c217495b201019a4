"""What a format is: the seam that each format fills, and what the formats tell of one another.

Names, file names and media types. Not here: writing a document (rss, atom, json_feed).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from feeds.model import Feed, Printed

GENERATOR = "Pressrun"


class Format(Protocol):
    """A way to write a feed. ``render`` takes what :mod:`feeds.formats.prepare` made ready, newest first."""

    @property
    def name(self) -> str:
        """Return the word that the config and ``Feed.addresses`` use."""
        ...

    @property
    def filename(self) -> str:
        """Return the document's file name in its feed's folder."""
        ...

    @property
    def media_type(self) -> str:
        """Return the media type that the document is served and advertised with."""
        ...

    def render(self, feed: Feed, entries: Sequence[Printed]) -> bytes:
        """Write the document, UTF-8, the same bytes for the same values."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """How a format is advertised in the documents of the others."""

    media_type: str
    label: str


KINDS = {
    "rss": Kind("application/rss+xml", "RSS"),
    "atom": Kind("application/atom+xml", "Atom"),
    "json": Kind("application/feed+json", "JSON Feed"),
}


@dataclass(frozen=True, slots=True)
class Sibling:
    """The same feed in another format: where it is, and how to announce it."""

    address: str
    media_type: str
    title: str


def siblings(feed: Feed, name: str) -> Iterator[Sibling]:
    """Give the feed's documents in the formats other than ``name``, in the order of ``Feed.addresses``."""
    for other, address in feed.addresses.items():
        if other != name and other in KINDS:
            yield Sibling(address, KINDS[other].media_type, f"{feed.title} ({KINDS[other].label})")
