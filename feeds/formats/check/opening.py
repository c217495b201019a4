"""Opens a document of unknown kind: decoded, parsed with a hardened parser, and named for what it is.

Whatever stops it is a finding and no exception. Not here: whether what it says is right (rss, atom, json_feed, common).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from feeds.formats.check.encodings import decode
from feeds.formats.check.findings import Finding, Spot, error, warning
from feeds.formats.check.json_lines import Path, json_lines
from feeds.formats.check.markup import feeds_of_page
from feeds.formats.parsing import parse_xml, refuse_constant
from feeds.formats.text import is_clean

MAX_READ = 10_000_000  # bytes; readers stop at 5 to 15 million
_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_SPACE = re.compile(r"\s*")
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE(\s+html\b)?", re.IGNORECASE)
_STYLESHEET = re.compile(r"<\?xml-stylesheet\b")
_LINE = re.compile(r"line (\d+)")
_TOO_DEEP = ("depth", "huge", "too long", "exceeded", "Maximum recursion")


class Kind(StrEnum):
    """What a document is."""

    RSS = "RSS 2.0"
    RSS_0 = "RSS 0.9x"
    RSS_1 = "RSS 1.0"
    ATOM = "Atom"
    JSON = "JSON Feed"


@dataclass(frozen=True, slots=True)
class Opened:
    """A document that could be read: ``root`` is its XML element or its JSON object; ``lines`` are of JSON only."""

    kind: Kind
    root: Any
    encoding: str
    lines: Mapping[Path, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """What came of opening a document: ``opened`` is None where something stopped it, which ``findings`` name."""

    opened: Opened | None
    findings: tuple[Finding, ...]


class _Stop(Exception):
    """The document cannot be read beyond this finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.what)


def open_document(data: bytes) -> Opening:
    """Open a document, in RSS, Atom or JSON Feed."""
    if len(data) > MAX_READ:
        what = f"it has {len(data):,} bytes, and readers stop at {MAX_READ:,}"
        return Opening(None, (error("F11", Spot(), what, remedy="hold fewer entries; move older ones to archives"),))
    decoded = decode(data)
    if decoded.text is None:
        return Opening(None, decoded.findings)
    found = list(decoded.findings)
    try:
        opened = _opened(decoded.text, decoded.encoding, found)
    except _Stop as stop:
        return Opening(None, (*found, stop.finding))
    return Opening(opened, tuple(found))


def _opened(text: str, encoding: str, found: list[Finding]) -> Opened:
    start = text.lstrip()
    if not start:
        raise _Stop(error("F1", Spot(), "it is empty", remedy="publish the feed again"))
    if start[0] in "{[":
        return _open_json(text, encoding)
    if start[0] != "<":
        raise _Stop(error("F1", Spot(line=1), "it is neither XML nor JSON", remedy="give the address of a feed"))
    before = len(text) - len(start)
    if before and start.startswith("<?xml"):
        line = text.count("\n", 0, before) + 1
        found.append(error("F1", Spot(line=line), "white space stands before its XML declaration", remedy="remove it"))
    return _open_xml(text, encoding, found)


def _open_xml(text: str, encoding: str, found: list[Finding]) -> Opened:
    end = _prolog_end(text)
    _refuse_document_type(text, end)
    style = _STYLESHEET.search(text, 0, end)
    if style:
        line = text.count("\n", 0, style.start()) + 1
        what = "it asks for a stylesheet (xml-stylesheet)"
        found.append(warning("F28", Spot(line=line), what, remedy="remove it, and give the feed a page in HTML"))
    # The declaration's encoding is no longer true of what the parser gets; the lines stay as they were.
    declaration = _DECLARATION.match(text)
    bare = "\n" * declaration[0].count("\n") + text[declaration.end() :] if declaration else text
    try:
        root = parse_xml(bare.encode("utf-8", errors="replace"))
    except ValueError as problem:
        raise _Stop(_not_well_formed(text, problem)) from problem
    return Opened(_kind_of(root, text, found), root, encoding)


def _prolog_end(text: str) -> int:
    """Return where the document type or the root begins, after white space, comments and instructions."""
    at, asides = 0, (("<!--", "-->"), ("<?", "?>"))
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        closing = next((end for start, end in asides if text.startswith(start, at)), None)
        end = text.find(closing, at + 2) if closing else -1
        if closing is None or end < 0:
            return at
        at = end + len(closing)


