"""Long lists of ids, asked for in batches: a statement takes only so many values in SQLite and in PostgreSQL.

Not here: the statements (the module of each noun).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
MOST_VALUES = 10_000  # SQLite takes 32,766, PostgreSQL 65,535


def batches(values: Iterable[T], size: int = MOST_VALUES) -> Iterator[list[T]]:
    """Yield the values, in order, in lists of at most ``size``."""
    left = iter(values)
    while batch := list(islice(left, size)):
        yield batch
