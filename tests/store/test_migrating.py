"""From nothing to the newest schema, whole or not at all, and never from a newer one backwards.

Not here: what the tables hold (test_schema).
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, inspect, select, text

from feeds.errors import SchemaTooNew, SchemaTooOld, StoreUnusable
from feeds.store import entries
from feeds.store.engine import Store
from feeds.store.migrating import _alembic_config, differences, migrate
from feeds.store.schema import REVISION, metadata
from tests.store.givens import MONDAY, add, entry, read

ROOT = Path(__file__).parents[2]
KILLED_AT = "CREATE TABLE deliveries"
OLD_ROWS = {
    "subscribers": {"id": "r1", "address": "Ann@x.example", "address_key": "ann@x.example", "name": "Ann"},
    "subscriptions": {"preferences": {"hour": 7}, "confirmed_at": MONDAY},
    "newsletters_seen": {"slug": "weekly", "gone_at": MONDAY},
    "editions": {"id": "e1", "series": "weekly", "slot": "2026-03-02T07:00", "number": 1},
    "selections": {"id": "s1", "edition_id": "e1", "hash": "00ff"},
    "deliveries": {
        "id": 7,
        "kind": "edition",
        "about": "e1",
        "selection_id": "s1",
        "transport": "smtp",
        "domain": "x.example",
        "attempts": 2,
        "worker": "w1",
        "begun_at": MONDAY,
        "reply_text": "try later",
    },
}
KILL = f"""
import os, signal, sys
from sqlalchemy import event
from feeds.store.engine import Store
from feeds.store.migrating import migrate

def kill(connection, cursor, statement, *rest):
    if {KILLED_AT!r} in statement:
        os.kill(os.getpid(), signal.SIGKILL)

