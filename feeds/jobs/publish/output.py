"""The output folder: documents written beside, fsynced and renamed, so that a reader sees the old one or the new.

Not here: what is in a document, recording that it was written.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from feeds.errors import OutputRefused
from feeds.store.media import is_whole

_NOT_OURS = "is a link that Pressrun did not make; remove it, or name the real folder in [output] path"
# A JSON feed has no generator: it is known by how its keys are set.
_MARKS = (b"Pressrun", b'{\n "version": "https://jsonfeed.org/version/1.1",\n')
_PART = re.compile(r"\..+\.(\d+)\.part")


class FileDamaged(Exception):
    """A file does not have the hash that it is named by."""


class Output:
    """The folder that is served. Every path is relative to it, with ``/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self) -> None:
        """Clear away what a killed publish left half-written; raise OutputRefused where the folder is no folder."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise OutputRefused(self.folder, _NOT_OURS if self.folder.is_symlink() else "is no folder; move it away")
        for place, _, names in os.walk(self.folder):
            for scrap in filter(_is_scrap, names):
                with contextlib.suppress(OSError):  # a folder that cannot be written is named by what is written next
                    (Path(place) / scrap).unlink()

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder of the output, sorted; none where there is no such folder or a link."""
        place = self.folder / folder
        return sorted(file.name for file in place.iterdir()) if place.is_dir() and not place.is_symlink() else []

    def write(self, path: str, data: bytes) -> bool:
        """Write a document; return False where it held these very bytes already, and is then not touched.

        Raises OutputRefused, and leaves the old document whole, where a link would lead elsewhere or the disk says no.
        """
        target = self._target(path)
        try:
            if target.is_file() and target.read_bytes() == data:
                return False
            _swap(target, lambda part: part.write_bytes(data))
        except OSError as error:
            raise OutputRefused(target, f"not written ({error.strerror}); the old one stays as it was") from error
        return True

    def is_foreign(self, path: str, data: bytes) -> bool:
        """Tell whether a file with other bytes stands at ``path`` that no Pressrun has printed, by any mark of it."""
        try:
            there = self._target(path).read_bytes()
        except (OSError, OutputRefused):
            return False  # nothing stands there, or writing will say what does
        return there != data and not any(mark in there for mark in _MARKS)

    def copy(self, path: str, original: Path) -> bool:
        """Copy a file that is named by its hash; return False where it is there already, whole.

        Raises FileDamaged where the original does not fit its name, OSError where there is none.
        """
        target, shelved = self._target(path), original.stat()
        try:
            if target.is_file() and _is_same(target, shelved):
                return False
            _swap(target, lambda part: _copy_whole(original, part))
        except OSError as error:
            raise OutputRefused(target, f"not copied from {original} ({error.strerror})") from error
        return True

    def remove(self, path: str) -> None:
        """Remove a document that is no longer published, and the folders that are empty without it."""
        target = self._target(path)
        try:
            target.unlink(missing_ok=True)
            for folder in target.parents:
                if folder == self.folder or not folder.is_relative_to(self.folder):
                    break
                folder.rmdir()
        except OSError:
            if target.exists():
                raise OutputRefused(target, "cannot be removed, though it is no longer published") from None

    def _target(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not parts or ".." in parts or PurePosixPath(path).is_absolute():
            raise OutputRefused(self.folder / path, "leads out of the output folder")
        place = self.folder
        for part in ("", *parts):
            place = place / part
            if place.is_symlink():
                raise OutputRefused(place, _NOT_OURS)
        return place


def _is_same(target: Path, shelved: os.stat_result) -> bool:
    """Tell whether a copy is whole: by length and time as we left them, else by its hash."""
    now = target.stat()
    if (now.st_size, now.st_mtime_ns) == (shelved.st_size, shelved.st_mtime_ns):
        return True
    if not is_whole(target):
        return False
    with contextlib.suppress(OSError):  # then it is read again next time
        _date_as(target, shelved)
    return True


def _copy_whole(original: Path, part: Path) -> None:
    shutil.copyfile(original, part)
    if not is_whole(part, name=original.name):
        raise FileDamaged(original)
    _date_as(part, original.stat())


def _date_as(path: Path, other: os.stat_result) -> None:
    os.utime(path, ns=(other.st_atime_ns, other.st_mtime_ns))


def _swap(target: Path, fill: Callable[[Path], object]) -> None:
    """Let ``fill`` write a new file beside the old one, and put it in its place once it is safe on the disk."""
    part = _part(target)
    try:
        fill(part)
        _flush(part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _flush(target.parent)


def _part(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_scrap(name: str) -> bool:
    """Tell whether a file was left half-written by a publish that is no longer running."""
    match = _PART.fullmatch(name)
    if match is None:
        return False
    try:
        os.kill(int(match[1]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return int(match[1]) == os.getpid()
