"""What limits on readers' requests need that hold across restarts: how often what was asked when.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "asked",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("what", "begun_at", name="pk_asked"),
    )
