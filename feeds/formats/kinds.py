"""What a format is: the seam that each format fills, and what the formats tell of one another.

Names, file names and media types. Not here: writing a document (rss, atom, json_feed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from feeds.model import Feed, Printed

GENERATOR = "Pressrun"


class Format(Protocol):
    """A way to write a feed, entry by entry: each becomes its element once, and documents are elements in a frame.

    What comes in was made ready by :mod:`feeds.formats.prepare`; what goes out is UTF-8, the same for the same values.
    """

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

    def element(self, entry: Printed, *, full_text: bool, language: str) -> bytes:
        """Write one entry as it stands in a document of a feed in ``language``."""
        ...

    def frame(self, feed: Feed) -> bytes:
        """Write the document without entries; KeyError where the feed has no address for it."""
        ...

    def join(self, frame: bytes, elements: Sequence[bytes]) -> bytes:
        """Return a frame with elements in it, in their order."""
        ...

    def alone(self, element: bytes) -> bytes:
        """Return the least document that holds an element, to read it back."""
        ...

    def is_whole(self, element: bytes) -> bool:
        """Tell whether an element can be cut out of any document again, whatever stands around it."""
        ...

    def cut(self, document: bytes) -> list[bytes]:
        """Return the elements of a document that we wrote, in order, byte for byte."""
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
