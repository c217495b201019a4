"""Messages handed over to a mail server, phase by phase, so that it is always known how far one had come.

RFC 5321. Not here: opening the connection (opening), what a reply means and when to try again (rules.replies).
"""

from __future__ import annotations

from collections.abc import Callable

from feeds.config import TransportConfig
from feeds.model import Envelope, Phase, Reply
from feeds.rules.replies import is_about_us
from feeds.transports import wire
from feeds.transports.connection import MOST_SAID, Connection, reply_of
from feeds.transports.opening import open_connection, unusable

IMPLICIT_TLS_PORT = 465  # RFC 8314 section 3.3
_REMEDY = "check the newsletter's from, and [transport] username and password; no reader is to blame"

# What each phase goes on with: 354 asks for the body, all others are answered with a 2xx.
_GOES_ON = {Phase.SENDER: 2, Phase.RECIPIENT: 2, Phase.BODY: 3, Phase.END: 2}


class SmtpTransport:
    """Hands messages to one mail server over one connection, kept open from message to message."""

    name = "smtp"
    repeats = True

    def __init__(self, config: TransportConfig) -> None:
        self._config = config
        self._connection: Connection | None = None

    def send(self, message: bytes, envelope: Envelope, begin: Callable[[], bool]) -> Reply | None:
        """Hand over one message; see Transport. It takes five time-outs at most, and those of a new connection."""
        wire.check(message, envelope)
        try:
            return self._send(message, envelope, begin)
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        """Take leave of the server; see Transport."""
        if self._connection is not None:
            self._connection.leave()
            self._connection = None

    def _send(self, message: bytes, envelope: Envelope, begin: Callable[[], bool]) -> Reply | None:
        reply = self._name_sender(len(message), envelope.sender)
        if self._connection is None or not _goes_on(reply):
            return reply
        connection = self._connection
        reply = self._say(connection, Phase.RECIPIENT, "RCPT", arguments=f"TO:<{envelope.recipient}>")
        if _goes_on(reply):
            if not begin():
                self._call_off()
                return None
            reply = self._say(connection, Phase.BODY, "DATA")
        if not _goes_on(reply):
            self._call_off()
            return reply
        return self._hand_over(connection, message)

    def _name_sender(self, size: int, sender: str) -> Reply:
        """Begin a message. A server may have closed a connection that was idle: then once more on a new one."""
        if self._connection is not None:
            reply = self._ask(self._connection, size, sender)
            if self._connection is not None:
                return reply
        opened = open_connection(self._config, implicit_tls=self._config.port == IMPLICIT_TLS_PORT)
        if isinstance(opened, Reply):
            return opened
        self._connection = opened
        return self._ask(opened, size, sender)

    def _ask(self, connection: Connection, size: int, sender: str) -> Reply:
        """Name the sender and the size (RFC 1870); a message too large for the server is refused without asking."""
        if not connection.has_extn("size"):
            return self._say(connection, Phase.SENDER, "MAIL", arguments=f"FROM:<{sender}>")
        most = connection.esmtp_features["size"]
        if most.isdecimal() and 0 < int(most[:18]) < size:  # 0 sets no limit
            said = f"the message has {size} octets and is larger than the server takes ({most[:18]})"
            return Reply(552, "5.3.4", said, Phase.SENDER)
        return self._say(connection, Phase.SENDER, "MAIL", arguments=f"FROM:<{sender}> SIZE={size}")

    def _hand_over(self, connection: Connection, message: bytes) -> Reply:
        try:
            connection.send_body(wire.dotted(message))
        except OSError as error:
            return self._lost(error, Phase.BODY)
        return self._hear(connection, Phase.END)

    def _say(self, connection: Connection, phase: Phase, command: str, *, arguments: str = "") -> Reply:
        try:
            connection.putcmd(command, arguments)
        except OSError as error:
            return self._lost(error, phase)
        return self._hear(connection, phase)

    def _hear(self, connection: Connection, phase: Phase) -> Reply:
        """Return the server's reply. Where nothing is begun yet, one that blames us raises TransportUnusable."""
        try:
            reply = reply_of(*connection.getreply(), phase)
        except OSError as error:
            return self._lost(error, phase)
        if phase in {Phase.SENDER, Phase.RECIPIENT} and is_about_us(reply):
            raise unusable(self._config, f"refuses our mail: {reply.code} {reply.text}", _REMEDY)
        if reply.code < 400 and not _goes_on(reply):  # we no longer know what the server is answering
            self._drop()
            return Reply(0, None, f"an answer out of place: {reply.code} {reply.text}"[:MOST_SAID], phase)
        if reply.code == 421:  # it closes the connection, whatever it was asked (RFC 5321 section 3.8)
            self._drop()
        return reply

    def _lost(self, error: OSError, phase: Phase) -> Reply:
        self._drop()
        return Reply(0, None, str(error), phase)

    def _call_off(self) -> None:
        """Make the server forget a message that was begun, so that the next can begin."""
        if self._connection is None:
            return
        try:
            code, _ = self._connection.rset()
        except OSError:
            code = 0
        if code != 250:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _goes_on(reply: Reply) -> bool:
    return reply.code // 100 == _GOES_ON[reply.phase]
