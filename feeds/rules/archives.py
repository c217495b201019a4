"""When the oldest entries of a feed are closed into archives, and what the document holds that people subscribe to.

Pure: sizes and counts in, groups of entries out (RFC 5005 section 4). Not here: writing them (jobs.publish).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

MOST_ENTRIES = 100  # in a document: the more it holds, the more every reader fetches at each change
MOST_BYTES = 950_000  # of entries; with its frame a document stays below 1,000,000
TOMBSTONE_AGE = timedelta(days=30)  # how long a feed says that an entry was withdrawn (RFC 6721)
FEWEST_CLOSED = 25  # in an archive that is not closed for its size


@dataclass(frozen=True, slots=True)
class Sized:
    """An entry and how many bytes it takes in the format in which it is largest."""

    entry_id: str
    size: int


def archive_length(limit: int) -> int:
    """Return how many entries an archive takes: as many as stay open, so that no document needs over MOST_ENTRIES.

    Every reader fetches what is open at each change, so it is closed early; a limit near MOST_ENTRIES goes beyond.
    """
    return max(FEWEST_CLOSED, min(limit, MOST_ENTRIES - limit))


def closings(open_entries: Sequence[Sized], *, keep: int, length: int) -> list[list[str]]:
    """Return the archives to close, oldest first; the entries come in publication sequence.

    An archive takes ``length`` entries, fewer where they fill a document. At least ``keep`` stay open, unless they
    would not fit in one document: then half of what fits is closed.
    """
    found: list[list[str]] = []
    first, size = 0, sum(entry.size for entry in open_entries)
    while first < len(open_entries) - 1:
        group = list(_group(_oldest(open_entries, first, length), most=MOST_BYTES))
        stay = len(open_entries) - first - len(group)
        if stay < keep and size > MOST_BYTES:
            group = list(_group(_oldest(open_entries, first, length), most=MOST_BYTES // 2))
        elif stay < keep:
            break
        found.append([entry.entry_id for entry in group])
        first, size = first + len(group), size - sum(entry.size for entry in group)
    return found


def fitting(wanted: Iterable[Sized], *, taken: int) -> list[str]:
    """Return the first of the entries that still have room in a document beside ``taken`` bytes."""
    found: list[str] = []
    for entry in wanted:
        taken += entry.size
        if taken > MOST_BYTES:
            break
        found.append(entry.entry_id)
    return found


def _oldest(entries: Sequence[Sized], first: int, length: int) -> Iterable[Sized]:
    """Return the next entries that may be closed: the newest always stays open."""
    return islice(entries, first, min(first + length, len(entries) - 1))


def _group(entries: Iterable[Sized], *, most: int) -> Iterator[Sized]:
    """Yield the first entries, at least one, up to a size."""
    size = 0
    for number, entry in enumerate(entries):
        size += entry.size
        if number and size > most:
            return
        yield entry
