"""What private feeds in place of mail need: since when a subscription comes so, and which entries were given by then.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("subscriptions", sa.Column("by_feed_since", Instant()))
    op.create_table(
        "fed_entries",
        sa.Column("subscriber_id", sa.String(), nullable=False),
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], name="fk_fed_entries_subscriber_id"),
        sa.PrimaryKeyConstraint("subscriber_id", "newsletter", "entry_id", name="pk_fed_entries"),
    )
