"""What a welcome that carries an edition needs: who has had its entries by that is found by the reader.

Not here: what it means (feeds.store.schema).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the index."""
    brought = sa.text("kind = 'notice' AND selection_id IS NOT NULL")
    op.create_index(
        "ix_deliveries_brought", "deliveries", ["subscriber_id"], sqlite_where=brought, postgresql_where=brought
    )
