"""The instants that entries were updated at: no two may share one, and a free one is found without trying them all.

Not here: which instant an entry would like (standing, revising).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)


class Instants:
    """Instants that are taken, to the second.

    Where ten thousand entries share a date, the last must not look at ten thousand seconds: each instant that is taken
    remembers how far the last search went from it.
    """

    def __init__(self, taken: Iterable[datetime] = ()) -> None:
        self._later: dict[datetime, datetime] = {}
        self._earlier: dict[datetime, datetime] = {}
        for instant in taken:
            self.add(instant)

    def add(self, instant: datetime) -> None:
        """Take an instant."""
        instant = instant.replace(microsecond=0)
        self._later.setdefault(instant, instant + SECOND)
        self._earlier.setdefault(instant, instant - SECOND)

    def free_from(self, wanted: datetime) -> datetime:
        """Return ``wanted``, or the first second behind it that nobody has."""
        return _free(wanted, self._later)

    def free_until(self, last: datetime) -> datetime:
        """Return ``last``, or the last second before it that nobody has."""
        return _free(last, self._earlier)


def _free(instant: datetime, steps: dict[datetime, datetime]) -> datetime:
    instant = instant.replace(microsecond=0)
    passed = []
    while instant in steps:
        passed.append(instant)
        instant = steps[instant]
    steps.update(dict.fromkeys(passed, instant))
    return instant
