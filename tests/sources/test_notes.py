"""A note is found by its day, and read exactly or not at all.

Not here: what it says (tests/rules/test_notes.py).
"""

from datetime import date

import pytest

from feeds.errors import NoteUnreadable
from feeds.sources.notes import LARGEST, RawNote, has_note, note_path, read_raw_note

DAY = date(2026, 11, 23)


@pytest.fixture
def path(tmp_path):
    return note_path(tmp_path, DAY)


def read(path, data):
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_raw_note(path)


def test_note_is_named_by_its_day(tmp_path, path):
    assert path == tmp_path / "2026-11-23.md"


def test_day_without_a_note_has_none(tmp_path, path):
    assert (has_note(path), read_raw_note(path)) == (False, None)
    assert read_raw_note(note_path(tmp_path / "not" / "there", DAY)) is None


def test_front_matter_is_split_off(path):
    assert read(path, "---\nsubject: Tea\n---\n\nGood morning.\r\n") == RawNote({"subject": "Tea"}, "Good morning.\n")
    assert read(path, "\ufeffGood morning.") == RawNote({}, "Good morning.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("caf\xe9".encode("latin-1"), "it is not UTF-8; save it as UTF-8"),
        ("Tea".encode("utf-16"), "it is not UTF-8"),
        ("---\nsubject: 'Tea\n---\nGood morning.", "its front matter is malformed: line"),
        ("---\nsubject: Tea\n\nGood morning.", "its front matter has no closing ---"),
        ("draft: true\n\nGood morning.", "`draft: true` stands in its text"),
        (b"a" * (LARGEST + 1), "it is over 1,000,000 bytes long"),
    ],
)
def test_note_that_cannot_be_read_is_named_with_the_reason(path, data, reason):
    with pytest.raises(NoteUnreadable) as raised:
        read(path, data)
    assert str(raised.value).startswith(f"{path}: the editor's note: {reason}")


def test_what_is_no_file_is_no_note_to_be_passed_over(path):
    path.mkdir()
    assert has_note(path)
    with pytest.raises(NoteUnreadable, match="it is no file"):
        read_raw_note(path)


def test_link_that_leads_nowhere_is_no_note_to_be_passed_over(path):
    path.symlink_to("lost.md")
    assert has_note(path)
    with pytest.raises(NoteUnreadable, match="cannot be read: No such file"):
        read_raw_note(path)


def test_folder_that_is_a_file_is_no_folder_without_notes(tmp_path):
    (tmp_path / "notes").write_text("Good morning.")
    path = note_path(tmp_path / "notes", DAY)
    assert has_note(path)
    with pytest.raises(NoteUnreadable, match="cannot be read: Not a directory"):
        read_raw_note(path)
