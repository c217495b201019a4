"""Marks by which a press run tells that there is nothing to read or to print: the same mark, the same work.

Light, since most beats find nothing. Not here: the work (jobs.sync, jobs.publish).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from feeds import __version__
from feeds.config import Config

# The sections that documents are printed by; of [readers] only whether pages lead there.
_PRINTED = dict.fromkeys(("site", "feeds", "tags", "output", "newsletters"), True) | {"readers": {"pages"}}
UNSURE = ""  # no mark is equal to it: the work is done
_SETTLING = timedelta(seconds=2)  # a file changed so lately may change again under the same time


def sources_mark(config: Config, now: datetime) -> str:
    """Return a mark of every file that articles are read from, or UNSURE where one changed just now or is hidden."""
    digest = hashlib.sha256(_settings(config))
    newest = 0
    for source in config.sources:
        for line, changed_ns in _files(source.path):
            digest.update(line)
            newest = max(newest, changed_ns)
    settled = newest < (now - _SETTLING).timestamp() * 1e9
    return digest.hexdigest() if settled else UNSURE


def materials_mark(config: Config, templates: Path) -> str:
    """Return a mark of the settings and of the site's own templates, taken before printing: they may change meanwhile.

    The program's own templates change only with its version.
    """
    settings = config.model_dump_json(include=_PRINTED)
    digest = hashlib.sha256(f"{__version__} {settings}".encode())
    for line, _ in _files(templates):
        digest.update(line)
    return digest.hexdigest()


def preview_mark(config: Config) -> str:
    """Return a mark of all files that a preview is made of: the config, templates, notes, the logo, the articles."""
    digest = hashlib.sha256()
    notes, sources = (one.notes for one in config.newsletters), (one.path for one in config.sources)
    for place in (config.folder / "templates", *notes, *sources):
        for line, _ in _files(place):
            digest.update(line)
    for file in filter(None, (config.file, config.theme.logo)):
        digest.update(str(file.stat().st_mtime_ns).encode() if file.exists() else b"gone")
    return digest.hexdigest()


def _settings(config: Config) -> bytes:
    return __version__.encode() + config.file.read_bytes()


def _files(folder: Path) -> Iterable[tuple[bytes, int]]:
    """Yield a line for every file and folder below, and when it was changed, in nanoseconds."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in (*folders, *sorted(files)):
            path = os.path.join(place, name)  # noqa: PTH118 - a Path for each file doubles the time
            try:
                status = os.stat(path)  # noqa: PTH116
            except OSError as error:
                yield f"{path} {error.errno}\n".encode("utf-8", "surrogateescape"), 0
                continue
            said = f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ino} {status.st_mode}\n"
            yield said.encode("utf-8", "surrogateescape"), status.st_mtime_ns
