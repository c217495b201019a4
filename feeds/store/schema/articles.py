"""The tables of articles: entries, what they said before, their addresses, authors and tags.

Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from feeds.store.columns import Instant, Json
from feeds.store.schema.base import UNLAUNCHED, entry_id, metadata

entries = Table(
    "entries",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("key", String, nullable=False),
    Column("slug", String, nullable=False, unique=True),
    Column("article", Json, nullable=False),  # all that the article says; the next six are copies to select by
    Column("title", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("language", String, nullable=False),
    Column("access", String, nullable=False),
    Column("url", Text),
    Column("published_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("live_at", Instant),
    Column("sequence", Integer, unique=True),
    Column("updated_at", Instant, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("withdrawn_by", String),  # "source" where the file vanished, "operator" where a person said so
    Column("withdrawn_reason", Text),
    Column("revision", Integer, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("source_hash", String, nullable=False),
    Column("reading", String, nullable=False),  # hash of how it was read: the same bytes read anew need no work
    Column("notes", Json, nullable=False),
    Column("change", Integer, nullable=False, server_default="0"),  # its place in the order of all changes to print
    UniqueConstraint("source", "key"),
    Index(None, "state", "published_at"),
    Index(None, "updated_at"),
    Index(None, "live_at"),
    Index(None, "change"),
    Index("ix_entries_unlaunched", "published_at", sqlite_where=UNLAUNCHED),
)

entry_revisions = Table(
    "entry_revisions",
    metadata,
    entry_id(primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("article", Json, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("replaced_at", Instant, nullable=False),
    Index(None, "replaced_at"),
)

entry_aliases = Table(
    "entry_aliases",
    metadata,
    Column("kind", String, primary_key=True),  # "slug", "address" (a path on the site) or "key" (source/key)
    Column("value", String, primary_key=True),
    entry_id(),
    Column("created_at", Instant, nullable=False),
    Index(None, "entry_id"),
)

entry_authors = Table(
    "entry_authors",
    metadata,
    entry_id(primary_key=True),
    Column("author", String, primary_key=True),  # the slug of the name
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Index(None, "author"),
)

tags = Table(
    "tags",
    metadata,
    Column("slug", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

tag_aliases = Table(
    "tag_aliases",
    metadata,
    Column("slug", String, primary_key=True),
    Column("tag", ForeignKey("tags.slug"), nullable=False),
    Column("created_at", Instant, nullable=False),
)

entry_tags = Table(
    "entry_tags",
    metadata,
    entry_id(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),  # as the article spells it
    Column("tag", ForeignKey("tags.slug"), nullable=False),  # what that means, aliases resolved
    Index(None, "tag"),
)
