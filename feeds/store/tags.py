"""Tags, their other spellings, and which entries have them.

A function per statement. Not here: which spelling wins (jobs.sync asks the rules).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from feeds.model import Tag
from feeds.store import entries
from feeds.store.engine import Transaction
from feeds.store.schema import entry_tags, tag_aliases, tags


def list_all(tx: Transaction) -> dict[str, Tag]:
    """Return every tag by its slug, in the order of the slugs."""
    return {row.slug: Tag(row.slug, row.name) for row in tx.execute(select(tags).order_by(tags.c.slug))}


def list_aliases(tx: Transaction) -> dict[str, str]:
    """Return old slug → the slug that it stands for now."""
    return {row.slug: row.tag for row in tx.execute(select(tag_aliases).order_by(tag_aliases.c.slug))}


def by_entry(tx: Transaction, entry_ids: Collection[str] | None = None) -> dict[str, tuple[Tag, ...]]:
    """Return the tags of every entry that has some, or of those given, aliases resolved, each once, in their order."""
    query = select(entry_tags.c.entry_id, tags.c.slug, tags.c.name).join(tags, tags.c.slug == entry_tags.c.tag)
    if entry_ids is not None:
        query = query.where(entry_tags.c.entry_id.in_(entry_ids))
    found: defaultdict[str, dict[str, Tag]] = defaultdict(dict)
    for entry_id, slug, name in tx.execute(query.order_by(entry_tags.c.entry_id, entry_tags.c.position)).all():
        found[entry_id].setdefault(slug, Tag(slug, name))
    return {entry_id: tuple(entry.values()) for entry_id, entry in found.items()}


def list_spellings(tx: Transaction) -> list[tuple[str, str, int]]:
    """Return (tag's slug, spelling, how many entries spell it so) for every spelling in use."""
    query = select(entry_tags.c.tag, entry_tags.c.name, func.count()).group_by(entry_tags.c.tag, entry_tags.c.name)
    return [(slug, name, number) for slug, name, number in tx.execute(query)]


def put(tx: Transaction, tag: Tag, *, at: datetime) -> None:
    """Add a tag, or change the spelling of it that people see; the entries that have it are touched then."""
    before = tx.execute(select(tags.c.name).where(tags.c.slug == tag.slug)).scalar()
    if before is None:
        tx.execute(insert(tags).values(slug=tag.slug, name=tag.name, created_at=at))
    elif before != tag.name:
        tx.execute(update(tags).where(tags.c.slug == tag.slug).values(name=tag.name))
        _touch(tx, entry_tags.c.tag == tag.slug)


def replace_aliases(tx: Transaction, aliases: Mapping[str, str], *, at: datetime) -> None:
    """Make these the aliases: old slug → slug of a tag that the store has."""
    tx.execute(delete(tag_aliases))
    for slug, tag in aliases.items():
        tx.execute(insert(tag_aliases).values(slug=slug, tag=tag, created_at=at))


def move_spelling(tx: Transaction, name: str, slug: str) -> None:
    """Let a spelling mean the tag with this slug, wherever it is used; those entries are touched."""
    tx.execute(update(entry_tags).where(entry_tags.c.name == name).values(tag=slug))
    _touch(tx, entry_tags.c.name == name)


def set_for_entry(tx: Transaction, entry_id: str, named: Sequence[tuple[str, str]]) -> None:
    """Make these (spelling, slug of the tag meant) the tags of an entry, in this order."""
    tx.execute(delete(entry_tags).where(entry_tags.c.entry_id == entry_id))
    for position, (name, slug) in enumerate(named):
        tx.execute(insert(entry_tags).values(entry_id=entry_id, position=position, name=name, tag=slug))


def _touch(tx: Transaction, which: ColumnElement[bool]) -> None:
    entries.touch(tx, set(tx.execute(select(entry_tags.c.entry_id).where(which)).scalars()))
