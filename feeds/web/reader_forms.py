"""What a reader's request says: the fields of a posted form, of a limited size, and the languages that are asked for.

Not here: what comes of it (reader_answers).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Message, Receive

from feeds.rendering.reader_pages import spoken
from feeds.rendering.regions import zone_of_region

LARGEST = 16 * 1024  # bytes of a form: the longest of ours has some hundreds
MOST_FIELDS = 100
PATIENCE = 20.0  # seconds that a form may take to arrive
_MOST_LANGUAGES = 10
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_UPLOADED = "multipart/form-data"

Fields = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Refused(Exception):
    """A form cannot be taken: the ``status`` says why."""

    status: int
    said: str


async def read_form(receive: Receive, *, content_type: str) -> Fields:
    """Return the fields of a posted form, sent in either way that forms are (RFC 8058 section 3.1); raise Refused."""
    body = await _body(receive)
    if content_type.lower().startswith(_UPLOADED):
        return await _uploaded(body, content_type)
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused(400, "This is no form of ours.") from None
    return _fields(pairs)


def wanted_language(accept_language: str) -> str | None:
    """Return the language of ours that a browser asks for first, None where it asks for none (RFC 9110 12.5.4)."""
    return next((found for tag in _tags(accept_language) if (found := spoken(tag))), None)


def guessed_zone(accept_language: str) -> str:
    """Return the time zone that a browser's language tells of: where it names a region that has but one; else ""."""
    tags = [tag.split("-") for tag in _tags(accept_language)]
    same = (rest for first, *rest in tags if first.lower() == tags[0][0].lower())
    regions = (part.upper() for rest in same for part in rest if len(part) == 2 and part.isalpha())
    return zone_of_region(next(regions, ""))


def _tags(accept_language: str) -> list[str]:
    """Return the languages that a browser asks for, the dearest first."""
    asked = []
    for item in accept_language[:500].split(",")[:_MOST_LANGUAGES]:
        tag, _, more = item.partition(";")
        quality = _QUALITY.fullmatch(more.strip().lower())
        asked.append((float(quality[1]) if quality else 0.0 if more else 1.0, tag.strip()))
    return [tag for quality, tag in sorted(asked, key=lambda pair: -pair[0]) if quality]


async def _body(receive: Receive) -> bytes:
    try:
        return await asyncio.wait_for(_whole(receive), PATIENCE)
    except TimeoutError:
        raise Refused(408, "The form took too long to arrive.") from None


async def _whole(receive: Receive) -> bytes:
    held, goes_on = b"", True
    while goes_on:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The form did not arrive whole.")
        held += message.get("body", b"")
        goes_on = message.get("more_body", False)
        if len(held) > LARGEST:
            raise Refused(413, f"A form has at most {LARGEST:,} bytes.")
    return held


async def _uploaded(body: bytes, content_type: str) -> Fields:
    async def once() -> Message:
        return {"type": "http.request", "body": body}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", content_type.encode("latin-1"))]}
    try:
        form = await Request(scope, once).form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST)
    except Exception:  # whatever it does not understand, it says in its own way
        raise Refused(400, "This is no form of ours.") from None
    return _fields([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


def _fields(pairs: list[tuple[str, str]]) -> Fields:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return found
