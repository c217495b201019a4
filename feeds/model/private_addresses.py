"""A reader's own address of a private feed.

A value only. Not here: the token in it (rules.private_tokens), keeping it (store.private_addresses).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateAddress:
    """A subscriber's own address of a private feed; ``is_barred`` where they were forgotten or are suppressed."""

    id: int
    feed: str
    subscriber_id: str
    created_at: datetime
    revoked_at: datetime | None = None
    is_barred: bool = False

    @property
    def is_open(self) -> bool:
        """Tell whether it still leads to the feed."""
        return self.revoked_at is None and not self.is_barred
