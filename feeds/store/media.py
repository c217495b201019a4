"""The shelf of files that articles brought along, each named by its own hash, so that the same file stands once.

Beside the database, not in it. Not here: measuring files (sources), publishing them (jobs.publish).
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from feeds.errors import StoreUnusable


class Shelf:
    """A folder of files named ``<sha256>.<ext>``; a name never changes what it means."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Return where the file with this name lies, or would lie."""
        return self.folder / name

    def put(self, name: str, original: Path) -> None:
        """Copy a file onto the shelf, whole or not at all; nothing happens where it is there already.

        Raises StoreUnusable where it cannot be kept.
        """
        target = self.path(name)
        if target.exists():
            return
        part = target.with_name(f"{name}.{os.getpid()}.part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, part)
            with part.open("rb") as file:  # what stands here is never copied again: so it must not be lost half-way
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise StoreUnusable(f"{target}: the file could not be kept: {error.strerror}") from error
