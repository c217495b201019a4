"""What may be under way: how much to each destination, and how much by a transport, for one worker at one edition.

Not here: what an answer says of a destination (rules.destinations), limits (rules.allowance), sending (drain).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime

from feeds.model import Reply
from feeds.rules.allowance import Limits, allowed, free_after, paced
from feeds.rules.destinations import Destination, after
from feeds.store import destinations
from feeds.store.deliveries import Claimed
from feeds.store.engine import Transaction


class Traffic:
    """The windows of destinations and the allowance of one transport."""

    def __init__(self, tx: Transaction, transport: str, limits: Limits, *, now: datetime) -> None:
        self._transport, self._limits = transport, limits
        self._standing = destinations.list_all(tx, transport)
        self._under_way = Counter[str]()
        self._begun_at: dict[int, datetime] = {}
        self._changed: dict[str, Destination] = {}
        resting = (domain for domain, one in self._standing.items() if one.rests(now))
        self._rested: dict[str, Reply | None] = dict.fromkeys(resting)
        self._unused = 0  # that count as given, and were not handed over
        self._has_begun = False
        self.is_used_up = self.is_paced_out = False

    def resting(self) -> Mapping[str, Reply | None]:
        """Return the destinations that have come to rest since this was asked last, and what they said.

        At first those that rest since an earlier run.
        """
        rested, self._rested = self._rested, {}
        # One may have taken a message since it refused another.
        return {domain: reply for domain, reply in rested.items() if self.standing(domain).retry_at is not None}

    def standing(self, domain: str) -> Destination:
        """Return how a destination stands."""
        return self._standing.get(domain) or Destination(domain=domain)

    def allow(self, tx: Transaction, most: int, now: datetime) -> int:
        """Return how many of so many messages the transport may be given now; they count as given."""
        if self._limits.are_none or not most:
            return most
        used = destinations.used(tx, self._transport, now)
        left, pace = allowed(self._limits, used, now), paced(self._limits, used, now)
        self.is_used_up, self.is_paced_out = left == 0, pace == 0
        number = min(most, left, pace)
        if number:
            free_at = free_after(self._limits, used, given=number, now=now)
            destinations.give(tx, self._transport, number, now=now, free_at=free_at)
        return number

    def next_of(self, claimed: deque[Claimed], most: int) -> list[Claimed]:
        """Take from what is claimed, in order, what may be begun: so many at most, and what windows let pass."""
        taken: list[Claimed] = []
        passed: list[Claimed] = []
        while claimed and len(taken) < most:
            one = claimed.popleft()
            is_free = self._under_way[one.delivery.domain] < self.standing(one.delivery.domain).window
            (taken if is_free else passed).append(one)
            self._under_way[one.delivery.domain] += is_free
        claimed.extendleft(reversed(passed))
        return taken

    def put_back(self, claimed: Claimed) -> None:
        """Note that what was taken is not begun now."""
        self._under_way[claimed.delivery.domain] -= 1

    def begin(self, claimed: Claimed, now: datetime) -> None:
        """Note that a message is given to the transport."""
        self._begun_at[claimed.delivery.id] = now

    def hand_over(self, tx: Transaction, now: datetime) -> None:
        """Note that the transport sends a message: from its first one on a new sender's days are counted."""
        if not (self._has_begun or self._limits.are_none):
            destinations.mark_first(tx, self._transport, at=now)
            self._has_begun = True

    def end(self, claimed: Claimed, reply: Reply | None, now: datetime) -> None:
        """Note what a destination answered, or that a message was not handed over, and so does not count as given."""
        domain = claimed.delivery.domain
        self._under_way[domain] -= 1
        begun_at = self._begun_at.pop(claimed.delivery.id, now)
        if reply is None:
            self._unused += 1
            return
        before = self.standing(domain)
        self._standing[domain] = self._changed[domain] = now_stands = after(before, reply, took=now - begun_at, now=now)
        if now_stands.rests(now) and not before.rests(now):
            self._rested[domain] = reply

    def write_down(self, tx: Transaction, now: datetime, *, all_of_it: bool = False) -> None:
        """Store what does not count as given, and how destinations stand that rest, or at the end that changed."""
        if self._unused and not self._limits.are_none:
            destinations.give(tx, self._transport, -self._unused, now=now, free_at=None)
        self._unused = 0
        changed = [one for one in self._changed.values() if all_of_it or one.rests(now)]
        destinations.put(tx, self._transport, changed, at=now)
        for one in changed:
            del self._changed[one.domain]
