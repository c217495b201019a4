"""What a mail server's log says of our messages: which it took, and what became of them; of Postfix and of Exim.

Pure: lines go in one by one, and of them only what is under way of messages that are asked for is kept. Not here: when
lines were written (mail_log_times), reading files (jobs).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from feeds.rules.mail_log_times import Stamps
from feeds.rules.message_identity import edition_part

# The program and its process's number, which stands in brackets, or as RFC 5424 has it.
_POSTFIX = re.compile(rb" postfix(?:[^ /]*/)+([a-z-]+)[\[ ]([0-9]+)(?:\]:| - -(?: -)?) ")
_QUEUE_ID = re.compile(rb"([0-9A-Za-z]{5,30}): ")
_BROKEN = (b"lost connection after DATA ", b"timeout after DATA ")  # with the octets that had come, within the message
_MESSAGE_ID = re.compile(rb"message-id=<([^<> ]{1,998})>")
_STATUS = re.compile(rb" (?:dsn=([0-9.]+), )?status=([a-z]+) (.*)", re.DOTALL)
_EXIM = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}(?: [+-][0-9]{4})?(?: \[[0-9]+\])?"
    rb" ([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) (<=|=>|->|\*\*|==|Completed) ?(.*)",
    re.DOTALL,
)
_EXIM_ID = re.compile(rb" id=([^ ]{1,998})")
_ENHANCED = re.compile(r"\b([245]\.[0-9]{1,3}\.[0-9]{1,3})\b")
LONGEST_WORDS = 500  # of the server, in characters


class Fate(StrEnum):
    """What became of a message at the server. BROKEN was surely not taken; only from TAKEN on it surely was.

    NAMED has come in, and nothing says yet that it was taken: Postfix tells so when it gets to it, which may be hours.
    """

    BROKEN = "broken"
    NAMED = "named"
    TAKEN = "taken"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    SENT = "sent"


# Of two, which says more: one of several copies that arrived counts.
_RANK = {fate: rank for rank, fate in enumerate(Fate)}
_POSTFIX_FATES = {b"sent": Fate.SENT, b"bounced": Fate.BOUNCED, b"expired": Fate.BOUNCED, b"deferred": Fate.DEFERRED}
_EXIM_FATES = {b"=>": Fate.SENT, b"->": Fate.SENT, b"**": Fate.BOUNCED, b"==": Fate.DEFERRED}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message in a server's log: the ``name`` of it, when it came, as what the server queued it, what it said."""

    name: str
    at: datetime | None
    queue_id: str
    fate: Fate = Fate.NAMED
    said: str = ""

    @property
    def was_taken(self) -> bool:
        """Tell whether the server surely took it."""
        return self.fate not in {Fate.BROKEN, Fate.NAMED}

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) of what became of it."""
        found = _ENHANCED.search(self.said)
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class _Event:
    """What one line says: of a queue's id, that a message came, what became of it, or that it is gone."""

    queue_id: bytes
    name: bytes | None = None
    fate: Fate | None = None
    said: bytes = b""
    is_over: bool = False


def name_of(message_id: str) -> str:
    """Return what a message is known by in a log: its Message-ID without the host, which may have changed."""
    return message_id.rpartition("@")[0]


