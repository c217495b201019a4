"""Conditional requests: whether what a client holds is still right (RFC 9110 section 13).

A pure judgement. Not here: the validators of a document (files), sending the answer (answers).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import IntEnum

Headers = Mapping[bytes, bytes]
_TAG = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_LIST = re.compile(rb"[\s,]*(?:%s(?:[\s]*,[\s,]*|\s*$))+" % _TAG.pattern)


class Judgement(IntEnum):
    """What becomes of a request; the value is the status it is answered with."""

    SEND = 200
    NOT_MODIFIED = 304
    FAILED = 412


def judge(headers: Headers, *, etag: bytes, modified: int) -> Judgement:
    """Judge a GET or HEAD by its conditions, in the order of RFC 9110 section 13.2.2.

    ``etag`` is the strong entity tag, with its quotes, of what would be sent; ``modified`` its time in Unix seconds.
    """
    if not _may_go_on(headers, etag, modified):
        return Judgement.FAILED
    if b"if-none-match" in headers:
        is_held = _holds(headers[b"if-none-match"], etag, weakly=True)
    else:
        since = _instant(headers.get(b"if-modified-since"))
        is_held = since is not None and modified <= since
    return Judgement.NOT_MODIFIED if is_held else Judgement.SEND


def entity_tags(field: bytes) -> list[tuple[bool, bytes]]:
    """Return the entity tags in a field as (is weak, tag with its quotes); none where it is no list of them."""
    if not _LIST.fullmatch(field):
        return []
    return [(bool(weak), tag) for weak, tag in _TAG.findall(field)]


def _may_go_on(headers: Headers, etag: bytes, modified: int) -> bool:
    if b"if-match" in headers:
        return _holds(headers[b"if-match"], etag, weakly=False)
    before = _instant(headers.get(b"if-unmodified-since"))
    return before is None or modified <= before


def _holds(field: bytes, etag: bytes, *, weakly: bool) -> bool:
    """Tell whether a field names the tag: a weak one counts only where weak comparison is asked (section 8.8.3.2)."""
    if field.strip() == b"*":
        return True
    return any(tag == etag and (weakly or not is_weak) for is_weak, tag in entity_tags(field))


def _instant(field: bytes | None) -> int | None:
    """Return an HTTP date, in any of its three forms, in Unix seconds; None for what is none, which is passed over."""
    if field is None:
        return None
    try:
        at = parsedate_to_datetime(field.decode("ascii"))
    except (ValueError, OverflowError):  # UnicodeDecodeError is a ValueError
        return None
    # asctime's form names no zone, and means UTC as all forms do.
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
