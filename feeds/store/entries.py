"""Entries, what they said before, and the addresses they had.

A function per statement. Not here: deciding what an entry's fields should be (rules).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, delete, func, insert, or_, select, true, update

from feeds.errors import UsageWrong
from feeds.model import Access, Article, Entry, State, WithdrawnBy
from feeds.rules.slugs import author_slug
from feeds.store.articles_json import from_json, to_json
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.schema import UNLAUNCHED, entries, entry_aliases, entry_authors, entry_revisions

TOUCHED_AT_ONCE = 1000  # entries that change together are planned together, all in memory
_NAMES = tuple(Entry.__dataclass_fields__)
_ENTRIES = select(*(entries.c[name] for name in _NAMES))
_AMONG = entries.c.id.in_(bindparam("ids", expanding=True))
_WITH = _ENTRIES.where(_AMONG).order_by(entries.c.id)
_COPIES = ("title", "section", "language", "access", "url")  # of what the article says
_OUTLINE = ("authors", "files", "linked_entries")
_WORDLESS = to_json(Article(title="", blocks=(), html=""))
_OUTLINES = (
    select(
        *(entries.c[name] for name in (*_NAMES, *_COPIES) if name != "article"),
        *(entries.c.article[name].label(name) for name in _OUTLINE),
    )
    .where(_AMONG)
    .order_by(entries.c.id)
)
_NEXT_CHANGE = select(func.coalesce(func.max(entries.c.change), 0) + 1).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Known:
    """What a sync must know of an entry to tell whether its file has changed."""

    id: str
    source: str
    key: str
    slug: str
    state: State
    source_hash: str
    reading: str
    updated_at: datetime
    withdrawn_by: str | None = None

    @property
    def is_gone(self) -> bool:
        """Tell whether it was withdrawn since its source had it no more; what an operator withdrew may be there yet."""
        return self.state is State.WITHDRAWN and self.withdrawn_by != WithdrawnBy.OPERATOR


@dataclass(frozen=True, slots=True)
class Alias:
    """A slug, address or key that an entry had."""

    kind: str
    value: str
    entry_id: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a newsletter must know of an entry to tell who lacks it."""

    id: str
    revision: int
    live_at: datetime | None
    published_at: datetime


def get(tx: Transaction, entry_id: str) -> Entry:
    """Return an entry by its id; raise UsageWrong where there is none."""
    entry = find(tx, entry_id)
    if entry is None:
        raise UsageWrong(f"no entry has the id, slug or key {entry_id!r}; `pressrun entries list` shows all")
    return entry


def find(tx: Transaction, entry_id: str) -> Entry | None:
    """Return the entry with this id, or None."""
    return next(iter(list_with(tx, [entry_id])), None)


def find_by_name(tx: Transaction, name: str) -> Entry | None:
    """Return the entry that a person means by an id, a slug, a source/key or a key (the first of these), or None."""
    return next(iter(list_by_name(tx, name)), None)


def list_by_name(tx: Transaction, name: str) -> list[Entry]:
    """Return the entries that a name may mean: several only where it is a key that several sources have."""
    name = name.encode("utf-8", "replace").decode()  # no database takes a lone surrogate, as a terminal may give one
    names = (entries.c.id, entries.c.slug, entries.c.source + "/" + entries.c.key, entries.c.key)
    rank = case(*((column == name, place) for place, column in enumerate(names)))
    query = _ENTRIES.add_columns(rank.label("rank")).where(or_(*(column == name for column in names)))
    rows = list(tx.execute(query.order_by(rank, entries.c.id)))
    return [_entry(row[:-1]) for row in rows if row.rank == rows[0].rank]


def list_known(tx: Transaction, source: str | None = None) -> list[Known]:
    """Return what is known of every entry of a source, or of all sources, withdrawn ones included."""
    query = select(*(entries.c[name] for name in Known.__dataclass_fields__))
    rows = tx.execute(query if source is None else query.where(entries.c.source == source))
    return [Known(**dict(row._mapping) | {"state": State(row.state)}) for row in rows]


