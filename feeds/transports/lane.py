"""One open connection that never makes the others wait: octets out as the server takes them, octets in as they come.

Not here: what is said over it (conversation), opening it (opening), how many there are (smtp).
"""

from __future__ import annotations

import selectors
import socket
import ssl
from collections import deque
from time import monotonic

from feeds.model import Parcel, Reply, Step
from feeds.transports.connection import Connection
from feeds.transports.conversation import Conversation, ConversationOver, OursRefused, ServerLeaves, Speech
from feeds.transports.hearing import Ear

_MOST_READ = 65_536  # octets at once
_NOT_NOW = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Lane:
    """A conversation over a connection. Each answer must come, and each message be taken, within ``seconds``.

    ``over`` says why the connection is no more, ``refused`` the answer by which nothing of ours is wanted.
    """

    def __init__(self, connection: Connection, conversation: Conversation, *, seconds: float) -> None:
        self._connection, self._conversation, self._seconds = connection, conversation, seconds
        self._ear, self._unsent, self._speech = Ear(), memoryview(b""), Speech(b"")
        self._deadline: float | None = None
        self.socket = connection.socket
        self.socket.setblocking(False)
        # Without this the system waits for an answer to one octet before it sends the next: 40 ms a message.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.again: list[Parcel] = []
        self.over, self.refused = "", ""

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is being handed over."""
        return self._conversation.is_idle

    @property
    def in_hand(self) -> int:
        """How many messages are being handed over."""
        return self._conversation.in_hand

    @property
    def at_brink(self) -> str | None:
        """The name of the message that waits for our word to go on."""
        return self._conversation.at_brink

    @property
    def wants(self) -> int:
        """What to wait for at the socket: always to read, and to write where something waits to go out."""
        return READ | (WRITE if self._unsent or self._conversation.speeches else 0)

    @property
    def deadline(self) -> float | None:
        """The instant, on the monotonic clock, by which the server must have gone on; None where it owes nothing."""
        return self._deadline

    def is_waiting_since(self, instant: float) -> bool:
        """Tell whether the server owes something, and did not owe it yet at an instant on the monotonic clock."""
        return self._deadline is not None and self._deadline - self._seconds >= instant

    def begin(self) -> None:
        """Begin the next message, if there is one, unless the server meanwhile hung up or spoke unasked."""
        self._hear()
        if not self.over:
            self._conversation.begin()
            self.send()

    def decide(self, *, goes: bool) -> None:
        """Go on with the message at the brink, or call it off."""
        self._conversation.decide(goes=goes)
        self.send()

    def steps(self) -> list[Step]:
        """Return what has become of messages since this was asked last."""
        found, self._conversation.steps = self._conversation.steps, []
        return found

    def attend(self, events: int) -> None:
        """Hear and say what can be heard and said without waiting."""
        if events & READ:
            self._hear()
        if not self.over:
            self.send()

    def check(self, now: float) -> None:
        """Give the connection up where the server has let its time pass."""
        if self._deadline is not None and now >= self._deadline:
            is_taking = bool(self._unsent)
            said = "not taken" if is_taking else "no answer"
            self._give_up(f"{said} within {self._seconds:g} seconds")

    def send(self) -> None:
        """Send what the server takes now."""
        try:
            while self._unsent or self._take_up(self._conversation.speeches):
                self._unsent = self._unsent[self.socket.send(self._unsent) :]
                if not self._unsent and self._speech.parcel is not None:
                    self._conversation.handed_over(self._speech.parcel)
                    self._be_patient()
        except _NOT_NOW:
            pass
        except OSError as error:
            self._hear()  # what the server said before it broke off counts
            if not self.over:
                self._give_up(f"the connection broke: {error.strerror or error}")

    def leave(self) -> None:
        """Take leave of the server, where there still is one."""
        if not self.over:
            self.socket.setblocking(True)
            self._connection.leave()

    def drop(self) -> None:
        """Close the connection without a word, whatever was being said."""
        self._connection.close()

    def _take_up(self, speeches: deque[Speech]) -> bool:
        """Take up what is to be said next; one who speaks again begins to wait anew."""
        if not speeches:
            return False
        if self._deadline is None or speeches[0].parcel is not None:
            self._be_patient()
        self._speech = speeches.popleft()
        self._unsent = memoryview(self._speech.octets)
        return True

    def _hear(self) -> None:
        try:
            while octets := self.socket.recv(_MOST_READ):
                for code, text in self._ear.heard(octets):
                    self._conversation.hear(code, text)
                    self._be_patient()
            self._give_up("the server closed the connection")
        except _NOT_NOW:
            pass
        except ServerLeaves as leaving:
            self._give_up(str(leaving), leaving.reply)
        except OursRefused as refusal:
            self.refused = str(refusal)
            self._give_up(self.refused)
        except ConversationOver as over:
            self._give_up(str(over))
        except ValueError as error:
            self._give_up(f"an answer that nobody can read: {error}")
        except OSError as error:
            self._give_up(f"the connection broke: {error.strerror or error}")

    def _be_patient(self) -> None:
        self._deadline = monotonic() + self._seconds if self._owes else None

    @property
    def _owes(self) -> bool:
        return self._conversation.is_waiting or bool(self._conversation.speeches)

    def _give_up(self, why: str, reply: Reply | None = None) -> None:
        self.over = why
        self.again = self._conversation.lost(why, reply)
        self._deadline = None
        self.drop()
