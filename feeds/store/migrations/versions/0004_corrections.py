"""What telling corrections needs: which of them a selection tells, and a way to find what was edited lately.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feeds.store.columns import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add them; what is stored already stays as it is, and has told no corrections."""
    op.create_table(
        "selection_corrections",
        sa.Column("selection_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("corrected_at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["selection_id"], ["selections.id"], name="fk_selection_corrections_selection_id"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_selection_corrections_entry_id"),
        sa.PrimaryKeyConstraint("selection_id", "position", name="pk_selection_corrections"),
    )
    op.create_index("ix_selection_corrections_entry_id", "selection_corrections", ["entry_id"])
    op.create_index("ix_entry_revisions_replaced_at", "entry_revisions", ["replaced_at"])
