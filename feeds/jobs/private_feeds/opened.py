"""What a reader's own address leads to, as values.

Not here: finding it (opening, newsletter), printing it (printing).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from feeds.config import FeedConfig


class Standing(StrEnum):
    """What becomes of an address that leads to no feed: nobody ever had it, or it has ended."""

    UNKNOWN = "unknown"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """The entries of a newsletter that its feed is the first to give a reader."""

    subscriber_id: str
    newsletter: str
    entry_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A private feed as one reader has it now.

    ``token`` is what makes the address theirs. ``held`` are (entry id, change), the newest first; ``left`` (entry id,
    when) what was withdrawn lately. One that brings a newsletter in place of mail has what is ``fresh``, and a
    ``taste``, in words, of those who share it.
    """

    token: str = field(repr=False)
    feed: FeedConfig
    held: tuple[tuple[str, int], ...]
    left: tuple[tuple[str, datetime], ...] = ()
    fresh: Fresh | None = None
    taste: str = ""

    @property
    def mark(self) -> Hashable:
        """Return what differs when something of its entries does."""
        return self.held, self.left
