"""Opening the store: SQLite by default, PostgreSQL by URL; a transaction says beforehand whether it will write.

Not here: what is in the tables (schema), changing them (migrating).
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property, partial
from io import TextIOBase
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from feeds.errors import SchemaTooNew, SchemaTooOld, StoreUnreadable, StoreUnusable
from feeds.store.schema import REVISION

Transaction = Connection
BUSY_SECONDS = 30.0
CONNECT_SECONDS = 5
_SQLITE = "sqlite:///"
_MAGIC = b"SQLite format 3\x00"
_OPERATORS = {"42501", "42P07"}  # no right to a table, a table of another program: the operator can mend that
_REMEDIES = {
    "disk is full": "; make room on its disk and run this again: what was not finished is done then",
    "disk I/O error": "; see whether its disk is full or failing, then run this again",
}
SAFE_SQLITE = (3, 51, 3)  # older ones can corrupt a database when its write-ahead log is reset


class Store:
    """The database behind one URL. Opening it makes nothing; a SQLite file is made by its first migration.

    ``busy_seconds`` is how long a writer waits in SQLite while another program writes. Threads write there one after
    another without waiting longer than they must, and so do processes that ``take_turns``: SQLite has its writers look
    again and again, ever more rarely, and several that write all the time would keep one another asleep.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS, take_turns: bool = False) -> None:
        self.url = _url(url)
        self._busy_seconds = busy_seconds
        self._take_turns = take_turns and self.file is not None
        self._writer = Lock()

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None where the store is PostgreSQL."""
        return Path(self.url.database) if self.url.get_backend_name() == "sqlite" and self.url.database else None

    @cached_property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, made at first use."""
        if self.file is None:
            patient = {"connect_timeout": str(CONNECT_SECONDS)} | dict(self.url.query)
            url = self.url.set(drivername="postgresql+psycopg", query=patient)
            return create_engine(url, hide_parameters=True)  # an error must not spill articles into the log
        patience = {"timeout": self._busy_seconds}
        engine = create_engine(self.url, module=sqlite_module(), connect_args=patience, hide_parameters=True)
        event.listen(engine, "connect", partial(_prepare_sqlite, patience=self._busy_seconds))
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that sees one state of the store and writes nothing."""
        with named_errors(self), self.engine.connect() as connection:
            yield connection.execution_options(reading=True, **self._one_state)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open a transaction that takes the write lock at once, commits at its end, and undoes all on an error."""
        with named_errors(self), self._turn(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until it is this writer's turn in SQLite: in this process, and among those that take turns."""
        if self.file is None:
            yield
            return
        if not self._writer.acquire(timeout=self._busy_seconds):
            raise _locked(self)
        try:
            with self._turn_of_processes() if self._take_turns else nullcontext():
                yield
        finally:
            self._writer.release()

    @contextmanager
    def _turn_of_processes(self) -> Iterator[None]:
        """Wait for a file's lock, which dies with its process."""
        fcntl.flock(self._turns, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._turns, fcntl.LOCK_UN)

    @cached_property
    def _turns(self) -> TextIOBase:
        return Path(f"{self.file}.turns").open("w", encoding="ascii")

    @property
    def _one_state(self) -> dict[str, Any]:
        # SQLite's transactions see one state by nature; PostgreSQL's would see a new one at each statement.
        return {} if self.file else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def revision(self) -> str | None:
        """Return the schema's revision, or None where the store does not exist or is empty."""
        if self.file is not None and _is_missing(self.file):
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
        if self._take_turns:
            self._turns.close()

    def __str__(self) -> str:
        shown = self.url.difference_update_query(["password", "sslpassword"])
        return str(self.file) if self.file else shown.render_as_string(hide_password=True)


def sqlite_module() -> Any:
    """Return the newer of the SQLite modules at hand: the standard library's is often linked to an unsafe version."""
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    try:
        import pysqlite3  # not on every platform
    except ImportError:
        return sqlite3
    return pysqlite3


def _url(url: str) -> URL:
    # What follows sqlite:/// is a path and nothing else: a "?" or a "%41" in it is part of a name.
    path = url.removeprefix(_SQLITE)
    return URL.create("sqlite", database=path) if path != url else make_url(url)


def _is_missing(file: Path) -> bool:
    """Tell whether there is no store yet; raise StoreUnreadable for what SQLite takes for an empty one, and is none."""
    try:
        with file.open("rb") as opened:
            head = opened.read(len(_MAGIC))
    except FileNotFoundError:
        return True
    except OSError as error:
        raise StoreUnreadable(f"{file}: it cannot be opened: {error.strerror}") from error
    if head and head != _MAGIC:
        raise StoreUnreadable(f"{file}: it is no database; nothing was changed")
    return False


def _prepare_sqlite(connection: Any, _record: object, *, patience: float) -> None:
    connection.isolation_level = None  # transactions begin where we say so, DDL included
    cursor = connection.cursor()
    _write_ahead(cursor, patience)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: Any, patience: float) -> None:
    """Switch to the write-ahead log; SQLite does not wait of itself where another program is switching a new file."""
    deadline = time.monotonic() + patience
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:  # the class is the driver's own
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another writes: so writers begin as such.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def named_errors(store: Store) -> Iterator[None]:
    """Raise what the database says as StoreUnusable or StoreUnreadable, but for mistakes of our own."""
    try:
        yield
    except DBAPIError as error:
        if _is_our_mistake(error):
            raise
        raise _named(store, error.orig) from error
    except sqlite_module().DatabaseError as error:  # while the connection was being prepared
        raise _named(store, error) from error


def _named(store: Store, error: object) -> StoreUnusable:
    said = str(error).strip().partition("\n")[0]
    if "database is locked" in said:
        return _locked(store)
    if "already exists" in said:
        return StoreUnreadable(f"{store}: another program's database ({said}); give Pressrun one of its own")
    remedy = next((what for words, what in _REMEDIES.items() if words in said), "")
    return StoreUnreadable(f"{store}: {said}{remedy}")


def _locked(store: Store) -> StoreUnusable:
    return StoreUnusable(f"{store}: locked: another program keeps writing to it; nothing was changed, try again")


def _is_our_mistake(error: DBAPIError) -> bool:
    if error.statement is None or getattr(error.orig, "sqlstate", None) in _OPERATORS:
        return False  # without a statement it is the connection, and so the URL
    return isinstance(error, IntegrityError | ProgrammingError | DataError)
