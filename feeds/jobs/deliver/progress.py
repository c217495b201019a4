"""How far a delivery run is: told a few times a second to whoever follows it, and by which destinations it is held up.

Not here: sending (drain), what is shown of it (cli).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from feeds.model import DeliveryState

TELL_SECONDS = 0.3
SLOW_SECONDS = 5.0  # without an answer, after which a destination is named
MOST_NAMED = 5  # destinations of a kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How far a run is: ``done`` of ``total`` deliveries, and the address of the last one.

    ``deferring`` says how many were deferred by which destination in this run; ``slow`` for how many seconds one has
    not answered.
    """

    done: int
    total: int
    address: str = ""
    deferring: tuple[tuple[str, int], ...] = ()
    slow: tuple[tuple[str, float], ...] = ()


class InHand(Protocol):
    """Something that is with the transport."""

    @property
    def domain(self) -> str:
        """Its destination."""


class Tally:
    """Counts what one worker does, and tells of it every now and then. ``tell`` may cost something; the rest does not.

    ``total`` is what there is to do for all workers.
    """

    def __init__(self, tell: Callable[[Sending], None], total: int) -> None:
        self._tell, self._total, self._next = tell, total, 0.0
        self._done, self._address, self._deferring = 0, "", Counter[str]()
        self._since: dict[str, float] = {}

    def note(self, address: str, domain: str, state: DeliveryState) -> None:
        """Count a delivery that was left in a state."""
        self._done += 1
        self._address = address
        if state is DeliveryState.DEFERRED:
            self._deferring[domain] += 1

    def beat(self, in_hand: Mapping[str, InHand]) -> None:
        """Tell how far things are if it is time to; ``in_hand`` is what is with the transport, by name."""
        if (now := monotonic()) < self._next:
            return
        self._next = now + TELL_SECONDS
        self._since = {name: self._since.get(name, now) for name in in_hand}
        slow: dict[str, float] = {}
        for name, since in self._since.items():
            if now - since >= SLOW_SECONDS:
                domain = in_hand[name].domain
                slow[domain] = max(slow.get(domain, 0.0), now - since)
        self._say(slow)

    def end(self) -> None:
        """Tell how far it came."""
        self._say({})

    def _say(self, slow: Mapping[str, float]) -> None:
        most = tuple(self._deferring.most_common(MOST_NAMED))
        said = Sending(
            done=self._done, total=self._total, address=self._address, deferring=most, slow=_slowest(slow.items())
        )
        self._tell(said)


def together(parts: Iterable[Sending]) -> Sending:
    """Return how far several workers at one run are; at least one of them has said so."""
    told = list(parts)
    deferring, slow = Counter[str](), dict[str, float]()
    for one in told:
        deferring.update(dict(one.deferring))
        slow |= {domain: max(seconds, slow.get(domain, 0.0)) for domain, seconds in one.slow}
    return Sending(
        done=sum(one.done for one in told),
        total=told[-1].total,
        address=told[-1].address,
        deferring=tuple(deferring.most_common(MOST_NAMED)),
        slow=_slowest(slow.items()),
    )


def _slowest(waits: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(waits, key=lambda one: -one[1])[:MOST_NAMED])
