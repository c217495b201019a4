"""What carries messages away: a file per kind of transport, and the registry of kinds.

Not here: what a reply means and when to try again (rules.replies), what is due (store).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from feeds.config import TransportConfig
from feeds.model import Envelope, Reply
from feeds.transports.maildir import MaildirTransport
from feeds.transports.smtp import SmtpTransport


class Transport(Protocol):
    """A way out for messages, one at a time.

    ``repeats`` tells whether handing the same delivery over twice leaves two messages behind.
    """

    name: str
    repeats: bool

    def send(self, message: bytes, envelope: Envelope, begin: Callable[[], bool]) -> Reply | None:
        """Hand over one message, and return what was answered.

        ``begin`` is called once, when nothing but the handing over itself can stop the message any more: it stores
        that it is being sent. Where it returns False nothing is sent, and None returned; what it raises goes through,
        with nothing sent. Raises TransportUnusable, before ``begin``, where no message at all could be handed over,
        and ValueError where this one is no message that SMTP carries.
        """

    def close(self) -> None:
        """Let go of what is held open; the next ``send`` opens it again."""


_KINDS = (MaildirTransport, SmtpTransport)

TRANSPORTS: Mapping[str, Callable[[TransportConfig], Transport]] = {kind.name: kind for kind in _KINDS}
# Those that may be handed a delivery again when it is in doubt: at most one message is left behind.
ONCE_ONLY = frozenset(kind.name for kind in _KINDS if not kind.repeats)
