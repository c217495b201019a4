"""What an Atom document says, as the checks see it.

Not here: what only Atom has to do right (atom).
"""

from __future__ import annotations

from html import escape
from typing import Any

from feeds.formats.check.findings import Spot
from feeds.formats.check.opening import Opened
from feeds.formats.check.views import MOST_JUDGED, Document, File, Part, Said, shortened
from feeds.formats.check.xml_view import ATOM, LANG, atom_links, first, pictures, said


def view_atom(opened: Opened) -> Document:
    """Take an Atom document apart."""
    root = opened.root
    entries = root.findall(ATOM + "entry")
    return Document(
        kind=opened.kind,
        feed=_part(root, "the feed"),
        entries=tuple(_entry(entry) for entry in entries[:MOST_JUDGED]),
        held=len(entries),
        selves=tuple(atom_links(root, "self", "the feed", rule="F5")),
        hubs=tuple(atom_links(root, "hub", "the feed", rule="F26")),
        older=tuple(atom_links(root, "prev-archive", "the feed", rule="F24")),
    )


def _entry(entry: Any) -> Part:
    named = entry.findtext(ATOM + "id") or entry.findtext(ATOM + "title") or ""
    return _part(entry, shortened(named) or "an entry")


def _part(node: Any, where: str) -> Part:
    is_feed = node.tag == ATOM + "feed"
    rule = "F5" if is_feed else "F23"
    pages = list(atom_links(node, "alternate", where, rule=rule))
    others = [link for rel in ("related", "via", "current") for link in atom_links(node, rel, where, rule=rule)]
    icons = [said(found, where, rule="F5") for tag in ("icon", "logo") for found in node.findall(ATOM + tag)]
    elsewhere = [said(text, where, value=text.get("src"), rule="F19") for text in node.findall(f"{ATOM}content[@src]")]
    files = [link for link in node.findall(ATOM + "link") if link.get("rel") == "enclosure"]
    return Part(
        spot=Spot(where, node.sourceline),
        node=node,
        id=first(node, ATOM + "id", where),
        title=first(node, ATOM + "title", where),
        link=pages[0] if pages else None,
        published=first(node, ATOM + "published", where),
        updated=first(node, ATOM + "updated", where),
        addresses=(*pages[1:], *others, *icons, *elsewhere, *pictures(node, where)),
        files=tuple(
            File(file.get("href"), file.get("length"), file.get("type"), Spot(where, file.sourceline)) for file in files
        ),
        contents=_contents(node, where),
        language=Said("xml:lang", node.get(LANG), Spot(where, node.sourceline)) if node.get(LANG) else None,
    )


def _contents(node: Any, where: str) -> tuple[Said, ...]:
    texts = [text for tag in ("content", "summary") for text in node.findall(ATOM + tag)]
    return tuple(
        said(text, where, value=_start_tags(text) if text.get("type") == "xhtml" else None)
        for text in texts
        if text.get("type") in {"html", "text/html", "xhtml"}
    )


def _start_tags(node: Any) -> str:
    """Return the elements of XHTML as empty ones of HTML: start tags are all that is looked at."""
    elements = (element for element in node.iterdescendants() if isinstance(element.tag, str))
    # Closed at once: in HTML nothing behind a <script> that stays open is an element.
    return "".join(f"<{_local(one.tag)}{_attributes(one)}></{_local(one.tag)}>" for one in elements)


def _attributes(element: Any) -> str:
    return "".join(f' {_local(name)}="{escape(value)}"' for name, value in element.attrib.items())


def _local(name: str) -> str:
    return name.rpartition("}")[2]
