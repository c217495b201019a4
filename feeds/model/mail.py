"""Nouns of the post: readers, editions, and what is brought to whom.

Values only, frozen. Not here: decisions about them (rules), keeping them (store), carrying them (transports).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Part = bytes | tuple[bytes, ...]  # of what a selection was rendered to: whole, or in pieces that others have too


class SubscriptionState(StrEnum):
    """Where a subscription stands: only ACTIVE ones are mailed, and only consent makes one of them."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


class EditionState(StrEnum):
    """Where an edition stands: COMPOSED once it is fixed, PAUSED while a person holds it back, CANCELLED when a person
    or an empty selection ended it.
    """

    COMPOSED = "composed"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class DeliveryKind(StrEnum):
    """What a delivery brings: an edition, or a notice."""

    EDITION = "edition"
    NOTICE = "notice"


class DeliveryState(StrEnum):
    """Where a delivery stands.

    ``queued → claimed → sending → sent``, or ``deferred`` and claimed again. SENDING is stored before a message is
    handed over, so that a killed worker leaves IN_DOUBT behind, never a guess. UNBUILDABLE waits for a person.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    UNBUILDABLE = "unbuildable"
    SENT = "sent"
    BOUNCED = "bounced"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"


FINAL = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.BOUNCED,
        DeliveryState.EXPIRED,
        DeliveryState.SUPPRESSED,
        DeliveryState.CANCELLED,
    }
)
# A delivery in one of these brought its reader nothing: the reader has not had its entries.
NOT_HAD = FINAL - {DeliveryState.SENT}


class Phase(StrEnum):
    """How far the handing over of one message had come when the server last spoke, or fell silent (RFC 5321)."""

    SENDER = "sender"  # MAIL FROM
    RECIPIENT = "recipient"  # RCPT TO
    BODY = "body"  # DATA, up to the final dot
    END = "end"  # behind the final dot: from here on silence leaves it in doubt


@dataclass(frozen=True, slots=True)
class Reply:
    """What a transport was answered: basic code, enhanced code (RFC 3463) if any, text, and in which phase.

    ``code`` is 0 where no answer came that could be read.
    """

    code: int
    enhanced: str | None
    text: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Envelope:
    """The addresses that a transport sees, both in ASCII, and ``name``: the delivery's own, the same on each try."""

    sender: str
    recipient: str
    name: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way to one recipient, in ``pieces`` of whole lines, some of them shared with other messages.

    ``was_named`` where a connection broke when only its sender was named.
    """

    pieces: tuple[bytes, ...]
    envelope: Envelope
    was_named: bool = False

    @property
    def size(self) -> int:
        """The message's size in octets."""
        return sum(map(len, self.pieces))


@dataclass(frozen=True, slots=True)
class Step:
    """How far the message of that ``name`` has come: ``reply`` is what was answered in the end.

    Without one it is at the brink: accepted, and nothing of it handed over yet.
    """

    name: str
    reply: Reply | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person who is mailed. ``id`` is random; ``address`` is ASCII as it is written to, ``address_key`` what it is
    known by, whatever its letter case. ``language`` and ``timezone`` are None where they never said.
    """

    id: str
    address: str
    address_key: str
    name: str
    created_at: datetime
    forgotten_at: datetime | None = None
    language: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscriber on a newsletter. Entries from before ``floor_at`` are never brought; None until it is settled.

    ``generation`` is raised where it begins anew, which revokes the tokens of before. ``preferences`` are what the
    reader chose (see ``feeds.rules.preferences``). Since ``by_feed_since`` a private feed brings it in place of mail.
    """

    subscriber_id: str
    newsletter: str
    state: SubscriptionState
    confirmed_at: datetime | None = None
    paused_until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    floor_at: datetime | None = None
    generation: int = 0
    preferences: Mapping[str, Any] = field(default_factory=dict)
    by_feed_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One numbered issue of a newsletter, fixed once composed.

    ``slot`` is its due instant as the newsletter's zone writes it, or an entry's id where each article is an edition.
    ``id`` is made of newsletter and slot, so that a store restored from a backup makes the same one again.
    """

    id: str
    newsletter: str
    series: str
    slot: str
    due_at: datetime
    number: int
    state: EditionState
    composed_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The promise to bring one edition or notice to one subscriber, and what became of it.

    ``about`` is that edition's or notice's id; a notice has a selection where it carries an edition. ``dated_at`` is
    the Date of its message, set at the first attempt and kept. ``generation`` counts deliberate re-sends; ``crashes``
    how often a worker died with it in hand. ``reply`` is the last answer, or the reason.
    """

    id: int
    kind: DeliveryKind
    about: str
    subscriber_id: str
    selection_id: str | None
    transport: str
    domain: str
    state: DeliveryState
    generation: int
    attempts: int
    crashes: int
    queued_at: datetime
    due_at: datetime
    dated_at: datetime | None = None
    ended_at: datetime | None = None
    reply_code: int | None = None
    reply_enhanced: str | None = None
    reply_text: str | None = None


def whole(parts: Mapping[str, Part]) -> dict[str, bytes]:
    """Return the parts of a rendering, each whole."""
    return {name: whole_part(part) for name, part in parts.items()}


def whole_part(part: Part) -> bytes:
    """Return a part of a rendering whole."""
    return part if isinstance(part, bytes) else b"".join(part)
