"""The door to feedgen: a document's frame, and the one extension that puts right what feedgen builds wrong.

Not here: what each format needs put right (rss, atom). feedgen is imported when a document is written, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from feeds.formats.kinds import GENERATOR
from feeds.model import Feed

Mend = Callable[[Any], None]


class Extension:
    """The extension: after feedgen has built an element, ``mend`` gets it, alive, and puts it right.

    feedgen makes one for the feed and one for each entry, so what to mend is set on it afterwards.
    """

    def __init__(self) -> None:
        self.mend: Mend = lambda _element: None
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
    from feedgen.feed import FeedGenerator  # before any module of feedgen.ext, which cannot be imported first

    frame = FeedGenerator()
    frame.register_extension("press", Extension, Extension)
    frame.press.mend, frame.press.namespaces = mend, namespaces
    frame.id(feed.id)
    frame.title(feed.title)
    frame.description(feed.description)
    frame.generator(GENERATOR)
    if feed.language:
        frame.language(feed.language)
    return frame


def new_entry(frame: Any, mend: Mend) -> Any:
    """Add an entry after those that the frame holds (feedgen's own default is before them)."""
    entry = frame.add_entry(order="append")
    entry.press.mend = mend
    return entry


def add(parent: Any, tag: str, text: str = "", **attributes: str | None) -> Any:
    """Add a child with the attributes that have a value, and return it."""
    child = parent.makeelement(tag, {name: value for name, value in attributes.items() if value})
    child.text = text or None
    parent.append(child)
    return child
