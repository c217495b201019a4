"""One run at a time on one store: a lock that dies with its process.

Not here: which jobs take it (app), how long a statement waits for another's (engine).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text

from feeds.errors import PressBusy, StoreUnreadable, StoreUnusable
from feeds.store.engine import Store, named_errors

RUN_KEY = 0x50524554  # any number but the one that migrations ask for, so long as every Pressrun asks for the same


@contextmanager
def only_run(store: Store) -> Iterator[None]:
    """Hold the store's lock for one run; raise PressBusy at once where another process holds it.

    Beside a SQLite file it is a file, which stays, since removing it would give the lock to two; in PostgreSQL it is
    an advisory lock, on a connection of its own.
    """
    with _lock_file(store.file) if store.file else _advisory_lock(store):
        yield


@contextmanager
def _lock_file(database: Path) -> Iterator[None]:
    path = database.with_name(f"{database.name}.lock")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnreadable(f"{path}: the lock cannot be taken: {error.strerror}") from error
    with os.fdopen(file, "r+", encoding="ascii", errors="replace") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PressBusy(lock.read().strip()) from None
        except OSError as error:
            raise StoreUnreadable(f"{path}: the lock cannot be taken: {error.strerror}") from error
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def _advisory_lock(store: Store) -> Iterator[None]:
    with named_errors(store):
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closed at the end, and the lock with it, where the pool would keep both
    with closing(connection):
        with named_errors(store):
            _ask_for_lock(connection)
        try:
            yield
        finally:
            with suppress(StoreUnusable), named_errors(store):  # closing alone would free it a moment later
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": RUN_KEY})


def _ask_for_lock(connection: Connection) -> None:
    if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": RUN_KEY}).scalar():
        return
    ours = "locktype = 'advisory' AND granted AND classid = 0 AND objid = :key"
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    query = text(f"SELECT pid FROM pg_locks WHERE {ours} AND {here}")
    holder = connection.execute(query, {"key": RUN_KEY}).scalar()
    raise PressBusy(f"{holder} of the database server" if holder else "")
