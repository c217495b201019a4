"""The names that mail goes by: of an edition, of a message, of a list, and the address that bounces come back to.

All are made of what a restored store still knows, so that a repeat is recognisable. Not here: the message (rendering).
"""

from __future__ import annotations

import hashlib
import hmac
import re

LONGEST_LOCAL_PART = 64  # octets, RFC 5321 section 4.5.3.1.1
LONGEST_ADDRESS = 254  # octets, RFC 5321 section 4.5.3.1.3, without the angle brackets
_SLOT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2})?")  # an id may begin like one


def edition_id(newsletter: str, slot: str) -> str:
    """Return an edition's id: ``weekly/2026-11-23T07:00``, or a short hash where the slot is an entry's id."""
    name = slot if _SLOT.fullmatch(slot) else _hash(slot)[:16]
    return f"{newsletter}/{name}"


def message_id(edition: str, subscriber: str, *, generation: int, host: str) -> str:
    """Return the Message-ID of one delivery, without its angle brackets: the same on each attempt.

    ``subscriber`` is the random id; ``generation`` counts deliberate re-sends.
    """
    newsletter, _, slot = edition.partition("/")
    when = re.sub(r"[^A-Za-z0-9]", "", slot)
    return f"{newsletter}.{when}.{_hash(edition, subscriber, str(generation))[:24]}@{host}"


def list_id(newsletter: str, host: str) -> str:
    """Return the List-Id of a newsletter, without its angle brackets (RFC 2919)."""
    return f"{newsletter}.{host}"


def return_path(base: str, *, delivery: int, message: str, key: tuple[int, bytes]) -> str:
    """Return the envelope's sender for one delivery: ``base`` with a token behind a +, signed with the site's key.

    ``key`` is its number and secret. The token names the delivery's row, and vouches for its Message-ID, so that a row
    of the same number in another store is not taken for it. Where it would not fit, ``base`` is returned as it is.
    """
    number, secret = key
    local, _, domain = base.rpartition("@")
    signed = hmac.new(secret, f"{delivery}|{message}".encode(), hashlib.sha256).hexdigest()[:16]
    tagged = f"{local}+b{delivery}-{number}-{signed}"
    fits = len(tagged) <= LONGEST_LOCAL_PART and len(f"{tagged}@{domain}") <= LONGEST_ADDRESS
    return f"{tagged}@{domain}" if fits else base


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
