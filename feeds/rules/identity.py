"""Who an entry is: its permanent id, and how files that moved, vanished or clash are matched with what is known.

Pure. Not here: reading files (sources), writing ids into them (jobs.pin).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from uuid import UUID, uuid5

from feeds.model import RawEntry
from feeds.rules.text import clean_line, scalar

FEW = 5  # this many files may vanish at once without anybody asking why,
SHARE = 0.2  # or this share of all
LONGEST_ID = 500  # characters; databases index no more than some thousand bytes
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")

_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the namespace of the podcast:guid specification


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file as a sync sees it: its key, the hash of its bytes, and the id that it declares, if any."""

    key: str
    source_hash: str
    declared_id: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of the files whose keys were unknown. ``moved``: key → id; ``clashes``: key → reason."""

    moved: Mapping[str, str]
    new: tuple[str, ...]
    clashes: Mapping[str, str]


def declared_id(site_id: UUID, raw: RawEntry) -> str | None:
    """Return the id that a file's front matter gives, or None.

    An absolute IRI (RFC 4287 section 4.2.6) is taken as it is; any other word becomes a URN, always the same.
    """
    values = (value for key, value in raw.meta.items() if scalar(key).strip().lower() == "id")
    value = next(values, None)
    word = "" if value is None or isinstance(value, list | dict | bool) else clean_line(scalar(value))
    if not word:
        return None
    return word if len(word) <= LONGEST_ID and _ABSOLUTE.fullmatch(word) else uuid5(site_id, f"id:{word}").urn


def new_id(site_id: UUID, source: str, raw: RawEntry, *, taken: Collection[str]) -> str:
    """Return the permanent id of an entry first seen now.

    Without a declared one, the site's id and the source key make it, so that an empty store rebuilt gives the same.
    Where an entry that moved away took that id along, the next one is made.
    """
    declared = declared_id(site_id, raw)
    if declared is not None:
        return declared
    names = (f"{source}:{raw.key}" + (f"#{number}" if number > 1 else "") for number in count(1))
    return next(urn for urn in (uuid5(site_id, name).urn for name in names) if urn not in taken)


def feed_id(site_id: UUID, feed: str) -> str:
    """Return the permanent id of a feed, whatever becomes of its title and address."""
    return uuid5(site_id, f"feed:{feed}").urn


def edition_entry_id(site_id: UUID, edition: str) -> str:
    """Return the permanent id that an edition has as an entry of its newsletter's feed."""
    return uuid5(site_id, f"edition:{edition}").urn


def podcast_guid(site_id: UUID, feed: str) -> str:
    """Return the permanent id of a podcast in the namespace that directories take (podcast:guid)."""
    return str(uuid5(_PODCASTS, feed_id(site_id, feed)))


def settle(
    unknown: Iterable[Sighting],
    *,
    vanished: Mapping[str, str],
    present: Mapping[str, str],
    known: Collection[str],
) -> Settlement:
    """Match files under unknown keys with the entries whose files vanished.

    ``vanished`` maps the id of each entry without a file to the hash of the bytes it last had, ``present`` the ids
    already claimed to who has them, ``known`` holds all ids in the store. A declared id that nobody has claimed is that
    entry, wherever its file went. Else one vanished and one new file with the same bytes are a move. Of the new ones
    those that declare an id come first: an id made from a key gives way to one that is written down.
    """
    sightings = list(unknown)
    moved: dict[str, str] = {}
    clashes: dict[str, str] = {}
    holders = dict(present)
    for sighting in sightings:
        declared = sighting.declared_id
        if declared is None:
            continue
        if declared in holders:
            clashes[sighting.key] = f"its id {declared} belongs to {holders[declared]}"
        else:
            holders[declared] = sighting.key
            if declared in known:
                moved[sighting.key] = declared
    moved |= _same_bytes(
        [s for s in sightings if s.key not in moved and s.key not in clashes],
        {id_: hash_ for id_, hash_ in vanished.items() if id_ not in holders},
    )
    new = [s for s in sightings if s.key not in moved and s.key not in clashes]
    return Settlement(moved, tuple(s.key for s in sorted(new, key=lambda s: s.declared_id is None)), clashes)


def _same_bytes(sightings: list[Sighting], vanished: Mapping[str, str]) -> dict[str, str]:
    arrived = Counter(s.source_hash for s in sightings)
    left = Counter(vanished.values())
    owner = {hash_: id_ for id_, hash_ in vanished.items()}
    pairs = (s for s in sightings if arrived[s.source_hash] == 1 and left[s.source_hash] == 1)
    return {s.key: owner[s.source_hash] for s in pairs}


def changed_places(
    changed: Mapping[str, str], *, owners: Mapping[str, str], arrived: Mapping[str, int], departed: Collection[str]
) -> set[str]:
    """Return which files under known keys are entries that moved there from other keys, by their bytes.

    ``changed`` maps the key of each file whose bytes are not those it had to the hash of what it has now, ``owners``
    a hash to the one key whose entry last had it, ``arrived`` counts the files with a hash; ``departed`` are the keys
    whose own file went. Who stays where it was has not moved: a copy of it is an edit of what it overwrites.
    """
    movers = {key: owners[hash_] for key, hash_ in changed.items() if hash_ in owners and arrived[hash_] == 1}
    while stuck := {key for key, home in movers.items() if home not in movers and home not in departed}:
        movers = {key: home for key, home in movers.items() if key not in stuck}
    return set(movers)


def withdrawals_are_suspicious(gone: int, known: int) -> bool:
    """Tell whether so many files vanished at once that a mistake is likelier than an editor (more than 5 and 20 %)."""
    return gone > FEW and gone > known * SHARE
