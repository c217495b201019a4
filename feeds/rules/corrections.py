"""Which corrections a reader is owed: those of entries that they have had, and that nobody told them of.

Pure. Not here: reading corrections in articles (meta, raw_copy_corrections), who gets an edition at all (selecting).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feeds.model import Correction

MOST_TOLD = 12  # in one edition; what is over waits for the next


@dataclass(frozen=True, slots=True)
class Told:
    """A correction as an edition tells it: of which entry, at which of its revisions, when and what was put right."""

    entry_id: str
    revision: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Amended:
    """An entry that was edited after it was brought: the revision that it stands at, and the corrections it bears."""

    entry_id: str
    revision: int
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a selection brought of entries that were edited since.

    ``held`` maps an entry that stood in it to the corrections that it bore by then, ``told`` are (entry id, text) of
    those that the selection told itself.
    """

    edition_id: str
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: tuple[tuple[str, str], ...] = ()


def news(amended: Iterable[Amended], brought: Iterable[Brought]) -> list[Amended]:
    """Return the entries that bear a correction which they did not bear in some selection."""
    found = list(brought)
    return [
        one for one in amended if any(_missing(one, Counter(b.held[one.entry_id])) for b in found if _holds(b, one))
    ]


def owed(had: frozenset[str], amended: Iterable[Amended], brought: Mapping[str, Brought]) -> tuple[Told, ...]:
    """Return what readers who have had these selections are owed, the oldest first.

    ``brought`` maps a selection to what it brought. A correction is known by its words: whatever becomes of its date,
    it is told once.
    """
    theirs = [brought[one] for one in sorted(had) if one in brought]
    found = [told for entry in amended for told in _of_entry(theirs, entry)]
    return tuple(sorted(found, key=lambda told: (told.at, told.entry_id, told.text))[:MOST_TOLD])


def _of_entry(brought: list[Brought], entry: Amended) -> list[Told]:
    """Return the corrections of an entry that somebody who has had these selections is owed."""
    held = [Counter(one.held[entry.entry_id]) for one in brought if _holds(one, entry)]
    if not held:
        return []
    known = Counter(text for one in brought for entry_id, text in one.told if entry_id == entry.entry_id)
    for texts in held[1:]:
        held[0] |= texts
    return [Told(entry.entry_id, entry.revision, c.at, c.text) for c in _missing(entry, known + held[0])]


def _missing(entry: Amended, known: Counter[str]) -> list[Correction]:
    """Return the corrections that an entry bears beyond those that are known; of two in the same words the later."""
    left = Counter(known)
    missing = []
    for correction in sorted(entry.corrections, key=lambda one: one.at):
        if left[correction.text]:
            left[correction.text] -= 1
        else:
            missing.append(correction)
    return missing


def _holds(brought: Brought, entry: Amended) -> bool:
    return entry.entry_id in brought.held
