"""The articles folder: what is read, in which order, what is refused by name, and what is never followed.

Not here: the files beside the articles (test_files).
"""

import errno
import os
import shutil
import stat
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from feeds.errors import SourceUnreadable
from feeds.model import RawEntry, Refusal
from feeds.sources import SOURCES
from feeds.sources.folder import LARGEST, FolderSource

ROOT = Path(__file__).parents[2]
AS_NOBODY = """
import os, sys
from pathlib import Path
from feeds.sources.folder import FolderSource
from feeds.sources.decoding import decode
decode(b"caf\\xe9")  # loads all that it needs while it may
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
source = FolderSource(Path(sys.argv[1]))
try:
    for entry in source.entries():
        print(entry.key, "|", getattr(entry, "reason", "read"))
except Exception as error:
    print(type(error).__name__, "|", error)
print([source.is_unread(key) for key in ("shut/a.md", "open/a.md", "shutter.md")])
"""


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    return FolderSource(folder)


@pytest.fixture
def open_folder():
    """Give a folder that a stranger may enter, unlike pytest's own."""
    folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def put(source, *names, data=b"The ferry runs.\n"):
    for name in names:
        path = source.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def keys(source):
    return [entry.key for entry in source.entries()]


def reasons(source):
    return {entry.key: entry.reason for entry in source.entries() if isinstance(entry, Refusal)}


def read_by_a_stranger(folder):
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_folder_is_a_kind_of_source():
    assert SOURCES["folder"] is FolderSource


def test_entry_holds_what_the_file_says(source):
    data = b"\xef\xbb\xbf---\r\ntitle: The ferry\r\n---\r\n\r\nIt runs.\r\n"
    put(source, "harbour/ferry.md", data=data)
    (entry,) = source.entries()
    assert entry == RawEntry(
        key="harbour/ferry.md",
        media_type="text/markdown",
        text="It runs.\n",
        meta={"title": "The ferry"},
        source_hash=sha256(data).hexdigest(),
    )


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.md", "text/markdown"),
        ("a.MARKDOWN", "text/markdown"),
        ("a.Html", "text/html"),
        ("a.htm", "text/html"),
        ("a.txt", "text/plain"),
        ("a.b.TEXT", "text/plain"),
    ],
)
def test_name_says_how_to_read_an_article(source, name, media_type):
    put(source, name)
    assert [entry.media_type for entry in source.entries()] == [media_type]


def test_entries_come_in_the_order_of_their_keys_whatever_the_disk_says(source):
    names = ["b.md", "a/z.md", "a.md", "Z.md", "é.md", "a/b/c.md", "10.md", "9.md"]
    put(source, *names)
    assert keys(source) == sorted(names)


def test_hidden_and_foreign_files_are_passed_over(source):
    put(source, "a.md", ".hidden.md", ".git/b.md", "harbour/.drafts/c.md", "pier.jpg", "Makefile", "a.md.bak", "b.md~")
    assert keys(source) == ["a.md"]


def test_articles_of_a_word_processor_are_named(source):
    put(source, "a.docx", "b.ODT")
    assert reasons(source)["a.docx"] == ".docx cannot be read; save it as Markdown, HTML or plain text"
    assert len(reasons(source)) == 2


def test_empty_file_is_an_entry_without_text(source):
    put(source, "a.md", data=b"")
    assert [entry.text for entry in source.entries()] == [""]


def test_binary_data_is_refused_by_name(source):
    put(source, "a.md", data=os.urandom(5000) + bytes(2000))
    assert reasons(source) == {"a.md": "it is binary data, whatever its name says"}


@pytest.mark.rule("T35")
@pytest.mark.rule("T47")
def test_absurdly_long_file_is_refused_and_the_rest_is_read(source):
    put(source, "a.md", data=b"word " * 2_400_000)
    put(source, "b.html", data=b"<p>" + b"x" * LARGEST)
    put(source, "c.md", data=b"x" * LARGEST)
    assert reasons(source).keys() == {"a.md", "b.html"}
    assert reasons(source)["a.md"].startswith("it is over 5,000,000 bytes long")
    assert keys(source) == ["a.md", "b.html", "c.md"]


@pytest.mark.rule("T42")
def test_article_with_broken_bytes_is_kept_and_flagged(source):
    put(source, "a.md", data="---\ntitle: Café\n---\nThe “ferry” ".encode() + b"\xff runs.")
    (entry,) = source.entries()
    assert (entry.text, entry.meta) == ("The “ferry” \ufffd runs.", {"title": "Café"})
    assert "were replaced" in entry.notes[0]


