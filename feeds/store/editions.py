"""Editions, and what they were fixed as.

A function per statement. Not here: the bytes that they were rendered to (renderings), who gets them (audience), what
became of each delivery (deliveries).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update

from feeds.errors import UsageWrong
from feeds.model import Edition, EditionState
from feeds.rules.corrections import Told
from feeds.store import corrections, reprints
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.reprints import NEWSLETTER, Reprint
from feeds.store.schema import editions, selection_entries, selections


@dataclass(frozen=True, slots=True)
class Selected:
    """An entry as it stands in a selection: at its revision, in full or only named as one of the "N more"."""

    entry_id: str
    revision: int
    named_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The entries that some readers of an edition get, in order, and what it tells them; ``hash`` is of both."""

    id: str
    edition_id: str
    hash: str
    entries: tuple[Selected, ...]
    corrections: tuple[Told, ...] = ()


class Holding(NamedTuple):
    """A selection's edition, and which of the entries that were asked for it holds."""

    edition_id: str
    entry_ids: frozenset[str]


def selection_of(edition_id: str, held: tuple[Selected, ...], told: tuple[Told, ...] = ()) -> Selection:
    """Return the selection of these entries and corrections; its id is made of the edition and of both."""
    said = [f"{entry.entry_id} {entry.revision} {entry.named_only}" for entry in held]
    said += [f"{one.entry_id} {one.revision} {one.at.isoformat()} {one.text}" for one in told]
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return Selection(
        id=f"{edition_id}#{digest[:12]}", edition_id=edition_id, hash=digest, entries=held, corrections=told
    )


def get(tx: Transaction, name: str) -> Edition:
    """Return an edition by its id, or by ``SERIES/NUMBER``; raise UsageWrong where there is none.

    A newsletter's own series has its slug for a name.
    """
    series, _, number = name.partition("/")
    same = editions.c.id == name
    if number.isdecimal() and len(number) < 10:  # a longer one is no number that the column could hold
        same |= (editions.c.series == series) & (editions.c.number == int(number))
    row = tx.execute(select(editions).where(same)).one_or_none()
    if row is None:
        raise UsageWrong(f"there is no edition {name!r}; `pressrun editions list` shows all")
    return edition_of(row._mapping)


def list_all(tx: Transaction, *, newsletter: str | None = None) -> list[Edition]:
    """Return the editions of one newsletter, of one of its series, or of all, the newest first."""
    query = select(editions).order_by(editions.c.due_at.desc(), editions.c.id)
    if newsletter is not None:
        query = query.where((editions.c.newsletter == newsletter) | (editions.c.series == newsletter))
    return [edition_of(row._mapping) for row in tx.execute(query)]


def count_by_state(tx: Transaction) -> dict[tuple[str, EditionState], int]:
    """Return how many editions there are, by newsletter and state."""
    columns = editions.c.newsletter, editions.c.state
    query = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return {(newsletter, EditionState(state)): number for newsletter, state, number in tx.execute(query)}


def list_with(tx: Transaction, ids: Collection[str]) -> list[Edition]:
    """Return these editions, in the order in which they were due."""
    query = select(editions).where(editions.c.id.in_(ids)).order_by(editions.c.due_at, editions.c.number)
    return [edition_of(row._mapping) for row in tx.execute(query)]


def list_slots(tx: Transaction, series: str) -> set[str]:
    """Return the slots for which a series has an edition. Served by the unique index on (series, slot)."""
    return set(tx.execute(select(editions.c.slot).where(editions.c.series == series)).scalars())


def next_number(tx: Transaction, series: str) -> int:
    """Return the number of the next edition of a series, from 1."""
    return (tx.execute(select(func.max(editions.c.number)).where(editions.c.series == series)).scalar() or 0) + 1


def last_due_at(tx: Transaction, series: str) -> datetime | None:
    """Return when the newest edition of a series was due, or None."""
    return tx.execute(select(func.max(editions.c.due_at)).where(editions.c.series == series)).scalar()


def add(tx: Transaction, edition: Edition) -> None:
    """Add an edition, and have it printed; the keys refuse a second one for its slot."""
    values = {name: getattr(edition, name) for name in Edition.__dataclass_fields__}
    tx.execute(insert(editions).values(**values))
    reprints.add(tx, reprints_of(edition.series, edition.number))


