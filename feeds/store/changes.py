"""What publish asks of the entries: which changed, where the articles that they link to stand, which files they show.

A function per statement. Not here: the entries themselves (entries).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, insert, select, tuple_

from feeds.model import Access, State
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.schema import entries, entry_aliases, entry_files, entry_links


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What an entry's address is made of, and whether everyone may go there."""

    id: str
    source: str
    key: str
    slug: str
    url: str | None
    is_public: bool


def list_changed(tx: Transaction, after: int, limit: int) -> list[tuple[str, int]]:
    """Return (id, change) of the entries that changed after a change, in order. Served by the index on change.

    At most ``limit`` of them, and with the last all those that changed together with it.
    """
    query = select(entries.c.id, entries.c.change).where(entries.c.change > after)
    found = [(entry_id, change) for entry_id, change in tx.execute(query.order_by(entries.c.change).limit(limit))]
    if len(found) < limit:
        return found
    last = found[-1][1]
    same = tx.execute(select(entries.c.id).where(entries.c.change == last).order_by(entries.c.id)).scalars()
    return [one for one in found if one[1] < last] + [(entry_id, last) for entry_id in same]


def list_whereabouts(tx: Transaction, targets: Collection[str] | None = None) -> dict[str, Whereabouts]:
    """Return where the entries stand that these source/keys mean, former ones too; all entries where none are given."""
    found: dict[str, Whereabouts] = {}
    own = entries.c.source + "/" + entries.c.key
    for wanted in [None] if targets is None else batches(sorted(targets)):
        former = _whereabouts(entry_aliases.c.value).join(entry_aliases, entry_aliases.c.entry_id == entries.c.id)
        former = former.where(entry_aliases.c.kind == "key")
        now = _whereabouts(own)
        if wanted is not None:
            pairs = [tuple(target.split("/", 1)) for target in wanted]
            former, now = (
                former.where(entry_aliases.c.value.in_(wanted)),
                now.where(tuple_(entries.c.source, entries.c.key).in_(pairs)),
            )
        for query in (former, now):
            for target, entry_id, source, key, slug, url, state, access in tx.execute(query):
                public = state == State.LIVE and access == Access.PUBLIC
                found[target] = Whereabouts(entry_id, source, key, slug, url, public)
    return found


def set_links(tx: Transaction, links: Mapping[str, Mapping[str, str | None]]) -> None:
    """Make these what the entries link to: entry id → target → the address that it stands at in print."""
    _replace(tx, entry_links, links.keys())
    rows = [
        {"entry_id": entry_id, "target": target, "address": address}
        for entry_id, targets in links.items()
        for target, address in targets.items()
    ]
    if rows:
        tx.execute(insert(entry_links), rows)


def list_misled(tx: Transaction, addresses: Mapping[str, str | None]) -> set[str]:
    """Return the entries that link to one of these targets by another address than the one given, None being none."""
    found: set[str] = set()
    for batch in batches(sorted(addresses)):
        rows = tx.execute(select(entry_links).where(entry_links.c.target.in_(batch)))
        found |= {row.entry_id for row in rows if row.address != addresses[row.target]}
    return found


def former_targets(tx: Transaction, entry_ids: Collection[str]) -> list[tuple[str, str]]:
    """Return (entry id, source/key) of where these entries lay before."""
    alias = entry_aliases.c
    query = select(alias.entry_id, alias.value).where(alias.kind == "key", alias.entry_id.in_(entry_ids))
    return [(entry_id, value) for entry_id, value in tx.execute(query)]


def former_slugs(tx: Transaction, entry_ids: Collection[str]) -> dict[str, list[str]]:
    """Return entry id → the slugs that it had before, for those that had others."""
    alias = entry_aliases.c
    query = select(alias.entry_id, alias.value).where(alias.kind == "slug", alias.entry_id.in_(entry_ids))
    found: dict[str, list[str]] = {}
    for entry_id, value in tx.execute(query.order_by(alias.value)):
        found.setdefault(entry_id, []).append(value)
    return found


def changes_of(tx: Transaction, entry_ids: Collection[str]) -> dict[str, int]:
    """Return entry id → the place of its newest change."""
    query = select(entries.c.id, entries.c.change).where(entries.c.id.in_(entry_ids))
    return {entry_id: change for entry_id, change in tx.execute(query)}  # noqa: C416  (rows are no pairs to mypy)


def list_places(tx: Transaction, first: int, last: int) -> list[tuple[str, datetime]]:
    """Return (slug, updated at) of the public entries with pages of their own, from one sequence to another."""
    here = entries.c.sequence.between(first, last) & entries.c.url.is_(None)
    query = select(*(entries.c[name] for name in ("slug", "updated_at", "state", "access"))).where(here)
    # Who is public is told here: asked for it, SQLite would walk all live entries, rather than these few by sequence.
    public = (State.LIVE, Access.PUBLIC)
    found = tx.execute(query.order_by(entries.c.sequence))
    return [(slug, updated_at) for slug, updated_at, *standing in found if tuple(standing) == public]


def set_files(tx: Transaction, files: Mapping[str, Iterable[str]]) -> set[str]:
    """Make these what the entries show: entry id → names on the media shelf. Return the names that nobody shows now."""
    before: set[str] = set()
    for batch in batches(sorted(files)):
        before |= set(tx.execute(select(entry_files.c.name).where(entry_files.c.entry_id.in_(batch))).scalars())
    _replace(tx, entry_files, files.keys())
    rows = [{"entry_id": entry_id, "name": name} for entry_id, names in files.items() for name in sorted(set(names))]
    if rows:
        tx.execute(insert(entry_files), rows)
    return before - shown_files(tx, before)


def shown_files(tx: Transaction, names: Collection[str]) -> set[str]:
    """Return those of these names that an entry shows. Served by the index on name."""
    found: set[str] = set()
    for batch in batches(sorted(names)):
        found |= set(tx.execute(select(entry_files.c.name).where(entry_files.c.name.in_(batch))).scalars())
    return found


def _whereabouts(target: ColumnElement[str]) -> Select[Any]:
    names = ("id", "source", "key", "slug", "url", "state", "access")
    return select(target.label("target"), *(entries.c[name] for name in names))


def _replace(tx: Transaction, table: Table, entry_ids: Iterable[str]) -> None:
    for batch in batches(sorted(entry_ids)):
        tx.execute(delete(table).where(table.c.entry_id.in_(batch)))