@pytest.mark.rule("T43")
def test_nul_before_front_matter_does_not_cost_it(source):
    put(source, "a.md", data=b"\x00---\x00\ntitle: The\x00 ferry\x07\n---\nIt\x00 runs.\n")
    (entry,) = source.entries()
    assert (entry.text, entry.meta) == ("It runs.\n", {"title": "The ferry"})


def test_malformed_front_matter_is_refused_by_name(source):
    put(source, "a.md", data=b"---\ntitle: [\n---\n")
    put(source, "b.md")
    assert "malformed" in reasons(source)["a.md"]
    assert keys(source) == ["a.md", "b.md"]


def test_link_inside_the_folder_is_read(source):
    put(source, "a.md")
    (source.folder / "b.md").symlink_to("a.md")
    assert reasons(source) == {}
    assert keys(source) == ["a.md", "b.md"]


def test_link_out_of_the_folder_is_refused(source, tmp_path):
    (tmp_path / "articles-secret.md").write_text("secret")
    (source.folder / "a.md").symlink_to(tmp_path / "articles-secret.md")
    (source.folder / "b.md").symlink_to("../articles-secret.md")
    (source.folder / "c.md").symlink_to("/etc/passwd")
    assert set(reasons(source).values()) == {"it leads out of the articles folder"}
    assert len(reasons(source)) == 3


def test_link_that_leads_nowhere_or_round_and_round_is_refused(source):
    (source.folder / "a.md").symlink_to("nothing.md")
    (source.folder / "b.md").symlink_to("c.md")
    (source.folder / "c.md").symlink_to("b.md")
    assert reasons(source) == dict.fromkeys(("a.md", "b.md", "c.md"), "it is a link that leads nowhere")


def test_linked_folder_is_not_followed(source, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.md").write_text("secret")
    (source.folder / "out").symlink_to(tmp_path / "elsewhere")
    (source.folder / "round").symlink_to(source.folder)
    put(source, "b.md")
    assert keys(source) == ["b.md"]


def test_folder_may_itself_be_a_link(source, tmp_path):
    put(source, "a.md")
    (tmp_path / "link").symlink_to(source.folder)
    assert keys(FolderSource(tmp_path / "link")) == ["a.md"]
    assert reasons(FolderSource(tmp_path / "link")) == {}


def test_what_is_no_file_is_refused_and_holds_nothing_up(source):
    put(source, "folder.md/inside.md")
    os.mkfifo(source.folder / "pipe.md")
    os.mknod(source.folder / "socket.md", stat.S_IFSOCK | 0o600)
    assert reasons(source) == {"pipe.md": "it is no file", "socket.md": "it is no file"}
    assert "folder.md/inside.md" in keys(source)


def test_name_that_is_not_utf_8_is_refused_by_name(source):
    (source.folder / os.fsdecode(b"caf\xe9.md")).write_text("The ferry")
    assert reasons(source) == {"caf\ufffd.md": "its name is not UTF-8; rename it"}


def test_very_long_name_is_read(source):
    put(source, f"{'a' * 252}.md", f"{'d' * 200}/{'e' * 200}/{'f' * 200}.md")
    assert reasons(source) == {}
    assert len(keys(source)) == 2


@pytest.mark.parametrize("state", ["missing", "file"])
def test_folder_that_cannot_be_read_is_no_empty_folder(source, state):
    source.folder.rmdir()
    if state == "file":
        source.folder.write_text("in its place")
    with pytest.raises(SourceUnreadable, match="the articles folder cannot be read"):
        list(source.entries())


def test_file_that_may_not_be_read_is_named_and_the_rest_is_read(open_folder):
    source = FolderSource(open_folder)
    put(source, "a.md", "b.md")
    (open_folder / "a.md").chmod(0)
    assert read_by_a_stranger(open_folder)[:2] == [
        f"a.md | it cannot be read: {os.strerror(errno.EACCES)}",
        "b.md | read",
    ]


def test_folder_that_may_not_be_read_withdraws_nothing_in_it(open_folder):
    source = FolderSource(open_folder)
    put(source, "shut/a.md", "open/a.md", "shutter.md")
    (open_folder / "shut").chmod(0)
    assert read_by_a_stranger(open_folder) == [
        "open/a.md | read",
        "shutter.md | read",
        "shut | this folder cannot be read; what was in it stays as it was",
        "[True, False, False]",
    ]


def test_articles_folder_that_may_not_be_read_is_named(open_folder):
    put(FolderSource(open_folder), "a.md")
    open_folder.chmod(0o300)
    assert read_by_a_stranger(open_folder)[0].startswith("SourceUnreadable | ")


def test_folder_read_well_has_nothing_unread(source):
    put(source, "a.md")
    assert keys(source) == ["a.md"]
    assert not source.is_unread("gone.md")
