"""Rules M1, M3 and M4: who sent it, when, under which name; what list it is of; that it is automatic.

Not here: leaving the list (unsubscribing), the octets that fields are made of (octets).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC
from email.utils import parsedate_to_datetime

from feeds.rendering.lint.case import Case, Check, headers, on
from feeds.rendering.lint.decoding import decode_header
from feeds.rendering.lint.findings import Finding, Spot, advice, error, warning
from feeds.rendering.lint.opening import Field

LONGEST_LIST_ID = 255  # octets, RFC 2919 section 3
MOST_FEEDBACK_FIELDS = 4
# RFC 5322 section 3.6: each of these at most once.
ONCE = ("from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject", "date")
_WANTED = {
    "From": "name the sender, as in From: The Gazette <weekly@gazette.example>",
    "Date": "say when it was written (RFC 5322 section 3.3)",
    "Message-ID": "give it a name of its own, in the site's domain",
    "Subject": "say what it is about",
    "To": "name the reader that it goes to",
}
_MESSAGE_ID = re.compile(r"<([!-;=?A-~]+)@([!-;=?A-~]+)>")
_LIST_ID = re.compile(r"(?:[^<>]*\s)?<([^<>\s]+)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BETWEEN = re.compile(r"[\s<>,;:\"]+")
_HASHES = ("md5", "sha1", "sha256")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def names_sender_once(case: Case) -> Iterator[Finding]:
    """M1: From, Date, Message-ID, Subject and To stand there once; no field that is unique stands twice."""
    for name, remedy in _WANTED.items():
        if not case.root.value(name.lower()):
            yield error("M1", headers(name), "there is none", remedy=remedy)
    for key in ONCE:
        for field in case.root.all(key)[1:]:
            yield error("M1", on(field), "it stands there a second time", remedy="keep one of them")


def has_one_from(case: Case) -> Iterator[Finding]:
    """M1: From holds one mailbox with an address in full, and is no group."""
    for field in case.root.all("from"):
        plain = _QUOTED.sub("", field.value)
        addresses = _mailboxes(plain)
        if ":" in plain.partition("<")[0]:
            yield error("M1", on(field), "a colon outside quotes makes it a group", remedy="put the name in quotes")
        elif len(addresses) != 1:
            yield error("M1", on(field), f"it holds {len(addresses)} addresses", remedy="name one sender")


def has_sound_date(case: Case) -> Iterator[Finding]:
    """M1: Date can be read, has an offset and names its own weekday."""
    for field in case.root.all("date"):
        fault = _date_fault(field.value)
        if fault:
            yield error("M1", on(field), fault, remedy="write it as RFC 5322 does: Mon, 23 Nov 2026 07:00:00 +0000")


def has_own_message_id(case: Case) -> Iterator[Finding]:
    """M1: Message-ID is one word in angle brackets, in the domain of the site, its list or its sender."""
    for field in case.root.all("message-id"):
        found = _MESSAGE_ID.fullmatch(field.value)
        if not found:
            yield error("M1", on(field), "it is not <name@domain>", remedy="write one word, in angle brackets")
            continue
        domain, known = found[2].lower(), _known_domains(case)
        if known and not any(_are_related(domain, each) for each in known):
            what = f"its domain {domain} is none of the sender's ({', '.join(sorted(known))})"
            yield warning("M1", on(field), what, remedy="make it in the site's own domain")


def has_list_id(case: Case) -> Iterator[Finding]:
    """M3: List-Id stands there once, at most 255 octets, and is one word in angle brackets."""
    fields = case.root.all("list-id")
    if not fields and case.sender.writes_to_many:
        yield error("M3", headers("List-Id"), "there is none", remedy="name the newsletter, the same in each message")
    for field in fields:
        found = _LIST_ID.fullmatch(field.value)
        if not found or "." not in found[1] or "@" in found[1]:
            yield error("M3", on(field), "it is not <name.domain>", remedy="write a name and a domain, without spaces")
        elif len(found[1]) > LONGEST_LIST_ID:
            what = f"it has {len(found[1])} octets, more than {LONGEST_LIST_ID}"
            yield error("M3", on(field), what, remedy="shorten the newsletter's slug")


def has_each_list_field_once(case: Case) -> Iterator[Finding]:
    """M3: each List field stands there once, with its addresses in angle brackets and without white space in them."""
    seen: set[str] = set()
    for field in case.root.fields:
        if not field.key.startswith("list-"):
            continue
        if field.key in seen:
            yield error("M3", on(field), "it stands there a second time", remedy="keep one of them")
        seen.add(field.key)
        if field.key not in {"list-id", "list-unsubscribe-post"}:
            yield from _address_faults(field)


def says_it_is_automatic(case: Case) -> Iterator[Finding]:
    """M4: Auto-Submitted and Precedence say that a program sent it, and that it was to many."""
    wanted_here = {"Auto-Submitted": "auto-generated"} | ({"Precedence": "bulk"} if case.sender.writes_to_many else {})
    for name, wanted in wanted_here.items():
        fields = case.root.all(name.lower())
        value = fields[0].value if fields else ""
        if value.partition(";")[0].strip().lower() != wanted:
            what = f"it is {value[:60]!r}" if fields else "there is none"
            spot = on(fields[0]) if fields else headers(name)
            yield warning("M4", spot, what, remedy=f"write {name}: {wanted}")


def has_feedback_id_of_nobody(case: Case) -> Iterator[Finding]:
    """M4: Feedback-ID has at most four fields, the last one the sender's, and nothing of the reader."""
    fields = case.root.all("feedback-id")
    if not fields and case.sender.writes_to_many:
        yield advice("M4", headers("Feedback-ID"), "there is none", remedy="name edition, newsletter and sender in it")
    for field in fields:
        pieces = field.value.split(":")
        if len(pieces) > MOST_FEEDBACK_FIELDS or not pieces[-1].strip():
            what = f"it has {len(pieces)} fields" if pieces[-1].strip() else "its last field, the sender's, is empty"
            yield error("M4", on(field), what, remedy="write at most four, with the sender's name last")
        for piece in pieces:
            if "@" in piece or piece.strip().lower() in _recipient_hashes(case):
                what = f"{piece.strip()[:80]!r} is the reader's"
                yield error("M4", on(field), what, remedy="name what many share: feedback is counted by it")


