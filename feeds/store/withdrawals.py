"""What a withdrawal asks of the store: which documents hold an entry, which articles link to it or say the same.

A function per statement; each looks through its whole table, since an operator asks seldom. Not here: withdrawing
(entries).
"""

from __future__ import annotations

import json

from sqlalchemy import String, cast, or_, select

from feeds.model import Entry, State, WithdrawnBy
from feeds.store.engine import Transaction
from feeds.store.schema import documents, entries, entry_aliases, entry_revisions


def list_holding(tx: Transaction, entry_id: str) -> list[str]:
    """Return the paths of the documents that hold an entry."""
    written = cast(documents.c.held, String)
    # SQLite keeps JSON as it was written, in ASCII; PostgreSQL gives the characters back.
    spellings = {json.dumps(entry_id), json.dumps(entry_id, ensure_ascii=False)}
    likely = or_(*(written.contains(spelling, autoescape=True) for spelling in sorted(spellings)))
    rows = tx.execute(select(documents.c.path, documents.c.held).where(likely).order_by(documents.c.path))
    return [path for path, held in rows if any(one[0] == entry_id for one in held)]


def list_linking(tx: Transaction, entry: Entry) -> list[str]:
    """Return the source/key of the live entries that link to an entry, under its key or one that it had."""
    former = (entry_aliases.c.kind == "key") & (entry_aliases.c.entry_id == entry.id)
    names = {f"{entry.source}/{entry.key}", *tx.execute(select(entry_aliases.c.value).where(former)).scalars()}
    linked = entries.c.article["linked_entries"]
    query = select(entries.c.source, entries.c.key, linked).where(entries.c.state == State.LIVE)
    rows = tx.execute(query.order_by(entries.c.source, entries.c.key))
    return [f"{source}/{key}" for source, key, targets in rows if not names.isdisjoint(targets)]


def list_same_words(tx: Transaction, entry: Entry) -> list[str]:
    """Return the source/key of the other entries, not withdrawn, that say word for word the same."""
    same = (entries.c.content_hash == entry.content_hash) & (entries.c.id != entry.id)
    query = select(entries.c.source, entries.c.key).where(same, entries.c.state != State.WITHDRAWN)
    return [f"{source}/{key}" for source, key in tx.execute(query.order_by(entries.c.source, entries.c.key))]


def list_kept_out(tx: Transaction) -> dict[str, str]:
    """Return the source/key of what operators withdrew, by the hash of what it says, and of all that it said before.

    Its file may have got other words since, and its words another file.
    """
    kept = (entries.c.state == State.WITHDRAWN) & (entries.c.withdrawn_by == WithdrawnBy.OPERATOR)
    now = select(entries.c.content_hash, entries.c.source, entries.c.key).where(kept).order_by(entries.c.id)
    before = select(entry_revisions.c.content_hash, entries.c.source, entries.c.key).join(entries).where(kept)
    found = (*tx.execute(before.order_by(entries.c.id)), *tx.execute(now))
    return {content_hash: f"{source}/{key}" for content_hash, source, key in found}
