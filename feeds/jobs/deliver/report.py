"""What a delivery run did, for people and machines.

Values only. Not here: doing it (delivering, drain).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from feeds.model import DeliveryState

_TOLD = {DeliveryState.BOUNCED, DeliveryState.EXPIRED, DeliveryState.IN_DOUBT, DeliveryState.UNBUILDABLE}
MOST_TOLD = 1000  # of one kind; the store has all


@dataclass(slots=True)
class DeliverReport:
    """What was done: ``counts`` by the state that deliveries were left in.

    ``problems`` are (edition, address, state, what was said); ``paused`` editions wait for a person; ``stopped`` tells
    that it was asked to end early. ``unusable`` says why nothing can be handed over. ``waiting`` maps editions of
    newsletters that are gone from the config to what is queued of them; ``held`` is what waits for a person in all.
    ``withheld`` maps editions from which what was withdrawn cannot be taken out to the reason: they are not sent.
    ``unshown`` maps editions whose pictures are not on the site yet to what is queued of them.
    """

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[tuple[str, str, str, str]] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    waiting: dict[str, int] = field(default_factory=dict)
    withheld: dict[str, str] = field(default_factory=dict)
    unshown: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    recovered: int = 0
    unusable: str = ""
    stopped: bool = False

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing needs a person."""
        return not (self.paused or self.waiting or self.withheld or self.unshown or self.held or self.unusable)

    def note(self, edition: str, address: str, *, state: DeliveryState, said: str) -> None:
        """Count where a delivery was left, and keep what was said of one that went wrong."""
        self.counts[state] += 1
        if state in _TOLD and len(self.problems) < MOST_TOLD:
            self.problems.append((edition, address, state, said))

    def pause(self, edition: str) -> None:
        """Note that an edition waits for a person."""
        if edition not in self.paused:
            self.paused.append(edition)
