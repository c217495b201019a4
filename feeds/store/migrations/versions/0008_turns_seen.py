"""What delivery at the reader's choice needs: which slot was decided last for each series and zone; zones in use.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table and the index."""
    op.create_table(
        "turns_seen",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("newsletter", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("slot_at", Instant()),
        sa.Column("cadence", sa.String()),
        sa.PrimaryKeyConstraint("series", "zone", name="pk_turns_seen"),
    )
    op.create_index("ix_subscribers_timezone", "subscribers", ["timezone"])
