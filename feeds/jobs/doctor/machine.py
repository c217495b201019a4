"""The machine: its clock, the room on its disks, and who can read what is nobody else's business.

Not here: what is right (rules.machine_advice).
"""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from feeds.config import Config
from feeds.rules.checkup import Finding
from feeds.rules.machine_advice import Clock, judge_clock, judge_file_system, judge_mode, judge_room
from feeds.store.health import file_system_of

_UNSYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_TIMEX = 512  # octets: more than any system's struct timex; all zero, it asks and sets nothing


def examine_machine(config: Config, *, now: datetime, newest_at: datetime | None) -> list[Finding]:
    """Judge the machine; ``newest_at`` is when the store's last run began."""
    return [
        *judge_clock(clock(), now=now, newest_at=newest_at),
        *_disks(config),
        *_secrets(config),
    ]


def clock() -> Clock:
    """Return what the kernel says of the clock: no other machine is asked."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
    except (OSError, AttributeError):  # another system than Linux
        return Clock.UNKNOWN
    if state < 0:
        return Clock.UNKNOWN
    return Clock.LEFT_ALONE if state == _UNSYNCHRONISED else Clock.SET


def _disks(config: Config) -> Iterator[Finding]:
    """Judge each disk once, whatever is kept on it."""
    seen: set[int] = set()
    file = config.store.sqlite_path
    folder = file.parent if file else None
    for path in filter(None, (folder, config.store.media, config.output.path, config.transport.path)):
        there = _nearest(path)
        if (device := there.stat().st_dev) not in seen:
            seen.add(device)
            usage = shutil.disk_usage(there)
            yield judge_room(there, free=usage.free, total=usage.total)
    if file is not None:
        yield from judge_file_system(file, file_system_of(file))


def _secrets(config: Config) -> Iterator[Finding]:
    """Judge the files that hold what is secret; those that the config refers to were judged when it was read."""
    file = config.store.sqlite_path
    if file is not None and file.exists():
        yield judge_mode(file, file.stat().st_mode, holds="readers' addresses and the key of their links")
    if _has_password(config):
        yield judge_mode(config.file, config.file.stat().st_mode, holds="the database's password")
    for key in filter(None, (config.dkim.key, config.dkim.ed25519_key)):
        if key.exists():
            yield judge_mode(key, key.stat().st_mode, holds="a key that signs")


def _has_password(config: Config) -> bool:
    """Tell whether the database's password stands in the config itself: then it is masked where it is shown."""
    return "***" in str(config.store.url)


def _nearest(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())
