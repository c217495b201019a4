"""The door to feedgen: a document's frame, an entry, and the one extension that puts right what feedgen builds wrong.

Not here: what each format needs put right (rss, atom), writing elements down (shelf).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from feeds.formats.kinds import GENERATOR
from feeds.model import Feed

Mend = Callable[[Any], None]


class Extension:
    """The extension: after feedgen has built an element, ``mend`` gets it, alive, and puts it right.

    feedgen makes one for the feed and one for each entry, so what to mend is set on it afterwards.
    """

    __slots__ = ("mend", "namespaces")

    def __init__(self) -> None:
        self.mend: Mend = _leave
        self.namespaces: Mapping[str, str] = {}

    def extend_ns(self) -> Mapping[str, str]:
        """Return the prefixes to declare on the root."""
        return self.namespaces

    def extend_rss(self, element: Any) -> None:
        """Put right an RSS root or item."""
        self.mend(element)

    def extend_atom(self, element: Any) -> None:
        """Put right an Atom feed or entry."""
        self.mend(element)


class Unwritten(datetime):
    """A time that feedgen takes and does not write.

    Its writer of RSS dates changes the locale of the whole process while it runs, which no thread may do. It
    leaves out a time that is false; without any it would write the clock's.
    """

    def __bool__(self) -> bool:
        return False


def new_frame(feed: Feed, mend: Mend, namespaces: Mapping[str, str]) -> Any:
    """Make feedgen's generator for a feed, all set but its links and its time."""
    frame = _feedgen()[0]()
    frame.register_extension("press", Extension, Extension)
    frame.press.mend, frame.press.namespaces = mend, namespaces
    frame.id(feed.id)
    frame.title(feed.title)
    frame.description(feed.description)
    frame.generator(GENERATOR)
    if feed.language:
        frame.language(feed.language)
    return frame


def new_entry(mend: Mend) -> Any:
    """Make feedgen's entry, which stands in no frame: what is built of it is written down once for all documents."""
    entry = _feedgen()[1]()
    entry.register_extension("press", Extension)
    entry.press.mend = mend
    return entry


def add(parent: Any, tag: str, text: str = "", **attributes: str | None) -> Any:
    """Add a child with the attributes that have a value, and return it."""
    child = _subelement()(parent, tag, {name: value for name, value in attributes.items() if value})
    if text:
        child.text = text
    return child


def _leave(_element: Any) -> None:
    """Put nothing right."""


@cache
def _feedgen() -> tuple[Any, Any]:
    # Imported when something is written, not before: `feedgen.feed` first, as no other module of it can be.
    from feedgen.feed import FeedGenerator
    from feedgen.entry import FeedEntry  # isort: skip

    return FeedGenerator, FeedEntry


@cache
def _subelement() -> Any:
    from lxml import etree

    return etree.SubElement