def mark_changed(tx: Transaction, edition: Edition) -> None:
    """Have an edition printed anew, since more readers came to it."""
    reprints.add(tx, reprints_of(edition.series, edition.number))


def mark_cancelled(tx: Transaction, edition_id: str, at: datetime) -> None:
    """Record that an edition is not to be delivered any further, and have it taken out of print."""
    values = {"state": EditionState.CANCELLED, "ended_at": at}
    tx.execute(update(editions).where(editions.c.id == edition_id).values(**values))
    for edition in list_with(tx, [edition_id]):
        reprints.add(tx, reprints_of(edition.series, edition.number))


def mark_paused(tx: Transaction, edition_id: str) -> None:
    """Record that an edition is held back by a person; it stays in print."""
    tx.execute(update(editions).where(editions.c.id == edition_id).values(state=EditionState.PAUSED))


def mark_resumed(tx: Transaction, edition_id: str) -> None:
    """Record that an edition is held back no longer."""
    ours = update(editions).where(editions.c.id == edition_id, editions.c.state == EditionState.PAUSED)
    tx.execute(ours.values(state=EditionState.COMPOSED))


def list_paused(tx: Transaction) -> list[str]:
    """Return the ids of the editions that a person holds back."""
    query = select(editions.c.id).where(editions.c.state == EditionState.PAUSED).order_by(editions.c.due_at)
    return list(tx.execute(query).scalars())


def reprints_of(series: str, *numbers: int) -> set[Reprint]:
    """Return what must be printed anew where these editions changed: their pages, and what lists them."""
    return {Reprint(NEWSLETTER + series, part) for part in (reprints.OPEN, *numbers)}


def add_selection(tx: Transaction, selection: Selection) -> None:
    """Add a selection with what it holds and tells, or leave the one that is there with this id."""
    if tx.execute(select(selections.c.id).where(selections.c.id == selection.id)).scalar() is not None:
        return
    values = {"id": selection.id, "edition_id": selection.edition_id, "hash": selection.hash}
    tx.execute(insert(selections).values(**values))
    rows = [
        {"selection_id": selection.id, "position": position}
        | {name: getattr(entry, name) for name in Selected.__dataclass_fields__}
        for position, entry in enumerate(selection.entries)
    ]
    tx.execute(insert(selection_entries), rows)
    corrections.add(tx, selection.id, selection.corrections)


def get_selection(tx: Transaction, selection_id: str) -> Selection:
    """Return a selection that is known to exist."""
    row = tx.execute(select(selections).where(selections.c.id == selection_id)).one()
    ours = selection_entries.c.selection_id == selection_id
    entries = tx.execute(select(selection_entries).where(ours).order_by(selection_entries.c.position))
    held = tuple(Selected(entry.entry_id, entry.revision, entry.named_only) for entry in entries)
    told = corrections.list_told(tx, selection_id)
    return Selection(id=row.id, edition_id=row.edition_id, hash=row.hash, entries=held, corrections=told)


def list_selections(tx: Transaction, edition_id: str) -> list[Selection]:
    """Return the selections of an edition."""
    query = select(selections.c.id).where(selections.c.edition_id == edition_id).order_by(selections.c.id)
    return [get_selection(tx, selection_id) for selection_id in tx.execute(query).scalars()]


def holding(tx: Transaction, entry_ids: Collection[str], *, newsletter: str) -> dict[str, Holding]:
    """Return each selection of a newsletter that holds one of these entries, with those of them that it holds."""
    query = (
        select(selection_entries.c.selection_id, selection_entries.c.entry_id, selections.c.edition_id)
        .join(selections, selections.c.id == selection_entries.c.selection_id)
        .join(editions, editions.c.id == selections.c.edition_id)
        .where(editions.c.newsletter == newsletter)
    )
    held: dict[tuple[str, str], set[str]] = {}
    found = (tx.execute(query.where(selection_entries.c.entry_id.in_(batch))) for batch in batches(entry_ids))
    for selection_id, entry_id, edition_id in chain.from_iterable(found):
        held.setdefault((selection_id, edition_id), set()).add(entry_id)
    return {selection: Holding(edition, frozenset(entries)) for (selection, edition), entries in held.items()}


def edition_of(values: Mapping[Any, Any]) -> Edition:
    """Return the edition that a row is of."""
    return Edition(**dict(values) | {"state": EditionState(values["state"])})
