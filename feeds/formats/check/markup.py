"""Reads HTML for what other sites cannot show, and a page for the feeds that it names.

A scanner of its own, whose time grows with the text however it is broken: the standard library's takes minutes for what
a hostile feed holds. Not here: cleaning HTML (rules).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?[\s/"']*""")
_FORBIDDEN = {
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet",
    "form", "input", "base", "meta", "link",
}  # fmt: skip
_RAW = {"script", "style"}
_ADDRESSES = {"href", "src", "poster", "data", "action", "background", "cite", "longdesc"}
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*)\s*:")
_SIZE, _SIZE_AND_COMMA = re.compile(r"[\d.]+[wxh],?"), re.compile(r"(\s[\d.]+[wxh]),")
_ACTIVE = {"javascript", "vbscript", "data", "file"}
_POSITIONED = re.compile(r"position\s*:|url\s*\(|expression\s*\(", re.IGNORECASE)
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
MOST_FAULTS = 10  # in one text


@dataclass(frozen=True, slots=True)
class MarkupFault:
    """Something in HTML that readers cut or cannot follow; ``is_grave`` where more than style is lost."""

    what: str
    is_grave: bool = True


def tags(markup: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the start tags of HTML, names in lower case, each with its attributes."""
    at, lowered = markup.find("<"), markup.lower()
    while 0 <= at < len(markup):
        match = _NAME.match(markup, at + 1)
        if match:
            attributes, end = _attributes(markup, match.end())
            if end < 0:
                return
            yield match[0].lower(), attributes
            name = match[0].lower()
            at = lowered.find(f"</{name}", end) if name in _RAW else markup.find("<", end)
        else:
            at = _after_aside(markup, at)


def markup_faults(markup: str) -> list[MarkupFault]:
    """List what content may not hold: other sites show it beside their own, away from its page's address."""
    found: dict[MarkupFault, None] = {}
    for name, attributes in tags(markup):
        if name in _FORBIDDEN:
            found[MarkupFault(f"<{name}>")] = None
        for fault in _attribute_faults(name, attributes):
            found[fault] = None
        if len(found) >= MOST_FAULTS:
            break
    return list(found)[:MOST_FAULTS]


def feeds_of_page(page: str) -> list[str]:
    """List the addresses of the feeds that a page names in its head (autodiscovery), as they are written there."""
    links = (attributes for name, attributes in tags(page[:200_000]) if name == "link")
    return [
        link["href"][:300]
        for link in links
        if "alternate" in link.get("rel", "").lower().split()
        and link.get("type", "").lower() in _FEED_TYPES
        and link.get("href")
    ][:10]


def _attributes(markup: str, at: int) -> tuple[dict[str, str], int]:
    """Return the attributes that stand from here on, and where their tag ends, -1 where it never does."""
    found: dict[str, str] = {}
    while match := _ATTRIBUTE.match(markup, at):
        value = next((group for group in match.group(2, 3, 4) if group is not None), "")
        found.setdefault(match[1].lower(), html.unescape(value))
        at = match.end()
    end = markup.find(">", at)
    return found, end


def _after_aside(markup: str, at: int) -> int:
    """Return where the next tag may begin after a comment, an end tag, or a ``<`` that is none of these."""
    if markup.startswith("<!--", at):
        end = markup.find("-->", at + 4)
        return markup.find("<", end) if end >= 0 else -1
    return markup.find("<", at + 1)


def _attribute_faults(tag: str, attributes: Mapping[str, str]) -> Iterator[MarkupFault]:
    for name, value in attributes.items():
        if name.startswith("on") and len(name) > 3:
            yield MarkupFault(f"a {name} attribute")
        elif name == "style":
            yield MarkupFault("a style attribute", is_grave=bool(_POSITIONED.search(value)))
        elif name in _ADDRESSES:
            yield from _address_fault(tag, value)
        elif name == "srcset":
            for address in _candidates(value):
                yield from _address_fault(tag, address)


def _candidates(srcset: str) -> list[str]:
    """Return the first addresses of a srcset; a comma parts two after a size or before a space, else it is of one."""
    words = _SIZE_AND_COMMA.sub(r"\1 ", srcset).split()
    return [word.strip(",") for word in words if not _SIZE.fullmatch(word)][:20]


def _address_fault(tag: str, value: str) -> Iterator[MarkupFault]:
    match, shown = _SCHEME.match(re.sub(r"[\t\r\n]", "", value)), value[:80]  # browsers see through those
    if match is None:
        yield MarkupFault(f"the relative address {shown!r}")
    elif match[1].lower() in _ACTIVE and not (match[1].lower() == "data" and tag == "img"):
        yield MarkupFault(f"the address {shown!r}, which is no web address")
    elif match[1].lower() == "data":
        yield MarkupFault("a picture written out in it (data:)", is_grave=False)