def list_links(tx: Transaction) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (source, key, what it links to as source/key) of every entry that is not withdrawn."""
    query = select(entries.c.source, entries.c.key, entries.c.article["linked_entries"].label("linked"))
    rows = tx.execute(query.where(entries.c.state != State.WITHDRAWN).order_by(entries.c.source, entries.c.key))
    return [(row.source, row.key, tuple(row.linked)) for row in rows]


def list_former_keys(tx: Transaction) -> set[str]:
    """Return the source/key that entries had before they moved, but for those now withdrawn."""
    query = select(entry_aliases.c.value).join(entries).where(entry_aliases.c.kind == "key")
    return set(tx.execute(query.where(entries.c.state != State.WITHDRAWN)).scalars())


def list_all(tx: Transaction, *, state: State | None = None) -> Iterator[Entry]:
    """Yield entries, newest first; only those in ``state`` if given. Served by the index on (state, published_at)."""
    query = _ENTRIES.order_by(entries.c.published_at.desc(), entries.c.id)
    if state is not None:
        query = query.where(entries.c.state == state)
    for row in tx.execute(query):
        yield _entry(row)


def list_public(tx: Transaction) -> Iterator[Entry]:
    """Yield the entries that may stand in public documents, newest first."""
    query = _ENTRIES.where(entries.c.state == State.LIVE, entries.c.access == Access.PUBLIC)
    order = (entries.c.published_at.desc(), entries.c.sequence.desc(), entries.c.id)
    for row in tx.execute(query.order_by(*order)):
        yield _entry(row)


def list_out_at(tx: Transaction, at: datetime) -> Iterator[Entry]:
    """Yield the public entries that were or will be out at an instant, newest first."""
    out = entries.c.state.in_([State.LIVE, State.SCHEDULED]) & (entries.c.published_at <= at)
    query = _ENTRIES.where(out, entries.c.access == Access.PUBLIC)
    for row in tx.execute(query.order_by(entries.c.published_at.desc(), entries.c.sequence.desc(), entries.c.id)):
        yield _entry(row)


def list_brought(
    tx: Transaction, floor: datetime, *, first_seen_at: datetime, until: datetime | None = None
) -> list[Brought]:
    """Return the public entries that went live after a floor, newest first; those too that will be out by ``until``.

    Those that were live before ``first_seen_at`` count by their own date. Served by the index on live_at.
    """
    live, dated = entries.c.state == State.LIVE, entries.c.published_at > floor
    fresh = live & (entries.c.live_at > first_seen_at) & (entries.c.live_at > floor)
    old = live & (entries.c.live_at <= first_seen_at) & dated
    coming = (entries.c.state == State.SCHEDULED) & (entries.c.published_at <= (until or floor)) & dated
    query = select(*(entries.c[name] for name in Brought.__dataclass_fields__))
    query = query.where(entries.c.access == Access.PUBLIC, or_(fresh, old, coming))
    order = (entries.c.published_at.desc(), entries.c.sequence.desc().nulls_first(), entries.c.id.desc())
    return [Brought(**row._mapping) for row in tx.execute(query.order_by(*order))]


def list_latest(tx: Transaction, limit: int) -> list[Brought]:
    """Return the newest public entries by their dates, newest first. Served by the index on (state, published_at)."""
    query = select(*(entries.c[name] for name in Brought.__dataclass_fields__))
    public = (entries.c.state == State.LIVE, entries.c.access == Access.PUBLIC)
    order = entries.c.published_at.desc(), entries.c.sequence.desc(), entries.c.id.desc()
    return [Brought(**row._mapping) for row in tx.execute(query.where(*public).order_by(*order).limit(limit))]


def list_withdrawn(tx: Transaction, *, since: datetime) -> list[Brought]:
    """Return the entries that were live once and were withdrawn after an instant: they may come back."""
    query = select(*(entries.c[name] for name in Brought.__dataclass_fields__))
    gone = (entries.c.state == State.WITHDRAWN) & (entries.c.withdrawn_at > since) & entries.c.live_at.is_not(None)
    return [Brought(**row._mapping) for row in tx.execute(query.where(gone).order_by(entries.c.id))]


def list_with(tx: Transaction, ids: Collection[str]) -> list[Entry]:
    """Return the entries with these ids, in the order of the ids, however many they are."""
    return [_entry(row) for batch in batches(sorted(ids)) for row in tx.execute(_WITH, {"ids": batch})]


def list_outlines(tx: Transaction, ids: Collection[str]) -> list[Entry]:
    """Return entries as ``list_with`` does, but of what they say only the title, by whom, where, and what it links to.

    That is what planning asks, of all entries at once where the settings changed; their texts are most of the store.
    """
    return [_outline(row) for batch in batches(sorted(ids)) for row in tx.execute(_OUTLINES, {"ids": batch})]


def at_revision(tx: Transaction, entry: Entry, revision: int) -> Entry:
    """Return an entry as it was at a revision; as it is where that one is not kept."""
    ours = (entry_revisions.c.entry_id == entry.id) & (entry_revisions.c.revision == revision)
    row = tx.execute(select(entry_revisions).where(ours)).one_or_none()
    if row is None:
        return entry
    return replace_fields(entry, article=from_json(row.article), revision=revision, updated_at=row.updated_at)


def count_by_state(tx: Transaction) -> dict[str, int]:
    """Return how many entries stand in each state."""
    rows = tx.execute(select(entries.c.state, func.count()).group_by(entries.c.state).order_by(entries.c.state))
    return {state: number for state, number in rows}  # noqa: C416  (rows are no pairs to mypy)


def next_scheduled_at(tx: Transaction) -> datetime | None:
    """Return when the next scheduled entry is due, or None."""
    return tx.execute(select(func.min(entries.c.published_at)).where(entries.c.state == State.SCHEDULED)).scalar()


def last_sequence(tx: Transaction) -> int:
    """Return the place of the entry that went live last, 0 where none did. Served by the unique index on sequence."""
    return tx.execute(select(func.max(entries.c.sequence))).scalar() or 0


def count_unlaunched(tx: Transaction) -> int:
    """Return how many live entries have no place in the sequence yet."""
    return tx.execute(select(func.count()).select_from(entries).where(UNLAUNCHED)).scalar() or 0


def slugs(tx: Transaction) -> set[str]:
    """Return all slugs in use, and those that redirect."""
    used = set(tx.execute(select(entries.c.slug)).scalars())
    return used | set(tx.execute(select(entry_aliases.c.value).where(entry_aliases.c.kind == "slug")).scalars())


def own_slugs(tx: Transaction, entry_id: str) -> set[str]:
    """Return the slug of an entry, and those that redirect to it."""
    aliases = select(entry_aliases.c.value).where(entry_aliases.c.kind == "slug", entry_aliases.c.entry_id == entry_id)
    return set(tx.execute(aliases).scalars()) | set(
        tx.execute(select(entries.c.slug).where(entries.c.id == entry_id)).scalars()
    )


def updated_instants(tx: Transaction) -> set[datetime]:
    """Return the ``updated_at`` of every entry."""
    return set(tx.execute(select(entries.c.updated_at)).scalars())


def ids(tx: Transaction) -> set[str]:
    """Return the ids of all entries."""
    return set(tx.execute(select(entries.c.id)).scalars())


def add(tx: Transaction, entry: Entry, *, reading: str) -> None:
    """Add an entry that the store does not have."""
    tx.execute(insert(entries).values(**_row(entry), reading=reading, change=_NEXT_CHANGE))
    _write_authors(tx, entry)


def replace(tx: Transaction, old: Entry, entry: Entry, *, reading: str, at: datetime) -> None:
    """Write an entry's new version; a new revision keeps what the old one said, a new slug the old one's address."""
    if entry.revision != old.revision:
        tx.execute(insert(entry_revisions).values(**_revision(old), replaced_at=at))
    if entry.slug != old.slug:
        tx.execute(delete(entry_aliases).where(entry_aliases.c.kind == "slug", entry_aliases.c.value == entry.slug))
        if old.live_at is not None:
            add_alias(tx, Alias("slug", old.slug, entry.id), at=at)
    # Who withdrew it goes when it is back, whoever wrote the new version.
    back = {} if entry.state is State.WITHDRAWN else {"withdrawn_by": None, "withdrawn_reason": None}
    values = _row(entry) | back | {"reading": reading, "change": _NEXT_CHANGE}
    tx.execute(update(entries).where(entries.c.id == entry.id).values(**values))
    _write_authors(tx, entry)


def free_keys(tx: Transaction, source: str, keys: Iterable[str]) -> None:
    """Take these keys from the entries that have them, for others are about to move there."""
    for key in keys:
        ours = (entries.c.source == source) & (entries.c.key == key)
        tx.execute(update(entries).where(ours).values(key="(elsewhere) " + entries.c.id))


def move(tx: Transaction, entry: Known, *, key: str, source: str, at: datetime) -> None:
    """Give an entry the source and key under which its file now lies; links to the old ones still find it."""
    if (entry.source, entry.key) != (source, key):
        add_alias(tx, Alias("key", f"{entry.source}/{entry.key}", entry.id), at=at)
    tx.execute(update(entries).where(entries.c.id == entry.id).values(source=source, key=key, change=_NEXT_CHANGE))


def touch(tx: Transaction, entry_ids: Collection[str]) -> None:
    """Note that entries changed for print, whatever it was: the next publish prints anew what holds them."""
    for batch in batches(sorted(entry_ids), TOUCHED_AT_ONCE):
        tx.execute(update(entries).where(entries.c.id.in_(batch)).values(change=_NEXT_CHANGE))


def last_change(tx: Transaction) -> int:
    """Return the place of the newest change, 0 where there is no entry. Served by the index on change."""
    return tx.execute(select(func.max(entries.c.change))).scalar() or 0


def mark_withdrawn(tx: Transaction, entry_ids: Sequence[str], *, at: datetime, by: str, reason: str) -> None:
    """Withdraw entries: they stay in the store and leave every document. A source leaves alone what is withdrawn."""
    values = {"state": State.WITHDRAWN, "withdrawn_at": at, "withdrawn_by": by, "withdrawn_reason": reason}
    open_to_it = true() if by == WithdrawnBy.OPERATOR else entries.c.state != State.WITHDRAWN
    for entry_id in entry_ids:
        ours = (entries.c.id == entry_id) & open_to_it
        tx.execute(update(entries).where(ours).values(**values, change=_NEXT_CHANGE))


def mark_restored(tx: Transaction, entry: Entry) -> None:
    """Write where an entry stands that is withdrawn no more."""
    names = ("state", "updated_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason")
    values = {name: getattr(entry, name) for name in names}
    tx.execute(update(entries).where(entries.c.id == entry.id).values(**values, change=_NEXT_CHANGE))


def mark_live(tx: Transaction, now: datetime) -> list[str]:
    """Make live what is due, in the order of its dates; give each its place in the sequence. Return the ids."""
    due = and_(entries.c.state == State.SCHEDULED, entries.c.published_at <= now)
    tx.execute(update(entries).where(due).values(state=State.LIVE, change=_NEXT_CHANGE))
    order = (entries.c.published_at, entries.c.id)
    found = list(tx.execute(select(entries.c.id).where(UNLAUNCHED).order_by(*order)).scalars())
    last = tx.execute(select(func.max(entries.c.sequence))).scalar() or 0
    rows = [{"its_id": entry_id, "number": number} for number, entry_id in enumerate(found, start=last + 1)]
    if rows:
        given = {"sequence": bindparam("number"), "live_at": now, "change": _NEXT_CHANGE}
        tx.execute(update(entries).where(entries.c.id == bindparam("its_id")).values(**given), rows)
    return found


def add_alias(tx: Transaction, alias: Alias, *, at: datetime) -> None:
    """Keep a slug, address or key that an entry had; the newest owner of an address has it."""
    same = and_(entry_aliases.c.kind == alias.kind, entry_aliases.c.value == alias.value)
    tx.execute(delete(entry_aliases).where(same))
    tx.execute(insert(entry_aliases).values(kind=alias.kind, value=alias.value, entry_id=alias.entry_id, created_at=at))


def list_aliases(tx: Transaction) -> list[Alias]:
    """Return every slug, address and key that entries had."""
    rows = tx.execute(select(entry_aliases).order_by(entry_aliases.c.kind, entry_aliases.c.value))
    return [Alias(row.kind, row.value, row.entry_id) for row in rows]


def list_revisions(tx: Transaction, entry_id: str) -> list[tuple[int, str, datetime]]:
    """Return (revision, title, replaced at) of what an entry said before, oldest first."""
    query = select(entry_revisions).where(entry_revisions.c.entry_id == entry_id).order_by(entry_revisions.c.revision)
    return [(row.revision, from_json(row.article).title, row.replaced_at) for row in tx.execute(query)]


def _entry(row: Sequence[Any]) -> Entry:
    return _made(dict(zip(_NAMES, row, strict=True)))


def _made(values: dict[str, Any]) -> Entry:
    read = {"article": from_json(values["article"]), "state": State(values["state"]), "notes": tuple(values["notes"])}
    return Entry(**values | read)


def _outline(row: Row[Any]) -> Entry:
    values = dict(row._mapping)
    outline = {name: values.pop(name) for name in (*_COPIES, *_OUTLINE)}
    return _made(values | {"article": _WORDLESS | outline})


def _row(entry: Entry) -> dict[str, Any]:
    article = entry.article
    copies = {name: getattr(article, name) for name in _COPIES}
    names = Entry.__dataclass_fields__.keys() - {"article", "notes"}
    own = {name: getattr(entry, name) for name in names}
    return own | copies | {"article": to_json(article), "notes": list(entry.notes)}


def _revision(old: Entry) -> dict[str, Any]:
    names = ("revision", "content_hash", "updated_at")
    return {"entry_id": old.id, "article": to_json(old.article)} | {name: getattr(old, name) for name in names}


def _write_authors(tx: Transaction, entry: Entry) -> None:
    tx.execute(delete(entry_authors).where(entry_authors.c.entry_id == entry.id))
    names: dict[str, str] = {}
    for person in entry.article.authors:
        names.setdefault(author_slug(person.name), person.name)
    for position, (author, name) in enumerate(names.items()):
        tx.execute(insert(entry_authors).values(entry_id=entry.id, author=author, name=name, position=position))
