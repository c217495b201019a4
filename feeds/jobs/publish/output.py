"""The output folder: documents written beside, fsynced and renamed, so that a reader sees the old one or the new.

Not here: what is in a document, recording that it was written.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path, PurePosixPath

from feeds.errors import OutputRefused


class Output:
    """The folder that is served. Every path is relative to it, with ``/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, path: str, data: bytes) -> bool:
        """Write a document; return False where it held these very bytes already, and is then not touched.

        Raises OutputRefused, and leaves the old document whole, where a link would lead elsewhere or the disk says no.
        """
        target = self._target(path)
        try:
            if target.is_file() and target.read_bytes() == data:
                return False
            self._swap(target, data)
        except OSError as error:
            raise OutputRefused(target, f"not written ({error.strerror}); the old one stays as it was") from error
        return True

    def copy(self, path: str, original: Path, length: int) -> bool:
        """Copy a file that never changes under its name; return False where it is there already."""
        target = self._target(path)
        try:
            if target.is_file() and target.stat().st_size == length:
                return False
            part = _part(target)
            with contextlib.ExitStack() as undo:
                undo.callback(part.unlink, missing_ok=True)
                shutil.copyfile(original, part)
                part.replace(target)
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
                raise OutputRefused(
                    place, "is a link that Pressrun did not make; name the real folder in [output] path"
                )
        return place

    def _swap(self, target: Path, data: bytes) -> None:
        part = _part(target)
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


def _part(target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
