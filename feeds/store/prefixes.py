"""Which rows have a text that begins in a certain way, by an index where SQLite has one.

Not here: what is asked of them (the module of each noun).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement

from feeds.store.engine import Transaction


def begins(tx: Transaction, column: Column[Any], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a column begins with ``prefix``.

    SQLite takes no index for LIKE, and orders texts by their bytes. PostgreSQL may order them as a language does.
    """
    if tx.dialect.name == "sqlite":
        return column.between(prefix, f"{prefix}\U0010ffff")
    return column.startswith(prefix, autoescape=True)
