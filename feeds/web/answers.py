"""The answers that are no document: not here, not so, elsewhere, gone, not now.

Each is told in a line of plain text, or in the site's own page. Not here: documents and their validators (files).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.types import Scope, Send

from feeds.web.files import Served
from feeds.web.headers import ADDRESS, NOTHING, SAFE, Pairs, content_type, pairs
from feeds.web.media_types import media_type
from feeds.web.places import INDEX
from feeds.web.reading import page_policy

ALLOWED = "GET, HEAD, OPTIONS"
WAIT = 120  # seconds after which a folder that is not there may be there again
BRIEFLY, FOR_YEARS = "max-age=60", "max-age=31536000"
NEVER_KEPT = "no-store"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer ready to be sent."""

    status: int
    headers: Pairs
    body: bytes


async def give(answer: Answer | Served, scope: Scope, send: Send) -> None:
    """Send an answer that is in memory, without its body where only its head was asked for."""
    body = b"" if scope["method"] == "HEAD" else answer.body or b""
    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": body})


def told(status: int, text: str, *more: tuple[str, str]) -> Answer:
    """Return an answer in a line of text, with more header fields."""
    return page(status, f"{text}\n".encode(), kind="text/plain", policy=NOTHING, more=more)


def missing(document: bytes | None) -> Answer:
    """Return the answer where there is nothing: the site's own page, if it has one."""
    return _page(404, document, "There is nothing here.", ("cache-control", BRIEFLY))


def gone(place: str, document: bytes | None, *, max_age: int) -> Answer:
    """Return the answer where something was, and is no more: the document that says so, if it is there."""
    return _page(410, document, "This is no longer published.", ("cache-control", f"max-age={max_age}"), place=place)


def moved(target: str) -> Answer | None:
    """Return the answer that leads to another address for good; None where that is no web address."""
    if not ADDRESS.fullmatch(target):
        return None
    return told(301, f"This is now at {target}", ("location", target), ("cache-control", FOR_YEARS))


def slashed(name: str, *, max_age: int) -> Answer:
    """Return the answer that leads from a folder to its page; it names no host, so that nobody can put one there."""
    return told(301, "This is a folder.", ("location", f"./{name}/"), ("cache-control", f"max-age={max_age}"))


def options() -> Answer:
    """Return what may be asked of a document."""
    return Answer(204, pairs([("allow", ALLOWED)]) + SAFE, b"")


def not_so() -> Answer:
    """Return the answer where the document is not what the client's conditions say."""
    return told(412, "It is not as you expected it.")


def refused_method() -> Answer:
    """Return the answer to what cannot be done to a document."""
    return told(405, f"Only {ALLOWED} can be asked of this.", ("allow", ALLOWED))


def too_many(wait: int) -> Answer:
    """Return the answer to a client that asks far too often; ``wait`` in seconds."""
    more = ("retry-after", str(wait)), ("cache-control", NEVER_KEPT)
    return told(429, f"Too many requests from your address; ask again in {wait} seconds.", *more)


def unavailable() -> Answer:
    """Return the answer while there is no output folder."""
    more = ("retry-after", str(WAIT)), ("cache-control", NEVER_KEPT)
    return told(503, "Nothing is published yet, or its disk is away; ask again later.", *more)


def away() -> Answer:
    """Return the answer where something that was asked for cannot be done now."""
    return told(503, "This cannot be answered now; try again later.", ("retry-after", str(WAIT)))


def _page(status: int, document: bytes | None, otherwise: str, *more: tuple[str, str], place: str = INDEX) -> Answer:
    if document is None:
        return told(status, otherwise, *more)
    kind = media_type(place)
    policy = page_policy(document) if kind == "text/html" else NOTHING
    return page(status, document, kind=kind, policy=policy, more=more)


def page(status: int, body: bytes, *, kind: str, policy: str, more: Iterable[tuple[str, str]] = ()) -> Answer:
    """Return an answer with a body of our making, of a media type and under a security policy."""
    fields = [
        ("content-type", content_type(kind)),
        ("content-length", str(len(body))),
        ("content-security-policy", policy),
        *more,
    ]
    return Answer(status, pairs(fields) + SAFE, body)
