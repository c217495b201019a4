"""The tables of editions and their delivery.

Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from feeds.store.columns import Instant
from feeds.store.schema.base import BROUGHT, DEFERRED, HELD, QUEUED, entry_id, metadata, subscriber_id

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
    entry_id(primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("named_only", Boolean, nullable=False),  # one of the "N more": it counts as had
    Index(None, "entry_id"),
)

selection_corrections = Table(
    "selection_corrections",
    metadata,
    Column("selection_id", ForeignKey("selections.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    entry_id(),
    Column("revision", Integer, nullable=False),
    Column("corrected_at", Instant, nullable=False),
    Column("text", Text, nullable=False),
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

edition_files = Table(
    "edition_files",
    metadata,
    Column("edition_id", ForeignKey("editions.id"), primary_key=True),
    Column("entry_id", String, primary_key=True),  # whose picture it is; "" for the edition's own, such as the logo
    Column("name", String, primary_key=True),  # a file on the media shelf that its mail shows
    Index(None, "entry_id"),
    Index(None, "name"),
)

notices = Table(
    "notices",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("newsletter", String, nullable=False),
    subscriber_id(),
    Column("created_at", Instant, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # "edition" or "notice"
    Column("about", String, nullable=False),  # that edition's or notice's id
    subscriber_id(),
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
    Index("ix_deliveries_queued", "id", sqlite_where=QUEUED),
    Index("ix_deliveries_deferred", "due_at", sqlite_where=DEFERRED),
    Index("ix_deliveries_held", "id", sqlite_where=HELD),
    Index("ix_deliveries_brought", "subscriber_id", sqlite_where=BROUGHT),
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

given = Table(
    "given",
    metadata,
    Column("transport", String, primary_key=True),
    Column("begun_at", Instant, primary_key=True),  # of a span of five minutes
    Column("number", Integer, nullable=False),  # messages that it was given in that span
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
