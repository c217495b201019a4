"""The machine and the way to the mail server, judged by what was measured.

Not here: measuring it (tests/jobs/test_doctor.py, tests/cli/test_cli_doctor.py).
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.rules.checkup import Grade
from feeds.rules.machine_advice import MEGABYTE, Clock, judge_clock, judge_file_system, judge_mode, judge_room
from feeds.rules.transport_advice import judge_certificate, judge_way

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)
DISK = Path("/srv/gazette")


def clock(state, newest_at=None):
    (found,) = judge_clock(state, now=NOW, newest_at=newest_at)
    return found.grade


def test_clock_is_well_where_the_system_says_so():
    assert [clock(state) for state in (Clock.SET, Clock.LEFT_ALONE, Clock.UNKNOWN)] == [
        *(Grade.OK, Grade.WARNING, Grade.WARNING)
    ]


def test_clock_behind_the_store_is_wrong_whatever_the_system_says():
    assert clock(Clock.SET, NOW + timedelta(hours=1)) is Grade.ERROR
    assert clock(Clock.SET, NOW + timedelta(minutes=1)) is Grade.OK
    assert clock(Clock.SET, NOW - timedelta(days=9)) is Grade.OK


@pytest.mark.parametrize(
    ("free", "total", "grade"),
    [
        (99, 1_000, Grade.ERROR),
        (100, 1_000, Grade.WARNING),
        (999, 2_000, Grade.WARNING),
        (1_000, 2_000, Grade.OK),
        (4_000, 100_000, Grade.WARNING),
    ],
)
def test_room_is_judged_by_what_is_left_and_by_its_share(free, total, grade):
    assert judge_room(DISK, free=free * MEGABYTE, total=total * MEGABYTE).grade is grade


@pytest.mark.parametrize(("kind", "faults"), [("ext4", 0), ("nfs4", 1), ("CIFS", 1), ("fuse.sshfs", 1), ("", 0)])
def test_database_on_a_file_system_of_the_network_is_told(kind, faults):
    assert len(judge_file_system(DISK, kind)) == faults


@pytest.mark.rule("T100")
@pytest.mark.parametrize("mode", [0o100640, 0o100604, 0o100620, 0o100601])
def test_secret_that_is_open_to_others_is_told_with_the_command(mode):
    found = judge_mode(Path("/srv/the gazette/keys/a.pem"), mode, holds="a key that signs")
    assert (found.grade, found.lines) == (Grade.ERROR, ("chmod 600 '/srv/the gazette/keys/a.pem'",))
    assert judge_mode(DISK, 0o100600, holds="a key").grade is Grade.OK


@pytest.mark.parametrize(("days", "grade"), [(90, Grade.OK), (14, Grade.OK), (13, Grade.WARNING), (0, Grade.WARNING)])
def test_certificate_that_ends_soon_is_told(days, grade):
    assert judge_certificate("mx:587", ends_at=NOW + timedelta(days=days, hours=1), now=NOW).grade is grade


def test_old_encryption_is_told():
    assert [judge_way("mx:587", tls=tls, username="")[0].grade for tls in ("TLSv1.3", "TLSv1.1", "")] == [
        *(Grade.OK, Grade.WARNING, Grade.OK)
    ]
