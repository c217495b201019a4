"""Where articles are read from: a file per kind of source, and the registry of kinds.

Not here: understanding what an article says (rules), keeping it (store).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from feeds.model import LocalFile, RawEntry, Refusal
from feeds.sources.folder import FolderSource


class Source(Protocol):
    """A place that holds articles."""

    def entries(self) -> Iterator[RawEntry | Refusal]:
        """Yield every entry, in a fixed order, or why it cannot be read. Raises SourceUnreadable where nothing can."""

    def find_file(self, path: str) -> LocalFile | str:
        """Return the file at a path inside the source, measured, or the reason why there is none."""

    def stamp(self, path: str) -> str:
        """Return a mark that changes when the file at this path does; "" where there is none."""

    def original(self, path: str) -> Path:
        """Return where the bytes of a file that was found can be copied from."""

    def is_unread(self, key: str) -> bool:
        """Tell whether the entry with this key may be there, though it could not be reached this time."""


SOURCES: Mapping[str, Callable[[Path], Source]] = {"folder": FolderSource}
