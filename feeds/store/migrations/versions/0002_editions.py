"""What editions on a cadence need: memory of slots, floors, crashes, and keys for tokens.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add them; what is stored already stays as it is."""
    op.add_column("subscriptions", sa.Column("floor_at", Instant()))
    op.add_column("newsletters_seen", sa.Column("floor_at", Instant()))
    op.add_column("newsletters_seen", sa.Column("slot_at", Instant()))
    op.add_column("newsletters_seen", sa.Column("cadence", sa.String()))
    op.add_column("deliveries", sa.Column("crashes", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_deliveries_about_state", "deliveries", ["about", "state"])
    for name, column, condition in (
        ("ix_deliveries_deferred", "due_at", sa.text("state = 'deferred'")),
        ("ix_deliveries_held", "id", sa.text("state IN ('in_doubt', 'unbuildable')")),
    ):
        op.create_index(name, "deliveries", [column], sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
    )
