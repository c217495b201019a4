"""What only JSON Feed has to do right (jsonfeed.org, version 1.1): its keys, and the types of their values.

Not here: what all formats share (common).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from feeds.formats.check.common import parts
from feeds.formats.check.findings import Finding, Spot, error, warning
from feeds.formats.check.json_lines import Path
from feeds.formats.check.views import Document, Part, shortened
from feeds.formats.text import is_iri

_VERSIONS = {"https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"}
_FEED: Mapping[str, type] = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description", "user_comment"), str),
    **dict.fromkeys(("next_url", "icon", "favicon", "language"), str),
    **dict.fromkeys(("authors", "hubs", "items"), list),
    "author": dict,
    "expired": bool,
}
_ITEM: Mapping[str, type] = {
    **dict.fromkeys(("id", "url", "external_url", "title", "content_html", "content_text", "summary"), str),
    **dict.fromkeys(("image", "banner_image", "date_published", "date_modified", "language"), str),
    **dict.fromkeys(("authors", "tags", "attachments"), list),
    "author": dict,
}
_WORDS = {str: "text", list: "a list", dict: "an object", bool: "true or false"}


def check_feed(document: Document) -> Iterator[Finding]:
    """F29: a version, a title, items that are objects, and a page."""
    feed, node = document.feed, document.feed.node
    if str(node.get("version")) not in _VERSIONS:
        what = (
            f"its version {shortened(node.get('version'))!r} is none of JSON Feed"
            if "version" in node
            else "no version"
        )
        yield error("F29", _at(document, feed, "version"), what, remedy="write https://jsonfeed.org/version/1.1")
    if not (feed.title and feed.title.value.strip()):
        yield error("F29", feed.spot, "no title", remedy="give it one")
    if feed.link is None:
        yield warning("F28", feed.spot, "no home_page_url", remedy="name the page that it belongs to")
    for number, item in enumerate(node["items"]):
        if not isinstance(item, dict):
            spot = Spot(line=document.lines.get(("items", number)))
            yield error("F29", spot, f"its item {number} is no object", remedy="write each item as an object")


def check_types(document: Document) -> Iterator[Finding]:
    """F29: the keys that there are, and values of their types."""
    yield from _type_faults(document, document.feed, _FEED)
    for entry in document.entries:
        yield from _type_faults(document, entry, _ITEM)
        yield from _list_faults(document, entry)
    yield from _list_faults(document, document.feed)


def check_identities(document: Document) -> Iterator[Finding]:
    """F3: ids that are texts, and best are IRIs."""
    for entry in document.entries:
        if entry.id and entry.id.value.strip() and not is_iri(entry.id.value.strip()):
            what = "its id is not an absolute IRI"
            yield warning("F3", entry.id.spot, what, remedy="make it the page's address, or a urn:uuid:…")


def check_contents(document: Document) -> Iterator[Finding]:
    """F29: every item has content, and names its page."""
    for entry in document.entries:
        if not entry.node.get("content_html") and not entry.node.get("content_text"):
            yield error("F29", entry.spot, "neither content_html nor content_text", remedy="give it one of them")
        if entry.link is None:
            yield warning("F23", entry.spot, "no url", remedy="name its page")


def check_authors(document: Document) -> Iterator[Finding]:
    """F29: authors as version 1.1 has them."""
    if not str(document.feed.node.get("version")).endswith("/1.1"):
        return
    for part in parts(document):
        if "author" in part.node and "authors" not in part.node:
            what = "author, which version 1.1 has replaced by the list authors"
            yield warning("F29", _at(document, part, "author"), what, remedy="write both, or authors alone")


CHECKS = (check_feed, check_types, check_identities, check_contents, check_authors)


def _type_faults(document: Document, part: Part, known: Mapping[str, type]) -> Iterator[Finding]:
    for key, value in part.node.items():
        if key in known and not isinstance(value, known[key]):
            what = f"{key} is not {_WORDS[known[key]]}"
            rule = "F3" if key == "id" else "F29"
            yield error(rule, _at(document, part, key), what, remedy=f"write {_WORDS[known[key]]}, or leave it out")
        elif key not in known and not key.startswith("_"):
            what = f"JSON Feed has no key {shortened(key)!r} there"
            yield warning("F29", _at(document, part, key), what, remedy="begin keys of your own with _")


def _list_faults(document: Document, part: Part) -> Iterator[Finding]:
    kinds = {"authors": dict, "hubs": dict, "attachments": dict, "tags": str}
    for key, kind in kinds.items():
        values = part.node.get(key)
        if isinstance(values, list) and not all(isinstance(value, kind) for value in values):
            what = f"something in {key} is not {_WORDS[kind]}"
            yield error("F29", _at(document, part, key), what, remedy=f"list {_WORDS[kind]} only")
    tags = part.node.get("tags")
    if isinstance(tags, list) and any(isinstance(tag, str) and not tag.strip() for tag in tags):
        yield warning("F29", _at(document, part, "tags"), "an empty tag", remedy="remove it")
    hubs = part.node.get("hubs")
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and not (_is_text(hub.get("type")) and _is_text(hub.get("url"))):
            yield error("F26", _at(document, part, "hubs"), "a hub lacks its type or url", remedy="give it both")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _at(document: Document, part: Part, key: str) -> Spot:
    path: Path = (*part.path, key)
    return Spot(part.spot.where, document.lines.get(path, part.spot.line))
