"""A memory of what is asked for again and again, bounded in bytes: what was not asked for longest goes first.

Not here: what is kept (building).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Keeping(MutableMapping[K, V]):
    """A mapping that lets go of values once those in it weigh more than ``most`` together."""

    def __init__(self, most: int, weigh: Callable[[V], int]) -> None:
        self._most, self._weigh = most, weigh
        self._held: dict[K, V] = {}  # in the order in which they were asked for
        self._weight = 0

    def __getitem__(self, key: K) -> V:
        """Return a value, which then is the one that was asked for last."""
        value = self._held[key] = self._held.pop(key)
        return value

    def __setitem__(self, key: K, value: V) -> None:
        """Keep a value."""
        self.pop(key, None)
        self._held[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._most and len(self._held) > 1:
            del self[next(iter(self._held))]

    def __delitem__(self, key: K) -> None:
        """Let go of a value."""
        self._weight -= self._weigh(self._held.pop(key))

    def __iter__(self) -> Iterator[K]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)
