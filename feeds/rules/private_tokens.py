"""The token in a reader's own address of a private feed: which row it means, signed with the site's key.

Neither the row nor a key of another purpose makes one. Pure. Not here: the rows (store), what one opens (jobs).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC

from feeds.model.private_addresses import PrivateAddress

FOLDER = "private"
NEWSLETTER = "newsletters/"  # before a newsletter's slug: the feed that brings it to one reader in place of mail
_PURPOSE = "private feed"
_LENGTH = 40  # hexadecimal digits: 160 bits, which nobody guesses
_TOKEN = re.compile(rf"([1-9][0-9]{{0,8}})-([1-9][0-9]{{0,8}})-([0-9a-f]{{{_LENGTH}}})")


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says: the number of the address, the number of the key, the signature."""

    address: int
    key: int
    signature: str = field(repr=False)


BLANK = f"0-0-{'0' * _LENGTH}"  # stands for the token in what is printed for all readers of a feed at once
NO_TOKEN = Token(0, 0, "")  # what is none at all: it is looked up like any other, and found nowhere


def private_token(address: PrivateAddress, key: tuple[int, bytes]) -> str:
    """Return the token of an address; ``key`` is its number and secret."""
    number, secret = key
    return f"{address.id}-{number}-{_signature(address, secret)}"


def read_token(text: str) -> Token:
    """Return what a token says, ``NO_TOKEN`` for what is none. It vouches for nothing."""
    found = _TOKEN.fullmatch(text)
    return Token(int(found[1]), int(found[2]), found[3]) if found else NO_TOKEN


def is_signed(token: Token, address: PrivateAddress, secret: bytes) -> bool:
    """Tell whether a token was made for this address with this secret; it takes as long for a near miss as for any."""
    return hmac.compare_digest(token.signature, _signature(address, secret))


def newsletter_in(feed: str) -> str:
    """Return the slug of the newsletter that an address brings in place of mail, "" where it is of a feed."""
    return feed.removeprefix(NEWSLETTER) if feed.startswith(NEWSLETTER) else ""


def private_url(site_url: str, token: str) -> str:
    """Return the address of the folder that a reader's own documents seem to stand in."""
    return f"{site_url}{FOLDER}/{token}/"


def _signature(address: PrivateAddress, secret: bytes) -> str:
    # The reader and the time are signed too: a row of the same number in a store restored from a backup is another.
    made_at = address.created_at.astimezone(UTC).isoformat()
    said = "|".join((_PURPOSE, str(address.id), address.feed, address.subscriber_id, made_at))
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:_LENGTH]
