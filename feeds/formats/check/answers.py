"""Judges what HTTP says beside a document: its media type, its validators, its caching, its compression, its links.

Takes answers as they came. Not here: asking for them (jobs.check_feed), the document itself (judging).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from feeds.formats.check.findings import Finding, Spot, error, warning
from feeds.formats.check.judging import Judgement
from feeds.formats.check.opening import Kind
from feeds.formats.check.views import shortened
from feeds.model.answers import Answer

SPOT = Spot("the answer")
NOT_MODIFIED = 304
_XML = {"application/xml", "text/xml"}
_TYPES = {
    Kind.RSS: ("application/rss+xml", _XML),
    Kind.RSS_0: ("application/rss+xml", _XML),
    Kind.RSS_1: ("application/rss+xml", {*_XML, "application/rdf+xml"}),
    Kind.ATOM: ("application/atom+xml", _XML),
    Kind.JSON: ("application/feed+json", {"application/json"}),
}
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_ENTITY_TAG = re.compile(r'(W/)?"[^"\s]*"')
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s;,"]+))*)')
_REL = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
WORTH_PACKING = 1_500  # bytes: below, an answer is one packet however it is packed
SHORTEST, LONGEST = 900, 3_600  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What a server answered: plainly asked, asked again by each validator that it gave, and asked without gzip."""

    first: Answer
    by_tag: Answer | None = None
    by_date: Answer | None = None
    plain: Answer | None = None


def judge_refusal(answer: Answer) -> Finding | None:
    """Return what a refusal breaks, None where it is a refusal like another."""
    if answer.status in {401, 403, 407}:
        what = f"the server answers {answer.status} to a program without a login"
        return error("F10", SPOT, what, remedy="let everyone fetch the feed, whatever program they use")
    if answer.status in {429, 503}:
        wait = answer.headers.get("retry-after", "")
        said = "without Retry-After" if not wait else f"with Retry-After: {shortened(wait)}"
        what = f"the server answers {answer.status} {said}"
        remedy = "ask again later" if wait.isdecimal() else "say Retry-After in seconds"
        return error("F15", SPOT, what, remedy=remedy)
    return None


def judge_exchange(exchange: Exchange, judgement: Judgement) -> list[Finding]:
    """Judge all answers, for a document that was judged."""
    return [found for check in CHECKS for found in check(exchange, judgement)]


def check_media_type(exchange: Exchange, judgement: Judgement) -> Iterator[Finding]:
    """F22: the registered media type; T50: a charset that is the document's."""
    if judgement.kind is None:
        return
    said = exchange.first.headers.get("content-type", "")
    media_type, (wanted, tolerated) = said.partition(";")[0].strip().lower(), _TYPES[judgement.kind]
    if media_type in tolerated:
        yield warning("F22", SPOT, f"its media type is {media_type}", remedy=f"serve it as {wanted}")
    elif media_type != wanted:
        what = f"its media type is {shortened(media_type)}" if media_type else "it names no media type"
        yield error("F22", SPOT, what, remedy=f"serve it as {wanted}")
    charset = _CHARSET.search(said)
    if charset and _plain(charset[1]) != _plain(judgement.encoding):
        what = f"its charset is {shortened(charset[1])}, and its bytes are {judgement.encoding}"
        yield error("T50", SPOT, what, remedy="serve it with charset=utf-8")
    elif not charset and media_type.startswith("text/"):
        yield warning("T50", SPOT, f"{media_type} without a charset", remedy="serve it with charset=utf-8")


