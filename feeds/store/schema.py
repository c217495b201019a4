"""All tables: entries and what is printed from them, readers and what is brought to them, and the runs.

One definition for SQLite and PostgreSQL; the migrations are proved equal to it.
Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from feeds.store.columns import Instant, Json

REVISION = "0002"  # the newest migration; compared with one SELECT, so that a tick loads no Alembic

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _entry_id(*, primary_key: bool = False) -> Column[str]:
    return Column("entry_id", ForeignKey("entries.id"), primary_key=primary_key, nullable=False)


def _subscriber_id(*, primary_key: bool = False) -> Column[str]:
    return Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=primary_key, nullable=False)


# ---- articles -------------------------------------------------------------------------------------------------------

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
    UniqueConstraint("source", "key"),
    Index(None, "state", "published_at"),
    Index(None, "updated_at"),
    Index(None, "live_at"),
)

entry_revisions = Table(
    "entry_revisions",
    metadata,
    _entry_id(primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("article", Json, nullable=False),
    Column("content_hash", String, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("replaced_at", Instant, nullable=False),
)

entry_aliases = Table(
    "entry_aliases",
    metadata,
    Column("kind", String, primary_key=True),  # "slug", "address" (a path on the site) or "key" (source/key)
    Column("value", String, primary_key=True),
    _entry_id(),
    Column("created_at", Instant, nullable=False),
)

entry_authors = Table(
    "entry_authors",
    metadata,
    _entry_id(primary_key=True),
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
    _entry_id(primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),  # as the article spells it
    Column("tag", ForeignKey("tags.slug"), nullable=False),  # what that means, aliases resolved
    Index(None, "tag"),
)

# ---- what was printed -----------------------------------------------------------------------------------------------

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
)

document_entries = Table(
    "document_entries",
    metadata,
    Column("feed", String, primary_key=True),
    Column("format", String, primary_key=True),
    Column("part", String, primary_key=True),
    _entry_id(primary_key=True),
    Column("position", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    ForeignKeyConstraint(
        ["feed", "format", "part"], ["documents.feed", "documents.format", "documents.part"], ondelete="CASCADE"
    ),
    Index(None, "entry_id"),
)

# ---- readers --------------------------------------------------------------------------------------------------------

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", String, primary_key=True),  # random: it stands in Message-IDs and tokens
    Column("address", String, nullable=False),
    Column("address_key", String, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", String),
    Column("timezone", String),
    Column("generation", Integer, nullable=False),  # raised to revoke all tokens given out before
    Column("created_at", Instant, nullable=False),
    Column("forgotten_at", Instant),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _subscriber_id(primary_key=True),
    Column("newsletter", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("preferences", Json, nullable=False),  # the reader's own cadence, hour, tags followed and muted
    Column("generation", Integer, nullable=False),
    Column("paused_until", Instant),
    Column("floor_at", Instant),  # entries from before it are never brought
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("ended_at", Instant),
    Column("ended_by", String),
    Index(None, "newsletter", "state"),
)

consent_events = Table(
    "consent_events",
    metadata,
    Column("id", Integer, primary_key=True),
    _subscriber_id(),
    Column("newsletter", String, nullable=False),
    Column("event", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("origin", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Index(None, "subscriber_id"),
)

newsletters_seen = Table(
    "newsletters_seen",
    metadata,
    Column("slug", String, primary_key=True),
    Column("first_seen_at", Instant, nullable=False),
    Column("renamed_to", String),
    Column("gone_at", Instant),
    Column("floor_at", Instant),  # entries from before it are brought to nobody
    Column("slot_at", Instant),  # the last slot that was decided, whatever came of it
    Column("cadence", String),  # the cadence that it was decided by
)

# Conditions of partial indexes: a statement is served by one only where it says the same, word for word.
QUEUED = text("state = 'queued'")
DEFERRED = text("state = 'deferred'")
HELD = text("state IN ('in_doubt', 'unbuildable')")

# ---- editions and their delivery ------------------------------------------------------------------------------------

editions = Table(
    "editions",
    metadata,
    Column("id", String, primary_key=True),
    Column("newsletter", String, nullable=False),
    Column("series", String, nullable=False),
    Column("slot", String, nullable=False),  # the slot's local date-time, or an entry's id for "each article"
    Column("due_at", Instant, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("composed_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("series", "slot"),
    UniqueConstraint("series", "number"),
)

selections = Table(
    "selections",
    metadata,
    Column("id", String, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("hash", String, nullable=False),
    UniqueConstraint("edition_id", "hash"),
)

selection_entries = Table(
    "selection_entries",
    metadata,
    Column("selection_id", ForeignKey("selections.id"), primary_key=True),
    _entry_id(primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("named_only", Boolean, nullable=False),  # one of the "N more": it counts as had
    Index(None, "entry_id"),
)

renderings = Table(
    "renderings",
    metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("language", String, primary_key=True),
    Column("layout", String, primary_key=True),
    Column("part", String, primary_key=True),  # "subject", "html", "text", or a fragment's name
    Column("data", LargeBinary, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("newsletter", String, nullable=False),
    _subscriber_id(),
    Column("created_at", Instant, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # "edition" or "notice"
    Column("about", String, nullable=False),  # that edition's or notice's id
    _subscriber_id(),
    Column("selection_id", ForeignKey("selections.id")),
    Column("transport", String, nullable=False),
    Column("domain", String, nullable=False),
    Column("state", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False, server_default="0"),  # workers that died with it in hand
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("worker", String),
    Column("begun_at", Instant),
    Column("dated_at", Instant),  # the Date of the message, set at the first attempt and kept
    Column("ended_at", Instant),
    Column("reply_code", Integer),
    Column("reply_enhanced", String),
    Column("reply_text", Text),
    UniqueConstraint("kind", "about", "subscriber_id"),
    Index("ix_deliveries_queued", "id", sqlite_where=QUEUED, postgresql_where=QUEUED),
    Index("ix_deliveries_deferred", "due_at", sqlite_where=DEFERRED, postgresql_where=DEFERRED),
    Index("ix_deliveries_held", "id", sqlite_where=HELD, postgresql_where=HELD),
    Index(None, "about", "state"),
    Index(None, "subscriber_id"),
    Index(None, "worker"),
)

destinations = Table(
    "destinations",
    metadata,
    Column("transport", String, primary_key=True),
    Column("domain", String, primary_key=True),
    Column("window", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", Instant),
    Column("changed_at", Instant, nullable=False),
)

bounces = Table(
    "bounces",
    metadata,
    Column("report_id", String, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("delivery_id", ForeignKey("deliveries.id")),
    Column("address_key", String),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index(None, "address_key", "received_at"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("address_key", String, primary_key=True),
    Column("reason", String, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("report_id", ForeignKey("bounces.report_id")),
    Column("created_at", Instant, nullable=False),
    Column("lifted_at", Instant),
)

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret", LargeBinary, nullable=False),  # what tokens are signed with; the newest that is not retired signs
    Column("created_at", Instant, nullable=False),
    Column("retired_at", Instant),
)

# ---- the press ------------------------------------------------------------------------------------------------------

runs = Table(
    "runs",
    metadata,
    Column("job", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("due_at", Instant, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String),
    Column("report", Json, nullable=False),
    Index(None, "started_at"),
)
