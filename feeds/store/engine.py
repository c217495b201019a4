"""Opening the store: SQLite by default, PostgreSQL by URL; a transaction says beforehand whether it will write.

Not here: what is in the tables (schema), changing them (migrating).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from feeds.errors import SchemaTooNew, SchemaTooOld, StoreUnreadable
from feeds.store.schema import REVISION

Transaction = Connection
BUSY_MS = 30_000
SAFE_SQLITE = (3, 51, 3)  # older ones can corrupt a database when its write-ahead log is reset


class Store:
    """The database behind one URL. Opening it makes nothing; a SQLite file is made by its first migration."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None where the store is PostgreSQL."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" and self.url.database else None

    @cached_property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, made at first use."""
        if self.file is None:
            return create_engine(self.url.set(drivername="postgresql+psycopg"))
        engine = create_engine(self.url, module=sqlite_module(), connect_args={"timeout": BUSY_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that sees one state of the store and writes nothing."""
        with _named_errors(self), self.engine.connect() as connection:
            yield connection.execution_options(reading=True)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open a transaction that takes the write lock at once, commits at its end, and undoes all on an error."""
        with _named_errors(self), self.engine.begin() as connection:
            yield connection

    def revision(self) -> str | None:
        """Return the schema's revision, or None where the store does not exist or is empty."""
        if self.file is not None and not self.file.exists():
            return None
        with self.reading() as tx:
            if not inspect(tx).has_table("alembic_version"):
                return None
            return tx.execute(text("SELECT version_num FROM alembic_version")).scalar()

    def require_current(self) -> None:
        """Raise SchemaTooOld or SchemaTooNew unless the store's schema is the one this program was written for."""
        revision = self.revision()
        if revision == REVISION:
            return
        if revision is None or revision < REVISION:
            raise SchemaTooOld(f"{self}: the store is at schema {revision or 'none'}; run `pressrun migrate`")
        raise SchemaTooNew(
            f"{self}: made by a newer Pressrun (schema {revision}); this one knows {REVISION}: upgrade it"
        )

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def __str__(self) -> str:
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def sqlite_module() -> Any:
    """Return the newer of the SQLite modules at hand: the standard library's is often linked to an unsafe version."""
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    try:
        import pysqlite3  # not on every platform
    except ImportError:
        return sqlite3
    return pysqlite3


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so, DDL included
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another writes: so writers begin as such.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _named_errors(store: Store) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if _is_our_mistake(error):
            raise
        raise StoreUnreadable(f"{store}: {_first_line(error.orig)}") from error
    except sqlite3.DatabaseError as error:
        raise StoreUnreadable(f"{store}: {error}") from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreUnreadable(f"{store}: {_first_line(error)}") from error


def _is_our_mistake(error: DBAPIError) -> bool:
    return type(error.orig).__name__ in {"IntegrityError", "ProgrammingError", "UniqueViolation", "ForeignKeyViolation"}


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]
