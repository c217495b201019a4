"""The way that the README shows, as a newcomer walks it: processes of their own, in a folder of their own.

Not here: each command's words (tests/cli).
"""

import subprocess
import sys

import pytest

from tests.site_fixtures import ROOT, Site, pressrun


def feeds(*arguments, **around):
    command = [sys.executable, "-m", "feeds", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **around)


def test_newcomer_comes_from_init_to_feeds_of_their_own_articles(tmp_path):
    made = feeds("init", str(tmp_path / "my-site"), "--url", "https://notes.example/", cwd=ROOT)
    assert (made.returncode, made.stderr) == (0, "")
    site = Site.__new__(Site)
    site.folder = tmp_path / "my-site"
    site.path("first.md").unlink()
    site.write("ferry.txt", "The ferry is back\n\nShe came in on the morning tide, an hour late and all lit up.\n")
    ended = [site.process(*words) for words in (["sync"], ["publish"], ["preview", "weekly"], ["check"])]
    assert [(end.code, end.err) for end in ended] == [(0, "")] * 4
    assert [entry["title"] for entry in site.feeds()["atom"]] == ["The ferry is back"]
    assert [entry["link"] for entry in site.feeds()["json"]] == ["https://notes.example/the-ferry-is-back/"]
    assert (site.folder / "var" / "preview" / "weekly" / "digest.html").is_file()


@pytest.mark.parametrize("program", [["main.py"], ["-m", "feeds"]])
def test_both_ways_to_start_it_are_the_same_program(program):
    done = subprocess.run([sys.executable, *program, "--version"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("pressrun, version ")


def test_start_without_a_command_shows_the_commands():
    ended = pressrun()
    words = ("init", "sync", "publish", "preview", "entries", "config", "check", "status", "migrate")
    assert [word for word in words if f"\n  {word} " not in ended.out + ended.err] == []
