"""The tokens in readers' links: what each allows, for whom, signed with the site's key.

A token is good for one purpose alone, and only while what it was made of is still so: ``state`` is signed and not
written down. Pure. Not here: the rows that it means (store), what it opens (jobs).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from enum import StrEnum

FOLDER = "readers"  # all that a reader does stands below it
NOBODYS = "nobody"  # stands for a token in mail that is only looked at
_LENGTH = 40  # hexadecimal digits: 160 bits, which nobody guesses
_NAME = r"[0-9A-Za-z][0-9A-Za-z:+-]{0,99}"
_TOKEN = re.compile(rf"({_NAME}(?:\.{_NAME}){{0,2}})\.([1-9][0-9]{{0,8}})\.([0-9a-f]{{{_LENGTH}}})")


class Purpose(StrEnum):
    """What a link is for; it is the step of its address before the token.

    CONFIRM, MANAGE and MOVE are about a notice, by its id. LEAVE, BACK and PREFERENCES are about a subscription, by the
    subscriber's id and the newsletter. EDITION is about a selection, and so about nobody: it shows a mail as a page.
    """

    CONFIRM = "confirm"
    MANAGE = "manage"
    MOVE = "move"
    LEAVE = "leave"
    BACK = "back"
    PREFERENCES = "preferences"
    EDITION = "edition"


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says: what it is about, the number of its key, the signature. It vouches for nothing."""

    about: tuple[str, ...]
    key: int
    signature: str = field(repr=False)


def reader_token(purpose: Purpose, about: tuple[str, ...], *, state: str, key: tuple[int, bytes]) -> str:
    """Return the token for a purpose; ``key`` is its number and secret.

    ``about`` is a notice's id, a subscriber's id and a newsletter's slug, or a selection; ``state`` what must still be
    so for it to be good, such as the subscription's generation.
    """
    number, secret = key
    return ".".join((*about, str(number), _signature(purpose, about, state, secret=secret)))


def read_token(text: str) -> Token | None:
    """Return what a token says, None for what is none."""
    found = _TOKEN.fullmatch(text)
    return Token(tuple(found[1].split(".")), int(found[2]), found[3]) if found else None


def is_signed(token: Token, purpose: Purpose, *, state: str, secret: bytes) -> bool:
    """Tell whether a token was made for this purpose and state; it takes as long for a near miss as for any."""
    return hmac.compare_digest(token.signature, _signature(purpose, token.about, state, secret=secret))


def about_selection(selection_id: str) -> tuple[str, ...]:
    """Return what a token about a selection is about: its series, its slot, and which of its edition it is."""
    return tuple(re.split("[/#]", selection_id))


def selection_in(about: tuple[str, ...]) -> tuple[str, str]:
    """Return the ids of the edition and of the selection that a token with these three parts is about."""
    series, slot, which = about
    return f"{series}/{slot}", f"{series}/{slot}#{which}"


def reader_url(site_url: str, purpose: Purpose, token: str) -> str:
    """Return the address of the page that a token opens."""
    return f"{site_url}{FOLDER}/{purpose}/{token}"


def _signature(purpose: Purpose, about: tuple[str, ...], state: str, *, secret: bytes) -> str:
    said = "|".join(("reader", purpose, *about, state))
    return hmac.digest(secret, said.encode(), "sha256").hex()[:_LENGTH]