CHECKS: tuple[Check, ...] = (
    names_sender_once,
    has_one_from,
    has_sound_date,
    has_own_message_id,
    has_list_id,
    has_each_list_field_once,
    says_it_is_automatic,
    has_feedback_id_of_nobody,
)


def addresses_of(field: Field) -> list[str]:
    """Return the addresses that stand in angle brackets in a List field, as they are."""
    return re.findall(r"<([^<>]*)>", field.value)


def _mailboxes(value: str) -> list[str]:
    """Return what has the form of an address in a header value."""
    return [word for word in _BETWEEN.split(value) if word.count("@") == 1 and not word.startswith("@")]


def _date_fault(value: str) -> str:
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return "it cannot be read"
    if at.tzinfo is None:
        return "it has no offset from UTC"
    named = value.partition(",")[0].strip() if "," in value else ""
    if named and named != _WEEKDAYS[at.weekday()]:
        return f"it names a {named}, but that day is a {_WEEKDAYS[at.weekday()]}"
    return "" if at.astimezone(UTC).year >= 2000 else "it lies before the year 2000"


def _known_domains(case: Case) -> set[str]:
    found = {case.sender.host.lower()} if case.sender.host else set[str]()
    found |= {address.rpartition("@")[2].lower() for address in _mailboxes(case.root.value("from"))}
    list_id = _LIST_ID.fullmatch(case.root.value("list-id"))
    return found | ({list_id[1].lower()} if list_id else set())


def _are_related(one: str, other: str) -> bool:
    """Tell whether one domain is the other's, or both end in the same two labels."""
    if one == other or other.endswith(f".{one}") or one.endswith(f".{other}"):
        return True
    return one.count(".") > 0 and one.split(".")[-2:] == other.split(".")[-2:]


def _address_faults(field: Field) -> Iterator[Finding]:
    spot: Spot = on(field)
    rest = re.sub(r"<[^<>]*>|\([^()]*\)", "", field.value).replace(",", "").strip()
    if rest and rest.upper() != "NO":
        yield error("M3", spot, f"{rest[:60]!r} stands outside angle brackets", remedy="put each address in <…>")
    for address in addresses_of(field):
        if re.search(r"\s", address) or ":" not in address:
            what = f"<{address[:80]}> is no address in full, without white space"
            yield error("M3", spot, what, remedy="write it whole, percent-encoded")


def _recipient_hashes(case: Case) -> set[str]:
    """Return what is made of a reader's address to hide it, and tells of them all the same."""
    addresses = [address.encode() for address in _mailboxes(decode_header(case.root.value("to")).lower())]
    return {hashlib.new(name, address).hexdigest() for address in addresses for name in _HASHES}
