"""A mark of all that is printed from: it changes whenever an entry, an address or a tag does.

Not here: what printing needs besides (jobs.marks).
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from feeds.store.engine import Transaction
from feeds.store.schema import entries, entry_aliases, tag_aliases, tags

_ENTRY = ("id", "revision", "content_hash", "state", "slug", "source", "key", "sequence", "updated_at", "reading")


def fingerprint(tx: Transaction) -> str:
    """Return the SHA-256, in hex, of the rows that documents are printed from."""
    digest = hashlib.sha256()
    for query in (
        select(*(entries.c[name] for name in _ENTRY)).order_by(entries.c.id),
        select(entry_aliases.c.kind, entry_aliases.c.value, entry_aliases.c.entry_id).order_by(
            entry_aliases.c.kind, entry_aliases.c.value
        ),
        select(tags.c.slug, tags.c.name).order_by(tags.c.slug),
        select(tag_aliases.c.slug, tag_aliases.c.tag).order_by(tag_aliases.c.slug),
    ):
        for row in tx.execute(query):
            digest.update(repr(tuple(row)).encode())
        digest.update(b"\0")
    return digest.hexdigest()
