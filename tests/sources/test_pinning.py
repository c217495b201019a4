"""An id is written into a file's front matter, and nothing else of the file changes.

Not here: which files are pinned (jobs).
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feeds.errors import ArticleRefused
from feeds.rules.text import clean_text
from feeds.sources.folder import FolderSource
from feeds.sources.front_matter import split_front_matter, with_id

ID = "urn:uuid:7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21"
FRONTS = st.sampled_from(
    [
        "",
        "---\ntitle: x\n---\n",
        "---  \n---\n",
        "\n+++\ntitle = 'x'\n+++\n",
        "---\n# none\n---\n",
        "---\nA rule\n---\n",
    ]
)


@given(FRONTS, st.text(max_size=60), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_id_is_all_that_changes(front, body, newline, mark):
    assume(not body.startswith("\ufeff"))
    text = mark + (front + body.replace("\r", "")).replace("\n", newline)
    try:
        written = with_id(text, ID)
    except ArticleRefused:
        assume(False)
    meta, said = split_front_matter(clean_text(text))
    assert split_front_matter(clean_text(written)) == ({**meta, "id": ID}, said.lstrip("\n"))
    added = len(written) - len(text)
    assert any(written[:start] + written[start + added :] == text for start in range(len(text) + 1))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("---\ntitle: x\n---\nBody", f'---\nid: "{ID}"\ntitle: x\n---\nBody'),
        ("---\r\ntitle: x\r\n---\r\nBody\r\n", f'---\r\nid: "{ID}"\r\ntitle: x\r\n---\r\nBody\r\n'),
        ("+++ \ntitle = 'x'\n+++\n", f"+++ \nid = \"{ID}\"\ntitle = 'x'\n+++\n"),
        ("---\n---\nBody", f'---\nid: "{ID}"\n---\nBody'),
        ("Body\r\n", f'---\r\nid: "{ID}"\r\n---\r\nBody\r\n'),
        ("---\nA rule, and no key\n", f'---\nid: "{ID}"\n---\n---\nA rule, and no key\n'),
        ("\ufeff---\ntitle: x\n---\n", f'\ufeff---\nid: "{ID}"\ntitle: x\n---\n'),
        ("", f'---\nid: "{ID}"\n---\n'),
    ],
)
def test_id_is_the_first_key(text, written):
    assert with_id(text, ID) == written


@pytest.mark.parametrize("text", ["---\n{title: x, draft: true}\n---\nBody", "---\rtitle: x\rdraft: true\r---\rBody"])
def test_id_that_would_change_what_the_rest_says_is_refused(text):
    with pytest.raises(ArticleRefused, match="cannot be written into its front matter"):
        with_id(text, ID)


@pytest.fixture
def source(tmp_path):
    return FolderSource(tmp_path)


def test_pinned_file_keeps_its_permissions_and_leaves_nothing_beside_it(source):
    path = source.folder / "a.md"
    path.write_bytes(b"---\r\ntitle: x\r\n---\r\nCaf\xc3\xa9\r\n")
    path.chmod(0o640)
    assert source.pin("a.md", ID)
    assert path.read_bytes() == f'---\r\nid: "{ID}"\r\ntitle: x\r\n---\r\nCafé\r\n'.encode()
    assert (path.stat().st_mode & 0o777, list(source.folder.iterdir())) == (0o640, [path])


def test_pinned_file_is_left_alone_the_second_time(source):
    path = source.folder / "a.md"
    path.write_text("The ferry runs.\n")
    assert [source.pin("a.md", ID), source.pin("a.md", "another")] == [True, False]
    (entry,) = source.entries()
    assert (entry.meta, entry.text) == ({"id": ID}, "The ferry runs.\n")


@pytest.mark.parametrize(
    "data", ["---\nid: mine\n---\n", "\ufeff---\r\nid: mine\r\n---\r\n", "+++\nid = 'mine'\n+++\n"]
)
def test_file_with_an_id_of_its_own_keeps_it(source, data):
    (source.folder / "a.md").write_bytes(data.encode())
    assert not source.pin("a.md", ID)
    assert (source.folder / "a.md").read_bytes() == data.encode()


def test_file_whose_id_is_empty_is_refused(source):
    (source.folder / "a.md").write_text("---\nid:\ntitle: x\n---\n")
    with pytest.raises(ArticleRefused):
        source.pin("a.md", ID)


def test_file_that_is_not_utf_8_is_refused_and_left_alone(source):
    (source.folder / "a.md").write_bytes(b"caf\xe9")
    with pytest.raises(ArticleRefused, match="it is not UTF-8"):
        source.pin("a.md", ID)
    assert (source.folder / "a.md").read_bytes() == b"caf\xe9"


def test_link_inside_the_folder_stays_a_link(source):
    (source.folder / "real.md").write_text("The ferry\n")
    (source.folder / "link.md").symlink_to("real.md")
    assert source.pin("link.md", ID)
    assert (source.folder / "link.md").is_symlink()
    assert ID in (source.folder / "real.md").read_text()


def test_nothing_outside_the_folder_is_written(source, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.md"
    outside.write_text("secret")
    (source.folder / "a.md").symlink_to(outside)
    with pytest.raises(ArticleRefused, match="leads out of the articles folder"):
        source.pin("a.md", ID)
    assert outside.read_text() == "secret"
