"""Writing a row that may be there already, in one statement, so that two programs at once make one row of it.

Not here: which rows (the module of each noun).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite

from feeds.store.engine import Transaction


def upsert(
    tx: Transaction, table: Table, key: Mapping[str, Any], *, values: Mapping[str, Any], adds: bool = False
) -> None:
    """Write a row's values under its key; with ``adds`` numbers are added to what is there."""
    inserting = _insert(tx)(table).values(**key, **values)
    new = inserting.excluded
    changed = {name: table.c[name] + new[name] if adds else new[name] for name in values}
    tx.execute(inserting.on_conflict_do_update(index_elements=[table.c[name] for name in key], set_=changed))


def _insert(tx: Transaction) -> Any:
    if tx.dialect.name == "sqlite":
        return insert_in_sqlite
    from sqlalchemy.dialects.postgresql import insert  # heavy, and loaded only where it is used

    return insert
