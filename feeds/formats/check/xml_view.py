"""Small questions to XML that the views and checks of RSS and Atom share.

Not here: what an element means (rss_view, atom_view).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feeds.formats.check.findings import Spot
from feeds.formats.check.views import Part, Said

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def text_of(node: Any) -> str:
    """Return all text in an element, its comments aside."""
    return str(node.xpath("string()"))


def spot_of(node: Any, part: Part) -> Spot:
    """Return the place of an element of a feed or an entry."""
    return Spot(part.spot.where, node.sourceline)


def said(node: Any, where: str, *, value: str | None = None, rule: str = "") -> Said:
    """Return what an element says: its text, or ``value``."""
    name = node.tag.rpartition("}")[2]
    return Said(name, text_of(node) if value is None else value, Spot(where, node.sourceline), rule)


def first(parent: Any, tag: str, where: str, *, rule: str = "") -> Said | None:
    """Return what the first child of this name says, or None where there is none."""
    node = parent.find(tag)
    return None if node is None else said(node, where, rule=rule)


def pictures(entry: Any, where: str) -> Iterator[Said]:
    """Yield the addresses of the pictures of an entry (Media RSS)."""
    for tag in ("content", "thumbnail"):
        for node in entry.findall(MEDIA + tag):
            if node.get("url") is not None:
                yield said(node, where, value=node.get("url"), rule="F19")


def atom_links(parent: Any, rel: str, where: str, *, rule: str) -> Iterator[Said]:
    """Yield the addresses of the atom:link children with this relation; one without any is an alternate."""
    for node in parent.findall(ATOM + "link"):
        if node.get("rel", "alternate").rpartition("/")[2] == rel and node.get("href") is not None:
            yield said(node, where, value=node.get("href"), rule=rule)
