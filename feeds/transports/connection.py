"""One connection to a mail server: commands out, replies in, each within its time, and none of them guessed at.

Built on smtplib. Not here: opening one (opening), the commands that carry a message (smtp), what a reply means (rules).
"""

from __future__ import annotations

import re
import smtplib
from time import monotonic

from feeds.model import Phase, Reply
from feeds.rules.text import clean_name

LONGEST_LINE = 8192  # octets; RFC 5321 section 4.5.3.1.5 allows 512
MOST_LINES = 100
MOST_SAID = 500  # characters of a reply that are kept
CHUNK = 65_536

_REPLY_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?\r?\n")
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![^\s])")  # RFC 3463 section 2


class Connection(smtplib.SMTP):
    """A connection to a mail server. Each reply must come whole within the time-out, a body be taken within one.

    smtplib's own time-out starts anew with each octet, takes " 25" for a code, and a line too long for a refusal.
    Whatever goes wrong with the connection is an SMTPServerDisconnected that says what, and closes it.
    """

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply: its code, from 200 to 599, and its lines."""
        try:
            found = self._read(monotonic() + self.timeout)
        except TimeoutError:
            problem = f"no answer within {self.timeout:g} seconds"
        except EOFError:
            problem = "the server closed the connection"
        except OSError as error:
            problem = f"the connection broke: {error.strerror or error}"
        except ValueError as error:
            problem = f"an answer that nobody can read: {error}"
        else:
            return found
        self.close()
        raise smtplib.SMTPServerDisconnected(problem)

    def send(self, s: object) -> None:
        """Send a command, or a piece of a body."""
        try:
            super().send(s)  # type: ignore[arg-type]
        except smtplib.SMTPServerDisconnected as error:
            raise smtplib.SMTPServerDisconnected(f"the connection broke: {error.__context__ or error}") from None

    def send_body(self, data: bytes) -> None:
        """Send a body, within the time-out as a whole, however slowly the server takes it."""
        deadline = monotonic() + self.timeout
        for start in range(0, len(data), CHUNK):
            try:
                self._wait_until(deadline)
            except TimeoutError:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"not taken within {self.timeout:g} seconds") from None
            self.send(data[start : start + CHUNK])

    def leave(self) -> None:
        """Take leave of the server, and close the connection whatever it answers: what was sent is sent."""
        self.timeout = min(self.timeout, 2)
        try:
            self.quit()
        except OSError:
            self.close()

    def _read(self, deadline: float) -> tuple[int, bytes]:
        lines = [self._read_line(deadline)]
        while lines[-1][2] == b"-":
            if len(lines) == MOST_LINES:
                raise ValueError(f"it has more than {MOST_LINES} lines")
            lines.append(self._read_line(deadline))
        if len({line[1] for line in lines}) > 1:
            raise ValueError("it has more than one code")
        if self.sock:
            self.sock.settimeout(self.timeout)
        return int(lines[0][1]), b"\n".join(line[3] or b"" for line in lines)

    def _read_line(self, deadline: float) -> re.Match[bytes]:
        line = b""
        while not line.endswith(b"\n"):
            line += self._read_some(deadline)
            if len(line) > LONGEST_LINE:
                raise ValueError(f"it has a line of more than {LONGEST_LINE} octets")
        match = _REPLY_LINE.fullmatch(line)
        if match is None:
            raise ValueError(one_line(line[:80]))
        return match

    def _read_some(self, deadline: float) -> bytes:
        """Return what has come of a line; the buffer is smtplib's own, which it empties when TLS begins."""
        if self.file is None and self.sock:
            self.file = self.sock.makefile("rb")
        if self.file is None:
            raise EOFError
        self._wait_until(deadline)
        there: bytes = self.file.peek()
        if not there:
            raise EOFError
        taken: bytes = self.file.readline(len(there))
        return taken

    def _wait_until(self, deadline: float) -> None:
        left = deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        if self.sock:
            self.sock.settimeout(left)


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """A connection that is encrypted from its first octet on (RFC 8314 section 3.3)."""


def reply_of(code: int, text: bytes, phase: Phase) -> Reply:
    """Return the reply that a server gave: its enhanced code if it begins with one, its text as one line."""
    said = one_line(text)
    enhanced = _ENHANCED.match(said)
    return Reply(code, enhanced.group() if enhanced else None, said, phase)


def one_line(text: bytes) -> str:
    """Return what a server said as one line of at most 500 characters, without controls of any kind."""
    return clean_name(text.decode("utf-8", "replace"))[:MOST_SAID]
