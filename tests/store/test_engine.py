"""The store's front door: how it is opened, who waits for whom, and what it says when it cannot be used."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from feeds.errors import StoreUnreadable, StoreUnusable
from feeds.store import entries, runs
from feeds.store.engine import SAFE_SQLITE, Store, sqlite_module
from feeds.store.migrating import migrate
from tests.store.givens import MONDAY, add, entry, read

ROOT = Path(__file__).parents[2]
SECRET = "hush-0x5ec"


def impatient(store):
    return Store(f"sqlite:///{store.file}", busy_seconds=0.2)


def begin_run(tx, subject=""):
    runs.begin(tx, job="sync", subject=subject, due_at=MONDAY, now=MONDAY)


@pytest.mark.rule("D6")
def test_thread_that_waits_too_long_for_another_that_writes_is_told(sqlite_store):
    store, held, done = impatient(sqlite_store), Event(), Event()

    def holds():
        with store.writing() as tx:
            begin_run(tx)
            held.set()
            done.wait(10)

    with ThreadPoolExecutor() as threads:
        first = threads.submit(holds)
        assert held.wait(10)
        try:
            with pytest.raises(StoreUnusable, match="locked"), store.writing():
                pass
        finally:
            done.set()
        first.result()
    with store.writing() as tx:
        begin_run(tx, "later")
    store.close()


@pytest.mark.rule("D7")
@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_every_connection_to_sqlite_is_safe(sqlite_store, pragma, value):
    with sqlite_store.reading() as one, sqlite_store.reading() as other:
        assert {tx.exec_driver_sql(f"PRAGMA {pragma}").scalar() for tx in (one, other)} == {value}


@pytest.mark.rule("D7")
def test_sqlite_is_new_enough_where_a_newer_one_is_installed(sqlite_store):
    pytest.importorskip("pysqlite3", reason="pysqlite3 has no wheel here, and the standard library's SQLite is used")
    with sqlite_store.reading() as tx:
        version = tx.exec_driver_sql("SELECT sqlite_version()").scalar()
    assert tuple(int(part) for part in version.split(".")) >= SAFE_SQLITE


def test_transaction_is_undone_by_an_error(store):
    def fail():
        with store.writing() as tx:
            begin_run(tx)
            raise FileNotFoundError("an article went away")

    with pytest.raises(FileNotFoundError):  # and not a word about the store, which is well
        fail()
    assert read(store, runs.find_last, "sync") is None


def test_reading_sees_one_state_while_others_write(store):
    add(store, entry("ferry"))
    with store.reading() as tx:
        before = entries.ids(tx)
        add(store, entry("harbour"))
        assert entries.ids(tx) == before
    assert len(read(store, entries.ids)) == 2


def test_reading_leaves_nothing_behind(store):
    def write_while_reading():
        with store.reading() as tx:
            begin_run(tx)

    if store.file is None:
        with pytest.raises(StoreUnusable, match="read-only"):
            write_while_reading()
    else:
        write_while_reading()
    assert read(store, runs.find_last, "sync") is None


@pytest.mark.rule("T123")
def test_second_writer_is_told_that_the_store_is_locked(sqlite_store):
    with sqlite_store.writing(), pytest.raises(StoreUnusable, match="locked: another program keeps writing"):
        impatient(sqlite_store).writing().__enter__()


@pytest.mark.rule("T123")
def test_second_writer_waits_for_the_first(store):
    second_is_done = threading.Event()

    def second():
        with store.writing() as tx:
            begin_run(tx, "second")
        second_is_done.set()

    with store.writing() as tx:
        begin_run(tx, "first")
        thread = threading.Thread(target=second)
        thread.start()
        waited = not second_is_done.wait(0.2) if store.file else True  # PostgreSQL lets both write
    thread.join(10)
    assert waited
    assert second_is_done.is_set()


@pytest.mark.rule("D6")
@pytest.mark.rule("T123")
def test_writer_that_reads_first_does_not_fail_at_once(sqlite_store):
    errors = []

    def count_up():
        try:
            for _ in range(20):
                with sqlite_store.writing() as tx:
                    number = tx.execute(text("SELECT count(*) FROM runs")).scalar()
                    begin_run(tx, f"{threading.get_ident()} {number}")
        except StoreUnusable as error:
            errors.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sqlite_store.reading() as tx:
        assert (errors, tx.execute(text("SELECT count(*) FROM runs")).scalar()) == ([], 60)


def test_reader_is_not_held_up_by_a_writer(sqlite_store):
    with sqlite_store.writing() as tx:
        begin_run(tx)
        assert read(impatient(sqlite_store), runs.find_last, "sync") is None


@pytest.mark.rule("T124")
@pytest.mark.parametrize("garbage", [b"garbage" * 1000, b"x", b"SQLite format 3\x00" + b"\xff" * 5000, b"\x00" * 4096])
def test_garbage_is_refused_and_stays_as_it_is(tmp_path, garbage):
    path = tmp_path / "store.db"
    path.write_bytes(garbage)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(StoreUnreadable, match=r"it is no database|malformed|not a database"):
        store.revision()
    with pytest.raises(StoreUnreadable):
        migrate(store, keep_backups=5)
    store.close()
    assert path.read_bytes() == garbage
    assert [file.name for file in tmp_path.iterdir()] == ["store.db"]


def test_damaged_table_is_named_and_not_mended(sqlite_store):
    add(sqlite_store, *(entry(f"ferry-{number}") for number in range(300)))
    sqlite_store.close()
    with sqlite3.connect(sqlite_store.file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    damaged = sqlite_store.file.read_bytes()
    sqlite_store.file.write_bytes(damaged[:8192] + b"\x0d\xff" * ((len(damaged) - 8192) // 2))
    with pytest.raises(StoreUnreadable):
        read(sqlite_store, entries.list_all)


def test_opening_makes_no_file(tmp_path):
    assert Store(f"sqlite:///{tmp_path}/store.db").revision() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a folder", "ünïcode", "100%25", "it's", "what?", "#1"])
def test_path_may_hold_any_name(tmp_path, name):
    (tmp_path / name).mkdir()
    store = Store(f"sqlite:///{tmp_path / name}/store.db")
    migrate(store, keep_backups=1)
    store.close()
    assert (tmp_path / name / "store.db").is_file()


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreUnreadable, match=r"nowhere/store\.db: unable to open"):
        read(Store(f"sqlite:///{tmp_path}/nowhere/store.db"), entries.ids)


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "disk").symlink_to("not-mounted")
    with pytest.raises(StoreUnreadable, match="it cannot be made"):
        migrate(Store(f"sqlite:///{tmp_path}/disk/store.db"), keep_backups=1)


def test_file_in_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreUnreadable, match="Not a directory"):
        migrate(Store(f"sqlite:///{tmp_path}/file/store.db"), keep_backups=1)


def test_folder_in_place_of_the_file_is_named(tmp_path):
    with pytest.raises(StoreUnreadable, match="cannot be opened: Is a directory"):
        Store(f"sqlite:///{tmp_path}").revision()


def test_store_names_itself_without_its_password():
    shown = str(Store(f"postgresql://press:{SECRET}@db.example:5432/press?password={SECRET}&sslmode=require"))
    assert SECRET not in shown
    assert "press:***@db.example:5432/press?sslmode=require" in shown


def test_server_that_refuses_is_named_without_the_password():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening
        store = Store(f"postgresql://press:{SECRET}@127.0.0.1:{taken.getsockname()[1]}/press")
        with pytest.raises(StoreUnreadable, match="refused") as raised:
            store.revision()
    assert SECRET not in str(raised.value)


def test_server_that_never_answers_is_given_up_within_seconds():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        with pytest.raises(StoreUnreadable, match="timeout"):
            Store(f"postgresql://press:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/press").revision()
    assert time.monotonic() - begun < 10


def test_database_that_does_not_exist_is_named(postgres):
    with pytest.raises(StoreUnreadable, match='database "nowhere" does not exist'):
        Store(re.sub("/pressrun_[0-9]+", "/nowhere", postgres())).revision()


def test_role_without_rights_is_told_so(postgres):
    owner = Store(postgres())
    with owner.writing() as tx:
        tx.exec_driver_sql("CREATE ROLE guest LOGIN")
    guest = Store(owner.url.set(username="guest").render_as_string())
    with pytest.raises(StoreUnreadable, match="permission denied"):
        migrate(guest, keep_backups=0)
    for store in (owner, guest):
        store.close()


def test_mistake_of_ours_is_not_blamed_on_the_store(store):
    add(store, entry())
    with pytest.raises(IntegrityError):
        add(store, entry())


def test_mistake_of_ours_spills_no_article_into_the_log(store):
    with pytest.raises(IntegrityError) as raised:
        add(store, entry(notes=(SECRET,)), entry(notes=(SECRET,)))
    assert SECRET not in str(raised.value)


def test_option_that_the_server_does_not_know_is_named():
    with pytest.raises(StoreUnreadable, match="colour"):
        Store("postgresql://press@127.0.0.1:1/press?colour=red").revision()


def test_database_of_another_program_is_told_to_be_one(empty_store):
    with empty_store.writing() as tx:
        tx.exec_driver_sql("CREATE TABLE entries (id INTEGER)")
    with pytest.raises(StoreUnreadable, match=r"another program's database \(.*entries.* already exists\)"):
        migrate(empty_store, keep_backups=0)


def test_full_database_is_told_with_what_to_do(sqlite_store):
    with pytest.raises(StoreUnreadable, match="is full; make room"), sqlite_store.writing() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1")
        add_many = "INSERT INTO runs VALUES (?, '', '2026-03-02', '2026-03-02', NULL, NULL, ?)"
        for number in range(200):
            tx.exec_driver_sql(add_many, (f"job {number}", "x" * 4000))


def test_naive_time_may_not_enter(store):
    with pytest.raises(StatementError, match="naive"):
        add(store, entry(published_at=datetime(2026, 3, 2)))


def test_sqlite_module_speaks_the_database_interface():
    assert sqlite_module().apilevel == "2.0"


@pytest.mark.rule("T124")
def test_command_ends_with_its_own_code_and_leaves_garbage_as_it_is(tmp_path):
    run(tmp_path, "init", "site")
    path = tmp_path / "site" / "var" / "pressrun.db"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"garbage" * 1000)
    ended = [run(tmp_path / "site", command) for command in ("sync", "migrate")]
    assert [done.returncode for done in ended] == [4, 4]
    assert all("it is no database" in done.stderr and "Traceback" not in done.stderr for done in ended)
    assert path.read_bytes() == b"garbage" * 1000


def run(folder, *arguments):
    command = [sys.executable, "-m", "feeds", *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
