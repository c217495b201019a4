"""Finds the faults of a finished document, in words that an operator understands: a second look, by other code.

Not here: putting them right. A document without faults here may still be wrong; the judges of the tests see more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

from feeds.formats.parsing import ATOM_ROOT, parse_json, parse_xml
from feeds.formats.printing import MAX_BYTES
from feeds.formats.text import is_iri, web_address

_ATOM = "{http://www.w3.org/2005/Atom}"
_RFC822 = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_FORBIDDEN_TAGS = {"script", "style", "iframe", "object", "embed", "form", "base", "meta", "link"}
_ADDRESS_ATTRIBUTES = {"href", "src", "poster"}
_CONTENT_ADDRESS = re.compile(r"(https?:|mailto:)", re.IGNORECASE)


def check_document(name: str, data: bytes, *, address: str | None = None) -> list[str]:
    """List the faults of a document in the format ``name``, none where it is sound.

    ``address`` is where the document is served, if known: its link to itself must be equal to it.
    """
    try:
        found = list(_CHECKS[name](data, address))
    except ValueError as error:
        return [str(error)]
    except (TypeError, AttributeError) as error:
        return [f"a part of it has another form than {name} gives it: {error}"]
    if len(data) > MAX_BYTES:
        found.append(f"it has {len(data)} bytes, over {MAX_BYTES}")
    return found


def _check_rss(data: bytes, address: str | None) -> Iterator[str]:
    root = parse_xml(data)
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise ValueError(f"the root element {root.tag} is not an RSS feed's")
    texts = {tag: channel.findtext(tag) or "" for tag in ("title", "link", "description", "lastBuildDate")}
    yield from _missing("the feed", texts)
    yield from _addresses("the feed", [texts["link"], *(link.get("href") for link in channel.iter(_ATOM + "link"))])
    yield from _self_link([link.get("href") for link in channel.findall(f"{_ATOM}link[@rel='self']")], address)
    yield from _dates("the feed", [texts["lastBuildDate"]], rfc822=True)
    items = channel.findall("item")
    yield from _twice(item.findtext("guid") for item in items)
    for item in items:
        yield from _check_item(item)


def _check_item(item: Any) -> Iterator[str]:
    guid = item.findtext("guid") or ""
    where = guid or "an entry"
    texts = {tag: item.findtext(tag) or "" for tag in ("guid", "title", "link", "pubDate")}
    yield from _missing(where, texts)
    files = item.findall("enclosure")
    yield from _addresses(where, [texts["link"], *(file.get("url") for file in files)])
    yield from _dates(where, [texts["pubDate"]], rfc822=True)
    yield from _dates(where, [updated.text for updated in item.findall(_ATOM + "updated")])
    yield from _lengths(where, [file.get("length") for file in files])
    yield from _content(where, item.findtext("{*}encoded") or item.findtext("description") or "")
    if item.find("guid[@isPermaLink='false']") is None and not web_address(guid):
        yield f'{where}: its guid is no address, so it needs isPermaLink="false"'
    if "@" not in item.findtext("author", "@"):
        yield f"{where}: its author is no e-mail address; a name belongs in dc:creator"
    if item.find("author") is not None and item.find("{*}creator") is not None:
        yield f"{where}: it has both author and dc:creator"


def _check_atom(data: bytes, address: str | None) -> Iterator[str]:
    feed = parse_xml(data)
    if feed.tag != ATOM_ROOT:
        raise ValueError(f"the root element {feed.tag} is not an Atom feed's")
    yield from _check_atom_node("the feed", feed)
    yield from _self_link([link.get("href") for link in feed.findall(f"{_ATOM}link[@rel='self']")], address)
    entries = feed.findall(_ATOM + "entry")
    yield from _twice(entry.findtext(_ATOM + "id") for entry in entries)
    for entry in entries:
        where = entry.findtext(_ATOM + "id") or "an entry"
        yield from _check_atom_node(where, entry)
        yield from _content(where, entry.findtext(_ATOM + "content") or "")
        if feed.find(_ATOM + "author") is None and entry.find(_ATOM + "author") is None:
            yield f"{where}: neither it nor the feed has an author"


def _check_atom_node(where: str, node: Any) -> Iterator[str]:
    texts = {tag: node.findtext(_ATOM + tag) or "" for tag in ("id", "title", "updated")}
    links = node.findall(_ATOM + "link")
    files = [link for link in links if link.get("rel") == "enclosure"]
    yield from _missing(where, texts)
    yield from _identifier(where, texts["id"])
    yield from _addresses(where, [link.get("href") for link in links])
    yield from _dates(where, [texts["updated"], *(date.text for date in node.findall(_ATOM + "published"))])
    yield from _lengths(where, [link.get("length") for link in files])
    pages = Counter((link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate")
    if any(times > 1 for times in pages.values()):
        yield f"{where}: two alternate links of one type and language"


def _check_json(data: bytes, address: str | None) -> Iterator[str]:
    feed = parse_json(data)
    keys = ("version", "title", "home_page_url", "feed_url")
    yield from _missing("the feed", {key: feed.get(key) for key in keys})
    yield from _addresses("the feed", [feed.get("home_page_url"), feed.get("feed_url")])
    yield from _self_link([feed["feed_url"]] if feed.get("feed_url") else [], address)
    items = [item for item in feed["items"] if isinstance(item, dict)]
    if len(items) != len(feed["items"]):
        yield "an item is no object"
    yield from _twice(item.get("id") for item in items)
    for item in items:
        yield from _check_json_item(item)


def _check_json_item(item: Mapping[str, Any]) -> Iterator[str]:
    where = str(item.get("id") or "an entry")
    files = item.get("attachments") or []
    yield from _missing(where, {key: item.get(key) for key in ("id", "url", "date_published")})
    yield from _identifier(where, item.get("id"))
    yield from _addresses(where, [item.get("url"), item.get("image"), *(file.get("url") or "?" for file in files)])
    yield from _dates(where, [item.get("date_published"), item.get("date_modified")])
    yield from _content(where, str(item.get("content_html") or ""))
    if not item.get("content_html") and not item.get("content_text"):
        yield f"{where}: it has neither content_html nor content_text"


_CHECKS = {"rss": _check_rss, "atom": _check_atom, "json": _check_json}


def _missing(where: str, values: Mapping[str, Any]) -> Iterator[str]:
    for what, value in values.items():
        if not value:
            yield f"{where}: no {what}"


def _identifier(where: str, value: Any) -> Iterator[str]:
    if value and not is_iri(str(value)):
        yield f"{where}: its id is not an absolute IRI"


def _addresses(where: str, values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if value and not web_address(str(value)):
            yield f"{where}: {value!r} is not an absolute web address"


def _self_link(found: list[Any], address: str | None) -> Iterator[str]:
    if len(found) != 1:
        yield f"the feed: {len(found)} links to itself instead of one"
    elif address is not None and found[0] != address:
        yield f"the feed: it says that it is at {found[0]}, but it is at {address}"


def _twice(ids: Iterable[Any]) -> Iterator[str]:
    for value, times in Counter(str(each) for each in ids if each).items():
        if times > 1:
            yield f"{value}: {times} entries have this id"


def _dates(where: str, values: Iterable[Any], *, rfc822: bool = False) -> Iterator[str]:
    form, read = (_RFC822, parsedate_to_datetime) if rfc822 else (_RFC3339, datetime.fromisoformat)
    for value in values:
        if value and not (form.fullmatch(str(value)) and _reads(read, str(value))):
            yield f"{where}: {value!r} is not a date of {'RFC 822' if rfc822 else 'RFC 3339'}"


def _reads(read: Any, value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _lengths(where: str, values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if not str(value).isdecimal():
            yield f"{where}: an enclosure's length is {value!r} instead of a number of bytes"


def _content(where: str, markup: str) -> Iterator[str]:
    reader = _ContentReader()
    reader.feed(markup)
    reader.close()
    yield from (f"{where}: {fault} in its content" for fault in reader.found)


class _ContentReader(HTMLParser):
    """Collects what content may not hold: other sites show it beside their own, away from its page's address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.found.append(f"a {name} attribute")
            elif name in _ADDRESS_ATTRIBUTES and not _CONTENT_ADDRESS.match(value or ""):
                self.found.append(f"the relative address {value!r}")
