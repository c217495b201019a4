"""What pictures made for mail need: which files the mail of an edition shows, and whose pictures they are.

Not here: what they mean (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the table; the editions that are stored already show pictures as their articles have them."""
    op.create_table(
        "edition_files",
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_edition_files_edition_id"),
        sa.PrimaryKeyConstraint("edition_id", "entry_id", "name", name="pk_edition_files"),
    )
    op.create_index("ix_edition_files_entry_id", "edition_files", ["entry_id"])
    op.create_index("ix_edition_files_name", "edition_files", ["name"])
