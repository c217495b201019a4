"""The opening of a connection to a mail server: commands out, replies in, each within its time, and none guessed at.

Built on smtplib. Not here: opening one (opening), messages over it (lane, conversation), what a reply means (rules).
"""

from __future__ import annotations

import smtplib
import socket
from time import monotonic

from feeds.transports.hearing import Ear

_CHUNK = 4096


class Connection(smtplib.SMTP):
    """A connection to a mail server. Each reply must come whole within the time-out.

    smtplib's own time-out starts anew with each octet, takes " 25" for a code, and a line too long for a refusal.
    Whatever goes wrong with the connection is an SMTPServerDisconnected that says what, and closes it.
    """

    def getreply(self) -> tuple[int, bytes]:
        """Read one reply: its code, from 200 to 599, and its lines. More than that is no answer to us, and ends it."""
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
        """Send a command."""
        try:
            super().send(s)  # type: ignore[arg-type]
        except smtplib.SMTPServerDisconnected as error:
            raise smtplib.SMTPServerDisconnected(f"the connection broke: {error.__context__ or error}") from None

    def leave(self) -> None:
        """Take leave of the server, and close the connection whatever it answers: what was sent is sent."""
        self.timeout = min(self.timeout, 2)
        try:
            if self.sock:
                self.sock.settimeout(self.timeout)
            self.quit()
        except OSError:
            self.close()

    @property
    def socket(self) -> socket.socket:
        """The open socket, or SSL socket, for whoever takes the connection over."""
        if self.sock is None:
            raise EOFError
        return self.sock

    def _read(self, deadline: float) -> tuple[int, bytes]:
        ear = Ear()
        found: list[tuple[int, bytes]] = []
        while not found:
            left = deadline - monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            octets = self.socket.recv(_CHUNK)
            if not octets:
                raise EOFError
            found = list(ear.heard(octets))
        # Whoever stands between could have slipped words in that the server would seem to say under TLS.
        if len(found) > 1 or ear.has_more:
            raise ValueError("it says more than it was asked")
        self.socket.settimeout(self.timeout)
        return found[0]


class TlsConnection(Connection, smtplib.SMTP_SSL):
    """A connection that is encrypted from its first octet on (RFC 8314 section 3.3)."""
