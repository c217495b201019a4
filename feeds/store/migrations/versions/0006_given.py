"""What limits need that hold across runs: how many messages each transport was given when.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "given",
        sa.Column("transport", sa.String(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("transport", "begun_at", name="pk_given"),
    )
