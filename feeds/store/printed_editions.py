"""What print asks of the editions: which there are, which hold an entry, what most readers of each were given.

A function per statement. Of readers it counts how many there are, and of mail it reads the editor's note. Not here:
the editions themselves (editions).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import chain

from sqlalchemy import func, select

from feeds.model import Edition, EditionState
from feeds.store.batches import batches
from feeds.store.editions import Selected, edition_of
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, editions, renderings, selection_entries, selections


def last_number(tx: Transaction, series: str) -> int:
    """Return the number of the newest edition of a series, 0 where there is none."""
    return tx.execute(select(func.max(editions.c.number)).where(editions.c.series == series)).scalar() or 0


def list_numbers(tx: Transaction, newsletter: str | None = None) -> list[tuple[str, int]]:
    """Return (series, number) of every edition, of one newsletter or of all."""
    query = select(editions.c.series, editions.c.number).order_by(editions.c.series, editions.c.number)
    if newsletter is not None:
        query = query.where(editions.c.newsletter == newsletter)
    return [(series, number) for series, number in tx.execute(query)]


def list_numbers_holding(tx: Transaction, entry_ids: Collection[str]) -> list[tuple[str, int]]:
    """Return (series, number) of every edition that holds one of these entries. Served by the index on entry_id."""
    query = (
        select(editions.c.series, editions.c.number)
        .join(selections, selections.c.edition_id == editions.c.id)
        .join(selection_entries, selection_entries.c.selection_id == selections.c.id)
        .distinct()
    )
    found = (tx.execute(query.where(selection_entries.c.entry_id.in_(batch))) for batch in batches(entry_ids))
    return sorted({(series, number) for series, number in chain.from_iterable(found)})


def list_numbered(tx: Transaction, series: str, numbers: Collection[int]) -> list[Edition]:
    """Return the editions of a series with these numbers, the newest first.

    Served by the unique index on (series, number).
    """
    ours = (editions.c.series == series) & editions.c.number.in_(numbers)
    query = select(editions).where(ours).order_by(editions.c.number.desc())
    return [edition_of(row._mapping) for row in tx.execute(query)]


def list_newest(tx: Transaction, series: str, limit: int) -> list[Edition]:
    """Return the newest editions of a series that were not cancelled, the newest first."""
    ours = (editions.c.series == series) & (editions.c.state != EditionState.CANCELLED)
    query = select(editions).where(ours).order_by(editions.c.number.desc()).limit(limit)
    return [edition_of(row._mapping) for row in tx.execute(query)]


def first_numbers(tx: Transaction, series: str, composed: Collection[datetime]) -> dict[datetime, int]:
    """Return for each of these instants the lowest number of the editions of a series that were composed at it."""
    query = select(editions.c.composed_at, func.min(editions.c.number)).where(editions.c.series == series)
    query = query.where(editions.c.composed_at.in_(composed)).group_by(editions.c.composed_at)
    return {at: number for at, number in tx.execute(query)}  # noqa: C416  (rows are no pairs to mypy)


def main_entries(tx: Transaction, edition_ids: Collection[str]) -> dict[str, list[Selected]]:
    """Return for each edition the entries, in order, that most of its readers were given.

    Of two selections with as many readers it is the one with more entries, then the first by its id.
    """
    sized = (
        select(selections.c.id, selections.c.edition_id, func.count())
        .join(selection_entries, selection_entries.c.selection_id == selections.c.id)
        .where(selections.c.edition_id.in_(edition_ids))
        .group_by(selections.c.id, selections.c.edition_id)
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for selection_id, edition_id, size in tx.execute(sized):
        found.setdefault(edition_id, []).append((-size, selection_id))
    readers = _count_readers(tx, [edition_id for edition_id, several in found.items() if len(several) > 1])
    chosen = {
        min((-readers.get(selection_id, 0), size, selection_id) for size, selection_id in several)[2]: edition_id
        for edition_id, several in found.items()
    }
    held: dict[str, list[Selected]] = {}
    query = select(selection_entries).where(selection_entries.c.selection_id.in_(chosen))
    for row in tx.execute(query.order_by(selection_entries.c.selection_id, selection_entries.c.position)):
        one = Selected(row.entry_id, row.revision, row.named_only)
        held.setdefault(chosen[row.selection_id], []).append(one)
    return held


def list_notes(tx: Transaction, edition_ids: Collection[str]) -> dict[str, bytes]:
    """Return the editor's note of each of these editions that has one, as it was stored with the mail.

    It is the same for all readers of an edition. Served by the primary key.
    """
    ours = renderings.c.edition_id.in_(edition_ids) & renderings.c.part.endswith("/note")
    query = select(renderings.c.edition_id, renderings.c.data).where(ours).order_by(renderings.c.part)
    return {edition_id: data for edition_id, data in tx.execute(query)}  # noqa: C416


def _count_readers(tx: Transaction, edition_ids: Collection[str]) -> dict[str, int]:
    """Return how many readers each selection of these editions was given to. Served by the index on (about, state)."""
    ours = (deliveries.c.kind == "edition") & deliveries.c.about.in_(edition_ids)
    query = select(deliveries.c.selection_id, func.count()).where(ours).group_by(deliveries.c.selection_id)
    return {selection_id: number for selection_id, number in tx.execute(query)}  # noqa: C416
