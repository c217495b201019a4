"""DKIM signatures: the field that vouches for a message's head and body (RFC 6376, RFC 8463).

Both are hashed in their relaxed form, the whole body counts, and nothing expires. Not here: keys (keys), which message
(galley).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from feeds.rendering.dkim.keys import Key
from feeds.rendering.dkim.relaxing import relaxed_field

FIELD = "DKIM-Signature"
# Named once more than they stand in a message, so that none can be added to it.
OVER_SIGNED = (
    *("From", "To", "Cc", "Subject", "Date", "Reply-To", "Content-Type", "Message-ID"),
    *("List-Unsubscribe", "List-Unsubscribe-Post"),
)
_WIDTH = 76


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs messages, and the name by which verifiers find its other half.

    ``domain`` is "" where it is that of each message's From.
    """

    key: Key
    selector: str
    domain: str = ""


class Seal:
    """A signer made ready for the messages of one domain that have the same signed fields."""

    def __init__(self, signer: Signer, *, domain: str, names: Sequence[str]) -> None:
        """Take the names of the fields that are signed, in the order in which they will be given to be signed."""
        self._sign = signer.key.sign
        tags = [f"a={signer.key.algorithm};", "c=relaxed/relaxed;", f"d={signer.domain or domain};"]
        tags += [f"s={signer.selector};", *f"h={': '.join((*names, *OVER_SIGNED))};".split()]
        self._opening = _folded(f"{FIELD}: v=1;", tags)
        self._relaxed = relaxed_field(self._opening).removesuffix(b"\r\n")

    def field(self, signed: bytes, *, at: int, body_hash: bytes) -> bytes:
        """Return the signature's field: ``signed`` are the signed fields in relaxed form, ``at`` seconds since 1970.

        ``body_hash`` is the SHA-256 hash of the body in relaxed form.
        """
        hashed = base64.b64encode(body_hash)
        signature = self._sign(b"%s%s t=%d; bh=%s; b=" % (signed, self._relaxed, at, hashed))
        coded = base64.b64encode(signature)
        lines = [coded[start : start + 72] for start in range(0, len(coded), 72)]
        return b"%s\r\n t=%d; bh=%s;\r\n b=%s\r\n" % (self._opening, at, hashed, b"\r\n ".join(lines))


def _folded(start: str, tags: Sequence[str]) -> bytes:
    """Return tags on as few lines as they fit in; between the names of h= there is white space only at a fold."""
    lines = [start]
    for tag in tags:
        piece = tag if lines[-1].endswith(":") else f" {tag}"
        if len(lines[-1] + piece) <= _WIDTH:
            lines[-1] += piece
        else:
            lines.append(f" {tag}")
    return "\r\n".join(lines).encode("ascii")
