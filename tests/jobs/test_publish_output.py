"""The output folder on bad days: links that lead elsewhere, a folder that cannot be written, a full disk.

Not here: a kill in the middle (test_publish_killed.py).
"""

import os
import subprocess
from contextlib import contextmanager

import pytest


def printed(site):
    site.articles(3)
    site.print()
    return site.documents()


def failed(report):
    return dict(report.failed)


# ---- links ----


@pytest.mark.rule("T75")
def test_output_folder_that_is_a_link_is_refused_by_name(site, tmp_path):
    (tmp_path / "foreign").mkdir()
    site.public.symlink_to(tmp_path / "foreign")
    site.articles(1)
    assert site.run("sync").code == 0
    ended = site.run("publish")
    assert (ended.code, ended.out) == (5, "")
    assert f"{site.public}: is a link that Pressrun did not make" in ended.err
    assert list((tmp_path / "foreign").iterdir()) == []


@pytest.mark.rule("T75")
@pytest.mark.parametrize(("link", "document"), [("a01", "a01/index.html"), ("authors", "authors/the-desk/rss.xml")])
def test_folder_in_the_output_that_is_a_link_is_refused_and_the_rest_is_printed(site, tmp_path, link, document):
    (tmp_path / "foreign").mkdir()
    site.public.mkdir()
    (site.public / link).symlink_to(tmp_path / "foreign")
    site.articles(3)
    site.sync()
    report = site.publish()
    assert f"{site.public / link}: is a link" in failed(report)[document]
    assert list((tmp_path / "foreign").iterdir()) == []
    assert len(site.ids()) == 3


@pytest.mark.rule("T75")
def test_document_that_is_a_link_is_refused_and_the_foreign_file_stays_as_it_was(site, tmp_path):
    printed(site)
    (tmp_path / "foreign").write_text("not yours")
    (site.public / "rss.xml").unlink()
    (site.public / "rss.xml").symlink_to(tmp_path / "foreign")
    site.edit("a01.md", "Words", "Other words")
    site.sync()
    report = site.publish()
    assert list(failed(report)) == ["rss.xml"]
    assert (tmp_path / "foreign").read_text() == "not yours"
    assert "Other words" in (site.public / "atom.xml").read_text()


@pytest.mark.rule("T75")
def test_media_folder_that_is_a_link_is_not_emptied(site, tmp_path, picture):
    (tmp_path / "foreign").mkdir()
    foreign = tmp_path / "foreign" / f"{'0' * 64}.png"
    foreign.write_bytes(picture)
    site.public.mkdir()
    (site.public / "media").symlink_to(tmp_path / "foreign")
    site.write("sea.png", picture)
    site.article("a.md", image="sea.png")
    site.sync()
    assert [path.partition("/")[0] for path in failed(site.publish())] == ["media"]
    assert list((tmp_path / "foreign").iterdir()) == [foreign]


def test_output_that_is_a_file_is_refused(site):
    site.public.write_text("a file")
    site.run("sync")
    ended = site.run("publish")
    assert (ended.code, ended.err) == (5, f"pressrun: {site.public}: is no folder; move it away\n")


# ---- nothing can be written ----


@pytest.mark.rule("T76")
def test_read_only_output_leaves_the_old_documents_whole_and_says_so(modest_site, without):
    before = printed(modest_site)
    modest_site.edit("a01.md", "Words", "Other words")
    modest_site.run("sync")
    folders = [place for place in (modest_site.public, *modest_site.public.rglob("*")) if place.is_dir()]
    with all_without(folders, without):
        ended = modest_site.run("publish")
    assert ended.code == 5
    assert f"{modest_site.public / 'rss.xml'}: not written (Permission denied); the old one stays" in ended.out
    assert modest_site.documents() == before


