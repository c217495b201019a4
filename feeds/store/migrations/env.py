"""Alembic's way in: runs the migrations on the connection it was given.

Not here: when to migrate (feeds.store.migrating).
"""

from __future__ import annotations

from alembic import context

from feeds.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can, once its driver leaves BEGIN to us: a migration killed half-way is undone
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
