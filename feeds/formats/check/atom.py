"""What only Atom has to do right (RFC 4287): its required elements, authors, links and types of text.

Not here: what all formats share (common).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from feeds.formats.check.common import is_media_type, parts, when
from feeds.formats.check.findings import Finding, error, warning
from feeds.formats.check.views import Document, Part, shortened
from feeds.formats.check.xml_view import ATOM, spot_of, text_of
from feeds.formats.text import is_iri

_XHTML_DIV = "{http://www.w3.org/1999/xhtml}div"
_BLOCK = re.compile(r"</?(p|div|br|img|a|ul|ol|li|h[1-6]|blockquote|table)\b[^<>]*>", re.IGNORECASE)
_FEED_TYPES = {"application/atom+xml", "application/rss+xml", "application/feed+json"}
_ONCE = ("id", "title", "updated", "published", "subtitle", "summary", "content", "rights", "generator", "icon", "logo")
_OLD = ("modified", "issued", "created", "tagline", "copyright", "info")  # Atom 0.3


def check_required(document: Document) -> Iterator[Finding]:
    """F29: an id, a title and a time each, once."""
    for part in parts(document):
        said = {"title": part.title, "updated": part.updated}
        is_feed = part is document.feed
        for name, value in {"id": part.id, **said}.items() if is_feed else said.items():
            # An untitled entry may have an empty title, but it must have one.
            if value is None or (not value.value.strip() and not (name == "title" and not is_feed)):
                yield error("F29", part.spot, f"no {name}", remedy=f"give it a <{name}>")
        counts = Counter(child.tag for child in part.node)
        for name in _ONCE:
            if counts[ATOM + name] > 1:
                what = f"{counts[ATOM + name]} times {name} instead of once"
                yield error("F29", part.spot, what, remedy="keep one")
        for name in _OLD:
            if counts[ATOM + name]:
                yield warning("F29", part.spot, f"Atom 1.0 has no {name}", remedy="remove it; it is of Atom 0.3")


def check_iris(document: Document) -> Iterator[Finding]:
    """F3: ids that are the same everywhere."""
    for part in parts(document):
        if part.id and part.id.value.strip() and not is_iri(part.id.value.strip()):
            what = f"its id {shortened(part.id.value)!r} is not an absolute IRI"
            yield error("F3", part.id.spot, what, remedy="make it one, as in urn:uuid:… or tag:…")


def check_authors(document: Document) -> Iterator[Finding]:
    """F7: every entry has an author, its own or the feed's; each has a name."""
    feed_has_one = document.feed.node.find(ATOM + "author") is not None
    for entry in document.entries:
        own = entry.node.find(ATOM + "author") is not None or entry.node.find(f"{ATOM}source/{ATOM}author") is not None
        if not own and not feed_has_one:
            yield error("F7", entry.spot, "neither it nor the feed has an author", remedy="give the feed one")
    for part in parts(document):
        for person in part.node.findall(ATOM + "author") + part.node.findall(ATOM + "contributor"):
            if not (person.findtext(ATOM + "name") or "").strip():
                yield error("F7", spot_of(person, part), "an author without a name", remedy="give a <name>")


def check_links(document: Document) -> Iterator[Finding]:
    """F7 and F29: one alternate link for each type and language; every link leads somewhere."""
    for part in parts(document):
        links = part.node.findall(ATOM + "link")
        for link in links:
            if not link.get("href"):
                yield error("F29", spot_of(link, part), "a link without href", remedy="give it one, or remove it")
        pages = Counter(
            (link.get("type"), link.get("hreflang")) for link in links if link.get("rel", "alternate") == "alternate"
        )
        if any(times > 1 for times in pages.values()):
            what = "two alternate links of one type and language"
            yield error("F7", part.spot, what, remedy="keep one, or give each its type or hreflang")
    for entry in document.entries:
        if entry.link is None and entry.node.find(ATOM + "content") is None:
            yield error("F29", entry.spot, "neither an alternate link nor content", remedy="link to its page")


