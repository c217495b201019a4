"""The headers of an answer: what it is, how long it holds, what it may do.

Pure. Not here: which answer it is (site).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.utils import formatdate

from feeds.web.media_types import is_text
from feeds.web.places import is_feed

Pairs = tuple[tuple[bytes, bytes], ...]
FOREVER = "max-age=31536000, immutable"
_REPEATED = {"etag", "last-modified", "cache-control", "vary"}  # by a 304 (RFC 9110 section 15.4.5)
# An address that may stand in a header as it is (RFC 3986 section 2).
ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
# What is no page has no business to run or load anything where somebody opens it as one.
NOTHING = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SAFE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)


def pairs(fields: Iterable[tuple[str, str]]) -> Pairs:
    """Return header fields as the server takes them, without those that are empty."""
    return tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in fields if value)


def content_type(kind: str) -> str:
    """Return a media type as it is served: text with its charset."""
    return f"{kind}; charset=utf-8" if is_text(kind) else kind


def validators(etag: str, modified: int) -> list[tuple[str, str]]:
    """Return the fields by which a client asks again."""
    return [("etag", etag), ("last-modified", formatdate(modified, usegmt=True))]


def lasting(place: str, *, max_age: int) -> str:
    """Return how long an answer holds: what is named by its content holds for good."""
    return FOREVER if place.startswith("media/") else f"max-age={max_age}"


def varying(place: str, kind: str) -> str:
    """Return by what else than its address an answer differs."""
    if is_feed(place):
        return "Accept-Encoding, A-IM"
    return "Accept-Encoding" if is_text(kind) else ""


def of_kept(fields: Pairs) -> Pairs:
    """Return those fields of a 200 that a 304 repeats."""
    return tuple((name, value) for name, value in fields if name.decode() in _REPEATED)
