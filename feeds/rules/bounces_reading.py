"""Reading what comes back: which delivery it is about, by its proofs, and what it says of which address.

Pure; the only door to flufl.bounce. Whatever stands in a report, reading it raises nothing. Not here: what a failure
means (bounces), whose proofs are true (jobs).
"""

from __future__ import annotations

import email
import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from flufl.bounce import all_failures

from feeds.rules.bounces import one_line
from feeds.rules.bounces_automatic import is_automatic, tells_of_delay
from feeds.rules.bounces_mime import Fields, Part, normal, split, walk
from feeds.rules.message_identity import Purpose, Token, read_token

MOST_PROOFS = 20  # of a kind, in one report
_OLD_OCTETS, _OLD_LINE = 64 * 1024, 900  # of a report in an old dialect: flufl's patterns are quadratic in a line
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED = frozenset(
    {"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)
_TO = (
    *("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to"),
    *("x-forwarded-to", "to", "cc", "resent-to", "apparently-to"),
)
_OUR_SENDER = (
    "original-mail-from",
    "return-path",
    "x-postfix-sender",
    "x-original-sender",
    "x-envelope-from",
    "sender",
)
_NO_COMPLAINTS = frozenset({"not-spam", "virus", "auth-failure", "dkim", "dmarc", "other"})
_ADDRESS = re.compile(r"[^\s<>\"(),;:@\[\]]{1,128}@[^\s<>\"(),;:@\[\]]{1,253}")
_NAMED_ID = re.compile(r"^[> \t]{0,8}(?:x-)?(?:original-)?message-id:[ \t]*\n?[ \t]*<([^<>\s]{3,250})>", re.I | re.M)
_ID = re.compile(r"<([^<>\s]{3,250})>")
_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{3,320})")
_TAGS = re.compile(r"<[^<>@]{0,500}>")
_COPY = re.compile(r"^-{3}.*\b(?:copy|original|below|headers|returned)\b.*$", re.IGNORECASE | re.MULTILINE)
_LOG = logging.getLogger("flufl.bounce")
_LOG.propagate = False  # it logs a traceback for what it cannot read
_LOG.addHandler(logging.NullHandler())


class Sort(StrEnum):
    """What a report sets out to be; PLAIN says nothing that can be read, and may be mail by which somebody leaves."""

    FAILURE = "failure"
    COMPLAINT = "complaint"
    DELAY = "delay"
    AUTOMATIC = "automatic"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a report says of one recipient: its addresses in lower case, whether it failed, the server's words."""

    addresses: frozenset[str]
    has_failed: bool
    status: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it was read. ``tokens`` and ``message_ids`` are what may prove which delivery it is about.

    ``leaving`` are the tokens of the addresses that it was sent to by which readers leave.
    """

    id: str
    sort: Sort
    fates: tuple[Fate, ...]
    tokens: tuple[Token, ...]
    leaving: tuple[Token, ...]
    message_ids: tuple[str, ...]
    about: str

    def fate_of(self, address_key: str) -> tuple[Fate, bool] | None:
        """Return what failed for a reader, and whether it was their own address; None where nothing did.

        What the report says of that very address counts before what it says of others, to which it may be forwarded.
        """
        theirs = [fate for fate in self.fates if address_key in fate.addresses]
        failed = [fate for fate in theirs or self.fates if fate.has_failed]
        is_theirs = bool(theirs) or not any(fate.addresses for fate in failed)
        return (failed[0], is_theirs) if failed else None

    @property
    def addresses(self) -> frozenset[str]:
        """All addresses that it names as recipients."""
        return frozenset[str]().union(*(fate.addresses for fate in self.fates))


def read_report(data: bytes) -> Report:
    """Read a report, of which only the beginning is looked at."""
    data = normal(data)
    head, _ = split(data)
    parts = list(walk(data))
    sort, fates = _sorted(data, head, parts)
    addressed = _tokens(_recipients(head))
    senders = [value for fields in _inner_fields(parts) for value in fields.all(*_OUR_SENDER)]
    returned = [_ADDRESS.findall(value) for value in senders]
    named = {address.lower() for fields in _returned(parts) for address in _addresses(fields.all("to"))}
    return Report(
        id=hashlib.sha256(data).hexdigest(),
        sort=sort,
        fates=fates or ((Fate(frozenset(named), True, "", ""),) if sort is Sort.COMPLAINT else ()),
        tokens=_only(Purpose.BOUNCE, [*addressed, *_tokens(one for found in returned for one in found)]),
        leaving=_only(Purpose.LEAVE, addressed),
        message_ids=_message_ids(head, parts),
        about=one_line(head.get("subject")),
    )


def _sorted(data: bytes, head: Fields, parts: list[Part]) -> tuple[Sort, tuple[Fate, ...]]:
    """Return what a report is: what says so by its type first, old dialects last."""
    types = {part.media_type for part in parts}
    fates = tuple(fate for part in parts if part.media_type in _STATUS for fate in _fates(part))
    sort = Sort.PLAIN
    if "message/feedback-report" in types or any("x-hmxmroriginalrecipient" in one for one in _returned(parts)):
        sort = Sort.AUTOMATIC if _feedback_type(parts) in _NO_COMPLAINTS else Sort.COMPLAINT
    elif not fates and (is_automatic(head) or "message/disposition-notification" in types):
        sort = Sort.AUTOMATIC
    elif not fates and tells_of_delay(head):
        sort = Sort.DELAY
    elif fates := fates or _old_fates(data, parts):
        sort = Sort.FAILURE if any(fate.has_failed for fate in fates) else Sort.DELAY
    return sort, fates


def _feedback_type(parts: list[Part]) -> str:
    """Return what kind of feedback a report of RFC 5965 is; "" where it has none, as those of Outlook.com."""
    found = (Fields(part.text) for part in parts if part.media_type == "message/feedback-report")
    return next((fields.get("feedback-type").lower() for fields in found), "")


def _fates(part: Part) -> Iterator[Fate]:
    """Yield what a part of RFC 3464 says of each recipient."""
    for block in re.split(r"\n[ \t]*\n", part.text)[: 2 * MOST_PROOFS]:
        fields = Fields(block)
        if "action" not in fields and "final-recipient" not in fields:
            continue
        action = fields.get("action").lower()
        status = fields.get("status")
        named = fields.all("original-recipient", "final-recipient", "x-actual-recipient")
        said = fields.get("diagnostic-code").partition(";")
        words = (said[2] or said[0]).strip() or fields.get("x-display-name") or status
        has_failed = action.startswith(("fail", "error")) or (not action and status.startswith("5"))
        yield Fate(frozenset(_addresses(named)), has_failed, status, words)


def _old_fates(data: bytes, parts: list[Part]) -> tuple[Fate, ...]:
    """Return what a report in an old dialect says, by flufl.bounce; nothing where it cannot read it either."""
    short = re.sub(rb"([^\n]{%d})(?=[^\n])" % _OLD_LINE, rb"\1\n", data[:_OLD_OCTETS])
    try:
        message = email.message_from_bytes(short)
        if "from" not in message:  # without one it gives up before it has asked who could read it
            message["From"] = "MAILER-DAEMON@localhost"
        delayed, failed = all_failures(message)
    except Exception:  # whatever it stumbles over, and a nesting that the standard library cannot follow
        return ()
    text = _words(parts)
    return tuple(
        Fate(frozenset({address.decode("ascii", "replace").lower()}), has_failed, "", _said_of(address, text))
        for found, has_failed in ((failed, True), (delayed, False))
        for address in sorted(found)[:MOST_PROOFS]
    )


def _words(parts: list[Part]) -> str:
    """Return what an old report says in its own words, without the copy of what came back."""
    own = next((part for part in parts if part.media_type == "text/plain"), parts[0] if parts else None)
    text = own.text[:_OLD_OCTETS] if own else ""
    return _COPY.split(_TAGS.sub(" ", text), maxsplit=1)[0]


def _said_of(address: bytes, text: str) -> str:
    """Return the words that follow an address, in which an old report says why it failed."""
    named = re.search(re.escape(address.decode("ascii", "replace")), text, re.IGNORECASE)
    said = text[named.end() :] if named else text
    return one_line(" ".join(line.strip() for line in said.lstrip(" >:\n").split("\n")[:8]))


def _returned(parts: Iterable[Part]) -> Iterator[Fields]:
    """Yield the heads of the messages that came back within a report."""
    return (split(part.content.lstrip(b"\n"))[0] for part in parts if part.media_type in _RETURNED)


def _inner_fields(parts: list[Part]) -> Iterator[Fields]:
    """Yield the fields of all that stands in a report about another message, and of that message."""
    yield from _returned(parts)
    for part in parts:
        if part.media_type in _STATUS or part.media_type == "message/feedback-report":
            yield Fields(part.text.replace("\n\n", "\n"))


def _recipients(head: Fields) -> list[str]:
    """Return the addresses that a report was sent to."""
    passed_on = [found[1] for value in head.all("received")[:MOST_PROOFS] for found in _FOR.finditer(value)]
    return [*_addresses(head.all(*_TO)), *passed_on]


def _addresses(values: Iterable[str]) -> list[str]:
    return [found.lower() for value in values for found in _ADDRESS.findall(value)][: 5 * MOST_PROOFS]


def _tokens(addresses: Iterable[str]) -> list[Token]:
    found = (read_token(address) for address in addresses)
    return [token for token in dict.fromkeys(found) if token is not None]


def _only(purpose: Purpose, tokens: Iterable[Token]) -> tuple[Token, ...]:
    return tuple(dict.fromkeys(token for token in tokens if token.purpose is purpose))[:MOST_PROOFS]


def _message_ids(head: Fields, parts: list[Part]) -> tuple[str, ...]:
    """Return the Message-IDs that a report names as that of another message, in its parts or its own words."""
    inner = (found for part in parts for found in _NAMED_ID.findall(part.text))
    answered = (found for value in head.all("in-reply-to", "references") for found in _ID.findall(value))
    return tuple(dict.fromkeys([*inner, *answered]))[:MOST_PROOFS]
