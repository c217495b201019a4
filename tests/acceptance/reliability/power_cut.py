"""What a disk may hold after a power cut in mid-send: a recording of all writes, and images that are made of it.

What was flushed is there. Of what was written since, any part may be: nothing, all, some writes and not others, some
sectors of a write. Not here: what must stand in an image (the test).
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.reliability.tracing import watched

SECTOR = 512  # octets that a disk writes as one
CALLS = "trace=openat,pwrite64,fdatasync,fsync,ftruncate,unlink,sendto"
_CALL = re.compile(r'(\w+)\((?:AT_FDCWD<[^>]*>|(\d+)<([^>]*)>)?(?:, )?("(?:[^"\\]|\\.)*")?(.*)', re.DOTALL)
_RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Write:
    """Octets written into a file, or its new length, or that it was made or removed, by what is set."""

    path: str
    offset: int = 0
    data: bytes = b""
    length: int | None = None
    exists: bool | None = None


@dataclass(frozen=True, slots=True)
class Flush:
    """What was written into a file is on the disk; of a folder, which files it has."""

    path: str


@dataclass(frozen=True, slots=True)
class Data:
    """On a connection a message to a reader begins to be handed over."""

    connection: str
    reader: str


# ---- recording ----


def recorded(site, file):
    """Deliver, and return what was written, flushed and handed over, in order, until the database is closed."""
    assert watched(site, "-y", "-s", "100000", "-e", CALLS, file=file) == 0
    events, named = [], {}
    for line in file.read_text(encoding="ascii").splitlines():
        found = _CALL.match(line)
        if found is None or line.endswith(" (No such file or directory)"):
            continue
        call, number, path, text, rest = found.groups()
        if call == "sendto":
            events += _said(number, _octets(text), named)
        elif event := _event(call, path, text, rest):
            events.append(event)
    end = next(n for n, event in enumerate(events) if isinstance(event, Write) and event.exists is False)
    return events[: end + 1]


def _octets(text):
    return ast.literal_eval(f"b{text}")  # strace escapes as C does, and as Python


def _said(connection, octets, named):
    if found := _RECIPIENT.search(octets):
        named[connection] = found[1].decode()
    elif octets == b"DATA\r\n":
        return [Data(connection, named[connection])]
    return []


def _event(call, path, text, rest):
    numbers = [int(number) for number in re.findall(r"-?\d+", rest.partition("=")[0])]
    if call in {"fdatasync", "fsync"}:
        return Flush(path)
    if call == "pwrite64":
        return Write(path, numbers[1], _octets(text))
    if call == "ftruncate":
        return Write(path, length=numbers[0])
    made = _octets(text).decode()
    if call == "openat" and "O_CREAT" in rest:
        return Write(made, exists=True)
    return Write(made, exists=False) if call == "unlink" and made.endswith("-wal") else None


# ---- images ----


@dataclass(slots=True)
class Disk:
    """The files at some paths: what is surely on the disk, and what was written since."""

    files: dict[str, bytes]
    pending: list[Write] = field(default_factory=list)

    def take(self, event):
        """Go on by one event."""
        if isinstance(event, Write):
            self.pending.append(event)
        elif isinstance(event, Flush):
            flushed = [one for one in self.pending if _is_covered(one, event.path)]
            self.pending = [one for one in self.pending if one not in flushed]
            for one in flushed:
                _apply(self.files, one)

    def image(self, chance):
        """Return what the disk may hold if the power goes now: path → octets."""
        files, how = dict(self.files), chance.choice(("none", "all", "some", "torn"))
        for one in self.pending:
            if how == "all" or (how != "none" and chance.random() < 0.5):
                for part in _torn(one, chance) if how == "torn" else [one]:
                    _apply(files, part)
        return files


def _is_covered(write, path):
    if write.exists is None:
        return write.path == path
    return str(Path(write.path).parent) == path


def _apply(files, write):
    if write.exists is False:
        files.pop(write.path, None)
        return
    held = files.get(write.path, b"")
    if write.exists is None and write.length is None:
        held = held.ljust(write.offset, b"\0")
        held = held[: write.offset] + write.data + held[write.offset + len(write.data) :]
    elif write.length is not None:
        held = held[: write.length].ljust(write.length, b"\0")
    files[write.path] = held


def _torn(write, chance):
    """Return some of the sectors of a write."""
    if not write.data:
        return [write]
    ends = range(SECTOR - write.offset % SECTOR, len(write.data) + SECTOR, SECTOR)
    starts = [0, *ends[:-1]]
    parts = (Write(write.path, write.offset + a, write.data[a:b]) for a, b in zip(starts, ends, strict=True))
    return [part for part in parts if part.data and chance.random() < 0.5]
