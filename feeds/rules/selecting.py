"""What each reader gets: the entries of their taste that were brought since their floor, and that they have not had.

With them come the corrections that the reader is owed, which make no edition of themselves. Pure, and fast for many
readers: those who lack the same share one choice. Not here: the query (queries), what is owed (corrections), rendering.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from feeds.rules.corrections import Told
from feeds.rules.preferences import EVERYTHING, Taste
from feeds.rules.series import Turn

MAY_COME_BACK = timedelta(days=90)  # so long a withdrawn entry is not given up


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may go: its id, the revision it stands at, and since when it counts as brought.

    ``topics`` and ``language`` are what tastes ask of it; while its topics are None it is to everyone's taste.
    """

    entry_id: str
    revision: int
    brought_at: datetime
    topics: frozenset[str] | None = field(default=None, compare=False)
    language: str = field(default="", compare=False)

    def is_to(self, taste: Taste) -> bool:
        """Tell whether a reader of some taste wants it."""
        return self.topics is None or taste.wants(self.topics, self.language)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of a newsletter: id, address, the floor, the selections that they have had, the corrections owed.

    Their ``taste`` says which entries they want, and their ``turn`` when they are mailed. One who ``is_resting`` is not
    mailed now, and gets later what they lack.
    """

    subscriber_id: str
    address: str
    floor_at: datetime
    had: frozenset[str] = frozenset()
    is_resting: bool = False
    owed: tuple[Told, ...] = ()
    taste: Taste = EVERYTHING
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The entries that some readers get, newest first: ``shown`` in full, ``named`` only counted as "N more".

    ``corrections`` are told to them, of entries that they had before.
    """

    shown: tuple[Candidate, ...]
    named: tuple[Candidate, ...] = ()
    corrections: tuple[Told, ...] = ()


@dataclass(slots=True)
class Choices:
    """Who gets what; ``waiting`` counts the readers for whom there is something, but too little."""

    readers: dict[Choice, list[Reader]] = field(default_factory=dict)
    waiting: int = 0


def brought_at(live_at: datetime | None, published_at: datetime, *, first_seen_at: datetime) -> datetime:
    """Return since when an entry counts as brought to readers.

    It is when it went live here; but what was there before the newsletter counts by its date, or the first digest
    would hold the whole archive.
    """
    return live_at if live_at and live_at > first_seen_at else published_at


def floor_of(
    *, reader: datetime, newsletter: datetime, slot: datetime, first_seen_at: datetime, length: timedelta
) -> datetime:
    """Return the floor below which a reader gets nothing: the later of the reader's and the newsletter's own.

    ``length`` is one cadence. An edition asked for, for a time before the newsletter was there, holds its own cadence.
    """
    floor = max(reader, newsletter)
    return min(floor, slot - length) if slot < first_seen_at else floor


def next_floor(candidates: Iterable[Candidate], *, open_ids: Container[str], latest: datetime) -> datetime | None:
    """Return a floor for the newsletter that loses nothing: all below it is had by everyone, or asked for by nobody.

    ``open_ids`` are the entries that somebody lacks, or may come to lack; ``latest`` is one cadence ago, since who
    joins now gets that. So the work stays in proportion to what is new, however long a newsletter has been going.
    None where there is no such floor.
    """
    found = list(candidates)
    lacking = [one.brought_at for one in found if one.entry_id in open_ids]
    settled = [one.brought_at for one in found if one.brought_at <= latest]
    return max((at for at in settled if not lacking or at < min(lacking)), default=None)


def choose(
    candidates: Sequence[Candidate],
    readers: Iterable[Reader],
    *,
    selections: Mapping[str, frozenset[str]],
    minimum: int,
    maximum: int,
) -> Choices:
    """Decide who gets which candidates (newest first); ``selections`` maps each selection's id to its entries' ids.

    A reader for whom there are fewer than ``minimum`` waits; beyond ``maximum`` the rest is named only.
    """
    by_time = sorted(candidates, key=lambda candidate: candidate.brought_at)
    times = [candidate.brought_at for candidate in by_time]

    @cache
    def chosen(first: int, had: frozenset[str], wish: tuple[tuple[Told, ...], Taste]) -> Choice | None:
        # A floor matters only through the first candidate above it: so a few choices serve all readers.
        owed, taste = wish
        above, known = set(by_time[first:]), frozenset().union(*(selections[selection] for selection in had))
        lacking = [c for c in candidates if c in above and c.entry_id not in known and c.is_to(taste)]
        return Choice(tuple(lacking[:maximum]), tuple(lacking[maximum:]), owed) if lacking else None

    found: defaultdict[Choice, list[Reader]] = defaultdict(list)
    waiting = 0
    for reader in readers:
        choice = chosen(bisect_right(times, reader.floor_at), reader.had, (reader.owed, reader.taste))
        if choice is None:
            continue
        if len(choice.shown) + len(choice.named) < minimum:
            waiting += 1
        else:
            found[choice].append(reader)
    return Choices(dict(found), waiting)
