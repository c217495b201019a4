"""All tables, as designed at the start.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant, Json

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    _entries()
    _entry_history()
    _tags()
    _documents()
    _readers()
    _consent()
    _editions()
    _notices()
    _deliveries()
    _evidence()


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("article", Json, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("access", sa.String(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("live_at", Instant()),
        sa.Column("sequence", sa.Integer()),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant()),
        sa.Column("withdrawn_by", sa.String()),
        sa.Column("withdrawn_reason", sa.Text()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("source_hash", sa.String(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.Column("notes", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("sequence", name=op.f("uq_entries_sequence")),
        sa.UniqueConstraint("slug", name=op.f("uq_entries_slug")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_entries_source_key")),
    )
    op.create_index(op.f("ix_entries_live_at"), "entries", ["live_at"], unique=False)
    op.create_index(op.f("ix_entries_state_published_at"), "entries", ["state", "published_at"], unique=False)
    op.create_index(op.f("ix_entries_updated_at"), "entries", ["updated_at"], unique=False)


def _entry_history() -> None:
    op.create_table(
        "entry_revisions",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("article", Json, nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_revisions_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "revision", name=op.f("pk_entry_revisions")),
    )
    op.create_table(
        "entry_aliases",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_aliases_entry_id")),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_entry_aliases")),
    )
    op.create_table(
        "entry_authors",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_authors_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "author", name=op.f("pk_entry_authors")),
    )
    op.create_index(op.f("ix_entry_authors_author"), "entry_authors", ["author"], unique=False)


def _tags() -> None:
    op.create_table(
        "tags",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_tags")),
    )
    op.create_table(
        "tag_aliases",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tag"], ["tags.slug"], name=op.f("fk_tag_aliases_tag")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_tag_aliases")),
    )
    op.create_table(
        "entry_tags",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_tags_entry_id")),
        sa.ForeignKeyConstraint(["tag"], ["tags.slug"], name=op.f("fk_entry_tags_tag")),
        sa.PrimaryKeyConstraint("entry_id", "position", name=op.f("pk_entry_tags")),
    )
    op.create_index(op.f("ix_entry_tags_tag"), "entry_tags", ["tag"], unique=False)


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "format", "part", name=op.f("pk_documents")),
        sa.UniqueConstraint("path", name=op.f("uq_documents_path")),
    )
    op.create_table(
        "document_entries",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_document_entries_entry_id")),
        sa.ForeignKeyConstraint(
            ["feed", "format", "part"],
            ["documents.feed", "documents.format", "documents.part"],
            name=op.f("fk_document_entries_feed_format_part"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feed", "format", "part", "entry_id", name=op.f("pk_document_entries")),
    )
    op.create_index(op.f("ix_document_entries_entry_id"), "document_entries", ["entry_id"], unique=False)


def _readers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String()),
        sa.Column("timezone", sa.String()),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("forgotten_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscribers_address_key")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("preferences", Json, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("paused_until", Instant()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("ended_by", sa.String()),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_subscriptions_subscriber_id")),
        sa.PrimaryKeyConstraint("subscriber_id", "newsletter", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_newsletter_state"), "subscriptions", ["newsletter", "state"], unique=False)


def _consent() -> None:
    op.create_table(
        "consent_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_consent_events_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_events")),
    )
    op.create_index(op.f("ix_consent_events_subscriber_id"), "consent_events", ["subscriber_id"], unique=False)
    op.create_table(
        "newsletters_seen",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("renamed_to", sa.String()),
        sa.Column("gone_at", Instant()),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_newsletters_seen")),
    )


def _editions() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("composed_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_editions_series_number")),
        sa.UniqueConstraint("series", "slot", name=op.f("uq_editions_series_slot")),
    )
    op.create_table(
        "selections",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_selections_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections")),
        sa.UniqueConstraint("edition_id", "hash", name=op.f("uq_selections_edition_id_hash")),
    )
    op.create_table(
        "selection_entries",
        sa.Column("selection_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("named_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_selection_entries_entry_id")),
        sa.ForeignKeyConstraint(["selection_id"], ["selections.id"], name=op.f("fk_selection_entries_selection_id")),
        sa.PrimaryKeyConstraint("selection_id", "entry_id", name=op.f("pk_selection_entries")),
    )
    op.create_index(op.f("ix_selection_entries_entry_id"), "selection_entries", ["entry_id"], unique=False)
    op.create_table(
        "renderings",
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_renderings_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", "language", "layout", "part", name=op.f("pk_renderings")),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_notices_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_table(
        "destinations",
        sa.Column("transport", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", Instant()),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("transport", "domain", name=op.f("pk_destinations")),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("selection_id", sa.String()),
        sa.Column("transport", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("worker", sa.String()),
        sa.Column("begun_at", Instant()),
        sa.Column("dated_at", Instant()),
        sa.Column("ended_at", Instant()),
        sa.Column("reply_code", sa.Integer()),
        sa.Column("reply_enhanced", sa.String()),
        sa.Column("reply_text", sa.Text()),
        sa.ForeignKeyConstraint(["selection_id"], ["selections.id"], name=op.f("fk_deliveries_selection_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name=op.f("fk_deliveries_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("kind", "about", "subscriber_id", name=op.f("uq_deliveries_kind_about_subscriber_id")),
    )
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(op.f("ix_deliveries_subscriber_id"), "deliveries", ["subscriber_id"], unique=False)
    op.create_index(op.f("ix_deliveries_worker"), "deliveries", ["worker"], unique=False)


def _evidence() -> None:
    op.create_table(
        "bounces",
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("delivery_id", sa.Integer()),
        sa.Column("address_key", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_bounces_delivery_id")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_bounces")),
    )
    op.create_index(op.f("ix_bounces_address_key_received_at"), "bounces", ["address_key", "received_at"], unique=False)
    op.create_table(
        "suppressions",
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("report_id", sa.String()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("lifted_at", Instant()),
        sa.ForeignKeyConstraint(["report_id"], ["bounces.report_id"], name=op.f("fk_suppressions_report_id")),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "runs",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant()),
        sa.Column("outcome", sa.String()),
        sa.Column("report", Json, nullable=False),
        sa.PrimaryKeyConstraint("job", "subject", "due_at", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_started_at"), "runs", ["started_at"], unique=False)
