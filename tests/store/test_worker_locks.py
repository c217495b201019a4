"""Who of the workers is alive: told by a lock that dies with its process, and never by the time that passed.

Not here: what becomes of what a dead one held (test_recovery).
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from feeds.errors import StoreUnreadable
from feeds.store.engine import Store
from feeds.store.locking import dead_worker, list_lock_files, only_run, worker_lock

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from feeds.store.engine import Store
from feeds.store.locking import worker_lock
with worker_lock(Store(sys.argv[1])) as worker:
    print(worker, flush=True)
    time.sleep(60)
"""


def url_of(store):
    return store.url.render_as_string(hide_password=False)


def is_dead(store, worker):
    """Ask as another program would: over a connection of its own."""
    other = Store(url_of(store))
    with dead_worker(other, worker) as dead:
        pass
    other.close()
    return dead


def files(store):
    return [file.name for file in store.file.parent.glob("*.worker-*")]


@pytest.mark.rule("D5")
def test_worker_is_alive_while_it_holds_its_lock_and_dead_afterwards(store):
    with worker_lock(store) as worker:
        assert [is_dead(store, worker), is_dead(store, worker)] == [False, False]
    assert is_dead(store, worker)


def test_worker_that_fails_is_dead(store):
    with pytest.raises(FileNotFoundError), worker_lock(store) as worker:
        raise FileNotFoundError("an article went away")
    assert is_dead(store, worker)


@pytest.mark.rule("D5")
def test_lock_dies_with_its_process(store):
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLD, url_of(store)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        worker = holder.stdout.readline().strip()
        assert not is_dead(store, worker)
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10  # PostgreSQL notices a moment later
    while not is_dead(store, worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert is_dead(store, worker)


def test_two_workers_have_two_names_and_two_locks(store):
    with worker_lock(store) as one:
        with worker_lock(store) as other:
            assert one != other
        assert (is_dead(store, one), is_dead(store, other)) == (False, True)


def test_only_one_program_at_a_time_settles_what_a_dead_worker_left(store):
    with worker_lock(store) as worker:
        pass
    with dead_worker(store, worker) as dead:
        assert (dead, is_dead(store, worker)) == (True, False)
    assert is_dead(store, worker)


def test_program_that_fails_while_settling_leaves_it_to_the_next(store):
    with worker_lock(store) as worker:
        pass
    with pytest.raises(FileNotFoundError), dead_worker(store, worker):
        raise FileNotFoundError("an article went away")
    assert is_dead(store, worker)


def test_worker_works_beside_a_run_that_holds_the_store(store):
    with only_run(store), worker_lock(store) as worker:
        assert not is_dead(store, worker)


def test_lock_file_is_gone_after_a_clean_end(sqlite_store):
    with worker_lock(sqlite_store) as worker:
        assert files(sqlite_store) == [f"store.db.worker-{worker}"]
        assert (sqlite_store.file.parent / files(sqlite_store)[0]).stat().st_mode & 0o777 == 0o600
        is_dead(sqlite_store, worker)
        assert files(sqlite_store) == [f"store.db.worker-{worker}"]
    assert files(sqlite_store) == []


def test_asking_for_a_dead_worker_leaves_no_file(sqlite_store):
    (sqlite_store.file.parent / "store.db.worker-00ff00ff00ff00").touch()
    assert is_dead(sqlite_store, "00ff00ff00ff00")
    assert files(sqlite_store) == []


def test_lock_files_tell_of_workers_dead_and_alive(sqlite_store):
    with worker_lock(sqlite_store) as worker:
        (sqlite_store.file.parent / "store.db.worker-00ff00ff00ff00").touch()
        (sqlite_store.file.parent / "other.db.worker-11ff00ff00ff00").touch()
        assert list_lock_files(sqlite_store) == sorted(["00ff00ff00ff00", worker])


def test_postgresql_has_no_lock_files(postgres_store):
    with worker_lock(postgres_store):
        assert list_lock_files(postgres_store) == []


def test_lock_that_cannot_be_made_is_named(tmp_path):
    with pytest.raises(StoreUnreadable, match=r"store\.db\.worker-\w+: the lock cannot be taken: No such file"):
        worker_lock(Store(f"sqlite:///{tmp_path}/nowhere/store.db")).__enter__()
