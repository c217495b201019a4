"""Nouns of what comes back: bounces, complaints, mail by which somebody leaves.

Values only, frozen. Not here: reading and judging them (rules), keeping them (store).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

REFUSAL = "refusal:"  # begins the ids of what no message told us


class Kind(StrEnum):
    """What a report is. HARD and COMPLAINT suppress at once, SOFT counts, ABOUT_US says nothing of the reader.

    AUTOMATIC is a vacation reply, a receipt, a challenge. UNPROVEN has nothing in it that only we can have sent,
    UNCLEAR nothing that can be read.
    """

    HARD = "hard"
    SOFT = "soft"
    ABOUT_US = "about us"
    COMPLAINT = "complaint"
    LEAVE = "leave"
    DELAY = "delay"
    AUTOMATIC = "automatic"
    UNPROVEN = "unproven"
    UNCLEAR = "unclear"


class Reason(StrEnum):
    """Why a message came back, or why an address is not mailed."""

    USER_UNKNOWN = "user unknown"
    HOST_UNKNOWN = "host unknown"
    MAILBOX_FULL = "mailbox full"
    MAILBOX_DISABLED = "mailbox disabled"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    SIZE = "size"
    POLICY = "policy"
    SPAM = "spam"
    CONTENT = "content"
    OTHER = "other"
    COMPLAINT = "complaint"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A report as it was taken in; ``id`` is the hash of it, ``data`` its beginning, as evidence.

    What a server said at once, while a delivery was under way, is kept as one too: under an id that names the delivery.
    ``delivery_id`` and ``address_key`` are None where nothing in it proves that we sent it. ``reason`` is None where
    its kind has none.
    """

    id: str
    received_at: datetime
    kind: Kind
    reason: Reason | None = None
    delivery_id: int | None = None
    address_key: str | None = None
    data: bytes = b""

    @property
    def is_refusal(self) -> bool:
        """Tell whether a server said it at once: ``data`` is its answer then, and no message."""
        return self.id.startswith(REFUSAL)
