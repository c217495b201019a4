"""What to say of the machine that sends: its clock, the room on its disks, files that others can read.

Pure: what was measured comes in. Not here: measuring it (jobs.doctor).
"""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from feeds.rules.checkup import Finding, Spot

MEGABYTE = 1_000_000
LITTLE, TOO_LITTLE = 1000 * MEGABYTE, 100 * MEGABYTE  # bytes free
LITTLE_SHARE = 0.05
TOLERANCE = timedelta(minutes=5)  # what receivers and certificates forgive
OTHERS = 0o077
# On these a write that was said to be stored need not be, and locks of other machines may not be seen.
NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "fuse.sshfs", "fuse.glusterfs", "afs", "ceph", "lustre")
SHARED_FILE_SYSTEMS = ("9p",)  # of a virtual machine with its host: to try things out, but not to rely on

ELSEWHERE = "move it to a disk of this machine, or use PostgreSQL"


class Clock(StrEnum):
    """What the system says of its clock: set by others that are known to be right, left alone, or nothing."""

    SET = "set"
    LEFT_ALONE = "left alone"
    UNKNOWN = "unknown"


def judge_clock(clock: Clock, *, now: datetime, newest_at: datetime | None) -> list[Finding]:
    """Judge the clock, also by the newest thing in the store, which cannot be of a time to come."""
    spot, remedy = (
        Spot("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC"),
        "let it be set over the network: timedatectl set-ntp true",
    )
    if newest_at is not None and newest_at - now > TOLERANCE:
        what = f"it is slow: the store remembers a run at {newest_at:%Y-%m-%d %H:%M:%S} UTC"
        return [spot.error(what, remedy=remedy)]
    if clock is Clock.SET:
        return [spot.ok("the system says that it is set over the network")]
    if clock is Clock.UNKNOWN:
        what = "the system does not say whether it is right"
        return [spot.warning(what, remedy="see by hand that it is; a message dated wrong looks like junk")]
    what = "the system says that nothing keeps it right; a message dated wrong looks like junk"
    return [spot.warning(what, remedy=remedy)]


def judge_room(path: Path, *, free: int, total: int) -> Finding:
    """Judge the room that is left where something is kept."""
    spot, megabytes = Spot("disk", str(path)), free // MEGABYTE
    what = f"{megabytes:,} MB are free of {total // MEGABYTE:,}"
    if free < TOO_LITTLE:
        return spot.error(what, remedy="make room: without it nothing can be recorded, so nothing is sent")
    if free < LITTLE or free < total * LITTLE_SHARE:
        return spot.warning(what, remedy="make room soon: what cannot be recorded is not sent")
    return spot.ok(what)


def judge_file_system(path: Path, kind: str) -> list[Finding]:
    """Judge the kind of file system that a database lies on."""
    if not (is_of_network(kind) or kind.lower().startswith(SHARED_FILE_SYSTEMS)):
        return []
    what = f"it lies on a file system of the network ({kind}), which may forget what it said was stored"
    return [Spot("database", str(path)).error(what, remedy=ELSEWHERE)]


def is_of_network(kind: str) -> bool:
    """Tell whether a file system of that kind lies on other machines."""
    return kind.lower().startswith(NETWORK_FILE_SYSTEMS)


def judge_mode(path: Path, mode: int, *, holds: str) -> Finding:
    """Judge who can read a file that holds something of which others are to know nothing."""
    spot, shown = Spot("secrets", str(path)), f"{mode & 0o777:o}"
    if mode & OTHERS:
        what = f"it holds {holds}, and is open to group or others (mode {shown})"
        return spot.error(what, f"chmod 600 {shlex.quote(str(path))}", remedy="close it")
    return spot.ok(f"it holds {holds}, and only its owner can read it")
