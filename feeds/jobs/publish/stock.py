"""The entries as they are printed, fetched from the store as they are needed, with tags and addresses settled.

Only the last few stay in memory. Not here: which are needed (press), what is made of them (elements, pages).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from feeds.model import Entry, Printed, Tag
from feeds.rules.printing import Press, print_entry
from feeds.store import changes, tags
from feeds.store import entries as entry_store
from feeds.store.batches import batches
from feeds.store.changes import Whereabouts
from feeds.store.engine import Store, Transaction

KEPT = 1000  # entries in memory: those of a small site are fetched once
BATCH = 100  # that are fetched at once


@dataclass(frozen=True, slots=True)
class Item:
    """An entry, its tags as they are called now, and the two as they are printed."""

    entry: Entry
    tags: tuple[Tag, ...]
    printed: Printed


class Stock:
    """Gives entries ready for print, by their ids."""

    def __init__(self, store: Store, press: Press) -> None:
        self._store, self._press = store, press
        self._kept: OrderedDict[str, Item] = OrderedDict()

    def items(self, entry_ids: Sequence[str]) -> list[Item]:
        """Return these entries, in this order; one that the store has not is passed over."""
        missing = [entry_id for entry_id in entry_ids if entry_id not in self._kept]
        fetched = {item.entry.id: item for batch in batches(missing, BATCH) for item in self._fetch(batch)}
        found = {entry_id: self._kept.get(entry_id) or fetched.get(entry_id) for entry_id in entry_ids}
        self._kept |= fetched
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return [item for item in found.values() if item is not None]

    def batches(self, entry_ids: Iterable[str]) -> Iterator[list[Item]]:
        """Yield entries in their order, a batch at a time."""
        for batch in batches(entry_ids, BATCH):
            yield self.items(batch)

    def _fetch(self, entry_ids: list[str]) -> list[Item]:
        with self._store.reading() as tx:
            found = entry_store.list_with(tx, entry_ids)
            press = press_for(tx, self._press, found)
            named = tags.by_entry(tx, entry_ids)
        own = {entry.id: named.get(entry.id, ()) for entry in found}
        return [Item(entry, own[entry.id], print_entry(entry, press, own[entry.id])) for entry in found]


def press_for(tx: Transaction, press: Press, found: Iterable[Entry] | None = None) -> Press:
    """Return the press with the addresses of all that these entries link to; of all entries where none are given."""
    targets = None if found is None else {target for entry in found for target in entry.article.linked_entries}
    found_at = {target: address_of(where, press) for target, where in changes.list_whereabouts(tx, targets).items()}
    return replace(press, pages={target: address for target, address in found_at.items() if address})


def address_of(where: Whereabouts | None, press: Press) -> str | None:
    """Return the address in print of what a link means, None where everyone may not go there."""
    if where is None or not where.is_public:
        return None
    return where.url or f"{press.site_url}{where.slug}/"
