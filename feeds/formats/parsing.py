"""Reads a document back, trusting nothing: no document type, no entities, no network, no character that may not be.

Not here: whether a document that can be read is also right (check).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NoReturn

from lxml import etree

from feeds.formats.text import is_clean

ATOM_ROOT = "{http://www.w3.org/2005/Atom}feed"


def parse_xml(data: bytes) -> Any:
    """Return the root element; ValueError says what is wrong with the document."""
    try:
        root = etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise ValueError("it has a document type, which feeds have not")
    return root


def parse_json(data: bytes) -> dict[str, Any]:
    """Return the object; ValueError says what is wrong with the document."""
    try:
        text = data.decode("utf-8")
        document = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise ValueError("not a JSON Feed: no list of items")
    if _may_be_unclean(text) and not all(map(is_clean, _texts(document))):
        raise ValueError("it holds characters that no document may hold")
    return document


def count_entries(data: bytes) -> int:
    """Return how many entries the document holds; ValueError where it cannot be read."""
    if data.lstrip()[:1] == b"{":
        return len(parse_json(data)["items"])
    root = parse_xml(data)
    if root.tag == "rss":
        return len(root.findall("channel/item"))
    if root.tag == ATOM_ROOT:
        return len(root.findall("{*}entry"))
    raise ValueError(f"the root element {root.tag} is no feed's")


@cache
def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
    )


def _may_be_unclean(text: str) -> bool:
    # JSON refuses raw controls, and UTF-8 surrogates: what is left are escapes and the noncharacters U+FFFE and U+FFFF.
    return "\ufffe" in text or "\uffff" in text or bool(_DOUBTFUL_ESCAPE.search(text))


def refuse_constant(constant: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python's JSON knows and JSON does not."""
    raise ValueError(f"{constant} is no JSON number")


_DOUBTFUL_ESCAPE = re.compile(r"""\\[^"nrt/\\]""")
_DECODER = json.JSONDecoder(parse_constant=refuse_constant)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value) + list(value.values()))
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
