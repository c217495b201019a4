"""Plan: from the entries that changed to the documents that they touch, written down before anything is printed.

Killed at any time it is repeated, and ends the same. Not here: printing (press), which feeds an entry is in (rules).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.jobs.publish.stock import address_of
from feeds.jobs.publish.subjects import INDEX, Subjects, entry_subject, sitemap_of
from feeds.model import Entry, State
from feeds.rules.archives import TOMBSTONE_AGE
from feeds.rules.printing import Press
from feeds.store import changes, documents, edition_files, entries, feed_entries, printed_editions, reprints, tags
from feeds.store.edition_files import file_subject
from feeds.store.editions import reprints_of
from feeds.store.engine import Store, Transaction
from feeds.store.feed_entries import Place
from feeds.store.reprints import MATERIALS, PLANNED, Reprint

BATCH = 1000  # entries that are planned in one transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to print; ``materials`` is the mark of the settings and templates to print it by."""

    due: tuple[Reprint, ...]
    materials: str


def plan(store: Store, subjects: Subjects, press: Press, *, materials: str, now: datetime, anew: bool) -> Plan:
    """Write down what must be printed, and return it; ``anew`` has everything printed."""
    planner = _Planner(subjects, press, now)
    with store.writing() as tx:
        if anew or reprints.find_mark(tx, MATERIALS) != materials:
            _start_over(tx, subjects, materials)
        _let_tombstones_expire(tx, now)
    more = True
    while more:
        with store.writing() as tx:
            more = planner.take_batch(tx)
    with store.reading() as tx:
        return Plan(tuple(reprints.list_all(tx)), materials)


def _start_over(tx: Transaction, subjects: Subjects, materials: str) -> None:
    """Have all entries planned and all documents printed: other settings may choose others, and look different."""
    held = feed_entries.list_feeds(tx)
    due = {Reprint(feed, part) for feed, part in held} | {Reprint(feed) for feed, _ in held}
    due |= {Reprint(subject) for subject in (*subjects.fixed, *documents.list_feeds(tx))}
    for series, number in printed_editions.list_numbers(tx):
        due |= reprints_of(series, number)
    due |= {Reprint(file_subject(name)) for name in edition_files.list_names(tx)}
    reprints.add(tx, due)
    reprints.set_mark(tx, PLANNED, "0")
    reprints.set_mark(tx, MATERIALS, materials)


def _let_tombstones_expire(tx: Transaction, now: datetime) -> None:
    old = feed_entries.list_left_before(tx, now - TOMBSTONE_AGE)
    feed_entries.drop(tx, old)
    reprints.add(tx, {Reprint(place.feed) for place in old})


class _Planner:
    """Plans the entries that changed, a batch at a time."""

    def __init__(self, subjects: Subjects, press: Press, now: datetime) -> None:
        self._subjects, self._press, self._now = subjects, press, now
        self._noted: set[Reprint] = set()  # of feeds and listings: many batches touch the same

    def take_batch(self, tx: Transaction) -> bool:
        """Plan the next entries in the order of their changes; tell whether there were any."""
        planned = int(reprints.find_mark(tx, PLANNED) or 0)
        changed = changes.list_changed(tx, planned, BATCH)
        if not changed:
            return False
        found = entries.list_outlines(tx, [entry_id for entry_id, _ in changed])
        self._follow_links(tx, found)
        shown = {entry.id: [name for _, name in entry.article.files if name and entry.is_public] for entry in found}
        unsettled = changes.set_files(tx, shown) | edition_files.list_names_of(tx, shown)
        due = self._join(tx, found) - self._noted
        self._noted |= due
        due |= {Reprint(entry_subject(entry.id)) for entry in found}
        due |= {Reprint(file_subject(name)) for name in unsettled}
        due |= {sitemap_of(entry.sequence) for entry in found if entry.sequence is not None}
        for series, number in printed_editions.list_numbers_holding(tx, [entry.id for entry in found]):
            due |= reprints_of(series, number)
        reprints.add(tx, due)
        reprints.set_mark(tx, PLANNED, str(changed[-1][1]))
        return True

    def _follow_links(self, tx: Transaction, found: list[Entry]) -> None:
        """Settle where the links of these entries lead, and touch the entries that link to them by another address."""
        targets = {target for entry in found for target in entry.article.linked_entries}
        whereabouts = changes.list_whereabouts(tx, targets)
        addresses = {target: address_of(whereabouts.get(target), self._press) for target in targets}
        links = {entry.id: {target: addresses[target] for target in entry.article.linked_entries} for entry in found}
        changes.set_links(tx, links)
        by_id = {entry.id: entry for entry in found}
        here = {f"{entry.source}/{entry.key}": entry for entry in found}
        here |= {target: by_id[entry_id] for entry_id, target in changes.former_targets(tx, by_id)}
        now_at = {target: self._press.page_url(entry) if entry.is_public else None for target, entry in here.items()}
        entries.touch(tx, changes.list_misled(tx, now_at))

    def _join(self, tx: Transaction, found: list[Entry]) -> set[Reprint]:
        """Let the entries join and leave feeds; return what that touches."""
        tags_of = tags.by_entry(tx, [entry.id for entry in found])
        had: dict[str, dict[str, Place]] = {entry.id: {} for entry in found}
        for place in feed_entries.list_of(tx, had):
            had[place.entry_id][place.feed] = place
        put, dropped = list[Place](), list[Place]()
        for entry in found:
            wanted = set(self._subjects.feeds_of(entry, tags_of.get(entry.id, ())))
            put += self._places(entry, wanted, had[entry.id])
            dropped += self._dropped(entry, wanted, had[entry.id])
        same = {place for places in had.values() for place in places.values()}
        new = [place for place in put if place not in same]
        changed = {(place.feed, place.entry_id) for place in (*new, *dropped)}
        feed_entries.replace(tx, [place for place in same if (place.feed, place.entry_id) in changed], new)
        order = {Reprint(INDEX)} if any(feed.startswith("@tags/") for feed, _ in changed) else set()
        return touched_by([*put, *dropped], same) | order  # the front page has the tags that are used most

    def _places(self, entry: Entry, wanted: Collection[str], had: Mapping[str, Place]) -> Iterator[Place]:
        """Yield an entry's places in the feeds that hold it now, and in those that it leaves by being withdrawn."""
        for feed in wanted:
            part = had[feed].part if feed in had else None
            yield Place(feed, entry.id, entry.sequence or 0, entry.published_at, part)
        yield from (
            replace(place, left_at=self._now)
            for feed, place in had.items()
            if feed not in wanted and place.left_at is None and not self._is_readable_in(feed, entry)
        )

    def _dropped(self, entry: Entry, wanted: Collection[str], had: Mapping[str, Place]) -> Iterable[Place]:
        return [place for feed, place in had.items() if feed not in wanted and self._is_readable_in(feed, entry)]

    def _is_readable_in(self, feed: str, entry: Entry) -> bool:
        """Tell whether the readers of a feed may still read an entry: then it was not withdrawn if it leaves."""
        if entry.is_public:
            return True
        config = self._subjects.feed(feed)
        return entry.state is State.LIVE and config is not None and config.members


def touched_by(places: Collection[Place], same: Collection[Place]) -> set[Reprint]:
    """Return what must be printed again where the entries in these places changed.

    That is the archive which holds one, and what is open, unless ``same`` says that the entry stays in its archive.
    """
    closed = {(place.feed, place.part) for place in places if place.part is not None}
    opened = {place.feed for place in places if place.part is None or place not in same}
    return {Reprint(feed, part) for feed, part in closed} | set(map(Reprint, opened))
