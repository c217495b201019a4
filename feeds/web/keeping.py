"""A memory of a fixed size for what was read or made: what was asked for least recently goes first.

Not here: whether what is kept still holds (files, deltas).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
OVERHEAD = 1024  # bytes that a thing costs beside its content, so that many small ones are bounded too


class Keeping(Generic[Key, Value]):
    """Keep values up to ``most`` bytes in all."""

    def __init__(self, most: int) -> None:
        self._most, self._total = most, 0
        self._kept: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def find(self, key: Key) -> Value | None:
        """Return what is kept under a key, or None."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of ``size`` bytes, in the place of what stood under its key."""
        self.forget(key)
        self._kept[key] = value, size + OVERHEAD
        self._total += size + OVERHEAD
        while self._total > self._most:
            self.forget(next(iter(self._kept)))

    def forget(self, key: Key) -> None:
        """Let go of what is kept under a key."""
        _value, size = self._kept.pop(key, (None, 0))
        self._total -= size
