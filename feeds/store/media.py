"""The shelf of files that articles brought along or that were made of them for mail, each named by its own hash.

The same file stands once, beside the database and not in it. Not here: measuring files (sources), making them for
mail (jobs.compose), publishing them (jobs.publish).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from feeds.errors import StoreUnusable

MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]+")


def is_whole(path: Path, *, name: str = "") -> bool:
    """Tell whether a file has the hash (SHA-256) that it is named by, or that ``name`` begins with."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == (name or path.name).partition(".")[0]


class Shelf:
    """A folder of files named ``<sha256>.<ext>``; a name never changes what it means."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return where the file with this name lies, or would lie."""
        return self.folder / name

    def put(self, name: str, original: Path) -> None:
        """Copy a file onto the shelf, whole or not at all; nothing happens where it is there already.

        One of another length than the original is damaged, and copied anew. Raises StoreUnusable where it cannot be
        kept, or where the original no longer has the hash in its name.
        """
        target = self.path(name)
        if target.exists() and not _is_longer_or_shorter(target, original):
            return
        part = target.with_name(f"{name}.{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, part)
            fits = is_whole(part, name=name)
            with part.open("rb") as file:  # what stands here is never copied again: so it must not be lost half-way
                os.fsync(file.fileno())
            if fits:
                part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreUnusable(f"{target}: the file could not be kept: {error.strerror}") from error
        if not fits:
            part.unlink(missing_ok=True)
            raise StoreUnusable(f"{original}: was changed while it was read; run the sync again")

    def keep(self, name: str, data: bytes) -> None:
        """Put bytes onto the shelf that are named by their hash, whole or not at all; raise StoreUnusable.

        One of another length that lies there is damaged, and written anew.
        """
        target = self.path(name)
        part = target.with_name(f"{name}.{os.getpid()}.part")
        try:
            if target.is_file() and target.stat().st_size == len(data):
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreUnusable(f"{target}: the file could not be kept: {error.strerror}") from error

    def set_aside(self, name: str) -> None:
        """Take a damaged file off the shelf, so that the next sync fetches it anew; what is left of it is kept."""
        damaged = self.path(name)
        with suppress(OSError):  # it is named either way
            damaged.replace(damaged.with_name(f"{name}.damaged"))


def _is_longer_or_shorter(target: Path, original: Path) -> bool:
    try:
        return target.stat().st_size != original.stat().st_size
    except OSError:
        return False  # an original that is gone says nothing against the copy
