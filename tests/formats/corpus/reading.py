"""Reads back what each format says of its entries, with the parsers of the standard library alone.

Where there is no full text, the summary is all of the content: in RSS one element stands for either.

Not here: what is expected of it (cases, test_corpus).
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape, unescape

ATOM, DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
Said = Mapping[str, object]


def read_feed(name: str, data: bytes) -> dict[str, Said]:
    """Return what a document says of each entry, by id."""
    read = {"rss": _rss, "atom": _atom, "json": _json}[name]
    return {str(said["id"]): said for said in read(data)}


def _rss(data: bytes) -> Iterator[Said]:
    for item in ET.fromstring(data).iterfind("channel/item"):
        published = parsedate_to_datetime(item.findtext("pubDate")).astimezone(UTC)
        yield {
            "id": item.findtext("guid"),
            "title": item.findtext("title"),
            "link": item.findtext("link"),
            "summary": unescape(item.findtext("description") or ""),
            "content": item.findtext(f"{CONTENT}encoded") or item.findtext("description") or "",
            "authors": [found.text for found in item.iterfind(f"{DC}creator")],
            "tags": [found.text for found in item.iterfind("category")],
            "language": item.findtext(f"{DC}language") or "",
            "published": published.isoformat(),
            "updated": item.findtext(f"{ATOM}updated") or published.isoformat(),
            "files": [(found.get("type"), int(found.get("length"))) for found in item.iterfind("enclosure")],
            "everything": _strings(item),
        }


def _atom(data: bytes) -> Iterator[Said]:
    for entry in ET.fromstring(data).iterfind(f"{ATOM}entry"):
        links = {rel: entry.findall(f"{ATOM}link[@rel='{rel}']") for rel in ("alternate", "enclosure")}
        yield {
            **{what: entry.findtext(ATOM + what) or "" for what in ("id", "title", "summary")},
            "content": entry.findtext(f"{ATOM}content") or escape(entry.findtext(f"{ATOM}summary") or "", quote=False),
            "link": links["alternate"][0].get("href"),
            "authors": [found.findtext(f"{ATOM}name") for found in entry.iterfind(f"{ATOM}author")],
            "tags": [found.get("label") for found in entry.iterfind(f"{ATOM}category")],
            "language": entry.get(LANG) or "",
            **{what: _time(entry.findtext(ATOM + what)) for what in ("published", "updated")},
            "files": [(found.get("type"), int(found.get("length"))) for found in links["enclosure"]],
            "everything": _strings(entry),
        }


def _json(data: bytes) -> Iterator[Said]:
    for item in json.loads(data)["items"]:
        yield {
            **{what: item.get(what, "") for what in ("id", "title", "summary", "language")},
            "link": item["url"],
            "content": item.get("content_html") or escape(item.get("summary", ""), quote=False),
            "authors": [author["name"] for author in item.get("authors", [])],
            "tags": item.get("tags", []),
            "published": _time(item["date_published"]),
            "updated": _time(item["date_modified"]),
            "files": [(found["mime_type"], found["size_in_bytes"]) for found in item.get("attachments", [])],
            "everything": " ".join(_values(item)),
        }


def _time(text: str | None) -> str:
    return datetime.fromisoformat(str(text)).astimezone(UTC).isoformat()


def _strings(element: ET.Element) -> str:
    attributes = (value for one in element.iter() for value in one.attrib.values())
    return " ".join([*element.itertext(), *attributes])


def _values(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner)
    else:
        yield str(value)
