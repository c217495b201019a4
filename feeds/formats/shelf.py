"""Writes XML elements down once, under a root that declares every prefix, and joins them to documents.

Alone, an element would declare its prefixes itself. Not here: what is in an element or a frame (rss, atom).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import local
from typing import Any

from feeds.formats.names import ALWAYS_IN_RSS, ATOM_NAME, IN_ATOM, IN_RSS

_OWN = local()  # each thread's own places, for one element after the other


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the elements of an XML format stand: ``element`` is their tag, ``indent`` what stands before each."""

    element: str
    indent: bytes

    def hold(self, element: Any) -> None:
        """Put an element, in place of the last one, where what is added to it needs no prefixes of its own."""
        place = getattr(_OWN, self.element, None)
        if place is None:
            place = self._place()
            setattr(_OWN, self.element, place)
        del place[:]
        place.append(element)

    def write(self, element: Any) -> bytes:
        """Write an element that is held, as it stands in any document."""
        head, tail = _ends(self)
        data = _written(element)
        if not (data.startswith(head) and data.endswith(tail)):
            raise ValueError("it is not held where elements are")
        return data[len(head) : -len(tail)]

    def alone(self, element: bytes) -> bytes:
        """Return the least document that holds an element."""
        head, tail = _ends(self)
        return head + element + tail

    def join(self, frame: bytes, elements: Sequence[bytes]) -> bytes:
        """Return a frame without elements as the document with them."""
        if not elements:
            return frame
        end = frame.rindex(b"\n", 0, frame.rindex(b"</channel>" if self.element == "item" else b"</feed>")) + 1
        body = (b"\n" + self.indent).join(elements)
        return b"".join((frame[:end], self.indent, body, b"\n", frame[end:]))

    def is_whole(self, element: bytes) -> bool:
        """Tell whether an element ends where the first of its name does: then it can be cut out of any document."""
        opening, closing = f"<{self.element}".encode(), f"</{self.element}>".encode()
        ends = element.endswith(closing) and element.index(closing) == len(element) - len(closing)
        return ends and element.startswith(opening)

    def cut(self, document: bytes) -> list[bytes]:
        """Return the elements of a document that was joined here: in text and attributes a raw ``<`` cannot stand."""
        opening, closing = f"<{self.element}".encode(), f"</{self.element}>".encode()
        *parts, _ = document.split(closing)
        return [part[part.index(opening) :] + closing for part in parts]

    def _place(self) -> Any:
        """Make a root that declares every prefix, and return where elements stand below it."""
        from lxml import etree

        if self.element == "item":
            return etree.SubElement(etree.Element("rss", nsmap=IN_RSS | ALWAYS_IN_RSS, version="2.0"), "channel")
        return etree.Element("feed", nsmap=IN_ATOM, xmlns=ATOM_NAME)


ITEMS = Shelf("item", b"    ")
ENTRIES = Shelf("entry", b"  ")


def _written(element: Any) -> bytes:
    from lxml import etree

    tree = element.getroottree()
    return bytes(etree.tostring(tree, encoding="UTF-8", xml_declaration=False, pretty_print=True))


@cache
def _ends(shelf: Shelf) -> tuple[bytes, bytes]:
    """Return what stands before and behind an element on its shelf."""
    from lxml import etree

    here = etree.Element("here")
    shelf._place().append(here)
    head, _, tail = _written(here).partition(b"<here/>")
    return head, tail
