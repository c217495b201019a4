"""One run at a time on one store, and who of its workers is alive: locks that die with their process.

Not here: which jobs take them (app, jobs), how long a statement waits for another's (engine).
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from glob import escape
from pathlib import Path

from sqlalchemy import Connection, text

from feeds.errors import PressBusy, StoreUnreadable, StoreUnusable
from feeds.store.engine import Store, named_errors

WORKER_BYTES = 7  # of a worker's name; as a number it is a key that PostgreSQL takes
_WORKER = ".worker-"
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
    with _own_connection(store) as connection:
        with named_errors(store):
            _ask_for_lock(connection)
        try:
            yield
        finally:
            _unlock(store, connection, {"key": RUN_KEY})


@contextmanager
def _own_connection(store: Store) -> Iterator[Connection]:
    with named_errors(store):
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # closed at the end, and the lock with it, where the pool would keep both
    with closing(connection):
        yield connection


def _unlock(store: Store, connection: Connection, key: Mapping[str, int]) -> None:
    with suppress(StoreUnusable), named_errors(store):  # closing alone would free it a moment later
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _ask_for_lock(connection: Connection) -> None:
    if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": RUN_KEY}).scalar():
        return
    ours = "locktype = 'advisory' AND granted AND classid = 0 AND objid = :key"
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    query = text(f"SELECT pid FROM pg_locks WHERE {ours} AND {here}")
    holder = connection.execute(query, {"key": RUN_KEY}).scalar()
    raise PressBusy(f"{holder} of the database server" if holder else "")


@contextmanager
def worker_lock(store: Store) -> Iterator[str]:
    """Hold a new worker's lock, and give the worker's name; the lock dies with its process, and frees what it held."""
    while True:
        worker = secrets.token_hex(WORKER_BYTES)
        with _worker_lock(store, worker) as taken:
            if taken:
                yield worker
                return


@contextmanager
def dead_worker(store: Store, worker: str) -> Iterator[bool]:
    """Tell whether a worker is dead: its lock is held meanwhile, so that only one program settles what it left."""
    with _worker_lock(store, worker) as taken:
        yield taken


def list_lock_files(store: Store) -> list[str]:
    """Return the workers whose lock files lie beside a SQLite file, dead ones too; none in PostgreSQL."""
    if store.file is None:
        return []
    stem = f"{store.file.name}{_WORKER}"
    return sorted(path.name.removeprefix(stem) for path in store.file.parent.glob(f"{escape(stem)}*"))


@contextmanager
def _worker_lock(store: Store, worker: str) -> Iterator[bool]:
    with _worker_file(store.file, worker) if store.file else _worker_key(store, worker) as taken:
        yield taken


@contextmanager
def _worker_file(database: Path, worker: str) -> Iterator[bool]:
    path = database.with_name(f"{database.name}{_WORKER}{worker}")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnreadable(f"{path}: the lock cannot be taken: {error.strerror}") from error
    try:
        if not _is_locked_by_us(path, file):
            yield False
            return
        try:
            yield True
        finally:
            path.unlink(missing_ok=True)  # a name is never used twice: nobody can take the old file for a new lock
    finally:
        os.close(file)


def _is_locked_by_us(path: Path, file: int) -> bool:
    """Lock an open file; tell whether that worked, and it is still the one at its path: another may have cleared it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return path.stat().st_ino == os.fstat(file).st_ino
    except (BlockingIOError, FileNotFoundError):
        return False


@contextmanager
def _worker_key(store: Store, worker: str) -> Iterator[bool]:
    key = {"key": int(worker, 16)}
    with _own_connection(store) as connection:
        with named_errors(store):
            taken = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key).scalar())
        try:
            yield taken
        finally:
            if taken:
                _unlock(store, connection, key)
