"""All tables: entries and what is printed from them, readers and what is brought to them, and the runs.

One definition for SQLite and PostgreSQL; the migrations are proved equal to it.
Not here: statements (the module of each noun).
"""

from __future__ import annotations

from feeds.store.schema.articles import (
    entries,
    entry_aliases,
    entry_authors,
    entry_revisions,
    entry_tags,
    tag_aliases,
    tags,
)
from feeds.store.schema.base import BROUGHT, DEFERRED, HELD, QUEUED, REVISION, UNLAUNCHED, metadata
from feeds.store.schema.mail import (
    bounces,
    deliveries,
    destinations,
    edition_files,
    editions,
    given,
    keys,
    notices,
    renderings,
    selection_corrections,
    selection_entries,
    selections,
    suppressions,
)
from feeds.store.schema.press import runs
from feeds.store.schema.printed import (
    document_versions,
    documents,
    entry_files,
    entry_links,
    feed_entries,
    marks,
    pings,
    private_addresses,
    reprints,
)
from feeds.store.schema.readers import (
    asked,
    consent_events,
    fed_entries,
    newsletters_seen,
    subscribers,
    subscriptions,
    turns_seen,
)

__all__ = [
    "BROUGHT",
    "DEFERRED",
    "HELD",
    "QUEUED",
    "REVISION",
    "UNLAUNCHED",
    "asked",
    "bounces",
    "consent_events",
    "deliveries",
    "destinations",
    "document_versions",
    "documents",
    "edition_files",
    "editions",
    "entries",
    "entry_aliases",
    "entry_authors",
    "entry_files",
    "entry_links",
    "entry_revisions",
    "entry_tags",
    "fed_entries",
    "feed_entries",
    "given",
    "keys",
    "marks",
    "metadata",
    "newsletters_seen",
    "notices",
    "pings",
    "private_addresses",
    "renderings",
    "reprints",
    "runs",
    "selection_corrections",
    "selection_entries",
    "selections",
    "subscribers",
    "subscriptions",
    "suppressions",
    "tag_aliases",
    "tags",
    "turns_seen",
]
