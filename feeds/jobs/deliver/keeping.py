"""A memory of what is asked for again and again, bounded in bytes: what was put there first goes first.

Not here: what is kept (building).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Keeping(dict[K, V]):
    """A dictionary that lets go of values once those in it weigh more than ``most`` together; values are only put."""

    def __init__(self, most: int, weigh: Callable[[V], int]) -> None:
        # Asking is what a plain dictionary does: a message asks for a hundred pieces.
        super().__init__()
        self._most, self._weigh, self._weight = most, weigh, 0

    def __setitem__(self, key: K, value: V) -> None:
        """Keep a value."""
        if key in self:
            self._weight -= self._weigh(self.pop(key))
        super().__setitem__(key, value)
        self._weight += self._weigh(value)
        while self._weight > self._most and len(self) > 1:
            self._weight -= self._weigh(self.pop(next(iter(self))))
