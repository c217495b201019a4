"""Many ids, held together: an edition for many readers is planned in the memory that their letters take.

Pure. Not here: whose they are.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator


class Ids:
    """Ids in the order in which they were added, and after them those of ``more``, which are not copied."""

    __slots__ = ("_ends", "_letters", "_more")

    def __init__(self, ids: Iterable[str] = (), *, more: Iterable[Ids] = ()) -> None:
        self._letters, self._ends, self._more = bytearray(), array("Q"), tuple(more)
        for one in ids:
            self.add(one)

    def add(self, one: str) -> None:
        """Add an id."""
        self._letters += one.encode()
        self._ends.append(len(self._letters))

    def __len__(self) -> int:
        return len(self._ends) + sum(map(len, self._more))

    def __iter__(self) -> Iterator[str]:
        begin = 0
        for end in self._ends:
            yield self._letters[begin:end].decode()
            begin = end
        for one in self._more:
            yield from one
