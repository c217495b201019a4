"""A sum that a browser does before a form is taken: cheap for one person, dear for who fills in thousands.

What is to be proven is bound to an hour and to the address, so a proof that is sent again brings what that address gets
anyway: one mail a day. Pure. Not here: the keys (store), the sum itself (templates/pages/readers/proof.js).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

GOOD_FOR = timedelta(hours=1)
MOST_BITS = 24  # each more takes twice as long: at 18 it is some seconds already
_LENGTH = 40
_PROOF = re.compile(rf"(([0-9]{{1,12}})\.([1-9][0-9]{{0,8}})\.([0-9a-f]{{{_LENGTH}}}))(?:\.([0-9]{{1,15}}))?")


def challenge(key: tuple[int, bytes], *, now: datetime) -> str:
    """Return what is to be proven from now on; ``key`` is the site's, its number and secret."""
    number, secret = key
    begun = f"{int(now.timestamp())}.{number}"
    return f"{begun}.{_signature(begun, secret)}"


def key_of(proof: str) -> int | None:
    """Return the number of the key that a proof says its challenge is signed with, None for what is no proof."""
    found = _PROOF.fullmatch(proof)
    return int(found[3]) if found and found[5] else None


def is_proven(proof: str, address: str, *, bits: int, secret: bytes, now: datetime) -> bool:
    """Tell whether a proof, a challenge of ours with a number behind it, is good for an address as it was typed.

    The SHA-256 of ``CHALLENGE.ADDRESS.NUMBER`` must begin with so many bits that are 0.
    """
    found = _PROOF.fullmatch(proof)
    if not found or not found[5]:
        return False
    is_ours = hmac.compare_digest(found[4], _signature(f"{found[2]}.{found[3]}", secret))
    is_fresh = 0 <= now.timestamp() - int(found[2]) <= GOOD_FOR.total_seconds()
    return is_ours and is_fresh and _zeros(f"{found[1]}.{address.strip()}.{found[5]}") >= bits


def _zeros(said: str) -> int:
    return 256 - int.from_bytes(hashlib.sha256(said.encode("utf-8", "replace")).digest()).bit_length()


def _signature(begun: str, secret: bytes) -> str:
    return hmac.digest(secret, f"proof|subscribe|{begun}".encode(), "sha256").hex()[:_LENGTH]
