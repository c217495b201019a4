"""A folder that mail programs read: each message a file, written beside and renamed, the same name on each attempt.

The maildir format is described at https://cr.yp.to/proto/maildir.html. Not here: reading mail.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Collection, Set
from contextlib import suppress
from pathlib import Path

from feeds.config import TransportConfig
from feeds.errors import TransportUnusable
from feeds.model import Parcel, Phase, Reply, Step
from feeds.transports import wire

LONGEST_NAME = 160  # leaves room for a mail program's flags and our process number: file systems take 255
STALE = 36 * 3600  # seconds, after which the format lets anyone clear away what lies in tmp
AT_ONCE = 8  # messages, whose steps then share the ledger's commits
SETTLED = 2_000_000_000  # nanoseconds, after which a folder's next change surely shows in its time

_UNFIT = re.compile(r"[^A-Za-z0-9._=-]")


class MaildirTransport:
    """Stores messages in a maildir. A repeated delivery replaces its file, or is seen to be in a reader's hands."""

    name = "maildir"
    repeats = False

    def __init__(self, config: TransportConfig) -> None:
        self._folder = config.path
        self._new, self._cur, self._tmp = (self._folder / name for name in ("new", "cur", "tmp"))
        self._is_open = False
        self._moved: Set[str] = frozenset()
        self._moved_at: int | None = None
        self._parts: dict[str, Path | None] = {}  # by the delivery's name; None where a mail program has it already
        self._told: list[str] = []

    @property
    def room(self) -> int:
        """How many more messages are taken now; see Transport."""
        return AT_ONCE - len(self._parts)

    def take(self, parcel: Parcel) -> None:
        """Write a message beside, and flush it; see Transport."""
        wire.written(parcel)
        name = parcel.envelope.name
        self._parts[name] = self._prepare(file_name(name), b"".join(parcel.pieces))

    def work(self, go: Collection[str], _seconds: float, /) -> list[Step]:
        """Put what may go in its place, and tell of the rest as at the brink; see Transport."""
        ready = [name for name in self._parts if name not in self._told]
        steps = [Step(name, self._put(name)) for name in self._told if name in go]
        for name in self._told:
            self._clear(name)
        self._told = ready
        return steps + [Step(name) for name in ready]

    def close(self) -> None:
        """Forget what was seen in the folder, and what was not put in its place; see Transport."""
        for name in [*self._parts]:
            self._clear(name)
        self._told = []
        self._is_open = False

    def _put(self, name: str) -> Reply:
        part = self._parts[name]
        return _stored(file_name(name)) if part is None else _put(part, self._new / file_name(name))

    def _clear(self, name: str) -> None:
        part = self._parts.pop(name)
        if part is not None:
            with suppress(OSError):  # the next attempt writes over it
                part.unlink(missing_ok=True)

    def _prepare(self, name: str, message: bytes) -> Path | None:
        """Write the message beside, and flush it; return None where a mail program has it already."""
        part = self._tmp / f"{name}.{os.getpid()}"
        try:
            self._open()
            if name in self._in_readers_hands():
                return None
            _write(part, message.replace(b"\r\n", b"\n"))  # mail programs show a CR that stands in a maildir
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise TransportUnusable(
                f"{self._folder}: nothing can be stored there ({error.strerror}); make room, or let this user write "
                "to it, or name another folder in [transport] path"
            ) from error
        return part

    def _open(self) -> None:
        if self._is_open:
            return
        for folder in (self._folder, self._tmp, self._new, self._cur):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(self._tmp)
        self._moved_at = None
        self._is_open = True

    def _in_readers_hands(self) -> Set[str]:
        """Return the names in ``cur``, where mail programs put what they have seen, without the flags they add.

        The folder is listed again only when its time says that it has changed, or is too young to tell.
        """
        changed_at = self._cur.stat().st_mtime_ns
        if changed_at != self._moved_at:
            with os.scandir(self._cur) as found:
                self._moved = {entry.name.partition(":")[0] for entry in found}
            self._moved_at = changed_at if time.time_ns() - changed_at > SETTLED else None
        return self._moved


def file_name(name: str) -> str:
    """Return the file's name for a delivery's name: always the same, and another one for another delivery."""
    plain = _UNFIT.sub("_", name)
    if name and plain == name and len(name) <= LONGEST_NAME and not name.startswith("."):  # dot files are passed over
        return name
    return f"{hashlib.sha256(name.encode()).hexdigest()[:32]}-{plain[:80]}"


def _write(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _put(part: Path, target: Path) -> Reply:
    phase = Phase.BODY
    try:
        part.replace(target)
        phase = Phase.END  # from here on it may be read, whether or not the folder outlives a power cut
        _flush(target.parent)
    except OSError as error:
        return Reply(0, None, f"{target}: {error.strerror}", phase)
    return _stored(target.name)


def _stored(name: str) -> Reply:
    return Reply(250, None, f"stored as {name}", Phase.END)


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Clear away what killed processes left half-written long ago."""
    limit = time.time() - STALE
    for file in folder.iterdir():
        with suppress(OSError):
            if file.lstat().st_mtime < limit:
                file.unlink()
