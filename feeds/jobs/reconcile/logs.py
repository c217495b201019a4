"""The files of a mail server's log, line by line and in the order of their times, packed ones too.

Not here: what the lines say (rules).
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds.errors import RequestFailed
from feeds.rules.mail_log_times import Span, Stamps

LONGEST_LINE = 65536  # octets: what is longer is taken for several
_LOOKED_AT = 100  # lines from either end, of which one must begin with a time
_MACHINE_ZONE = Path("/etc/localtime")
_PACKED: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of a log, how its times are read, and when it begins."""

    path: Path
    stamps: Stamps
    since: datetime


def in_order(paths: Sequence[Path], zone: tzinfo) -> list[LogFile]:
    """Return log files in the order of their times; raise RequestFailed for one that cannot be read, or is no log."""
    return sorted((_examined(path, zone) for path in paths), key=lambda log: log.since)


def read(log: LogFile, take: Callable[[bytes, Stamps], None]) -> Span:
    """Give each line to ``take``; return the time from the first line to the last. Lines are not kept."""
    last: deque[bytes] = deque(maxlen=_LOOKED_AT)
    with _lines(log.path) as lines:
        for line in lines:
            take(line, log.stamps)
            last.append(line)
    until = next((at for line in reversed(last) if (at := log.stamps.read(line))), log.since)
    return Span(log.since, max(log.since, until))


def machine_zone() -> tzinfo:
    """Return the time zone of this machine, by which its logs are written: that of TZ, or of its own setting."""
    try:
        if name := os.environ.get("TZ", "").removeprefix(":"):
            return ZoneInfo(name)
        with _MACHINE_ZONE.open("rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return UTC


def _examined(path: Path, zone: tzinfo) -> LogFile:
    with _lines(path) as lines:
        first = list(islice(lines, _LOOKED_AT))
    stamps = Stamps(zone, datetime.fromtimestamp(path.stat().st_mtime, UTC))
    since = next((at for line in first if (at := stamps.read(line))), None)
    if since is None:
        raise RequestFailed(str(path), "none of its first lines begins with a time: it is no log of a mail server")
    return LogFile(path, stamps, since)


@contextmanager
def _lines(path: Path) -> Iterator[Iterator[bytes]]:
    try:
        with path.open("rb") as file:
            head = file.read(6)
            file.seek(0)
            unpacked = next((opened(file) for magic, opened in _PACKED.items() if head.startswith(magic)), file)
            yield iter(lambda: cast(BinaryIO, unpacked).readline(LONGEST_LINE), b"")
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise RequestFailed(str(path), f"it cannot be read to its end: {reason or error}") from error
