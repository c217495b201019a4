"""The tables of what was printed, and of what is to be printed or told.

Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from feeds.store.columns import Instant, Json
from feeds.store.schema.base import entry_id, metadata, subscriber_id

documents = Table(
    "documents",
    metadata,
    Column("feed", String, primary_key=True),  # a feed's slug, with the tag or author behind "/"; "pages" for pages
    Column("format", String, primary_key=True),
    Column("part", String, primary_key=True),  # "" for the subscription document; an archive's name; a page's path
    Column("path", String, nullable=False, unique=True),
    Column("media_type", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("etag", String, nullable=False),
    Column("length", Integer, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("title", Text, nullable=False, server_default=""),  # the feed's, the listing's or the edition's
    Column("held", Json, nullable=False, server_default="[]"),  # [entry id, its change] in order
    Column(
        "materials", String, nullable=False, server_default=""
    ),  # a mark of the settings and templates that it was printed by
)

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", String, primary_key=True),  # as in documents; "@…" for the listings of the pages
    entry_id(primary_key=True),
    Column("sequence", Integer, nullable=False),  # the entry's own, and when it was published: copies to order by
    Column("published_at", Instant, nullable=False),
    Column("part", Integer),  # the closed archive that holds it; none while it is open
    Column("left_at", Instant),  # withdrawn then: it is remembered for its tombstone, and for its place if it returns
    Index(None, "feed", "part", "sequence"),
    Index("ix_feed_entries_newest", "feed", "published_at"),
    Index(None, "entry_id"),
    Index(None, "left_at"),
    Index(None, "feed", "left_at"),
)

entry_links = Table(
    "entry_links",
    metadata,
    entry_id(primary_key=True),
    Column("target", String, primary_key=True),  # the source/key of the article that it links to
    Column("address", Text),  # where that stands in print; none where it is not public
    Index(None, "target"),
)

entry_files = Table(
    "entry_files",
    metadata,
    entry_id(primary_key=True),
    Column("name", String, primary_key=True),  # a file on the media shelf that its page shows
    Index(None, "name"),
)

reprints = Table(
    "reprints",
    metadata,
    Column("subject", String, primary_key=True),  # a feed as in feed_entries, or "=" and the id of an entry
    Column("part", Integer, primary_key=True),  # 0 for what is open, else the closed archive
)

marks = Table(
    "marks",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("path", String, primary_key=True),
    Column("etag", String, primary_key=True),
    Column("held", Json, nullable=False),  # as in documents: what a reader who has this version has
    Column("published_at", Instant, nullable=False),
    Index(None, "published_at"),
)

pings = Table(
    "pings",
    metadata,
    Column("topic", String, primary_key=True),  # the address of a document that changed
    Column("hub", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("reply", Text),
    Index(None, "state", "due_at"),
)

private_addresses = Table(
    "private_addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("feed", String, nullable=False),
    subscriber_id(),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index(None, "feed", "subscriber_id"),
)
