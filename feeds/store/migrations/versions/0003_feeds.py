"""What printing in proportion to the change needs: the order of changes, the places of entries in feeds, what is due.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant, Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add them; every entry counts as changed, so that the next publish prints all documents."""
    op.add_column("entries", sa.Column("change", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_entries_change", "entries", ["change"])
    unlaunched = sa.text("state = 'live' AND sequence IS NULL")
    op.create_index(
        "ix_entries_unlaunched", "entries", ["published_at"], sqlite_where=unlaunched, postgresql_where=unlaunched
    )
    op.execute("UPDATE entries SET change = COALESCE(sequence, 0) + 1")
    op.create_index("ix_entry_aliases_entry_id", "entry_aliases", ["entry_id"])
    op.drop_table("document_entries")
    op.add_column("documents", sa.Column("title", sa.Text(), nullable=False, server_default=""))
    op.add_column("documents", sa.Column("held", Json, nullable=False, server_default="[]"))
    op.add_column("documents", sa.Column("materials", sa.String(), nullable=False, server_default=""))
    _feed_entries()
    _of_an_entry("entry_links", "target", sa.Column("address", sa.Text()))
    _of_an_entry("entry_files", "name")
    _documents()
    _outgoing()


def _feed_entries() -> None:
    op.create_table(
        "feed_entries",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("part", sa.Integer()),
        sa.Column("left_at", Instant()),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_feed_entries_entry_id"),
        sa.PrimaryKeyConstraint("feed", "entry_id", name="pk_feed_entries"),
    )
    op.create_index("ix_feed_entries_feed_part_sequence", "feed_entries", ["feed", "part", "sequence"])
    op.create_index("ix_feed_entries_newest", "feed_entries", ["feed", "published_at"])
    op.create_index("ix_feed_entries_entry_id", "feed_entries", ["entry_id"])
    op.create_index("ix_feed_entries_left_at", "feed_entries", ["left_at"])
    op.create_index("ix_feed_entries_feed_left_at", "feed_entries", ["feed", "left_at"])


def _of_an_entry(table: str, column: str, *more: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column(column, sa.String(), nullable=False),
        *more,
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=f"fk_{table}_entry_id"),
        sa.PrimaryKeyConstraint("entry_id", column, name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{column}", table, [column])


def _documents() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )
    op.create_table(
        "reprints",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "part", name="pk_reprints"),
    )
    op.create_table(
        "document_versions",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("held", Json, nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("path", "etag", name="pk_document_versions"),
    )
    op.create_index("ix_document_versions_published_at", "document_versions", ["published_at"])


def _outgoing() -> None:
    op.create_table(
        "pings",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("hub", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("reply", sa.Text()),
        sa.PrimaryKeyConstraint("topic", "hub", name="pk_pings"),
    )
    op.create_index("ix_pings_state_due_at", "pings", ["state", "due_at"])
    op.create_table(
        "private_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant()),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_private_addresses_subscriber_id"),
        sa.PrimaryKeyConstraint("id", name="pk_private_addresses"),
    )
    op.create_index("ix_private_addresses_feed_subscriber_id", "private_addresses", ["feed", "subscriber_id"])
