"""What DKIM hashes of a message, in its relaxed form (RFC 6376 sections 3.4.2 and 3.4.4).

Not here: hashing and signing (signing).
"""

from __future__ import annotations

import re

_BLANKS = re.compile(rb"[ \t]+")
_TRAILING = re.compile(rb" (?=\r\n)")


def relaxed_field(field: bytes) -> bytes:
    """Return a header field, folded or not, with its line's end."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + b" ".join(value.split()) + b"\r\n"


def relaxed_lines(lines: bytes) -> bytes:
    """Return whole lines of a body; they are not its end, whose empty lines do not count."""
    found = _TRAILING.sub(b"", _BLANKS.sub(b" ", lines))
    return lines if found == lines else found  # one copy is enough where they are the same
