"""The lock of a run: one holds it, the next is told at once, and no dead process keeps it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from feeds.errors import PressBusy, StoreUnreadable
from feeds.store.engine import Store
from feeds.store.locking import only_run

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from feeds.store.engine import Store
from feeds.store.locking import only_run
with only_run(Store(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def url_of(store):
    return store.url.render_as_string(hide_password=False)


@pytest.mark.rule("T121")
def test_second_run_is_told_at_once_that_another_is_at_work(store):
    other = Store(url_of(store))
    with only_run(store), pytest.raises(PressBusy, match=r"another run is at work on this site \(process \d+"):
        only_run(other).__enter__()
    with only_run(other):
        pass
    other.close()


def test_lock_names_the_process_that_holds_it(sqlite_store):
    with only_run(sqlite_store), pytest.raises(PressBusy, match=f"process {os.getpid()}\\)"):
        only_run(sqlite_store).__enter__()


def test_run_that_fails_lets_go_of_the_lock(store):
    with pytest.raises(FileNotFoundError), only_run(store):
        raise FileNotFoundError("an article went away")
    with only_run(store):
        pass


@pytest.mark.rule("T121")
def test_lock_dies_with_its_process(sqlite_store):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLD, url_of(sqlite_store)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(PressBusy, match=f"process {holder.pid}\\)"):
            only_run(sqlite_store).__enter__()
        holder.send_signal(signal.SIGKILL)
    with only_run(sqlite_store):
        pass


def test_lock_that_cannot_be_made_is_named(tmp_path):
    with pytest.raises(StoreUnreadable, match=r"store\.db\.lock: the lock cannot be taken: No such file"):
        only_run(Store(f"sqlite:///{tmp_path}/nowhere/store.db")).__enter__()
