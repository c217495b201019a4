"""What a mail server says, read octet by octet into whole replies, each of them sane or refused.

Pure: octets in, replies out. Not here: the connection that they come over (connection, lane), what they mean (rules).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.model import Phase, Reply
from feeds.rules.text import clean_name

LONGEST_LINE = 8192  # octets; RFC 5321 section 4.5.3.1.5 allows 512
MOST_LINES = 100
MOST_SAID = 500  # characters of a reply that are kept

_REPLY_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?\r?\n")
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![^\s])")  # RFC 3463 section 2


class Ear:
    """Gathers what was heard until a reply is whole (RFC 5321 section 4.2)."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[re.Match[bytes]] = []

    @property
    def has_more(self) -> bool:
        """Tell whether something was heard that belongs to no reply that is whole."""
        return bool(self._rest or self._lines)

    def heard(self, octets: bytes) -> Iterator[tuple[int, bytes]]:
        """Give each reply that these octets complete: its code, from 200 to 599, and its lines.

        Raises ValueError, saying what was heard, where nobody can read it.
        """
        self._rest += octets
        while (end := self._rest.find(b"\n") + 1) or len(self._rest) > LONGEST_LINE:
            line, self._rest = self._rest[:end], self._rest[end:]
            if not line or len(line) > LONGEST_LINE:
                raise ValueError(f"it has a line of more than {LONGEST_LINE} octets")
            if self._is_last(line):
                lines, self._lines = self._lines, []
                yield int(lines[0][1]), b"\n".join(one[3] or b"" for one in lines)

    def _is_last(self, line: bytes) -> bool:
        match = _REPLY_LINE.fullmatch(line)
        if match is None:
            raise ValueError(one_line(line[:80]))
        self._lines.append(match)
        if match[1] != self._lines[0][1]:
            raise ValueError("it has more than one code")
        if match[2] != b"-":
            return True
        if len(self._lines) == MOST_LINES:
            raise ValueError(f"it has more than {MOST_LINES} lines")
        return False


def reply_of(code: int, text: bytes, phase: Phase) -> Reply:
    """Return the reply that a server gave: its enhanced code if it begins with one, its text as one line."""
    said = one_line(text)
    enhanced = _ENHANCED.match(said)
    return Reply(code, enhanced.group() if enhanced else None, said, phase)


def one_line(text: bytes) -> str:
    """Return what a server said as one line of at most 500 characters, without controls of any kind."""
    return clean_name(text.decode("utf-8", "replace"))[:MOST_SAID]