class LogReading:
    """Takes a log's lines, and keeps what it says of the messages that are asked for, by name, in ``seen``.

    ``unknown`` is called with the name of each message of our making that is not asked for, and when it came.
    """

    def __init__(self, wanted: Container[str], unknown: Callable[[str, datetime | None], None]) -> None:
        self.seen: dict[str, Sighting] = {}
        self._wanted, self._unknown = wanted, unknown
        self._under_way: dict[bytes, Sighting] = {}
        self._at: dict[bytes, bytes] = {}  # what each process of Postfix that takes mail in has begun, by its number

    def take(self, line: bytes, stamps: Stamps) -> None:
        """Take the next line; files come in the order of their times."""
        event = self._postfix(line) if b" postfix" in line else _exim(line)
        if event is None:
            return
        if event.name is not None:
            self._begin(event, line, stamps)
        before = self._under_way.get(event.queue_id)
        if before is None:
            return
        if event.fate and (_RANK[event.fate] >= _RANK[before.fate] or before.fate is Fate.NAMED):
            said = event.said.decode(errors="replace").strip()[:LONGEST_WORDS] or before.said
            self._put(replace(before, fate=event.fate, said=said), event.queue_id)
        if event.is_over:
            del self._under_way[event.queue_id]

    def _postfix(self, line: bytes) -> _Event | None:
        head = _POSTFIX.search(line, line.find(b" postfix"))
        if head is None:
            return None
        program, process = head.groups()
        found = _QUEUE_ID.match(line, head.end())
        if program == b"smtpd":
            return self._coming_in(process, found[1] if found else None, line[head.end() :])
        if found is None or (program != b"cleanup" and found[1] not in self._under_way):
            return None
        return _TOLD.get(program, _delivered)(found[1], line[found.end() :])

    def _coming_in(self, process: bytes, queue_id: bytes | None, text: bytes) -> _Event | None:
        """Return what a process says that takes mail in: a message that breaks off within DATA was not taken."""
        if queue_id:
            if text.startswith(b"client=", len(queue_id) + 2):
                self._at[process] = queue_id
            return None
        is_broken = text.startswith(_BROKEN)
        begun = self._at.pop(process, None) if is_broken or text.startswith(b"disconnect from") else None
        return _Event(begun, fate=Fate.BROKEN, is_over=True) if begun and is_broken else None

    def _begin(self, event: _Event, line: bytes, stamps: Stamps) -> None:
        """Note a message that came; a queue's id that was used before is another message's now."""
        self._under_way.pop(event.queue_id, None)
        name = name_of((event.name or b"").decode(errors="replace"))
        if name in self._wanted:
            self._put(Sighting(name, stamps.read(line), event.queue_id.decode()), event.queue_id)
        elif edition_part(name):
            self._unknown(name, stamps.read(line))

    def _put(self, sighting: Sighting, queue_id: bytes) -> None:
        """Keep a sighting, unless another copy of the message is known to have come further."""
        self._under_way[queue_id] = sighting
        known = self.seen.get(sighting.name)
        if known is None or known.queue_id == sighting.queue_id or _RANK[sighting.fate] > _RANK[known.fate]:
            self.seen[sighting.name] = sighting


def _named(queue_id: bytes, text: bytes) -> _Event | None:
    """Return what is said of a message that comes in."""
    if text.startswith((b"milter-reject: END-OF-MESSAGE", b"reject: ")):
        return _Event(queue_id, fate=Fate.BROKEN, is_over=True)
    named = _MESSAGE_ID.match(text)
    return _Event(queue_id, name=named[1]) if named else None


def _delivered(queue_id: bytes, text: bytes) -> _Event | None:
    """Return what is said by any program that brings messages on: smtp, pipe, local and others."""
    status = _STATUS.search(text)
    if status is None or status[2] not in _POSTFIX_FATES:
        return None
    dsn = b"%b " % status[1] if status[1] else b""
    return _Event(queue_id, fate=_POSTFIX_FATES[status[2]], said=dsn + status[3])


def _queue(queue_id: bytes, text: bytes) -> _Event | None:
    """Return what the queue's manager says: what it has in its queue was taken for good."""
    if text.startswith(b"removed"):
        return _Event(queue_id, is_over=True)
    if b"status=expired" in text:
        return _Event(queue_id, fate=Fate.BOUNCED, said=b"expired at the mail server")
    return _Event(queue_id, fate=Fate.TAKEN) if text.startswith(b"from=<") and b"queue active" in text else None


def _exim(line: bytes) -> _Event | None:
    found = _EXIM.match(line)
    if found is None:
        return None
    queue_id, flag, text = found.groups()
    if flag == b"<=":
        named = _EXIM_ID.search(b" " + text)
        return _Event(queue_id, name=named[1].strip(b"<>"), fate=Fate.TAKEN) if named else None
    if flag == b"Completed":
        return _Event(queue_id, is_over=True)
    return _Event(queue_id, fate=_EXIM_FATES[flag], said=text)


_TOLD: Mapping[bytes, Callable[[bytes, bytes], _Event | None]] = {b"cleanup": _named, b"qmgr": _queue}