store = Store(sys.argv[1])
event.listen(store.engine, "after_cursor_execute", kill)
migrate(store, keep_backups=5)
"""


def tables(store):
    with store.reading() as tx:
        return set(inspect(tx).get_table_names())


def execute(store, statement):
    with store.writing() as tx:
        tx.execute(text(statement))


def old_store(store):
    """Bring an empty store to the first schema only, with a reader, an edition and a delivery in it."""
    instant = dict.fromkeys(("created_at", "first_seen_at", "due_at", "composed_at", "queued_at"), MONDAY)
    given = instant | {"newsletter": "weekly", "subscriber_id": "r1", "state": "queued", "generation": 0}
    with store.writing() as tx:
        command.upgrade(_alembic_config(tx), "0001")
        for name, values in OLD_ROWS.items():
            columns = [column["name"] for column in inspect(tx).get_columns(name)]
            fitting = {column: value for column, value in (given | values).items() if column in columns}
            tx.execute(insert(metadata.tables[name]).values(**fitting))
    return store


def held(store, columns_of):
    """Return all rows of some tables, of each the columns that are named."""
    with store.reading() as tx:
        tables = {name: [metadata.tables[name].c[column] for column in names] for name, names in columns_of.items()}
        return {name: [tuple(row) for row in tx.execute(select(*columns))] for name, columns in tables.items()}


def columns(store):
    """Return the columns of the tables that old rows are in."""
    with store.reading() as tx:
        return {name: [column["name"] for column in inspect(tx).get_columns(name)] for name in OLD_ROWS}


def backups(store):
    return sorted(store.file.parent.glob("store.db.before-*"))


def aged(store):
    """Return the store as an older program would have left it, so that a migration begins with a backup."""
    execute(store, "CREATE TABLE old (said TEXT)")
    execute(store, "INSERT INTO old VALUES ('before')")
    return store


def test_empty_store_is_brought_to_the_schema(empty_store):
    assert migrate(empty_store, keep_backups=5) is None
    assert differences(empty_store) == []
    assert tables(empty_store) == metadata.tables.keys() | {"alembic_version"}
    empty_store.require_current()


def test_store_of_the_first_schema_keeps_all_its_rows(empty_store):
    old = old_store(empty_store)
    before_columns = columns(old)
    before = held(old, before_columns)
    backup = migrate(old, keep_backups=5)
    assert held(old, before_columns) == before
    assert {len(rows) for rows in before.values()} == {1}
    assert differences(old) == []
    old.require_current()
    assert (backup is not None) == (old.file is not None)


def test_what_the_first_schema_did_not_know_is_empty_in_its_rows(empty_store):
    migrate(old_store(empty_store), keep_backups=5)
    added = {
        "subscriptions": ["floor_at"],
        "newsletters_seen": ["floor_at", "slot_at", "cadence"],
        "deliveries": ["crashes"],
    }
    assert held(empty_store, added) == {
        "subscriptions": [(None,)],
        "newsletters_seen": [(None, None, None)],
        "deliveries": [(0,)],
    }


def test_difference_is_named(store):
    execute(store, "ALTER TABLE runs DROP COLUMN outcome")
    assert "outcome" in str(differences(store))


def test_migrating_again_changes_nothing(store):
    add(store, entry())
    assert migrate(store, keep_backups=5) is None
    assert read(store, entries.ids) == {"urn:ferry"}


def test_store_that_was_never_migrated_is_too_old(empty_store):
    with pytest.raises(SchemaTooOld, match="at schema none; run `pressrun migrate`"):
        empty_store.require_current()


@pytest.mark.rule("T131")
def test_migration_that_fails_half_way_is_undone_and_can_be_run_again(empty_store):
    execute(empty_store, "CREATE TABLE runs (in_the_way TEXT)")  # one of the last to be made
    with pytest.raises(Exception, match="already exists"):
        migrate(empty_store, keep_backups=5)
    assert tables(empty_store) == {"runs"}
    execute(empty_store, "DROP TABLE runs")
    migrate(empty_store, keep_backups=5)
    assert differences(empty_store) == []


@pytest.mark.rule("T131")
def test_migration_that_is_killed_half_way_is_undone_and_can_be_run_again(empty_store):
    url = empty_store.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", KILL, url], cwd=ROOT, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (-signal.SIGKILL, b"")
    assert empty_store.revision() is None
    assert tables(empty_store) == set()
    migrate(empty_store, keep_backups=5)
    assert differences(empty_store) == []


@pytest.mark.rule("T132")
def test_older_program_refuses_a_newer_schema(store):
    execute(store, "UPDATE alembic_version SET version_num = '9999'")
    for refused in (store.require_current, lambda: migrate(store, keep_backups=5)):
        with pytest.raises(SchemaTooNew, match="made by a newer Pressrun"):
            refused()
    assert store.revision() == "9999"


def test_two_programs_may_migrate_at_once(empty_store):
    url = empty_store.url.render_as_string(hide_password=False)
    failed = []

    def run():
        store = Store(url)
        try:
            migrate(store, keep_backups=5)
        except Exception as error:
            failed.append(error)
        store.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert differences(empty_store) == []


@pytest.mark.parametrize("empty_store", ["sqlite"], indirect=True)
def test_sqlite_file_is_backed_up_with_all_it_holds(empty_store):
    backup = migrate(aged(empty_store), keep_backups=5)
    database = sqlite3.connect(backup)
    assert database.execute("SELECT said FROM old").fetchall() == [("before",)]
    database.close()
    assert backups(empty_store) == [backup]


@pytest.mark.parametrize("empty_store", ["sqlite"], indirect=True)
def test_backup_is_open_to_no_more_people_than_the_store(empty_store):
    aged(empty_store).file.chmod(0o640)
    assert migrate(empty_store, keep_backups=5).stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("empty_store", ["sqlite"], indirect=True)
def test_only_the_newest_backups_are_kept(empty_store):
    aged(empty_store).close()
    for number in range(1, 6):
        old = Path(f"{empty_store.file}.before-{REVISION}-from-none.{number}")
        old.write_text("old")
        os.utime(old, (number, number))
    backup = migrate(empty_store, keep_backups=2)
    assert backups(empty_store) == sorted([backup, Path(f"{empty_store.file}.before-{REVISION}-from-none.5")])


@pytest.mark.parametrize("empty_store", ["sqlite"], indirect=True)
def test_without_a_backup_nothing_is_migrated(empty_store):
    aged(empty_store).close()
    long = empty_store.file.rename(empty_store.file.with_name("s" * 240))  # no name is left for the backup
    store = Store(f"sqlite:///{long}")
    with pytest.raises(StoreUnusable, match="nothing was changed"):
        migrate(store, keep_backups=2)
    assert tables(store) == {"old"}
    store.close()


def test_newest_migration_is_the_schema_of_the_program():
    versions = sorted((ROOT / "feeds/store/migrations/versions").glob("[0-9]*.py"))
    assert versions[-1].name.startswith(f"{REVISION}_")
