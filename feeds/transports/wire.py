"""What may go on the wire, whatever carries it, and how it is written there.

Pure. Not here: building messages (rendering), judging addresses (rules).
"""

from __future__ import annotations

import re
from functools import lru_cache

from feeds.model import Envelope, Parcel

LONGEST_LINE = 998  # octets without the line's end, RFC 5322 section 2.1.1
FINAL_DOT = b".\r\n"
# Looking through a digest takes longer than its server does over it, and most of each is the same for all its readers.
SHARED = 4096  # octets, from which on a piece is likely to come again
MOST_KEPT = 64

_ADDRESS = re.compile(r"[!-;=?-~]+")  # printable ASCII without white space and angle brackets


def written(parcel: Parcel) -> tuple[bytes, ...]:
    """Return a message's pieces as DATA takes them: leading dots doubled (RFC 5321 section 4.5.2).

    Raises ValueError where the message or its envelope is nothing that SMTP carries: a defect of ours. A bare line end
    could smuggle in a second message, an address with ``>`` a second command.
    """
    envelope: Envelope = parcel.envelope
    if not _ADDRESS.fullmatch(envelope.recipient):
        raise ValueError(f"the recipient {envelope.recipient!r} is no address that SMTP carries")
    if envelope.sender and not _ADDRESS.fullmatch(envelope.sender):
        raise ValueError(f"the sender {envelope.sender!r} is no address that SMTP carries")
    return tuple(map(_written, parcel.pieces))


def _written(piece: bytes) -> bytes:
    return _looked_through(piece) if len(piece) < SHARED else _looked_through_once(piece)


def _looked_through(piece: bytes) -> bytes:
    """Return whole lines with their leading dots doubled; raise ValueError where they are none."""
    # Counted, and below replaced, since a regular expression takes even longer.
    if not piece.count(b"\r\n") == piece.count(b"\r") == piece.count(b"\n"):
        raise ValueError("the message has a line that does not end in CRLF")
    if not piece.endswith(b"\r\n"):
        raise ValueError("the message has a line that does not end")
    if not piece.isascii() or b"\0" in piece:
        raise ValueError("the message has octets that are no 7-bit text")
    at = 0
    while at < len(piece):  # from line to line, over all those between that together are no longer than one may be
        end = piece.rfind(b"\r\n", at, at + LONGEST_LINE + 2)
        if end < 0:
            raise ValueError(f"the message has a line of more than {LONGEST_LINE} octets")
        at = end + 2
    return (b"." if piece.startswith(b".") else b"") + piece.replace(b"\r\n.", b"\r\n..")


_looked_through_once = lru_cache(MOST_KEPT)(_looked_through)
