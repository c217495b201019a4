"""What each reader gets: the entries of their taste that were brought since their floor, and that they have not had.

With them come the corrections that the reader is owed, which make no edition of themselves. Pure, and fast for many
readers: those of one kind are asked about once. Not here: the query (queries), what is owed (corrections), rendering.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from feeds.rules.corrections import Told
from feeds.rules.ids import Ids
from feeds.rules.preferences import EVERYTHING, Taste
from feeds.rules.series import Turn

MAY_COME_BACK = timedelta(days=90)  # so long a withdrawn entry is not given up
_LOWEST = datetime.min.replace(tzinfo=UTC)


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
    """A reader of a newsletter, by id: their floor, their ``taste``, and in their ``turn`` when they are mailed.

    One who ``is_resting`` is not mailed now, and gets later what they lack.
    """

    subscriber_id: str
    floor_at: datetime
    is_resting: bool = False
    taste: Taste = EVERYTHING
    turn: Turn | None = None


class Kind(NamedTuple):
    """All that decides what a reader gets: floor, taste, the selections that they have had, the corrections owed."""

    floor_at: datetime
    had: frozenset[str] = frozenset()
    owed: tuple[Told, ...] = ()
    taste: Taste = EVERYTHING


@dataclass(slots=True)
class Readers:
    """Readers by their kind, since their number is large and that of kinds is not.

    ``called`` are those who may get something now, by id. Of the others only the kinds are known; ``others`` lack what
    they lack, and get it later. ``awake`` counts all who may be mailed now.
    """

    called: defaultdict[Kind, Ids] = field(default_factory=lambda: defaultdict(Ids))
    others: set[Kind] = field(default_factory=set)
    awake: int = 0

    @property
    def kinds(self) -> set[Kind]:
        """Return every kind that there is."""
        return self.others | self.called.keys()


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
    """Who gets what, by id; ``waiting`` counts the readers for whom there is something, but too little."""

    readers: dict[Choice, Ids] = field(default_factory=dict)
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


def levels(candidates: Iterable[Candidate]) -> Callable[[datetime], datetime]:
    """Return what lowers a floor as far as it makes no difference to these candidates.

    A floor matters only through the first candidate above it: so a few kinds of readers are all that there are.
    """
    times = sorted(candidate.brought_at for candidate in candidates)

    def level(floor: datetime) -> datetime:
        below = bisect_right(times, floor)
        return times[below - 1] if below else _LOWEST

    return level


def main_choice(readers: Mapping[Choice, Sized]) -> Choice | None:
    """Return the choice of most readers, which the edition's page shows, None where no single one is ahead.

    One that tells corrections is not it: on the page they stand with their entries.
    """
    by_number = sorted(readers, key=lambda choice: len(readers[choice]), reverse=True)
    if not by_number or by_number[0].corrections:
        return None
    is_ahead = len(by_number) == 1 or len(readers[by_number[0]]) > len(readers[by_number[1]])
    return by_number[0] if is_ahead else None


def choose(
    candidates: Sequence[Candidate],
    readers: Mapping[Kind, Ids],
    *,
    selections: Mapping[str, frozenset[str]],
    minimum: int,
    maximum: int,
) -> Choices:
    """Decide who gets which candidates (newest first); ``selections`` maps each selection's id to its entries' ids.

    A reader for whom there are fewer than ``minimum`` waits; beyond ``maximum`` the rest is named only.
    """
    found: defaultdict[Choice, list[Ids]] = defaultdict(list)
    waiting = 0
    for kind, ids in readers.items():
        lacking = _lacking(candidates, kind, selections)
        if len(lacking) < minimum:
            waiting += len(ids) if lacking else 0
        elif lacking:
            found[Choice(lacking[:maximum], lacking[maximum:], kind.owed)].append(ids)
    return Choices(
        {choice: parts[0] if len(parts) == 1 else Ids(more=parts) for choice, parts in found.items()}, waiting
    )


def lacked(
    candidates: Sequence[Candidate], kinds: Iterable[Kind], selections: Mapping[str, frozenset[str]]
) -> set[str]:
    """Return the ids of the candidates that readers of at least one of these kinds lack."""
    return {one.entry_id for kind in kinds for one in _lacking(candidates, kind, selections)}


def _lacking(
    candidates: Sequence[Candidate], kind: Kind, selections: Mapping[str, frozenset[str]]
) -> tuple[Candidate, ...]:
    known = frozenset().union(*(selections[selection] for selection in kind.had))
    return tuple(
        one
        for one in candidates
        if one.brought_at > kind.floor_at and one.entry_id not in known and one.is_to(kind.taste)
    )
