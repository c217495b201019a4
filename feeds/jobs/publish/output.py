"""The output folder: documents written beside, flushed and renamed, so that a reader sees the old one or the new.

Not here: what is in a document, recording that it was written.
"""

from __future__ import annotations

import contextlib
import ctypes
import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from feeds.errors import OutputRefused
from feeds.store.media import is_whole

_NOT_OURS = "is a link that Pressrun did not make; remove it, or name the real folder in [output] path"
# A JSON feed has no generator: it is known by how its keys are set.
_MARKS = (b"Pressrun", b'{\n"version": "https://jsonfeed.org/version/1.1",\n')
LONGEST_PATH, LONGEST_STEP = 2000, 220  # bytes; the output folder's own path comes before it
GZIP_LEVEL, BROTLI_LEVEL = 6, 5
_PART = re.compile(r"\..+\.(\d+)\.part")


class FileDamaged(Exception):
    """A file does not have the hash that it is named by."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A document written beside its place: pairs of what was written and where it belongs, itself first."""

    target: Path
    parts: tuple[tuple[Path, Path], ...]
    is_new: bool


class Output:
    """The folder that is served. Every path is relative to it, with ``/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, *, clear_scraps: bool) -> None:
        """Raise OutputRefused where the folder is no folder; clear away what a killed publish left half-written."""
        if self.folder.is_symlink() or (self.folder.exists() and not self.folder.is_dir()):
            raise OutputRefused(self.folder, _NOT_OURS if self.folder.is_symlink() else "is no folder; move it away")
        for place, _, names in os.walk(self.folder) if clear_scraps else ():
            for scrap in filter(_is_scrap, names):
                with contextlib.suppress(OSError):  # a folder that cannot be written is named by what is written next
                    (Path(place) / scrap).unlink()

    def stage(self, path: str, data: bytes, *, packed: bool) -> Staged | None:
        """Write a document beside the old one, with its compressed forms where it is to have such.

        Returns None where it held these very bytes already, and is then not touched. Raises OutputRefused, and leaves
        the old document whole, where a link would lead elsewhere or the disk says no.
        """
        target = self._target(path)
        parts: list[tuple[Path, Path]] = []
        try:
            is_same = target.is_file() and target.read_bytes() == data
            for suffix, form in (("", None), *(_PACKERS.items() if packed else ())):
                place = target.with_name(target.name + suffix)
                if not (is_same and (form is None or place.is_file())):
                    parts.append((part := _part(place), place))
                    _write(part, data if form is None else form(data))
        except OSError as error:
            _discard(parts)
            raise OutputRefused(target, f"not written ({error.strerror}); the old one stays as it was") from error
        return Staged(target, tuple(parts), is_new=not is_same) if parts else None

    def swap(self, staged: Staged) -> None:
        """Put a staged document in its place; raise OutputRefused where that fails, and the old one is whole."""
        try:
            if staged.is_new:  # compressed forms of the old words must not outlive them
                self._unlink_compressed(staged.target)
            for part, place in staged.parts:
                _rename(part, place)
        except OSError as error:
            _discard(staged.parts)
            raise OutputRefused(
                staged.target, f"not written ({error.strerror}); the old one stays as it was"
            ) from error

    def flush(self) -> None:
        """Have the disk hold all that was written; raise OutputRefused where it cannot."""
        try:
            flush_disk(self.folder)
        except OSError as error:
            raise OutputRefused(self.folder, f"cannot be flushed ({error.strerror})") from error

    def read(self, path: str) -> bytes | None:
        """Return a document as it stands on the disk, None where it cannot be read."""
        try:
            return self._target(path).read_bytes()
        except (OSError, OutputRefused):
            return None

    def stands(self, path: str) -> bool:
        """Tell whether a file stands at a path."""
        return _is_possible(path) and os.path.isfile(os.path.join(self.folder, path))  # noqa: PTH113, PTH118 - as below

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

    def remove(self, path: str) -> bool:
        """Remove a document that is no longer published, and the folders that are empty without it.

        Returns whether there was one.
        """
        if not _is_possible(path):
            return False  # so nothing can stand there
        target = self._target(path)
        stood = target.exists()
        try:
            target.unlink(missing_ok=True)
            self._unlink_compressed(target)
            for folder in target.parents:
                if folder == self.folder or not folder.is_relative_to(self.folder):
                    break
                folder.rmdir()
        except OSError:
            if target.exists():
                raise OutputRefused(target, "cannot be removed, though it is no longer published") from None
        return stood

    def _unlink_compressed(self, target: Path) -> None:
        for suffix in _PACKERS:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{target}{suffix}")  # noqa: PTH108 - as below

    def _target(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if not _is_possible(path):
            raise OutputRefused(self.folder, f"{path[:80]}… is no name that a disk takes; shorten it")
        if not parts or ".." in parts or PurePosixPath(path).is_absolute():
            raise OutputRefused(self.folder / path, "leads out of the output folder")
        place = str(self.folder)
        for part in ("", *parts):
            place = f"{place}/{part}" if part else place
            if os.path.islink(place):  # noqa: PTH114 - a large site asks 100,000 times, and pathlib takes five times as long
                raise OutputRefused(Path(place), _NOT_OURS)
        return Path(place)


def gzipped(data: bytes) -> bytes:
    """Return a document as gzip, without a time in it, which would change the bytes."""
    return gzip.compress(data, GZIP_LEVEL, mtime=0)


def in_brotli(data: bytes) -> bytes:
    """Return a document in brotli; higher levels take far longer for a little less."""
    import brotli

    return bytes(brotli.compress(data, quality=BROTLI_LEVEL))


_PACKERS: Mapping[str, Callable[[bytes], bytes]] = {".gz": gzipped, ".br": in_brotli}


def flush_disk(folder: Path) -> None:
    """Flush the file system of a folder in one go: one flush a batch, where one a file would take most of the time."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "syncfs"):
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if libc.syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


def _is_possible(path: str) -> bool:
    """Tell whether file systems take such a path: no NUL, no step over 255 bytes with what we put behind it."""
    if path.isascii() and len(path) <= LONGEST_STEP:
        return "\0" not in path
    longest = max((len(step.encode()) for step in PurePosixPath(path).parts), default=0)
    return "\0" not in path and len(path.encode()) <= LONGEST_PATH and longest <= LONGEST_STEP


def _rename(part: Path, place: Path) -> None:
    part.replace(place)


def _discard(parts: Iterable[tuple[Path, Path]]) -> None:
    for part, _ in parts:
        with contextlib.suppress(OSError):  # what refused the document may refuse this; the next publish clears it
            part.unlink(missing_ok=True)


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
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        fill(part)
        _flush(part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _flush(target.parent)


def _write(part: Path, data: bytes) -> None:
    try:
        part.write_bytes(data)
    except FileNotFoundError:  # the first in its folder
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)


def _part(target: Path) -> Path:
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
