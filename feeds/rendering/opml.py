"""All feeds of the site in one file, which feed readers take in at once (OPML 2.0).

Pure: no date from a clock. Not here: which feeds there are (jobs); private ones are never given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from feeds.rendering.text import one_line
from feeds.rendering.views import FeedLink, SiteView
from feeds.rules.families import Each

OPML_PATH = "feeds.opml"  # under the site's address and under the output folder
OPML_TYPE = "text/x-opml; charset=utf-8"
# What the folder of a family is called: its title is made for one member, and says nothing of all.
FAMILY_TITLES = {Each.TAG: "Tags", Each.AUTHOR: "Authors", Each.SECTION: "Sections", Each.LANGUAGE: "Languages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed: its title, its documents, its page; or a family of feeds, which has members and no documents."""

    title: str
    feeds: tuple[FeedLink, ...] = ()
    html_url: str = ""
    description: str = ""
    language: str = ""
    members: tuple[Outline, ...] = ()


def opml(site: SiteView, outlines: Iterable[Outline]) -> bytes:
    """Return the file; a family without members is left out, since no reader could show it."""
    root = ET.Element("opml", version="2.0")
    head = ET.SubElement(root, "head")
    for name, text in (("title", site.title), ("ownerName", site.author), ("docs", "http://opml.org/spec2.opml")):
        if text:
            ET.SubElement(head, name).text = one_line(text)
    _add(ET.SubElement(root, "body"), outlines)
    ET.indent(root, space=" ")
    head_lines = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Printed by Pressrun -->\n'
    return f"{head_lines}{ET.tostring(root, encoding='unicode')}\n".encode()


def _add(parent: ET.Element, outlines: Iterable[Outline]) -> None:
    for outline in outlines:
        if _address(outline) or outline.members:
            _add(ET.SubElement(parent, "outline", _attributes(outline)), outline.members)


def _address(outline: Outline) -> str:
    """Return where readers are to ask: RSS, else what comes first that every reader takes (JSON Feed few do)."""
    by_type = {feed.media_type: feed.url for feed in reversed(outline.feeds)}
    return by_type.get("application/rss+xml") or by_type.get("application/atom+xml") or ""


def _attributes(outline: Outline) -> dict[str, str]:
    title, address = one_line(outline.title), _address(outline)
    attributes = {
        "text": title or address,
        "title": title,
        "type": "rss" if address else "",  # OPML's word for any feed, Atom too
        "xmlUrl": address,
        "htmlUrl": outline.html_url,
        "description": one_line(outline.description),
        "language": outline.language,
    }
    return {name: value for name, value in attributes.items() if value}
