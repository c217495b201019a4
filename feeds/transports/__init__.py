"""What carries messages away: a file per kind of transport, and the registry of kinds.

Not here: what a reply means and when to try again (rules.replies), what is due (store).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from feeds.config import TransportConfig
from feeds.model import Parcel, Step
from feeds.transports.maildir import MaildirTransport
from feeds.transports.smtp import SmtpTransport


class Transport(Protocol):
    """A way out for messages, several at a time.

    ``repeats`` tells whether handing the same delivery over twice leaves two messages behind; ``room`` how many more
    messages are taken now.
    """

    name: str
    repeats: bool

    @property
    def room(self) -> int:
        """How many more messages are taken now."""

    def take(self, parcel: Parcel) -> None:
        """Take a message to hand over; raises as :meth:`work`, and ValueError for what is no message for SMTP."""

    def work(self, go: Collection[str], seconds: float, /) -> list[Step]:
        """Go on until something has become of messages, or so many seconds went by; return what.

        A message that is at the brink is told of once, before anything of it is handed over: when this is called
        next it goes on if its name is in ``go``, and is called off if not. Raises TransportUnusable where no message
        at all can be handed over, once nothing is under way.
        """

    def close(self) -> None:
        """Let go of what is held open, and forget what was taken; the next message opens it again."""


_KINDS = (MaildirTransport, SmtpTransport)

TRANSPORTS: Mapping[str, Callable[[TransportConfig], Transport]] = {kind.name: kind for kind in _KINDS}
# Those that may be handed a delivery again when it is in doubt: at most one message is left behind.
ONCE_ONLY = frozenset(kind.name for kind in _KINDS if not kind.repeats)
