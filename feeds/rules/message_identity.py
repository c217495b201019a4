"""The names that mail goes by: of an edition, of a message, of a list, and the addresses that come back to us.

All are made of what a restored store still knows, so that a repeat is recognisable. Not here: the message (rendering),
what comes of mail to such an address (jobs).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from feeds.model import DeliveryKind
from feeds.rules.mailboxes import LONGEST_ADDRESS

NOTICE = "notice"  # a newsletter of that name has slots behind it, which are no notice's id
LONGEST_LOCAL_PART = 64  # octets, RFC 5321 section 4.5.3.1.1
_SLOT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?")  # an id may begin like one
_TOKEN = re.compile(r"(?P<purpose>[bu])(?P<delivery>[0-9]{1,18})-(?P<key>[0-9]{1,9})-(?P<signature>[0-9a-f]{16})")

_NOTICE_ID = re.compile(r"[0-9a-f]{20,64}")
_MESSAGE = re.compile(r"([a-z0-9-]+\.[A-Za-z0-9]+)\.[0-9a-f]{24}")


class Purpose(StrEnum):
    """What mail to an address with a token is about."""

    BOUNCE = "b"
    LEAVE = "u"


@dataclass(frozen=True, slots=True)
class Token:
    """What stands behind the + of an address: what for, which delivery's row, the key's number, the signature."""

    purpose: Purpose
    delivery: int
    key: int
    signature: str


def edition_id(newsletter: str, slot: str) -> str:
    """Return an edition's id: ``weekly/2026-11-23T07:00``, or a short hash where the slot is an entry's id."""
    name = slot if _SLOT.fullmatch(slot) else _hash(slot)[:16]
    return f"{newsletter}/{name}"


def named_after(kind: DeliveryKind, about: str) -> str:
    """Return what the messages that bring an edition or a notice, by its id, are named after: it has a slash."""
    return about if kind == DeliveryKind.EDITION else f"{NOTICE}/{about}"


def notice_of(part: str) -> str | None:
    """Return the notice whose Message-IDs begin so, by its id; None where it is an edition's beginning."""
    before, _, notice_id = part.partition(".")
    return notice_id if before == NOTICE and _NOTICE_ID.fullmatch(notice_id) else None


def message_id(edition: str, subscriber: str, *, generation: int, host: str) -> str:
    """Return the Message-ID of one delivery, without its angle brackets: the same on each attempt.

    ``edition`` is an edition's id, or the name of a notice; ``subscriber`` is the random id; ``generation`` counts
    deliberate re-sends.
    """
    return f"{edition_part_of(edition)}.{_hash(edition, subscriber, str(generation))[:24]}@{host}"


def edition_part_of(edition: str) -> str:
    """Return what the Message-IDs of an edition begin with: its newsletter and slot."""
    newsletter, _, slot = edition.partition("/")
    return f"{newsletter}.{re.sub(r'[^A-Za-z0-9]', '', slot)}"


def edition_part(message: str) -> str | None:
    """Return the part of a Message-ID that all of an edition share, None where it is none of ours.

    Its host is passed over, and may be missing: a site may have been elsewhere when it was sent.
    """
    found = _MESSAGE.fullmatch(message.partition("@")[0])
    return found[1] if found else None


def list_id(newsletter: str, host: str) -> str:
    """Return the List-Id of a newsletter, without its angle brackets (RFC 2919)."""
    return f"{newsletter}.{host}"


def return_path(base: str, *, delivery: int, message: str, key: tuple[int, bytes]) -> str:
    """Return the envelope's sender for one delivery: ``base`` with a token behind a +, signed with the site's key.

    ``key`` is its number and secret. The token names the delivery's row, and vouches for its Message-ID, so that a row
    of the same number in another store is not taken for it. Where it would not fit, ``base`` is returned as it is.
    """
    return _tokened(base, Purpose.BOUNCE, delivery=delivery, message=message, key=key) or base


def leave_url(plain: str, *, base: str, delivery: int, message: str, key: tuple[int, bytes]) -> str:
    """Return the mailto link by which the reader of one delivery leaves (RFC 6068): to ``base`` with a signed token.

    The token is made as that of the return path, and neither can stand for the other. ``plain`` is the link that is
    the same for all readers: it is returned where the token would not fit.
    """
    address = _tokened(base, Purpose.LEAVE, delivery=delivery, message=message, key=key)
    return f"mailto:{quote(address, safe='@+')}?subject=unsubscribe" if address else plain


def read_token(address: str) -> Token | None:
    """Return the token that mail to this address carries, None where it carries none; it vouches for nothing yet.

    Letter case says nothing: servers on the way may have changed it.
    """
    found = _TOKEN.fullmatch(address.rpartition("@")[0].rpartition("+")[2].lower())
    if not found or "+" not in address:
        return None
    return Token(Purpose(found["purpose"]), int(found["delivery"]), int(found["key"]), found["signature"])


def vouches(token: Token, message: str, secret: bytes) -> bool:
    """Tell whether a token is ours: made with this secret, for this Message-ID, and for what it says that it is for."""
    return hmac.compare_digest(token.signature, _signature(token.purpose, token.delivery, message, secret=secret))


def _tokened(base: str, purpose: Purpose, *, delivery: int, message: str, key: tuple[int, bytes]) -> str | None:
    """Return an address with a token behind a +, None where that would be too long."""
    number, secret = key
    local, _, domain = base.rpartition("@")
    tagged = f"{local}+{purpose}{delivery}-{number}-{_signature(purpose, delivery, message, secret=secret)}"
    fits = len(tagged) <= LONGEST_LOCAL_PART and len(f"{tagged}@{domain}") <= LONGEST_ADDRESS
    return f"{tagged}@{domain}" if fits else None


def _signature(purpose: Purpose, delivery: int, message: str, *, secret: bytes) -> str:
    return hmac.digest(secret, f"{purpose}|{delivery}|{message}".encode(), "sha256").hex()[:16]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
