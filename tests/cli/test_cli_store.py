"""Stores that cannot be used end a command with 4 and are left alone; ``migrate`` says what it did.

Not here: the migrations (tests/store).
"""

import os
import sqlite3
import subprocess
import sys
import time

import pytest

from feeds.store.engine import Store
from feeds.store.locking import only_run
from tests.site_fixtures import ROOT

COMMANDS = (["sync"], ["publish"], ["status"], ["entries", "list"], ["migrate"], ["check"])


def store_of(site):
    return site.folder / "var" / "pressrun.db"


def set_revision(site, revision):
    with sqlite3.connect(store_of(site)) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    database.close()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_file_that_is_no_database_ends_with_4_and_is_not_touched(site, command):
    store_of(site).write_bytes(b"these are my notes, and no database\n" * 100)
    before = store_of(site).read_bytes()
    ended = site.run(*command)
    assert (ended.code, ended.out) == (4, "")
    assert f"{store_of(site)}: it is no database" in ended.err
    assert store_of(site).read_bytes() == before
    assert not site.public.exists()


@pytest.mark.rule("T132")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_store_of_a_newer_program_is_refused(site, command):
    set_revision(site, "9999")
    ended = site.run(*command)
    assert (ended.code, ended.out) == (4, "")
    assert "made by a newer Pressrun (schema 9999)" in ended.err
    assert "upgrade it" in ended.err


def test_store_of_an_older_program_waits_for_migrate(site):
    set_revision(site, "0000")
    ended = site.run("sync")
    assert (ended.code, "run `pressrun migrate`" in ended.err) == (4, True)


def test_store_that_cannot_be_made_is_named(bare_site):
    (bare_site.folder / "var").write_text("a file")
    ended = bare_site.run("sync")
    assert (ended.code, ended.out) == (4, "")
    assert f"{bare_site.folder}/var" in ended.err


def test_first_command_makes_the_store(bare_site):
    assert bare_site.run("sync").code == 0
    assert store_of(bare_site).is_file()
    assert (
        bare_site.run("migrate", "--check").out == f"{store_of(bare_site)}: 0 differences from this program's tables\n"
    )


def test_migrate_of_a_current_store_changes_nothing(site):
    ended = site.run("migrate")
    assert (ended.code, ended.out) == (0, f"{store_of(site)}: up to date\n")
    assert site.run("migrate", "--json").json == {"store": str(store_of(site)), "backup": None}
    assert site.run("migrate", "--check", "--json").json == {"differences": []}


@pytest.mark.rule("T121")
@pytest.mark.parametrize("command", (["sync"], ["publish"], ["entries", "pin"]), ids=" ".join)
def test_second_run_ends_with_6_and_does_nothing(site, command):
    site.article("a.md")
    site.run("sync")
    before = site.run("status", "--json").json
    with only_run(Store(f"sqlite:///{store_of(site)}")):
        ended = site.run(*command)
        assert site.run("status", "--json").json == before  # a question takes no lock
    assert (ended.code, ended.out) == (6, "")
    assert "another run is at work on this site (process " in ended.err


def test_help_lists_the_exit_codes_and_no_more(site):
    said = " ".join(site.process("--help").out.split())
    assert said.endswith("8 the store may have forgotten whom it mailed.")


def test_sync_that_is_told_to_stop_is_recorded_as_failed(site):
    for n in range(3000):
        site.write(f"{n}.txt", f"Title {n}\n\nWords of article {n}, some of them.\n")
    command = [sys.executable, "-m", "feeds", "sync"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=site.folder, env=environment, stderr=subprocess.PIPE) as running:
        while site.run("status", "--json").json["runs"]["sync"] is None:
            time.sleep(0.1)
        running.terminate()
        said = running.stderr.read()
    assert (running.returncode, said.startswith(b"pressrun: stopped half-way")) == (143, True)
    assert site.run("status", "--json").json["runs"]["sync"]["outcome"] == "failed"
