"""The files that articles bring along: found inside the folder only, measured as they are shown, or refused.

Not here: articles (test_folder).
"""

import struct
import zlib
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from feeds.model import LocalFile
from feeds.sources.files import MEDIA_TYPES, measure
from feeds.sources.folder import FolderSource

WIDTH, HEIGHT = 40, 20
ORIENTATION = 0x0112


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    return FolderSource(folder)


def draw(path, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (WIDTH, HEIGHT), "navy").save(path, **options)
    return path


def turned(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def png_of(width, height):
    """Return a PNG that says it is so large, and holds next to nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".gif", ".webp", ".avif"])
def test_picture_is_measured_and_named_by_its_hash(source, suffix):
    path = draw(source.folder / f"harbour/pier{suffix}")
    assert source.find_file(f"harbour/pier{suffix}") == LocalFile(
        name=f"{sha256(path.read_bytes()).hexdigest()}{suffix}",
        media_type=MEDIA_TYPES[suffix],
        length=path.stat().st_size,
        width=WIDTH,
        height=HEIGHT,
    )


def test_one_picture_under_two_suffixes_has_one_name(source):
    draw(source.folder / "a.JPEG", format="JPEG")
    draw(source.folder / "b.jpg")
    assert source.find_file("a.JPEG") == source.find_file("b.jpg")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_taken_on_its_side_is_measured_as_it_is_shown(tmp_path, suffix, orientation):
    found = measure(draw(tmp_path / f"a{suffix}", exif=turned(orientation)))
    shown = (HEIGHT, WIDTH) if orientation >= 5 else (WIDTH, HEIGHT)
    assert (found.width, found.height) == shown


def test_bad_exif_does_not_cost_the_picture(tmp_path):
    path = draw(tmp_path / "a.jpg", exif=turned(6))
    path.write_bytes(path.read_bytes().replace(b"Exif\x00\x00MM\x00*", b"Exif\x00\x00MM\x00\xff"))
    found = measure(path)
    assert (found.width, found.height) == (WIDTH, HEIGHT)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"<svg/>"])
def test_broken_picture_is_refused(tmp_path, data):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    assert measure(path) == "is no picture that can be read, whatever its name says"


@pytest.mark.parametrize("kind", ["TIFF", "PPM", "EPS", "ICO"])
def test_picture_of_another_kind_under_a_false_name_is_refused(tmp_path, kind):
    assert "is no picture that can be read" in measure(draw(tmp_path / "a.png", format=kind))


@pytest.mark.parametrize(("width", "height"), [(12_000, 9_000), (60_000, 60_000), (2**31 - 1, 1)])
def test_picture_that_would_fill_the_memory_is_refused_by_its_head(tmp_path, width, height):
    path = tmp_path / "a.png"
    path.write_bytes(png_of(width, height))
    assert measure(path) == "is no picture that can be read, whatever its name says"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["a.jpg", "a.png", "a.gif", "a.webp", "a.avif"]), st.integers(0, 200), st.binary(max_size=6))
def test_damaged_picture_is_measured_or_refused(tmp_path, name, place, damage):
    path = draw(tmp_path / name, **({} if name == "a.gif" else {"exif": turned(6)}))
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + damage + whole[place + len(damage) :])
    assert isinstance(measure(path), LocalFile | str)


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.js", "a.xml", "a.exe", "a.php", "a", ".htaccess", "a.jpg.svg"])
def test_what_a_browser_might_run_is_not_published(source, name):
    (source.folder / name).write_text("<script>alert(1)</script>")
    assert "is of a kind that is not published" in source.find_file(name)


@pytest.mark.parametrize("name", ["talk.mp3", "talk.PDF", "data.csv"])
def test_other_files_have_a_length_and_no_size(source, name):
    (source.folder / name).write_bytes(b"1234567")
    found = source.find_file(name)
    assert (found.length, found.width, found.height) == (7, None, None)
    assert source.original(name).read_bytes() == b"1234567"


@pytest.mark.parametrize(
    "path",
    ["../secret.jpg", "../../../../../../etc/passwd", "/etc/passwd", "a/../../secret.jpg", "out.jpg", "out/secret.jpg"],
)
def test_nothing_outside_the_folder_is_found(source, path):
    (source.folder / "a").mkdir()
    (source.folder / "out.jpg").symlink_to("../secret.jpg")
    (source.folder / "out").symlink_to("..")
    assert source.find_file(path) == "leads out of the articles folder"
    assert source.stamp(path) == ""


@pytest.mark.parametrize("path", ["gone.jpg", "a\x00.jpg", "x" * 5000, "x/" * 3000, "a.jpg/b.jpg", "\ud800.jpg"])
def test_what_is_not_there_is_said_to_be_missing(source, path):
    draw(source.folder / "a.jpg")
    assert (source.find_file(path), source.stamp(path)) == ("is not there", "")


@pytest.mark.parametrize("path", ["", ".", "folder.jpg"])
def test_folder_is_no_file(source, path):
    (source.folder / "folder.jpg").mkdir()
    assert source.find_file(path) == "is no file"


def test_changed_file_is_measured_anew(source):
    before = source.find_file(draw(source.folder / "a.png").name), source.stamp("a.png")
    assert (source.find_file("a.png"), source.stamp("a.png")) == before
    Image.new("RGB", (5, 6)).save(source.folder / "a.png")
    assert source.find_file("a.png").width == 5
    assert source.stamp("a.png") != before[1]
