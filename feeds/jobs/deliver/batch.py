"""What is sent together: the deliveries of one edition, or all notices.

The sender knows only of batches, so that notices go the same way as editions. Not here: sending (drain), the statements
(store).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from feeds.model import DeliveryState, Edition, Reply
from feeds.rules import delivering
from feeds.rules.allowance import Limits, of_editions
from feeds.rules.destinations import Destination
from feeds.store import deliveries, delivery_lists, destinations, notices
from feeds.store.deliveries import Claimed
from feeds.store.delivery_lists import NOTICES
from feeds.store.engine import Transaction


@dataclass(frozen=True, slots=True)
class Batch:
    """The deliveries of an edition; those of all notices where it is None."""

    edition: Edition | None = None

    @property
    def name(self) -> str:
        """What people know it by: the edition's id, or "notices"."""
        return self.edition.id if self.edition else NOTICES

    def standing(self, tx: Transaction) -> tuple[int, int]:
        """Return how many of its deliveries there are, and how many of them could not be built."""
        if self.edition is None:
            return 0, 0
        counts = delivery_lists.count_by_state(tx, [self.name]).get(self.name, {})
        return sum(counts.values()), counts.get(DeliveryState.UNBUILDABLE, 0)

    def within(self, limits: Limits) -> Limits:
        """Return what it is held to of a transport's limits: an edition leaves some of them to notices."""
        return limits if self.edition is None else of_editions(limits)

    def must_pause(self, unbuildable: int, total: int) -> bool:
        """Tell whether it waits for a person; notices never do, since each is made for itself."""
        return self.edition is not None and delivering.must_pause(unbuildable, total)

    def claim(
        self, tx: Transaction, *, worker: str, now: datetime, limit: int, but_for: Collection[str]
    ) -> list[Claimed]:
        """Take up to ``limit`` of its queued deliveries into a worker's hands."""
        if self.edition is None:
            return notices.claim(tx, worker=worker, now=now, limit=limit, but_for=but_for)
        return deliveries.claim(tx, self.edition, worker=worker, now=now, limit=limit, but_for=but_for)

    def rest(self, tx: Transaction, destination: Destination, *, reply: Reply | None) -> int:
        """Defer what is queued of it for a destination that rests; return how much it is."""
        return destinations.rest(tx, self.edition.id if self.edition else None, destination, reply=reply)
