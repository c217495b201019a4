"""Quoted-printable in pieces that are whole lines, so that pieces can be put one after another (RFC 2045 section 6.7).

Not here: what stands in the pieces (galley).
"""

from __future__ import annotations

import binascii
import re

LONGEST_CODED = 76  # octets, the = of a soft line break included
# Relays that keep mail in mboxes write ">From", which breaks its signature (RFC 2049 section 3); SMTP doubles a dot;
# and the encoder makes a line too long where white space ends it.
_SPOILT = re.compile(rb"^(?:From |\.|.{77}).*", re.MULTILINE)
_SPLIT_ESCAPE = re.compile(rb"=[0-9A-F]?\Z")


def quoted(data: bytes, *, goes_on: bool) -> bytes:
    """Return what is to stand in a part, encoded: lines of at most 76 octets that end in CRLF.

    ``data`` has lines that end in LF. Where the text ``goes_on`` in a piece behind this, the last line break is a soft
    one, which is none to a reader. No line begins with a dot, or as an mbox begins a message.
    """
    coded = _SPOILT.sub(_mended, binascii.b2a_qp(data, quotetabs=False, istext=True))
    if goes_on:
        last = coded.rpartition(b"\n")[2]
        coded = coded.removesuffix(last) + _refolded(last + b"=") + b"\n"
    return coded.replace(b"\n", b"\r\n")


def _mended(spoilt: re.Match[bytes]) -> bytes:
    line = spoilt[0]
    return _refolded(b"=%02X" % line[0] + line[1:] if line.startswith((b"From ", b".")) else line)


def _refolded(line: bytes) -> bytes:
    """Return a line that has grown as one, or as two where it is too long."""
    if len(line) <= LONGEST_CODED:
        return line
    head = _SPLIT_ESCAPE.sub(b"", line[: LONGEST_CODED - 1])
    return head + b"=\n" + _SPOILT.sub(_mended, line[len(head) :])
