"""What only RSS has to do right: guid, author, titles, and which elements stand how often.

Not here: what all formats share (common).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from feeds.formats.check.common import parts
from feeds.formats.check.findings import Finding, Spot, error, warning
from feeds.formats.check.opening import Kind
from feeds.formats.check.rss_view import RSS_1
from feeds.formats.check.views import Document, Part, shortened
from feeds.formats.check.xml_view import CONTENT, DC, spot_of
from feeds.formats.text import web_address

_CHANNEL = {
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate",
    "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours", "skipDays", "item",
}  # fmt: skip
_ITEM = {
    "title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source",
}  # fmt: skip
_MANY = {"category", "item", "enclosure"}
# feedparser and most readers take "address (name)"; RFC 822's other form is read too.
_MAILBOX = re.compile(r"[^\s@()<>]+@[^\s@()<>]+(\s+\([^()]*\))?|[^<>@]*<[^\s@<>]+@[^\s@<>]+>")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(#\d+|#x[0-9a-f]+|[a-z]\w*);", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_TRUTHS = {"true", "false"}
# What may be written, where, and in words.
_SCHEDULE = (
    ("ttl", re.compile(r"[0-9]+"), "a number of minutes"),
    ("skipHours", re.compile(""), "each hour in an <hour> of its own"),
    ("skipHours/hour", re.compile(r"[01]?[0-9]|2[0-3]"), "an hour from 0 to 23"),
    ("skipDays", re.compile(""), "each day in a <day> of its own"),
    ("skipDays/day", re.compile("(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"), "a day in English, as in Monday"),
)


def check_channel(document: Document) -> Iterator[Finding]:
    """F29: a channel with a title, a link and a description."""
    channel, prefix = document.feed.node, _prefix(document)
    root = channel.getparent()
    if root is None:
        yield error("F29", Spot(line=channel.sourceline), "it has no channel", remedy="write <channel> inside <rss>")
    for second in root.findall(prefix + "channel")[1:2] if root is not None else ():
        what = "it has more than one channel, and readers take the first"
        yield error("F29", Spot(line=second.sourceline), what, remedy="keep one, or publish each as a feed of its own")
    for name in ("title", "link", "description"):
        if not (channel.findtext(prefix + name) or "").strip():
            yield error("F29", document.feed.spot, f"no {name}", remedy=f"give the channel a <{name}>")
    image = channel.find("image")
    if image is not None and not all((image.findtext(name) or "").strip() for name in ("url", "title", "link")):
        what = "its image lacks a url, a title or a link"
        yield error("F29", Spot(line=image.sourceline), what, remedy="give it all three")
    outside = root.find("item") if not prefix and root is not None else None
    if outside is not None:
        yield error("F29", Spot(line=outside.sourceline), "an item stands outside the channel", remedy="move it inside")


def check_elements(document: Document) -> Iterator[Finding]:
    """F29: elements that RSS knows, each as often as it may stand."""
    if _prefix(document):
        return
    yield from _element_faults(document.feed, _CHANNEL)
    for entry in document.entries:
        yield from _element_faults(entry, _ITEM)
        if entry.title is None and entry.node.find("description") is None:
            yield error("F29", entry.spot, "neither title nor description", remedy="give it one of them")


def check_categories(document: Document) -> Iterator[Finding]:
    """F29: a category names its subject."""
    for part in parts(document):
        for node in part.node.findall("category"):
            if not (node.text or "").strip():
                yield warning("F29", spot_of(node, part), "an empty category", remedy="name its subject, or remove it")


def check_schedule(document: Document) -> Iterator[Finding]:
    """F29: when readers are to ask again is said in numbers and days."""
    for path, known, wanted in _SCHEDULE:
        for node in document.feed.node.findall(path):
            value = (node.text or "").strip()
            if not known.fullmatch(value):
                what = f"its {path} is {shortened(value)!r}"
                yield warning("F29", spot_of(node, document.feed), what, remedy=f"write {wanted}, or leave it out")


def check_guids(document: Document) -> Iterator[Finding]:
    """F3: a guid that is no address says so."""
    for entry in document.entries:
        guid = entry.node.find("guid")
        if guid is None or not (guid.text or "").strip():
            continue
        spot, says = spot_of(guid, entry), guid.get("isPermaLink", "true")
        if says not in _TRUTHS:
            what = f"its guid says isPermaLink={shortened(says)!r}"
            yield error("F3", spot, what, remedy='write "true" or "false"')
        elif says == "true" and not web_address(guid.text):
            yield error("F3", spot, 'its guid is no address, so it needs isPermaLink="false"', remedy="add that")


def check_people(document: Document) -> Iterator[Finding]:
    """F6: an e-mail address where RSS asks for one."""
    for name in ("managingEditor", "webMaster"):
        yield from _mailbox_faults(document.feed, name)
    for entry in document.entries:
        yield from _mailbox_faults(entry, "author")
        if entry.node.find("author") is not None and entry.node.find(DC + "creator") is not None:
            yield error("F6", entry.spot, "it has both author and dc:creator", remedy="keep dc:creator")


def check_titles(document: Document) -> Iterator[Finding]:
    """F18: titles are text."""
    for part in parts(document):
        title = part.title.value if part.title else ""
        # In HTML an ampersand is escaped, so one that is not shows that this is text about HTML.
        if (_TAG.search(title) or _ENTITY.search(title)) and not _BARE_AMPERSAND.search(title):
            what = f"markup in its title {shortened(title)!r}"
            yield warning(
                "F18", part.title.spot if part.title else part.spot, what, remedy="write it as text, escaped once"
            )


def check_texts(document: Document) -> Iterator[Finding]:
    """F18: HTML in a text is escaped, or readers see its words run together."""
    for entry in document.entries:
        for name in ("title", "description", CONTENT + "encoded"):
            node = entry.node.find(_prefix(document) + name if "}" not in name else name)
            if node is not None and any(isinstance(child.tag, str) for child in node):
                what = f"elements stand inside its {name.rpartition('}')[2]}"
                yield error("F18", spot_of(node, entry), what, remedy="escape the markup, or put it into CDATA")


def check_summaries(document: Document) -> Iterator[Finding]:
    """F18: the summary stands before the text."""
    for entry in document.entries:
        names = [child.tag for child in entry.node if child.tag in {"description", CONTENT + "encoded"}]
        if names and names[0] == CONTENT + "encoded":
            what = "content:encoded stands before description" if len(names) > 1 else "it has text and no description"
            yield warning("F18", entry.spot, what, remedy="write a description in plain text before content:encoded")


def check_enclosures(document: Document) -> Iterator[Finding]:
    """F8: one enclosure an item."""
    for entry in document.entries:
        if len(entry.files) > 1:
            what = f"{len(entry.files)} enclosures, of which readers take one"
            yield warning("F8", entry.files[1].spot, what, remedy="keep the first; Atom and JSON Feed can carry more")


def check_podcast(document: Document) -> Iterator[Finding]:
    """F29: what podcast directories ask for."""
    for part in parts(document):
        explicit = part.node.find(_ITUNES + "explicit")
        if explicit is not None and (explicit.text or "").strip() not in _TRUTHS:
            what = f"itunes:explicit is {shortened(explicit.text or '')!r}"
            yield warning("F29", spot_of(explicit, part), what, remedy='write "true" or "false"')


CHECKS = (
    check_channel,
    check_elements,
    check_categories,
    check_schedule,
    check_guids,
    check_people,
    check_titles,
    check_texts,
    check_summaries,
    check_enclosures,
    check_podcast,
)


def _prefix(document: Document) -> str:
    return RSS_1 if document.kind is Kind.RSS_1 else ""


def _element_faults(part: Part, known: set[str]) -> Iterator[Finding]:
    names = Counter(child.tag for child in part.node if isinstance(child.tag, str) and "}" not in child.tag)
    for name, times in names.items():
        if times > 1 and name in known - _MANY:
            yield error("F29", part.spot, f"{times} times {name} instead of once", remedy="keep one")
        elif name not in known:
            what = f"RSS has no element {shortened(name)} there"
            yield warning("F29", part.spot, what, remedy="remove it, or give it the namespace that it comes from")


def _mailbox_faults(part: Part, name: str) -> Iterator[Finding]:
    for node in part.node.findall(name):
        if not _MAILBOX.fullmatch((node.text or "").strip()[:1000]):
            what = f"its {name} is no e-mail address"
            yield error("F6", spot_of(node, part), what, remedy="a name alone belongs in dc:creator")
