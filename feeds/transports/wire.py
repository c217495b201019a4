"""What may go on the wire, whatever carries it, and how it is written there.

Pure. Not here: building messages (rendering), judging addresses (rules).
"""

from __future__ import annotations

import re

from feeds.model import Envelope

LONGEST_LINE = 998  # octets without the line's end, RFC 5322 section 2.1.1

_ADDRESS = re.compile(r"[!-;=?-~]+")  # printable ASCII without white space and angle brackets


def check(message: bytes, envelope: Envelope) -> None:
    """Raise ValueError where a message or its envelope is nothing that SMTP carries: a defect of ours.

    A bare line end could smuggle in a second message, an address with ``>`` a second command.
    """
    if not _ADDRESS.fullmatch(envelope.recipient):
        raise ValueError(f"the recipient {envelope.recipient!r} is no address that SMTP carries")
    if envelope.sender and not _ADDRESS.fullmatch(envelope.sender):
        raise ValueError(f"the sender {envelope.sender!r} is no address that SMTP carries")
    # Counted, and below replaced, since a regular expression takes longer over a digest than its server does.
    if not message.count(b"\r\n") == message.count(b"\r") == message.count(b"\n"):
        raise ValueError("the message has a line that does not end in CRLF")
    if not message.isascii() or b"\0" in message:
        raise ValueError("the message has octets that are no 7-bit text")
    if max(map(len, message.split(b"\r\n"))) > LONGEST_LINE:
        raise ValueError(f"the message has a line of more than {LONGEST_LINE} octets")


def dotted(message: bytes) -> bytes:
    """Return a message as DATA takes it: leading dots doubled, the final dot behind it (RFC 5321 section 4.5.2)."""
    first = b"." if message.startswith(b".") else b""
    last = b"" if message.endswith(b"\r\n") else b"\r\n"
    return b"".join((first, message.replace(b"\r\n.", b"\r\n.."), last, b".\r\n"))
