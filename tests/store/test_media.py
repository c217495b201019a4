"""The shelf: a file stands there once, whole or not at all.

Not here: which files are wanted (jobs).
"""

import hashlib

import pytest

from feeds.errors import StoreUnusable
from feeds.store.media import Shelf

NAME = f"{hashlib.sha256(b'a picture').hexdigest()}.jpg"


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "var" / "media")


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "pier.jpg"
    path.write_bytes(b"a picture")
    return path


def names(shelf):
    return [path.name for path in shelf.folder.iterdir()]


def test_file_is_copied_with_its_folder_made(shelf, picture):
    shelf.put(NAME, picture)
    assert shelf.path(NAME).read_bytes() == b"a picture"
    assert names(shelf) == [NAME]


def test_file_that_is_there_is_left_alone(shelf, picture):
    shelf.put(NAME, picture)
    before = shelf.path(NAME).stat()
    shelf.put(NAME, picture)
    shelf.put(NAME, picture.with_name("gone.jpg"))  # nor is the original looked at
    after = shelf.path(NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_original_that_cannot_be_read_leaves_no_part_behind(shelf, picture):
    with pytest.raises(StoreUnusable, match="could not be kept: No such file"):
        shelf.put(NAME, picture.with_name("gone.jpg"))
    assert names(shelf) == []


def test_folder_in_place_of_the_file_leaves_no_part_behind(shelf, picture):
    shelf.path(NAME).parent.mkdir(parents=True)
    with pytest.raises(StoreUnusable):
        shelf.put(NAME, picture.parent)
    assert names(shelf) == []


def test_shelf_that_is_no_folder_is_named(shelf, picture):
    shelf.folder.parent.mkdir()
    shelf.folder.write_text("in the way")
    with pytest.raises(StoreUnusable, match="could not be kept"):
        shelf.put(NAME, picture)


def test_original_may_change_afterwards(shelf, picture):
    shelf.put(NAME, picture)
    picture.write_bytes(b"another")
    assert shelf.path(NAME).read_bytes() == b"a picture"


def test_file_of_another_length_is_copied_anew(shelf, picture):
    shelf.put(NAME, picture)
    shelf.path(NAME).write_bytes(b"a pic")
    shelf.put(NAME, picture)
    assert shelf.path(NAME).read_bytes() == b"a picture"


def test_original_that_does_not_fit_its_name_is_not_kept(shelf, picture):
    picture.write_bytes(b"half a pic")
    with pytest.raises(StoreUnusable, match=f"{picture}: was changed while it was read"):
        shelf.put(NAME, picture)
    assert names(shelf) == []


def test_damaged_file_is_set_aside_and_what_is_left_of_it_is_kept(shelf, picture):
    shelf.put(NAME, picture)
    shelf.set_aside(NAME)
    assert names(shelf) == [f"{NAME}.damaged"]


def test_bytes_are_kept_whole_and_once(shelf):
    shelf.keep(NAME, b"a picture")
    before = shelf.path(NAME).stat()
    shelf.keep(NAME, b"a picture")
    assert (shelf.path(NAME).read_bytes(), names(shelf)) == (b"a picture", [NAME])
    assert shelf.path(NAME).stat() == before


def test_bytes_take_the_place_of_what_was_cut_off(shelf):
    shelf.folder.mkdir(parents=True)
    shelf.path(NAME).write_bytes(b"a pic")
    shelf.keep(NAME, b"a picture")
    assert shelf.path(NAME).read_bytes() == b"a picture"


def test_bytes_that_cannot_be_kept_are_named_and_leave_nothing(shelf):
    shelf.folder.mkdir(parents=True)
    shelf.path(NAME).mkdir()
    with pytest.raises(StoreUnusable, match="could not be kept"):
        shelf.keep(NAME, b"a picture")
    assert names(shelf) == [NAME]