def check_texts(document: Document) -> Iterator[Finding]:
    """F7: what is HTML says so."""
    for part in parts(document):
        for name in ("title", "subtitle", "summary", "rights", "content"):
            for node in part.node.findall(ATOM + name):
                yield from _text_faults(part, node, name)


def check_linked_contents(document: Document) -> Iterator[Finding]:
    """F29: content that stands elsewhere is empty here, and a summary stands for it (RFC 4287 section 4.1.3.2)."""
    for entry in document.entries:
        for node in entry.node.findall(f"{ATOM}content[@src]"):
            spot, type_ = spot_of(node, entry), node.get("type", "")
            if len(node) or text_of(node).strip():
                what = "its content has a src, and is not empty"
                yield error("F29", spot, what, remedy="remove the src, or what stands inside")
            if type_ and not is_media_type(type_):
                what = f"its content has a src, and the type {shortened(type_)!r}"
                yield error("F29", spot, what, remedy='name the media type, as in "text/html"')
            if entry.node.find(ATOM + "summary") is None:
                yield warning("F29", spot, "its content has a src, and it has no summary", remedy="give it a <summary>")


def check_categories(document: Document) -> Iterator[Finding]:
    """F29: a category names its subject."""
    for part in parts(document):
        for node in part.node.findall(ATOM + "category"):
            if not node.get("term", "").strip():
                yield warning(
                    "F29", spot_of(node, part), "a category without a term", remedy="give it one, or remove it"
                )


def check_page(document: Document) -> Iterator[Finding]:
    """F28: the feed names its page."""
    links = document.feed.node.findall(ATOM + "link")
    pages = [link for link in links if link.get("rel", "alternate") == "alternate"]
    if not any(link.get("type", "text/html") not in _FEED_TYPES for link in pages):
        what = "it does not link to a page for people"
        yield warning("F28", document.feed.spot, what, remedy='add a link with rel="alternate" and type="text/html"')


def check_times(document: Document) -> Iterator[Finding]:
    """F20: no two entries were updated at the same time."""
    seen: dict[Any, str] = {}
    for entry in document.entries:
        at = when(entry.updated)
        if at is not None and entry.updated and at in seen:
            what = f"it was updated at the same second as {seen[at]}"
            yield warning("F20", entry.updated.spot, what, remedy="move one of them by a second")
        if at is not None:
            seen.setdefault(at, entry.spot.where)


def check_directions(document: Document) -> Iterator[Finding]:
    """F21: direction is said inside the HTML."""
    for part in parts(document):
        for node in (part.node, *part.node):
            if isinstance(node.tag, str) and node.tag.startswith(ATOM) and node.get("dir") is not None:
                what = "a dir attribute, which Atom does not have"
                yield error("F21", spot_of(node, part), what, remedy="mark the direction inside the HTML")


CHECKS = (
    check_required,
    check_iris,
    check_authors,
    check_links,
    check_texts,
    check_linked_contents,
    check_categories,
    check_page,
    check_times,
    check_directions,
)


def _text_faults(part: Part, node: Any, name: str) -> Iterator[Finding]:
    type_, spot = node.get("type", "text"), spot_of(node, part)
    is_media = name == "content" and is_media_type(type_)
    if type_ not in {"text", "html", "xhtml"} and not is_media:
        what = f"its {name} has the type {shortened(type_)!r}, which Atom does not have"
        yield error("F7", spot, what, remedy='write type="html" for HTML, type="text" for text')
    elif type_ == "xhtml" and node.find(_XHTML_DIV) is None:
        yield error("F7", spot, f"its {name} is xhtml without a div", remedy='write type="html"')
    elif type_ == "text" and name == "content" and _BLOCK.search(text_of(node)):
        yield error("F7", spot, "its content is HTML and is not marked as HTML", remedy='write type="html"')
    elif type_ in {"text", "html"} and any(isinstance(child.tag, str) for child in node):
        what = f"elements stand inside its {name}, which is {type_}"
        yield error("F7", spot, what, remedy='escape the markup, and write type="html"')
