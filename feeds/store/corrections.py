"""Corrections and readers: which entries were edited since a newsletter brought them, and which selection told what.

A function per statement. Not here: who is owed one (rules), which selections a reader has had (audience).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, tuple_

from feeds.model import Access, Correction, State
from feeds.rules.corrections import Amended, Brought, Told
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.schema import editions, entries, entry_revisions, selection_corrections, selection_entries, selections

_PAIRS_AT_ONCE = 1000


def list_amended(tx: Transaction, newsletter: str, *, since: datetime) -> list[Amended]:
    """Return the public entries with corrections that were edited after an instant, and brought before their last edit.

    Served by the index on replaced_at.
    """
    # In steps: in one statement, SQLite would begin with all that is live.
    edited = set(tx.execute(select(entry_revisions.c.entry_id).where(entry_revisions.c.replaced_at > since)).scalars())
    columns = (entries.c.id, entries.c.revision, entries.c.article["corrections"].label("corrections"))
    public = (entries.c.state == State.LIVE) & (entries.c.access == Access.PUBLIC)
    query = select(*columns).where(public).order_by(entries.c.id)
    rows = (row for batch in batches(sorted(edited)) for row in tx.execute(query.where(entries.c.id.in_(batch))))
    found = [Amended(row.id, row.revision, _read(row.corrections)) for row in rows if row.corrections]
    before = _first_brought(tx, newsletter, [one.entry_id for one in found])
    return [one for one in found if before.get(one.entry_id, one.revision) < one.revision]


def list_brought(tx: Transaction, newsletter: str, amended: Collection[Amended]) -> dict[str, Brought]:
    """Return each selection of a newsletter that holds one of these entries or tells of it, with what it brought.

    An entry that was only named as one of the "N more" was not read, and does not count.
    """
    ids = [one.entry_id for one in amended]
    columns = (selection_entries.c.selection_id, selections.c.edition_id, selection_entries.c.entry_id)
    stood = _stood(newsletter, *columns, selection_entries.c.revision).where(selection_entries.c.entry_id.in_(ids))
    rows = list(tx.execute(stood))
    said = _said(tx, {(row.entry_id, row.revision) for row in rows})
    now = {one.entry_id: tuple(c.text for c in one.corrections) for one in amended}
    held: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    edition_of = {}
    for row in rows:
        # A revision that is not kept is taken for what stands now: nobody is told of what they may have read.
        held[row.selection_id][row.entry_id] = said.get((row.entry_id, row.revision), now[row.entry_id])
        edition_of[row.selection_id] = row.edition_id
    for row in tx.execute(_telling(newsletter, ids)):
        told[row.selection_id].append((row.entry_id, row.text))
        edition_of[row.selection_id] = row.edition_id
    return {one: Brought(edition, held[one], tuple(told[one])) for one, edition in edition_of.items()}


def add(tx: Transaction, selection_id: str, corrections: Iterable[Told]) -> None:
    """Record which corrections a new selection tells, in their order."""
    rows = [
        {"selection_id": selection_id, "position": position, "entry_id": one.entry_id}
        | {"revision": one.revision, "corrected_at": one.at, "text": one.text}
        for position, one in enumerate(corrections)
    ]
    if rows:
        tx.execute(insert(selection_corrections), rows)


def list_told(tx: Transaction, selection_id: str) -> tuple[Told, ...]:
    """Return the corrections that a selection tells, in their order."""
    ours = select(selection_corrections).where(selection_corrections.c.selection_id == selection_id)
    rows = tx.execute(ours.order_by(selection_corrections.c.position))
    return tuple(Told(row.entry_id, row.revision, row.corrected_at, row.text) for row in rows)


def _first_brought(tx: Transaction, newsletter: str, entry_ids: Collection[str]) -> dict[str, int]:
    """Return entry id → the lowest revision at which a newsletter brought it."""
    held = selection_entries.c
    query = _stood(newsletter, held.entry_id, func.min(held.revision)).group_by(held.entry_id)
    found = (tx.execute(query.where(held.entry_id.in_(batch))) for batch in batches(entry_ids))
    return {entry_id: revision for rows in found for entry_id, revision in rows}


def _stood(newsletter: str, *columns: Any) -> Any:
    """Return the query for what stood in full in the editions of a newsletter."""
    return (
        select(*columns)
        .join(selections, selections.c.id == selection_entries.c.selection_id)
        .join(editions, editions.c.id == selections.c.edition_id)
        .where(editions.c.newsletter == newsletter, selection_entries.c.named_only.is_(False))
    )


def _telling(newsletter: str, entry_ids: Collection[str]) -> Any:
    told = selection_corrections.c
    return (
        select(told.selection_id, selections.c.edition_id, told.entry_id, told.text)
        .join(selections, selections.c.id == told.selection_id)
        .join(editions, editions.c.id == selections.c.edition_id)
        .where(editions.c.newsletter == newsletter, told.entry_id.in_(entry_ids))
        .order_by(told.selection_id, told.position)
    )


def _said(tx: Transaction, wanted: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], tuple[str, ...]]:
    """Return (entry id, revision) → the corrections in an entry as it was, for the revisions that are kept."""
    kept = entry_revisions.c
    query = select(kept.entry_id, kept.revision, kept.article["corrections"].label("corrections"))
    parts = batches(sorted(wanted), _PAIRS_AT_ONCE)
    rows = (row for part in parts for row in tx.execute(query.where(tuple_(kept.entry_id, kept.revision).in_(part))))
    return {(row.entry_id, row.revision): tuple(c.text for c in _read(row.corrections)) for row in rows}


def _read(corrections: Any) -> tuple[Correction, ...]:
    return tuple(Correction(datetime.fromisoformat(one["at"]), one["text"]) for one in corrections)
