"""A folder of articles: Markdown, HTML and plain text, with pictures and other files beside them.

A key is a file's path in the folder, with ``/``. Not here: what an article says (rules), what becomes of it (jobs).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from feeds.errors import ArticleRefused, SourceUnreadable
from feeds.model import LocalFile, RawEntry, Refusal
from feeds.rules.text import clean_text
from feeds.sources.decoding import decode
from feeds.sources.files import measure
from feeds.sources.front_matter import split_front_matter, with_id

LARGEST = 5_000_000  # bytes; no article is longer, and every later step would suffer
KINDS = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".text": "text/plain",
}
OTHER_TEXTS = frozenset({".doc", ".docx", ".odt", ".rtf", ".pages"})  # articles too, to whoever put them here


class FolderSource:
    """Reads every article under a folder, in the order of their keys; hidden files and folders are passed over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unread: list[str] = []
        self._measured: dict[str, tuple[str, LocalFile | str]] = {}

    def entries(self) -> Iterator[RawEntry | Refusal]:
        """Yield every article, or why it cannot be read. Raises SourceUnreadable where the folder cannot be."""
        self._unread = []
        try:
            os.scandir(self.folder).close()
        except OSError as error:
            raise SourceUnreadable(f"{self.folder}: the articles folder cannot be read: {error.strerror}") from None
        for key in sorted(self._keys()):
            yield self._entry(key)
        for key in self._unread:
            yield Refusal(key, "this folder cannot be read; what was in it stays as it was")

    def find_file(self, path: str) -> LocalFile | str:
        """Return the file at a path in the folder, measured, or why there is none to publish."""
        place = self._place(path)
        if isinstance(place, str):
            return place
        stamp = self.stamp(path)
        if path not in self._measured or self._measured[path][0] != stamp:
            self._measured[path] = (stamp, measure(place))
        return self._measured[path][1]

    def stamp(self, path: str) -> str:
        """Return a mark of the file's size and time of change, "" where there is none."""
        place = self._place(path)
        if isinstance(place, str):
            return ""
        status = place.stat()
        return f"{status.st_size}-{status.st_mtime_ns}"

    def original(self, path: str) -> Path:
        """Return where the file at a path in the folder lies."""
        return self.folder / path

    def is_unread(self, key: str) -> bool:
        """Tell whether the key lies in a folder that could not be read this time."""
        return any(folder == "." or key.startswith(f"{folder}/") for folder in self._unread)

    def pin(self, key: str, entry_id: str) -> bool:
        """Write an id into an article's front matter, where it has none; tell whether it was written."""
        path = self._place(key)
        if isinstance(path, str):
            raise ArticleRefused(f"it {path}")
        try:
            text = path.read_bytes().decode("utf-8")
            if str(split_front_matter(clean_text(text))[0].get("id") or ""):
                return False
        except UnicodeDecodeError:
            raise ArticleRefused("it is not UTF-8: save it as UTF-8 before pinning its id") from None
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(with_id(text, entry_id).encode("utf-8"))
        part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
        return True

    def _keys(self) -> Iterator[str]:
        for place, folders, files in os.walk(self.folder, onerror=self._note_unread):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(place).relative_to(self.folder)
            for name in files:
                if not name.startswith(".") and Path(name).suffix.lower() in KINDS.keys() | OTHER_TEXTS:
                    yield (inside / name).as_posix()

    def _note_unread(self, error: OSError) -> None:
        self._unread.append(Path(error.filename).relative_to(self.folder).as_posix())

    def _entry(self, key: str) -> RawEntry | Refusal:
        shown = key.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if shown != key:
            return Refusal(shown, "its name is not UTF-8; rename it")
        try:
            return self._read(key)
        except ArticleRefused as error:
            return Refusal(key, error.reason, hides=error.hides)
        except OSError as error:
            return Refusal(key, f"it cannot be read: {error.strerror}")

    def _read(self, key: str) -> RawEntry:
        suffix = PurePosixPath(key).suffix.lower()
        if suffix not in KINDS:
            raise ArticleRefused(f"{suffix} cannot be read; save it as Markdown, HTML or plain text")
        data = self._bytes(key)
        decoded = decode(data, html=KINDS[suffix] == "text/html")
        if decoded is None:
            raise ArticleRefused("it is binary data, whatever its name says")
        meta, text = split_front_matter(decoded.text)
        return RawEntry(
            key=key,
            media_type=KINDS[suffix],
            text=text,
            meta=meta,
            source_hash=hashlib.sha256(data).hexdigest(),
            notes=decoded.notes,
        )

    def _bytes(self, key: str) -> bytes:
        place = self._place(key)
        if isinstance(place, str):
            raise ArticleRefused(f"it {place}")
        with place.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise ArticleRefused(f"it is over {LARGEST:,} bytes long; split it, or move the data into a file beside it")
        return data

    def _place(self, path: str) -> Path | str:
        """Return where a path in the folder leads, or why it must not be followed."""
        place = self.folder / path
        try:
            real = place.resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return "is a link that leads nowhere" if os.path.islink(place) else "is not there"  # noqa: PTH114
        if not real.is_relative_to(self.folder.resolve()):
            return "leads out of the articles folder"
        return real if real.is_file() else "is no file"
