"""The nouns of WebSub: a hub that is to hear of a document, and where that stands.

Not here: when a ping is tried again (rules.pinging).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PingState(StrEnum):
    """Where a ping stands: it waits for its first try or for another, was taken, or was given up."""

    QUEUED = "queued"
    DEFERRED = "deferred"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """The promise to tell a hub that a document changed: ``topic`` is its address, ``reply`` what the hub said last."""

    topic: str
    hub: str
    state: PingState
    attempts: int
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    reply: str | None = None
