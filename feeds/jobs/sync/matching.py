"""Matching what a source holds with what the store knows of it: who stayed, who moved, who is new, who is gone.

Not here: the rule for each question (rules.identity), reading and writing the articles (source).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from feeds.model import RawEntry, Refusal, State
from feeds.rules.identity import Settlement, Sighting, changed_places, declared_id, settle
from feeds.sources import Source
from feeds.store.entries import Known


class Matching:
    """The files of one source, sorted out: call :meth:`take` for each, then :meth:`changed_places`, then the rest."""

    def __init__(self, site_id: UUID, slug: str, everything: list[Known]) -> None:
        self._site_id, self._slug = site_id, slug
        self._everything = {entry.id: entry for entry in everything}
        self.known = {entry.key: entry for entry in everything if entry.source == slug}
        self.there = sum(not entry.is_gone for entry in self.known.values())
        self.unknown: dict[str, RawEntry] = {}
        self.claimed: set[str] = set()
        self._seen: set[str] = set()
        self._changed: dict[str, RawEntry] = {}
        self._hashes: Counter[str] = Counter()
        homes = Counter(entry.source_hash for entry in self._present())
        self._owners = {entry.source_hash: entry.key for entry in self._present() if homes[entry.source_hash] == 1}

    def take(self, item: RawEntry | Refusal) -> bool:
        """Note a file; tell whether it is the entry under its key, or a refusal. The others wait for the end."""
        if isinstance(item, Refusal):
            self._stays(item.key)
            return True
        self._hashes[item.source_hash] += 1
        declared = declared_id(self._site_id, item)
        entry = self.known.get(item.key)
        if entry is None or (declared not in {None, entry.id} and declared in self._everything):
            self.unknown[item.key] = item
        elif declared != entry.id and item.source_hash != entry.source_hash:
            self._changed[item.key] = item
        else:
            self._stays(item.key)
            return True
        return False

    def _stays(self, key: str) -> None:
        self._seen.add(key)
        if key in self.known:
            self.claimed.add(self.known[key].id)

    def changed_places(self, source: Source) -> list[RawEntry]:
        """Send the files that changed places among the unknown ones; return those that are edits after all."""
        departed = {e.key for e in self._missing(source) if e.key not in self._changed}
        hashes = {key: item.source_hash for key, item in self._changed.items()}
        movers = changed_places(hashes, owners=self._owners, arrived=self._hashes, departed=departed)
        movers |= self._displaced()
        self.unknown |= {key: self._changed[key] for key in movers}
        edits = [item for key, item in self._changed.items() if key not in movers]
        for item in edits:
            self._stays(item.key)
        return edits

    def _displaced(self) -> set[str]:
        """Return the keys whose entry went elsewhere with its id written in its file, and that hold other words now."""
        pinned = {declared_id(self._site_id, item) for item in self.unknown.values()}
        undeclared = (key for key, item in self._changed.items() if declared_id(self._site_id, item) is None)
        return {key for key in undeclared if self.known[key].id in pinned}

    def settle(self, source: Source) -> Settlement:
        """Find out which unknown files are entries that moved."""
        present = {id_: entry for id_, entry in self._everything.items() if self._is_held(entry)}
        return settle(
            [Sighting(k, raw.source_hash, declared_id(self._site_id, raw)) for k, raw in sorted(self.unknown.items())],
            vanished={e.id: e.source_hash for e in self._missing(source) if not e.is_gone},
            present={id_: self._named(entry) for id_, entry in present.items()},
            known=self._everything.keys(),
        )

    def _is_held(self, entry: Known) -> bool:
        # An entry withdrawn from another source may come back in this one: its file was moved.
        return entry.id in self.claimed or (entry.source != self._slug and entry.state is not State.WITHDRAWN)

    def _named(self, entry: Known) -> str:
        return entry.key if entry.source == self._slug else f"{entry.source}/{entry.key}"

    def mark_moved(self, moved: Mapping[str, str]) -> dict[str, Known]:
        """Claim the entries that moved; return them by their new keys."""
        self.claimed |= set(moved.values())
        return {key: self._everything[id_] for key, id_ in moved.items()}

    def entry_at(self, key: str) -> Known | None:
        """Return the entry that a file under a key is where it is no other: None where it is new."""
        entry = self.known.get(key)
        if entry is None or entry.id in self.claimed:
            return None
        self.claimed.add(entry.id)
        return entry

    def gone(self, source: Source) -> list[Known]:
        """Return the entries whose files are gone, in the order of their keys."""
        gone = (e for e in self._missing(source) if e.id not in self.claimed and e.state is not State.WITHDRAWN)
        return sorted(gone, key=lambda entry: entry.key)

    def _missing(self, source: Source) -> list[Known]:
        return [e for e in self.known.values() if e.key not in self._seen and not source.is_unread(e.key)]

    def _present(self) -> Iterator[Known]:
        return (entry for entry in self.known.values() if not entry.is_gone)
