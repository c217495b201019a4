"""Which files of the media shelf the mail of each edition shows, and which editions wait until theirs are in print.

A function per statement. Not here: what articles show (changes), putting files into print (jobs.publish).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select

from feeds.model import Access, State
from feeds.store import reprints
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.reprints import Reprint
from feeds.store.schema import edition_files, entries
from feeds.store.schema import reprints as due

FILE = "%"  # and a name: a file of the media shelf, as something to print
OWN = ""  # in place of an entry's id: a file is the edition's own


def file_subject(name: str) -> str:
    """Return the name that a file of the media shelf is printed by."""
    return f"{FILE}{name}"


def add(tx: Transaction, edition_id: str, files: Iterable[tuple[str, str]]) -> None:
    """Note (entry id, name) of files that an edition shows, and have them put into print; known ones stay."""
    ours = edition_files.c.edition_id == edition_id
    known = {(row.entry_id, row.name) for row in tx.execute(select(edition_files).where(ours))}
    rows = [{"edition_id": edition_id, "entry_id": one, "name": name} for one, name in sorted(set(files) - known)]
    if rows:
        tx.execute(insert(edition_files), rows)
        reprints.add(tx, {Reprint(file_subject(row["name"])) for row in rows})


def list_names(tx: Transaction) -> set[str]:
    """Return all files that editions show."""
    return set(tx.execute(select(edition_files.c.name)).scalars())


def list_names_of(tx: Transaction, entry_ids: Collection[str]) -> set[str]:
    """Return the files that editions show for these entries. Served by the index on entry_id."""
    return _names(tx, select(edition_files.c.name), entry_ids, by=edition_files.c.entry_id)


def shown(tx: Transaction, names: Collection[str]) -> set[str]:
    """Return those of these names that an edition shows for an entry which is public, or as its own.

    Served by the index on name.
    """
    public = (entries.c.state == State.LIVE) & (entries.c.access == Access.PUBLIC)
    joined = select(edition_files.c.name).outerjoin(entries, entries.c.id == edition_files.c.entry_id)
    return _names(tx, joined.where(public | (edition_files.c.entry_id == OWN)), names, by=edition_files.c.name)


def list_due(tx: Transaction) -> list[str]:
    """Return what is to be put into print or taken out of it of the media shelf, by name."""
    query = select(due.c.subject).where(due.c.subject.startswith(FILE, autoescape=True)).order_by(due.c.subject)
    return [subject.removeprefix(FILE) for subject in tx.execute(query).scalars()]


def list_unshown(tx: Transaction) -> set[str]:
    """Return the editions of which a file is yet to be put into print. Served by the index on name."""
    return _names(tx, select(edition_files.c.edition_id), list_due(tx), by=edition_files.c.name)


def list_showing(tx: Transaction, edition_ids: Collection[str]) -> set[str]:
    """Return those of these editions that show a file at all. Served by the primary key."""
    return _names(tx, select(edition_files.c.edition_id), edition_ids, by=edition_files.c.edition_id)


def _names(tx: Transaction, query: Select[Any], wanted: Collection[str], *, by: ColumnElement[str]) -> set[str]:
    found: set[str] = set()
    for batch in batches(sorted(wanted)):
        found |= set(tx.execute(query.where(by.in_(batch))).scalars())
    return found
