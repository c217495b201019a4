"""What all tables share: the metadata, references to entries and subscribers, conditions of partial indexes.

Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData, text

REVISION = "0010"  # the newest migration; compared with one SELECT, so that a tick loads no Alembic

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# Conditions of partial indexes: a statement is served by one only where it says the same, word for word. The tables
# name them for SQLite alone, since naming PostgreSQL loads all of its dialect; the migrations make them for both.
UNLAUNCHED = text("state = 'live' AND sequence IS NULL")
QUEUED = text("state = 'queued'")
DEFERRED = text("state = 'deferred'")
BROUGHT = text("kind = 'notice' AND selection_id IS NOT NULL")  # a welcome that carries an edition
HELD = text("state IN ('in_doubt', 'unbuildable')")


def entry_id(*, primary_key: bool = False) -> Column[str]:
    """Return a column that refers to an entry."""
    return Column("entry_id", ForeignKey("entries.id"), primary_key=primary_key, nullable=False)


def subscriber_id(*, primary_key: bool = False) -> Column[str]:
    """Return a column that refers to a subscriber."""
    return Column("subscriber_id", ForeignKey("subscribers.id"), primary_key=primary_key, nullable=False)