def _refuse_document_type(text: str, at: int) -> None:
    match = _DOCUMENT_TYPE.match(text, at)
    if match is None:
        return
    spot = Spot(line=text.count("\n", 0, at) + 1)
    if match[1]:
        raise _Stop(_web_page(text))
    what = "it has a document type (<!DOCTYPE>), with which readers refuse it"
    raise _Stop(error("T48", spot, what, remedy="remove it; write characters instead of named entities"))


def _not_well_formed(text: str, problem: ValueError) -> Finding:
    if text.lstrip()[:5].lower() == "<html":
        return _web_page(text)
    said = str(problem)
    match = _LINE.search(said)
    spot = Spot(line=int(match[1]) if match else None)
    if any(word in said for word in _TOO_DEEP):
        return error("T47", spot, f"it is nested, or a text in it is long, beyond reason: {said}", remedy="shorten it")
    remedy = "escape &, < and > in text, and close what is opened; most tools do so when they are asked to write XML"
    return error("F1", spot, said, remedy=remedy)


def _web_page(text: str) -> Finding:
    named = feeds_of_page(text)
    remedy = f"it names these feeds: {', '.join(named)}" if named else "give the address of the feed itself"
    return error("F27", Spot(line=1), "this is a web page, not a feed", remedy=remedy)


_OTHERS = {
    "{http://www.w3.org/2005/Atom}entry": "an Atom entry by itself, not a feed",
    "{http://purl.org/atom/ns#}feed": "Atom 0.3, which was never a standard and is no longer read",
    "opml": "an OPML list of feeds, not a feed",
}
_KINDS = {
    "rss": Kind.RSS,
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF": Kind.RSS_1,
    "{http://www.w3.org/2005/Atom}feed": Kind.ATOM,
}


def _kind_of(root: Any, text: str, found: list[Finding]) -> Kind:
    spot, kind = Spot(line=root.sourceline), _KINDS.get(root.tag)
    if kind is None:
        if root.tag.rpartition("}")[2] == "html":
            raise _Stop(_web_page(text))
        what = _OTHERS.get(root.tag, f"its root element {root.tag[:200]} is not a feed's")
        raise _Stop(
            error("F29", spot, f"this is {what}" if root.tag in _OTHERS else what, remedy="publish RSS 2.0 or Atom 1.0")
        )
    version = root.get("version", "") if kind is Kind.RSS else ""
    if kind is Kind.RSS and version.startswith("0.9"):
        what = f"this is RSS {version[:10]}, which RSS 2.0 has replaced"
        found.append(warning("F29", spot, what, remedy='say version="2.0": each 0.9x document is one already'))
        return Kind.RSS_0
    if kind is Kind.RSS_1:
        what = "this is RSS 1.0, which few programs still write or test with"
        found.append(warning("F29", spot, what, remedy="publish RSS 2.0 or Atom 1.0 at the same address"))
    elif kind is Kind.RSS and version not in {"2.0", "2"}:
        what = f"its version is {version[:40]!r} instead of 2.0" if version else "it does not say its version"
        found.append(error("F29", spot, what, remedy='write <rss version="2.0">'))
    return kind


def _open_json(text: str, encoding: str) -> Opened:
    try:
        root = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=_without_repeats)
    except RecursionError:
        raise _Stop(error("T47", Spot(), "it is nested beyond reason", remedy="flatten it")) from None
    except json.JSONDecodeError as problem:
        what = f"not JSON: {problem.msg} (column {problem.colno})"
        raise _Stop(error("F1", Spot(line=problem.lineno), what, remedy="write it with a JSON library")) from problem
    except ValueError as problem:
        raise _Stop(error("F1", Spot(), f"not JSON: {problem}", remedy="write it with a JSON library")) from problem
    if not isinstance(root, dict) or not isinstance(root.get("items"), list):
        raise _Stop(error("F29", Spot(line=1), "not a JSON Feed: no list of items", remedy="see jsonfeed.org"))
    lines = json_lines(text)
    dirty = _first_dirty(root)
    if dirty is not None:
        what = f"{'.'.join(map(str, dirty))} holds a character that no document may hold"
        raise _Stop(error("F1", Spot(line=lines.get(dirty)), what, remedy="remove control characters from the text"))
    return Opened(Kind.JSON, root, encoding, lines)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return made


def _first_dirty(root: Any) -> Path | None:
    """Return the path of the first text, key or value, that holds what no document may hold."""
    waiting: list[tuple[Path, Any]] = [((), root)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str) and not is_clean(value):
            return path
        if isinstance(value, dict):
            waiting += [((*path, key), one) for key, each in value.items() for one in (each, key)]
        elif isinstance(value, list):
            waiting += [((*path, number), each) for number, each in enumerate(value)]
    return None