@pytest.mark.rule("T76")
def test_output_that_cannot_be_made_is_named_and_no_document_is_recorded(modest_site, without):
    modest_site.articles(2)
    modest_site.sync()
    with without(modest_site.folder, 0o222):
        report = modest_site.publish()
    assert (report.written, len(report.failed) > 5) == ([], True)
    assert modest_site.run("status", "--json").json["documents"] == 0


@pytest.mark.rule("T76")
def test_documents_that_cannot_be_removed_are_named_and_removed_when_they_can_be(modest_site, without):
    printed(modest_site)
    modest_site.remove("a01.md")
    modest_site.sync()
    with without(modest_site.public / "a01", 0o222):
        report = modest_site.publish()
    assert failed(report) == {
        "a01/index.html": f"{modest_site.public}/a01/index.html: cannot be removed, though it is no longer published"
    }
    assert modest_site.publish().removed == ["a01/index.html"]


@contextmanager
def all_without(folders, without):
    if not folders:
        yield
        return
    with without(folders[0], 0o222), all_without(folders[1:], without):
        yield


# ---- a full disk ----


@pytest.fixture
def small_disk(site):
    """Give a site whose output lies on a disk of 640 kB."""
    site.public.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=640k", "tmpfs", str(site.public)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        refuse = pytest.fail if os.environ.get("REQUIRE_JUDGES") == "1" and os.geteuid() == 0 else pytest.skip
        refuse(f"no small disk can be mounted here: {done.stderr.decode().strip()}")
    yield site
    subprocess.run(["umount", site.public], check=True)


def fill(folder):
    with (folder / "ballast").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(b"x" * 4096)


@pytest.mark.rule("T77")
def test_full_disk_leaves_the_old_documents_whole_and_no_scrap(small_disk):
    before = printed(small_disk)
    fill(small_disk.public)
    small_disk.edit("a01.md", "Words", "Other words")
    assert small_disk.run("sync").code == 0
    ended = small_disk.run("publish")
    after = small_disk.documents()
    after.pop("ballast")
    assert ended.code == 5
    assert f"{small_disk.public}/a01/index.html: not written (No space left on device); the old one stays" in ended.out
    assert after == before


@pytest.mark.rule("T77")
def test_publishing_once_there_is_room_again_prints_everything(small_disk):
    printed(small_disk)
    fill(small_disk.public)
    small_disk.edit("a01.md", "Words", "Other words")
    small_disk.sync()
    assert not small_disk.publish().is_clean
    (small_disk.public / "ballast").unlink()
    assert small_disk.publish().is_clean
    assert len(small_disk.holding("Other words")) > 5
    assert small_disk.publish().written == []


@pytest.mark.rule("T77")
def test_picture_that_does_not_fit_leaves_no_scrap_and_the_articles_are_printed(small_disk):
    small_disk.write("big.zip", os.urandom(900_000))
    small_disk.article("a.md", "[Get it](big.zip)")
    small_disk.sync()
    report = small_disk.publish()
    assert [path.partition("/")[0] for path in failed(report)] == ["media"]
    assert [path for path in small_disk.documents() if "media" in path or path.endswith(".part")] == []
    assert len(small_disk.ids()) == 1


# ---- files that were lost ----


def test_document_that_was_deleted_or_changed_is_written_again(site):
    before = printed(site)
    (site.public / "rss.xml").unlink()
    (site.public / "a01" / "index.html").write_text("defaced")
    assert sorted(site.publish(anew=True).written) == ["a01/index.html", "rss.xml"]
    assert site.documents() == before


def test_picture_lost_from_the_store_comes_back_with_the_next_sync(site, picture):
    site.write("sea.png", picture)
    site.article("a.md", image="sea.png")
    site.print()
    before = site.documents()
    for file in (*(site.folder / "var" / "media").iterdir(), *(site.public / "media").iterdir()):
        file.unlink()
    report = site.publish(anew=True)
    assert "run `pressrun sync` to fetch it anew" in next(iter(failed(report).values()))
    assert site.sync().edited == []
    assert site.publish().is_clean
    assert site.documents() == before
