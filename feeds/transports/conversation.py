"""One message after another over one connection, as questions and answers, so that it is known how far each had come.

RFC 5321; where the server pipelines (RFC 2920), a message is named while the one before it is still being answered.
Pure: replies in, octets out. Not here: sockets and time (lane), what a reply means and when to try again (rules).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from feeds.model import Parcel, Phase, Reply, Step
from feeds.rules.replies import is_about_us
from feeds.transports import wire
from feeds.transports.hearing import reply_of

# What each phase goes on with: 354 asks for the body, all others are answered with a 2xx.
_GOES_ON = {Phase.SENDER: 2, Phase.RECIPIENT: 2, Phase.BODY: 3, Phase.END: 2}


class ConversationOver(Exception):
    """The connection is to be given up; the text says why."""


class ServerLeaves(ConversationOver):
    """The server answered 421, and closes the connection."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(reply.text)


class OursRefused(ConversationOver):
    """The server refuses what is ours, so that no other message of ours will be taken either."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(f"refuses our mail: {reply.code} {reply.text}")


@dataclass(frozen=True, slots=True)
class Offers:
    """What a server offers (RFC 5321 section 4.1.1.1): pipelining, and the largest message; 0 sets no limit.

    ``largest`` is None where it does not want to be told sizes (RFC 1870).
    """

    pipelines: bool = False
    largest: int | None = None


@dataclass(slots=True)
class _Awaited:
    """An answer that is still to come: to which step of which message, or to a RSET where there is none.

    ``is_to_body`` where the message's own octets are what is answered.
    """

    phase: Phase
    parcel: Parcel | None = None
    is_to_body: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """Octets to send. ``parcel`` is set where they are the whole of a message, with its final dot.

    ``answers`` is how many are heard once it is sent, and not before: of a message a server may have enough earlier.
    """

    octets: bytes
    parcel: Parcel | None = None
    answers: int = 1


class Conversation:
    """Talks a connection through its messages, which ``supply`` gives one by one.

    ``speeches`` are what is to be sent, in order, ``steps`` what has become of messages; their reader empties both.
    """

    def __init__(self, supply: Callable[[], Parcel | None], offers: Offers) -> None:
        self._supply, self._offers = supply, offers
        self._awaited: deque[_Awaited] = deque()
        self._brink: Parcel | None = None
        self._misnamed: Parcel | None = None  # its sender was refused, and its recipient is answered yet
        self._was_used = False
        self.speeches: deque[Speech] = deque()
        self.steps: list[Step] = []

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is being handed over: the next message may begin."""
        return not self._awaited and self._brink is None

    @property
    def in_hand(self) -> int:
        """How many messages are being handed over: at most two."""
        named = {awaited.parcel.envelope.name for awaited in self._awaited if awaited.parcel is not None}
        return len(named) + (self._brink is not None)

    @property
    def is_waiting(self) -> bool:
        """Tell whether the server owes an answer."""
        return bool(self._awaited)

    @property
    def at_brink(self) -> str | None:
        """The name of the message that waits for our word to go on, if one does."""
        return self._brink.envelope.name if self._brink else None

    def begin(self) -> None:
        """Name the next message to the server, if there is one; one that is too large is refused without asking."""
        while (parcel := self._supply()) is not None:
            said = self._too_large(parcel)
            if not said:
                self._name(parcel)
                return
            self.steps.append(Step(parcel.envelope.name, Reply(552, "5.3.4", said, Phase.SENDER)))

    def decide(self, *, goes: bool) -> None:
        """Go on with the message at the brink, or make the server forget it."""
        parcel, self._brink = self._brink, None
        if goes:
            self._say(b"DATA\r\n", Phase.BODY, parcel)
        else:
            self._forget()

    def handed_over(self, parcel: Parcel) -> None:
        """Note that a message went out whole: from here on silence leaves it in doubt."""
        for awaited in self._awaited:
            if awaited.parcel is parcel and awaited.phase is Phase.BODY:
                awaited.phase = Phase.END

    def hear(self, code: int, text: bytes) -> None:
        """Take in a reply. Raises ConversationOver where the connection is to be given up."""
        if len(self._awaited) <= sum(speech.answers for speech in self.speeches):  # it answers what it has not heard
            raise ConversationOver("the server spoke unasked")
        awaited = self._awaited.popleft()
        if awaited.parcel is None:
            if code != 250:
                raise ConversationOver("the server did not forget a message that was called off")
            self._go_on()
            return
        if awaited.parcel is self._misnamed:
            self._misnamed = None
            self._go_on()
            return
        is_early = awaited.is_to_body and awaited.phase is not Phase.END
        goes_on = code // 100 == _GOES_ON[awaited.phase] and not is_early
        if goes_on and awaited.phase is not Phase.END:  # most answers: their words are of no interest
            self._go_further(awaited.phase, awaited.parcel)
            return
        reply = reply_of(code, text, awaited.phase)
        if code < 400 and not goes_on:  # we no longer know what it is answering
            self._awaited.appendleft(awaited)
            raise ConversationOver(f"an answer out of place: {code} {reply.text}")
        if code == 421:  # it closes the connection, whatever it was asked (RFC 5321 section 3.8)
            self._awaited.appendleft(awaited)
            raise ServerLeaves(reply)
        if awaited.phase in {Phase.SENDER, Phase.RECIPIENT} and is_about_us(reply):
            self._misnamed = awaited.parcel
            raise OursRefused(reply)
        self._end(awaited.parcel, reply)
        self._go_on() if awaited.phase is Phase.END else self._be_refused(awaited)

    def lost(self, problem: str, reply: Reply | None = None) -> list[Parcel]:
        """Settle what the connection leaves open when it is lost; return what may be tried at once on another one.

        ``reply`` answers the message that was being asked about; otherwise silence does. A server may close a
        connection that was idle: what was only named on a used one is nobody's fault.
        """
        again: list[Parcel] = []
        settled = [self._misnamed]
        for awaited in self._awaited:
            parcel, phase = awaited.parcel, awaited.phase
            if parcel is None or parcel in settled:
                continue
            settled.append(parcel)
            if phase is Phase.SENDER and self._was_used and not parcel.was_named:
                again.append(replace(parcel, was_named=True))
            else:
                answer = reply if awaited is self._awaited[0] else None
                self._end(parcel, answer or Reply(0, None, problem, phase))
        if self._brink is not None:
            self._end(self._brink, Reply(0, None, problem, Phase.RECIPIENT))
        self._awaited.clear()
        self._brink = None
        return again

    # ---- step by step ----

    def _name(self, parcel: Parcel) -> None:
        size = f" SIZE={parcel.size}" if self._offers.largest is not None else ""
        sender = f"MAIL FROM:<{parcel.envelope.sender}>{size}\r\n".encode("ascii")
        if not self._offers.pipelines:
            self._say(sender, Phase.SENDER, parcel)
            return
        self.speeches.append(Speech(sender + _recipient(parcel), answers=2))
        self._awaited += (_Awaited(Phase.SENDER, parcel), _Awaited(Phase.RECIPIENT, parcel))

    def _go_further(self, phase: Phase, parcel: Parcel) -> None:
        """Take the next step with a message, at which the server has nothing against the last one."""
        if phase is Phase.SENDER:
            if not self._offers.pipelines:
                self._say(_recipient(parcel), Phase.RECIPIENT, parcel)
        elif phase is Phase.RECIPIENT:
            self._brink = parcel
            self.steps.append(Step(parcel.envelope.name))
        else:
            self.speeches.append(Speech(b"".join((*parcel.pieces, wire.FINAL_DOT)), parcel, answers=0))
            self._awaited.append(_Awaited(Phase.BODY, parcel, is_to_body=True))
            if self._offers.pipelines:
                self.begin()

    def _be_refused(self, awaited: _Awaited) -> None:
        """Go on after a message was refused before it was handed over."""
        if awaited.phase is Phase.SENDER and self._offers.pipelines:
            self._misnamed = awaited.parcel  # and its recipient is answered yet
        elif awaited.phase is Phase.SENDER:
            self._go_on()
        elif awaited.is_to_body:
            raise ConversationOver("the server refused a message before it had all of it")
        else:
            self._forget()

    def _forget(self) -> None:
        self._say(b"RSET\r\n", Phase.SENDER, None)

    def _go_on(self) -> None:
        if self.is_idle:
            self.begin()

    def _say(self, octets: bytes, phase: Phase, parcel: Parcel | None) -> None:
        self.speeches.append(Speech(octets))
        self._awaited.append(_Awaited(phase, parcel))

    def _end(self, parcel: Parcel, reply: Reply) -> None:
        self._was_used = True
        self.steps.append(Step(parcel.envelope.name, reply))

    def _too_large(self, parcel: Parcel) -> str:
        size, largest = parcel.size, self._offers.largest
        if not largest or size <= largest:
            return ""
        return f"the message has {size} octets and is larger than the server takes ({largest})"


def _recipient(parcel: Parcel) -> bytes:
    return f"RCPT TO:<{parcel.envelope.recipient}>\r\n".encode("ascii")
