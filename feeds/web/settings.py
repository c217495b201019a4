"""The config as it stands now, for what is answered from it: read anew when its file has changed.

What was wrong in it is told once, and the settings of before hold. Not here: where it listens (read at the start).
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from feeds.config import Config, load_config
from feeds.errors import PressrunError

LOG = logging.getLogger("pressrun")


class Settings:
    """A config that follows its file; ``config`` is what it says at the start."""

    def __init__(self, config: Config) -> None:
        self._config, self._seen = config, _seen(config.file)

    async def now(self) -> Config:
        """Return the config of now; where its file is as it was nothing waits."""
        return self._config if _seen(self._config.file) == self._seen else await run_in_threadpool(self.current)

    def current(self) -> Config:
        """Return the config of now. It waits for the disk where its file has changed."""
        seen = _seen(self._config.file)
        if seen != self._seen:
            self._seen = seen
            self._read()
        return self._config

    def _read(self) -> None:
        try:
            self._config = load_config(self._config.file, os.environ)
        except PressrunError as error:
            LOG.warning("the config of before holds until this is mended: %s", error)


def _seen(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
