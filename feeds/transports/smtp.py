"""Messages handed over to a mail server, over as many connections as it lets us have, none of which waits for another.

RFC 5321. Not here: opening a connection (opening), what is said over it (conversation), what a reply means (rules).
"""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Collection
from dataclasses import replace
from time import monotonic

from feeds.config import TransportConfig
from feeds.errors import TransportUnusable
from feeds.model import Parcel, Reply, Step
from feeds.transports import wire
from feeds.transports.connection import Connection
from feeds.transports.conversation import Conversation, Offers
from feeds.transports.lane import READ, Lane
from feeds.transports.openers import Opener
from feeds.transports.opening import open_connection, unusable

IMPLICIT_TLS_PORT = 465  # RFC 8314 section 3.3
# Steps that are told of together share one way to the disk in the ledger, which takes about as long.
LINGER_SECONDS = 0.001
PROMPT_SECONDS = 0.02  # an answer that takes longer is not lingered for


class SmtpTransport:
    """Hands messages to one mail server over connections that are kept open from message to message.

    Where the server refuses a further connection, those that it gave have to do.
    """

    name = "smtp"
    repeats = True

    def __init__(self, config: TransportConfig) -> None:
        self._config = config
        self._waiting: deque[Parcel] = deque()
        self._steps: list[Step] = []
        self._in_hand = 0  # messages that were taken, and of which nothing final has been told
        self._unusable: TransportUnusable | None = None
        self._most = config.connections
        self._lanes: list[Lane] = []
        self._opener: Opener | None = None
        self._selector = selectors.DefaultSelector()

    @property
    def room(self) -> int:
        """How many more messages are taken now; see Transport. Each connection has one, and another waiting."""
        return 0 if self._unusable else max(0, 2 * self._most - self._in_hand)

    def take(self, parcel: Parcel) -> None:
        """Take a message; see Transport."""
        parcel = replace(parcel, pieces=wire.written(parcel))
        if self._opener is None:
            self._opener, self._selector = Opener(self._open), selectors.DefaultSelector()
            self._selector.register(self._opener.bell, READ)
        self._waiting.append(parcel)
        self._in_hand += 1

    def work(self, go: Collection[str], seconds: float, /) -> list[Step]:
        """Go on; see Transport. A message takes five time-outs at most, and those of a new connection."""
        for lane in self._lanes:
            if (name := lane.at_brink) is not None:
                goes = name in go
                lane.decide(goes=goes)
                self._in_hand -= not goes
        self._set_out()
        if not self._steps:
            self._attend(seconds)
        linger = monotonic() + LINGER_SECONDS
        while self._steps and self._is_answer_near and (left := linger - monotonic()) > 0:
            self._attend(left)
        steps, self._steps = self._steps, []
        self._in_hand -= sum(step.reply is not None for step in steps)
        if not steps and self._unusable and not self._in_hand:
            error, self._unusable = self._unusable, None
            raise error
        return steps

    def close(self) -> None:
        """Take leave of the server; see Transport."""
        self._waiting.clear()
        self._steps.clear()
        self._in_hand = 0
        for lane in self._lanes:
            lane.drop() if lane.in_hand else lane.leave()
        self._lanes.clear()
        if self._opener is not None:
            self._opener.close()
            self._selector.close()
        self._opener = None
        self._most = self._config.connections

    @property
    def _is_answer_near(self) -> bool:
        recently = monotonic() - PROMPT_SECONDS
        return any(lane.is_waiting_since(recently) for lane in self._lanes)

    # ---- what goes on at the connections ----

    def _set_out(self) -> None:
        """Begin with what waits, on connections that are idle, or on further ones."""
        for lane in self._lanes:
            if self._waiting and lane.is_idle:
                lane.begin()
        self._gather()
        opener, free = self._opener, sum(not lane.in_hand for lane in self._lanes)
        while opener and opener.under_way < min(len(self._waiting) - free, self._most - len(self._lanes)):
            opener.start()

    def _attend(self, seconds: float) -> None:
        deadlines = [lane.deadline for lane in self._lanes if lane.deadline is not None]
        now = monotonic()
        left = max(0.0, min([now + seconds, *deadlines]) - now)
        for lane in self._lanes:
            self._selector.modify(lane.socket, lane.wants, lane)
        for key, events in self._selector.select(left):
            if key.data is not None:
                key.data.attend(events)
            elif self._opener is not None:
                self._take_in(self._opener)
        self._gather()

    def _gather(self) -> None:
        """Gather what has become of messages, and let go of connections that are no more."""
        now = monotonic()
        for lane in [*self._lanes]:
            lane.check(now)
            self._steps += lane.steps()
            if lane.over:
                self._lose(lane)

    def _lose(self, lane: Lane) -> None:
        self._selector.unregister(lane.socket)
        self._lanes.remove(lane)
        self._waiting.extendleft(reversed(lane.again))
        if lane.refused:
            self._in_hand -= 1
            keys = f"the newsletter's from, and {self._config.section} username and password"
            self._give_up(unusable(self._config, lane.refused, f"check {keys}; no reader is to blame"))
        elif self._unusable:
            self._give_up(self._unusable)

    def _give_up(self, error: TransportUnusable) -> None:
        """Begin nothing more: what is being handed over ends, and then the error is raised."""
        self._unusable = self._unusable or error
        self._in_hand -= len(self._waiting)
        self._waiting.clear()

    def _next(self) -> Parcel | None:
        return self._waiting.popleft() if self._waiting else None

    # ---- opening ----

    def _open(self) -> Connection | Reply:
        return open_connection(self._config, implicit_tls=self._config.port == IMPLICIT_TLS_PORT)

    def _take_in(self, opener: Opener) -> None:
        """Take in what was opened. Where it failed the others do, and only without any the server is to blame."""
        # Those that are open come first: beside them a refusal has no weight.
        for found in sorted(opener.found(), key=lambda one: not isinstance(one, Connection)):
            if isinstance(found, Connection):
                self._add(found)
            elif self._lanes or opener.under_way:
                self._most = max(1, len(self._lanes) + opener.under_way)
            elif isinstance(found, Reply):
                self._blame(found)
            else:
                self._fail(found)

    def _add(self, connection: Connection) -> None:
        conversation = Conversation(self._next, offers_of(connection))
        lane = Lane(connection, conversation, seconds=self._config.timeout_seconds)
        self._selector.register(lane.socket, READ, lane)
        self._lanes.append(lane)
        if self._waiting:
            lane.begin()

    def _blame(self, reply: Reply) -> None:
        """Answer one message with what the server said at the door."""
        if (parcel := self._next()) is not None:
            self._steps.append(Step(parcel.envelope.name, reply))

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, TransportUnusable):
            raise error
        self._give_up(error)


def offers_of(connection: Connection) -> Offers:
    """Return what a server said at EHLO that it offers."""
    if not connection.has_extn("size"):
        return Offers(connection.has_extn("pipelining"))
    most = connection.esmtp_features["size"]
    return Offers(connection.has_extn("pipelining"), int(most[:18]) if most.isdecimal() else 0)
