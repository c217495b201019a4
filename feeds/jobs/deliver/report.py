"""What a delivery run did, for people and machines.

Values only. Not here: doing it (delivering, drain).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds.model import DeliveryState
from feeds.rules.destinations import Destination

_TOLD = {DeliveryState.BOUNCED, DeliveryState.EXPIRED, DeliveryState.IN_DOUBT, DeliveryState.UNBUILDABLE}
MOST_TOLD = 1000  # of one kind; the store has all


@dataclass(slots=True)
class DeliverReport:
    """What was done: ``counts`` by the state that deliveries were left in.

    ``problems`` are (edition, address, state, what was said); ``paused`` editions wait for a person; ``stopped`` tells
    that it was asked to end early. ``unusable`` says why nothing can be handed over. ``waiting`` maps editions of
    newsletters that are gone from the config to what is queued of them; ``held`` is what waits for a person in all.
    ``withheld`` maps editions from which what was withdrawn cannot be taken out to the reason: they are not sent.
    ``unshown`` maps editions whose pictures are not on the site yet to what is queued of them, ``halted`` those that a
    person paused. ``resting`` maps destinations that take nothing for now to how many wait for them, until when, and
    what they said; ``passed_over`` maps transports that could not be used to the reason; ``is_limited`` tells that the
    transport was given all that it may have for now.
    """

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[str, str, str, str]] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    unshown: dict[str, int] = field(default_factory=dict)
    halted: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    recovered: int = 0
    unusable: str = ""
    stopped: bool = False
    is_limited: bool = False
    passed_over: dict[str, str] = field(default_factory=dict)
    resting: dict[str, tuple[int, datetime | None, str]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        return not (self.paused or self.waiting or self.withheld or self.unshown or self.held or self.unusable)

    def note(self, edition: str, address: str, *, state: DeliveryState, said: str) -> None:
        """Count where a delivery was left, and keep what was said of one that went wrong."""
        self.counts[state] = self.counts.get(state, 0) + 1
        if state in _TOLD and len(self.problems) < MOST_TOLD:
            self.problems.append((edition, address, state, said))

    def pass_over(self, transport: str, why: str) -> None:
        """Note that a transport cannot be used; that nothing can be delivered, unless another one can."""
        self.passed_over[transport] = self.unusable = why

    def rest(self, destination: Destination, number: int, *, said: str) -> None:
        """Note that a destination rests, and so many deliveries with it."""
        if number or said:
            before, _, words = self.resting.get(destination.domain, (0, None, ""))
            self.resting[destination.domain] = (before + number, destination.retry_at, said or words)
        if number:
            self.counts[DeliveryState.DEFERRED] = self.counts.get(DeliveryState.DEFERRED, 0) + number

    def make_good(self, ended: Mapping[DeliveryState, int]) -> None:
        """Take what has ended from the ledger, where a worker died before it could tell."""
        for state, number in ended.items():
            self.counts[state] = max(number, self.counts.get(state, 0))

    def pause(self, edition: str) -> None:
        """Note that an edition waits for a person."""
        if edition not in self.paused:
            self.paused.append(edition)

    def then(self, later: DeliverReport) -> DeliverReport:
        """Return what two runs did, one behind the other; what stands for now is as the later one left it."""
        whole = replace(later, counts={}, problems=[], paused=[], resting={}, passed_over={})
        whole.add(self)
        whole.add(later)
        whole.recovered = self.recovered + later.recovered
        whole.unusable, whole.stopped, whole.is_limited = later.unusable, later.stopped, later.is_limited
        return whole

    def add(self, other: DeliverReport) -> None:
        """Add what another worker did."""
        for state, number in other.counts.items():
            self.counts[state] = self.counts.get(state, 0) + number
        self.problems += other.problems[: MOST_TOLD - len(self.problems)]
        for edition in other.paused:
            self.pause(edition)
        self.unusable = self.unusable or other.unusable
        self.stopped = self.stopped or other.stopped
        self.is_limited = self.is_limited or other.is_limited
        self.passed_over |= other.passed_over
        for domain, (number, until, said) in other.resting.items():
            before, _, words = self.resting.get(domain, (0, None, ""))
            self.resting[domain] = (before + number, until, said or words)
