"""Reads the HTML part into a tree, with its style elements and what each element comes to.

Not here: what an element comes to (boxes), any judgement (the checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from lxml import etree

from feeds.rendering.lint.boxes import Box, Scheme, boxes_of
from feeds.rendering.lint.findings import Part, Spot
from feeds.rendering.lint.styles import Sheet, read_sheet

# What a page opens with: the doctype is lost in the tree.
_DOCTYPE = re.compile(r"<!doctype\s+([^>]*)>", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\s*\[if\s", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """The HTML part of a message. ``subject`` is the message's, ``content_ids`` are of the parts beside it."""

    html: str
    root: Any
    subject: str = ""
    charset: str = "utf-8"
    content_ids: frozenset[str] = frozenset()

    @cached_property
    def elements(self) -> tuple[Any, ...]:
        """Return all elements in order."""
        return tuple(element for element in self.root.iter() if isinstance(element.tag, str))

    @cached_property
    def by_tag(self) -> dict[str, list[Any]]:
        """Return the elements by name."""
        found: dict[str, list[Any]] = {}
        for element in self.elements:
            found.setdefault(element.tag, []).append(element)
        return found

    def all(self, *tags: str) -> Iterator[Any]:
        """Yield the elements of these names."""
        for tag in tags:
            yield from self.by_tag.get(tag, ())

    @cached_property
    def body(self) -> Any:
        """Return the body, or all where there is none."""
        return next(self.all("body"), self.root)

    @cached_property
    def doctype(self) -> tuple[int, str] | None:
        """Return where the doctype begins, and what it says; None without one."""
        found = _DOCTYPE.search(self.html)
        return (found.start(), found[1].strip().lower()) if found else None

    @cached_property
    def conditional_comments(self) -> tuple[tuple[str, int], ...]:
        """Return what Outlook alone reads, each with its line."""
        comments = (node for node in self.root.iter(etree.Comment) if _CONDITIONAL.match(node.text or ""))
        return tuple((str(node.text), int(node.sourceline or 1)) for node in comments)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Return the style elements, read."""
        return tuple(read_sheet(element.text or "", element.sourceline or 1) for element in self.all("style"))

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Return what each element of the body comes to, in order: its colours, its type, its own text."""
        return tuple(boxes_of(self.body, Scheme(self.sheets)))

    @cached_property
    def with_wide_words(self) -> frozenset[Any]:
        """Return the elements in which a word stands, at whatever depth, that is too wide for a line."""
        wide = (box.element for box in self.boxes if box.has_wide_word)
        return frozenset(chain.from_iterable((element, *element.iterancestors()) for element in wide))

    @cached_property
    def words(self) -> str:
        """Return what a reader sees as text, pieces parted by spaces."""
        return " ".join(box.text for box in self.boxes if box.text and not box.is_hidden)


def open_page(html: str) -> Any:
    """Parse HTML into a tree; whatever it is, a tree comes of it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    data = html.replace("\x00", "\ufffd").encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    return etree.Element("html") if root is None else root


def at(element: Any) -> Spot:
    """Return the place of an element."""
    name = element.get("class") or element.get("id") or ""
    return Spot(Part.HTML, element.sourceline, f"<{element.tag}{f' class={name}' if name else ''}>"[:80])


def at_line(line: int | None, name: str = "") -> Spot:
    """Return a place in the HTML part."""
    return Spot(Part.HTML, line, name)


def text_of(element: Any) -> str:
    """Return all text in an element, as one line."""
    return " ".join("".join(element.itertext()).split())
