"""How a store is found to be, on both databases.

Not here: what is said of it (tests/cli/test_cli_doctor.py).
"""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.errors import StoreUnusable
from feeds.store import runs
from feeds.store.engine import Store
from feeds.store.health import examine, file_system_of, require_lasting
from feeds.store.schema import REVISION

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_store_of_this_program_is_whole(store):
    health = examine(store)
    assert (health.revision, health.wanted, health.damage, health.weakness) == (REVISION, REVISION, (), "")
    assert (health.is_safe, health.newest_run_at) == (True, None)
    assert health.kind in {"SQLite", "PostgreSQL"}
    assert health.version[0].isdigit()


def test_newest_run_is_told(store):
    for hour in (9, 11, 10):
        with store.writing() as tx:
            runs.begin(tx, job="sync", subject="", due_at=NOON.replace(hour=hour), now=NOON.replace(hour=hour))
    assert examine(store).newest_run_at == NOON.replace(hour=11)


def test_store_that_is_not_there_is_not_made(empty_store):
    assert examine(empty_store).revision is None
    assert empty_store.file is None or not empty_store.file.exists()


def test_file_that_is_no_database_cannot_be_examined(tmp_path):
    (tmp_path / "store.db").write_text("Articles, all of them.")
    with pytest.raises(StoreUnusable):
        examine(Store(f"sqlite:///{tmp_path}/store.db"))


@pytest.mark.rule("T128")
def test_database_that_forgets_on_a_power_cut_is_told_and_refused(postgres):
    careful = Store(postgres())
    careless = Store(careful.url.update_query_dict({"options": "-c synchronous_commit=off"}).render_as_string(False))
    assert examine(careful).weakness == ""
    assert "synchronous_commit" in examine(careless).weakness
    require_lasting(careful)
    with pytest.raises(StoreUnusable, match=r"mend it with: ALTER ROLE .* SET synchronous_commit = on"):
        require_lasting(careless)
    careful.close()
    careless.close()


@pytest.mark.rule("D7")
@pytest.mark.rule("T128")
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_database_on_a_file_system_of_the_network_is_refused(tmp_path, kind):
    mounts, store = tmp_path / "mounts", Store(f"sqlite:///{tmp_path}/var/store.db")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nhost:/srv {tmp_path.resolve()} {kind} rw 0 0\n")
    with pytest.raises(StoreUnusable, match=rf"of the network \({kind}\).* move it to a disk of this machine"):
        require_lasting(store, mounts=mounts)
    mounts.write_text(f"host:/srv / {kind} rw 0 0\n/dev/sda1 {tmp_path.resolve()} ext4 rw 0 0\n")
    require_lasting(store, mounts=mounts)
    require_lasting(store, mounts=tmp_path / "not-told")


def test_mount_whose_path_has_a_space_is_known(tmp_path):
    folder, mounts = tmp_path / "the gazette", tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\nhost:/srv " + str(folder).replace(" ", "\\040") + " nfs rw 0 0\n")
    assert (file_system_of(folder / "var", mounts), file_system_of(tmp_path, mounts)) == ("nfs", "ext4")


def test_what_was_mounted_on_demand_hides_what_waited_for_it(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\nsystemd-1 {tmp_path} autofs rw 0 0\nhost:/srv {tmp_path} nfs4 rw 0 0\n"
    )
    assert file_system_of(tmp_path / "var", mounts) == "nfs4"


@pytest.mark.rule("T128")
def test_link_to_a_database_is_followed(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "store.db").symlink_to(tmp_path / "far" / "store.db")
    mounts, store = tmp_path / "mounts", Store(f"sqlite:///{tmp_path}/here/store.db")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nhost:/srv {tmp_path}/far nfs4 rw 0 0\n")
    with pytest.raises(StoreUnusable, match="of the network"):
        require_lasting(store, mounts=mounts)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its mounts so")
def test_file_system_is_that_of_the_innermost_mount(tmp_path):
    assert (file_system_of(Path("/proc/self")), file_system_of(Path("/sys/kernel"))) == ("proc", "sysfs")
    stat = shutil.which("stat")
    said = subprocess.run([stat, "-f", "-c", "%T", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    assert file_system_of(tmp_path.resolve())[:3] == said[:3]
