"""What an RSS document says, as the checks see it: 2.0, 0.9x, and 1.0 as far as they have the same.

Not here: what only RSS has to do right (rss).
"""

from __future__ import annotations

from typing import Any

from feeds.formats.check.findings import Spot
from feeds.formats.check.opening import Kind, Opened
from feeds.formats.check.views import MOST_JUDGED, Document, File, Part, Said, shortened
from feeds.formats.check.xml_view import ATOM, CONTENT, DC, atom_links, first, pictures, said

RSS_1 = "{http://purl.org/rss/1.0/}"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def view_rss(opened: Opened) -> Document:
    """Take an RSS document apart; one without a channel has an empty feed."""
    root, prefix = opened.root, RSS_1 if opened.kind is Kind.RSS_1 else ""
    channel = root.find(prefix + "channel")
    if channel is None:
        channel = root.makeelement(prefix + "channel")
    items = (root if prefix else channel).findall(prefix + "item")
    return Document(
        kind=opened.kind,
        feed=_channel(channel, prefix, line=root.sourceline),
        entries=tuple(_item(item, prefix) for item in items[:MOST_JUDGED]),
        held=len(items),
        selves=tuple(atom_links(channel, "self", "the feed", rule="F5")),
        hubs=tuple(atom_links(channel, "hub", "the feed", rule="F26")),
        older=tuple(atom_links(channel, "prev-archive", "the feed", rule="F24")),
    )


def _channel(channel: Any, prefix: str, *, line: int) -> Part:
    where = "the feed"
    links = [link for rel in ("alternate", "current") for link in atom_links(channel, rel, where, rule="F5")]
    icons = [said(node, where, rule="F5") for node in channel.findall(f"{prefix}image/{prefix}url")]
    return Part(
        spot=Spot(where, channel.sourceline or line),
        node=channel,
        title=first(channel, prefix + "title", where),
        link=first(channel, prefix + "link", where, rule="F5"),
        published=first(channel, "pubDate", where),
        updated=first(channel, "lastBuildDate", where),
        addresses=(*links, *icons),
        language=first(channel, "language", where) or first(channel, DC + "language", where),
    )


def _item(item: Any, prefix: str) -> Part:
    where = shortened(item.findtext("guid") or item.get(_ABOUT) or item.findtext(prefix + "title") or "") or "an entry"
    return Part(
        spot=Spot(where, item.sourceline),
        node=item,
        id=_identity(item, where),
        title=first(item, prefix + "title", where),
        link=first(item, prefix + "link", where, rule="F23"),
        published=first(item, "pubDate", where) or first(item, DC + "date", where),
        updated=first(item, ATOM + "updated", where),
        addresses=tuple(pictures(item, where)),
        files=tuple(_file(node, where) for node in item.findall("enclosure")),
        contents=_contents(item, prefix, where),
        language=first(item, DC + "language", where),
    )


def _identity(item: Any, where: str) -> Said | None:
    about = item.get(_ABOUT)
    return first(item, "guid", where) if about is None else Said("rdf:about", about, Spot(where, item.sourceline))


def _contents(item: Any, prefix: str, where: str) -> tuple[Said, ...]:
    return tuple(
        said(node, where) for tag in (prefix + "description", CONTENT + "encoded") for node in item.findall(tag)
    )


def _file(node: Any, where: str) -> File:
    return File(node.get("url"), node.get("length"), node.get("type"), Spot(where, node.sourceline))