def check_validators(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F9: validators to ask again with, in their form."""
    headers = exchange.first.headers
    tag, date = headers.get("etag"), headers.get("last-modified")
    if tag is None and date is None:
        what = "neither ETag nor Last-Modified"
        yield error("F9", SPOT, what, remedy="give it an ETag that changes with its bytes")
    elif tag is None:
        yield warning("F9", SPOT, "no ETag", remedy="give it one that changes with its bytes")
    elif not _ENTITY_TAG.fullmatch(tag):
        yield error("F9", SPOT, f"its ETag {shortened(tag)} is none", remedy='write it in quotation marks: "…"')
    if date is not None and not _is_http_date(date):
        what = f"its Last-Modified {shortened(date)} is no date of HTTP"
        yield error("F9", SPOT, what, remedy="write it as in Sat, 02 Mar 2024 12:00:00 GMT")


def check_conditional(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F9: what was not changed is answered with 304, its ETag repeated."""
    for name, answer in (("If-None-Match", exchange.by_tag), ("If-Modified-Since", exchange.by_date)):
        if answer is not None and answer.status != NOT_MODIFIED:
            what = f"asked again with {name}, it answers {answer.status} instead of 304"
            yield error("F9", SPOT, what, remedy="let the server answer conditional requests")
    again = exchange.by_tag
    if again is not None and again.status == NOT_MODIFIED and "etag" not in again.headers:
        yield error("F9", SPOT, "its 304 does not repeat the ETag", remedy="send the same validators with 304")


def check_sameness(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F13: the same bytes when asked twice in a row."""
    if exchange.plain is not None and exchange.plain.is_good and exchange.plain.data != exchange.first.data:
        what = "asked twice in a row, it gives different bytes"
        yield warning("F13", SPOT, what, remedy="take no time, no random order and no advertisement into it")


def check_caching(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F15: how long it may be kept."""
    said = exchange.first.headers.get("cache-control", "")
    match, remedy = _MAX_AGE.search(said), f"say Cache-Control: max-age={SHORTEST} to {LONGEST}"
    if re.search(r"\b(no-store|no-cache)\b", said, re.IGNORECASE):
        yield warning("F15", SPOT, f"Cache-Control: {shortened(said)} forbids caches to keep it", remedy=remedy)
    elif match is None:
        yield warning("F15", SPOT, "it does not say how long it may be kept", remedy=remedy)
    elif not SHORTEST <= int(match[1]) <= LONGEST:
        yield warning("F15", SPOT, f"it may be kept for {match[1]} seconds", remedy=remedy)


def check_compression(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F16: compressed where that helps, and caches told so."""
    first, plain = exchange.first, exchange.plain
    packed = first.headers.get("content-encoding", "identity") != "identity"
    if not packed and len(first.data) > WORTH_PACKING:
        what = f"its {len(first.data):,} bytes come uncompressed"
        yield warning("F16", SPOT, what, remedy="serve it compressed with gzip to who accepts that")
    varies = {name.strip().lower() for name in first.headers.get("vary", "").split(",")}
    if packed and not varies & {"accept-encoding", "*"}:
        yield warning("F16", SPOT, "it is compressed without Vary: Accept-Encoding", remedy="add that header")
    tag = first.headers.get("etag", "W/")
    if packed and plain and not tag.startswith("W/") and plain.headers.get("etag") == tag:
        what = "one strong ETag for its compressed and its plain form"
        yield warning("F16", SPOT, what, remedy="give each form an ETag of its own, or a weak one")


def check_moves(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F15: a feed that moved says so for good."""
    for move in exchange.first.moves:
        if move.status in {302, 303, 307}:
            what = f"it redirects with {move.status} to {shortened(move.address)}: readers ask here again each time"
            yield warning("F15", SPOT, what, remedy="answer 301 where it moved for good")


def check_cookies(exchange: Exchange, _judgement: Judgement) -> Iterator[Finding]:
    """F10: no cookies for programs."""
    if "set-cookie" in exchange.first.headers:
        yield warning("F10", SPOT, "it sets a cookie", remedy="set none on feeds: caches keep such answers from others")


def check_link_headers(exchange: Exchange, judgement: Judgement) -> Iterator[Finding]:
    """F26: the Link header says of hub and self what the document says, byte for byte."""
    said = links_of(exchange.first.headers.get("link", ""))
    document = judgement.document
    if document is None or not (document.hubs or said.get("hub")):
        return
    for rel, links in (("hub", document.hubs), ("self", document.selves)):
        here, there = {link.value for link in links}, said.get(rel, set())
        if not there:
            what = f"the Link header names no {rel}, and the document does"
            yield warning("F26", SPOT, what, remedy="repeat the document's hub and self links in the header")
        elif here != there:
            what = f"the Link header's {rel} is {shortened(', '.join(sorted(there)))}, not the document's"
            yield error("F26", SPOT, what, remedy="let header and document say the same, byte for byte")


CHECKS = (
    check_media_type,
    check_validators,
    check_conditional,
    check_sameness,
    check_caching,
    check_compression,
    check_moves,
    check_cookies,
    check_link_headers,
)


def links_of(header: str) -> dict[str, set[str]]:
    """Read a Link header (RFC 8288): the addresses by their relation."""
    found: dict[str, set[str]] = {}
    for match in _LINK.finditer(header[:20_000]):
        rel = _REL.search(match[2])
        for name in (rel[1] or rel[2] or "").lower().split() if rel else ():
            found.setdefault(name, set()).add(match[1])
    return found


def _plain(encoding: str) -> str:
    return re.sub(r"[^a-z0-9]", "", encoding.lower())


def _is_http_date(value: str) -> bool:
    try:
        return value.endswith("GMT") and parsedate_to_datetime(value) is not None
    except (ValueError, TypeError):
        return False
