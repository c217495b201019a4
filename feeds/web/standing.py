"""What the store tells whoever watches: where editions and deliveries stand, what waits, when each job last ended.

Asked at most every few seconds, and the rarer the longer it takes. Not here: how it is written down (metrics).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from feeds.config import Config
from feeds.model import FINAL, DeliveryState, EditionState
from feeds.store import delivery_lists, documents, editions, runs
from feeds.store.engine import Store
from feeds.store.runs import Run

JOBS = ("run", "sync", "publish", "announce", "deliver")  # compose has a run for each newsletter
LEAST_SECONDS = 5.0  # for which an answer holds
SHARE = 50  # an answer holds so many times as long as it took: counting takes at most a fiftieth of the time

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the store stands; ``runs`` are the last that ended, ``feeds`` the names of documents by their place."""

    editions: Mapping[tuple[str, EditionState], int]
    deliveries: Mapping[DeliveryState, int]
    oldest_due_at: datetime | None
    runs: Collection[Run]
    feeds: Mapping[str, str]


class Held(Generic[Value]):
    """A value that is made anew only when it has been held for a while."""

    def __init__(self, least_seconds: float = LEAST_SECONDS) -> None:
        self._least, self._until = least_seconds, 0.0
        self._value: Value | None = None

    def get(self, make: Callable[[], Value]) -> Value:
        """Return the value, made anew where the one that is held is too old."""
        begun = time.monotonic()
        if self._value is None or begun >= self._until:
            self._value = make()
            ended = time.monotonic()
            self._until = ended + max(self._least, (ended - begun) * SHARE)
        return self._value


class Asker:
    """Asks the store. It waits for it, and is asked by one thread at a time."""

    def __init__(self, config: Config, store: Store) -> None:
        self._newsletters = [newsletter.slug for newsletter in config.newsletters]
        self._store = store
        self._ever: Held[Mapping[DeliveryState, int]] = Held()

    def ask(self, places: Collection[str], now: datetime) -> Standing:
        """Return where the store stands; raise StoreUnusable where it cannot be asked. ``places`` are documents."""
        ever = self._ever.get(self._count_all)
        with self._store.reading() as tx:
            found = [runs.find_ended(tx, job) for job in JOBS]
            found += [runs.find_ended(tx, "compose", slug) for slug in self._newsletters]
            still = delivery_lists.count_open(tx)
            fixed = {state: number for state, number in ever.items() if state in FINAL}
            return Standing(
                editions=editions.count_by_state(tx),
                deliveries=dict.fromkeys(DeliveryState, 0) | fixed | still,
                oldest_due_at=delivery_lists.oldest_due_at(tx, now),
                runs=[run for run in found if run is not None],
                feeds={place: one.feed for place, one in documents.list_at(tx, places).items() if not one.part},
            )

    def _count_all(self) -> Mapping[DeliveryState, int]:
        with self._store.reading() as tx:
            return delivery_lists.count_all(tx)
