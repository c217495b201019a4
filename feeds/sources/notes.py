"""Editors' notes as files: `notes/weekly/2026-11-23.md` goes with the edition whose slot lies on that day.

Not here: what a note says (rules), which day is an edition's (jobs).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from feeds.errors import ArticleRefused, NoteUnreadable
from feeds.rules.text import clean_text
from feeds.sources.front_matter import split_front_matter

LARGEST = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class RawNote:
    """A note as it is written: its front matter, and its Markdown."""

    meta: Mapping[str, Any]
    text: str


def note_path(folder: Path, day: date) -> Path:
    """Return where the note of a day lies, if there is one."""
    return folder / f"{day.isoformat()}.md"


def is_note_name(name: str) -> bool:
    """Tell whether a file of this name is the note of a day."""
    try:
        return name == note_path(Path(), date.fromisoformat(name[:10])).name
    except ValueError:
        return False


def has_note(path: Path) -> bool:
    """Tell whether there is a note, or something that hides whether there is one."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError:  # to read it will say what is the matter
        return True
    return True


def read_raw_note(path: Path) -> RawNote | None:
    """Return a note, None where there is none; raise NoteUnreadable where it cannot be read as it is meant.

    Nothing is guessed: a note goes to every reader, and cannot be called back.
    """
    if not has_note(path):
        return None
    data = _bytes(path)
    try:
        return RawNote(*split_front_matter(clean_text(data.decode("utf-8-sig"))))
    except UnicodeDecodeError:
        raise NoteUnreadable(path, "it is not UTF-8; save it as UTF-8") from None
    except ArticleRefused as error:
        raise NoteUnreadable(path, error.reason) from None


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise NoteUnreadable(path, "it is no file; put the note's text in its place")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise NoteUnreadable(path, f"it cannot be read: {error.strerror}; mend that, or remove it") from None
    if len(data) > LARGEST:
        raise NoteUnreadable(path, f"it is over {LARGEST:,} bytes long; shorten it")
    return data
