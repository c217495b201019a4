"""The table of runs.

Not here: statements (the module of each noun).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from feeds.store.columns import Instant, Json
from feeds.store.schema.base import metadata

runs = Table(
    "runs",
    metadata,
    Column("job", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("due_at", Instant, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String),
    Column("report", Json, nullable=False),
    Index(None, "started_at"),
)
