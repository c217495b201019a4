"""Commands that look and tell: entries, preview, status, check, help.

Not here: sync and publish (test_cli_sync.py).
"""

import os
import subprocess
import sys

import pytest

from tests.site_fixtures import ROOT, pressrun


@pytest.fixture
def printed(site):
    site.article("a.md", "Alpha words.", title="Alpha", date="2024-07-01 00:30", author="Ann Lee", tags="[ferry, pier]")
    site.article("later.md", title="Later", date="2099-01-15 00:00")
    site.article("held.md", title="Held", draft="true")
    site.print()
    return site


# ---- entries ----


def test_entries_are_listed_newest_first_with_dates_in_the_zone_of_the_site(printed):
    lines = printed.run("entries", "list").out.splitlines()
    assert lines[0] == "2099-01-15  scheduled  later  Later"
    assert lines[2] == "2024-07-01  live       a  Alpha"
    assert lines[3] == "3 entries"


def test_entries_can_be_listed_by_state(printed):
    assert printed.run("entries", "list", "--state", "draft").out.splitlines()[-1] == "1 entry"
    assert printed.run("entries", "list", "--state", "nonsense").code == 2


def test_entries_in_json_have_their_times_in_utc(printed):
    (entry,) = printed.run("entries", "list", "--state", "live", "--json").json["entries"]
    assert (entry["slug"], entry["published_at"]) == ("a", "2024-06-30T23:30:00+00:00")
    assert (entry["authors"], entry["tags"]) == (["Ann Lee"], ["ferry", "pier"])


@pytest.mark.parametrize("name", ["a", "a.md", "articles/a.md"])
def test_entry_is_shown_by_slug_or_key(printed, name):
    ended = printed.run("entries", "show", name)
    assert ended.code == 0
    assert "published_at:  2024-07-01 00:30 IST\n" in ended.out
    assert "tags:          ferry; pier\n" in ended.out
    assert "\n[title]\nAlpha\n" in ended.out


def test_entry_is_shown_with_what_it_said_before(printed):
    printed.edit("a.md", "title: Alpha", "title: Better")
    printed.run("sync")
    shown = printed.run("entries", "show", "a").out
    assert "revision:      2\n" in shown
    assert ": Alpha\n" in next(line + "\n" for line in shown.splitlines() if line.startswith("before:"))
    assert printed.run("entries", "show", "a", "--json").json["before"][0]["title"] == "Alpha"


def test_unknown_entry_ends_with_2_and_tells_where_to_look(printed):
    ended = printed.run("entries", "show", "nothing")
    assert (ended.code, ended.out) == (2, "")
    assert "'nothing'; `pressrun entries list` shows all" in ended.err


def test_pin_names_the_files_it_wrote_and_those_it_could_not(printed):
    printed.write("latin.md", "---\ntitle: Café\ndate: 2024-01-01\n---\nDéjà vu.\n".encode("latin-1"))
    printed.run("sync")
    ended = printed.run("entries", "pin")
    assert ended.code == 1
    assert "3 ids pinned, 0 there before\n" in ended.out
    assert "not written:\n  latin.md: it is not UTF-8" in ended.out
    assert printed.run("entries", "pin", "--json").json["had_one"] == 3


# ---- preview ----


def test_preview_writes_a_page_and_three_files_and_names_them(printed):
    ended = printed.run("preview", "weekly")
    folder = printed.folder / "var" / "preview" / "weekly"
    assert ended.code == 0
    assert ended.out.startswith("weekly: “")
    assert sorted(file.name for file in folder.iterdir()) == ["digest.eml", "digest.html", "digest.txt", "index.html"]
    assert all(str(folder / f"digest.{suffix}") in ended.out for suffix in ("html", "txt", "eml"))
    assert all("Alpha" in (folder / f"digest.{suffix}").read_text() for suffix in ("html", "txt"))


def test_preview_says_that_a_note_stands_in_it(printed):
    place = printed.run("status", "--json").json["newsletters"][0]["note"]["place"]
    file = printed.folder / place
    file.parent.mkdir(parents=True)
    file.write_text("![Ink](https://x.example/ink.png)")
    out = printed.run("preview", "weekly").out
    assert ", a note, " in out.splitlines()[0]
    assert f"notes:\n  {file}: picture https://x.example/ink.png: a note holds none; its alt text is shown\n" in out


@pytest.mark.rule("F12")
def test_preview_shows_neither_drafts_nor_what_is_to_come_nor_what_is_for_members(printed):
    printed.article("members.md", title="Xyzzy", access="members")
    printed.run("sync")
    printed.run("preview", "weekly", "--out", str(printed.folder / "out"))
    digest = (printed.folder / "out" / "digest.txt").read_text()
    assert [word for word in ("Later", "Held", "Xyzzy") if word in digest] == []


def test_preview_at_an_instant_to_come_shows_what_is_live_then(printed):
    ended = printed.run("preview", "weekly", "--at", "2099-01-15T00:00", "--json")
    assert ended.json["entries"] == 2


def test_preview_before_the_first_entry_says_that_nothing_fits(printed):
    ended = printed.run("preview", "weekly", "--at", "2020-07-01T07:00")
    assert ended.code == 2
    assert "newsletter weekly: no public entry fits its query at 2020-07-01 07:00 IST" in ended.err


def test_unknown_newsletter_ends_with_2_and_the_known_ones(printed):
    ended = printed.run("preview", "daily")
    assert ended.code == 2
    assert "there is no newsletter 'daily'; known are: weekly" in ended.err


def test_preview_at_nonsense_ends_with_2(printed):
    ended = printed.run("preview", "weekly", "--at", "soon")
    assert (ended.code, "write it like 20" in ended.err) == (2, True)


def test_preview_that_cannot_be_written_ends_with_5(printed):
    (printed.folder / "file").write_text("")
    ended = printed.run("preview", "weekly", "--out", str(printed.folder / "file" / "out"))
    assert ended.code == 5
    assert str(printed.folder / "file" / "out") in ended.err


# ---- status ----


NEVER = ["last sync:  never", "last publish: never", "last deliver: never", "last run:   never"]


def test_status_follows_each_step(site):
    steps = [site.run("status").out]
    site.article("a.md")
    site.article("later.md", date="2099-07-15 00:00")
    site.run("sync")
    steps.append(site.run("status").out)
    site.run("publish")
    steps.append(site.run("status").out)
    assert "entries:    none yet\n" in steps[0]
    assert [line for line in steps[0].splitlines() if line.endswith("never")] == NEVER
    assert "entries:    1 live, 1 scheduled\nscheduled:  the next goes live 2099-07-15 00:00 IST\n" in steps[1]
    assert [line for line in steps[1].splitlines() if line.endswith("never")] == NEVER[1:]
    assert f"published:  {len(site.documents())} documents, the last change 20" in steps[2]
    assert [line for line in steps[2].splitlines() if line.endswith("never")] == NEVER[2:]


def test_status_in_json_has_the_counts_of_the_last_runs(printed):
    runs = printed.run("status", "--json").json["runs"]
    assert len(runs["sync"]["report"]["sources"][0]) > 5
    assert runs["sync"]["report"]["sources"][0]["added"] == 3
    assert runs["publish"]["report"]["written"] == len(printed.documents())


def test_failed_run_is_recorded_with_its_reason(site):
    site.public.write_text("a file")
    site.run("publish")
    run = site.run("status", "--json").json["runs"]["publish"]
    assert (run["outcome"], run["report"]["error"]) == ("failed", f"{site.public}: is no folder; move it away")


# ---- check ----


def test_check_of_a_printed_site_finds_no_fault(printed):
    ended = printed.run("check")
    assert (ended.code, ended.out.rstrip().endswith("documents checked: 0 faults")) == (0, True)


def test_check_names_a_changed_a_missing_and_a_broken_document(printed):
    (printed.public / "a" / "index.html").write_text("defaced")
    (printed.public / "rss.xml").unlink()
    ended = printed.run("check", "--json")
    faults = ended.json["faults"]
    assert ended.code == 1
    remedy = "`pressrun publish --all` writes it again"
    assert f"{printed.public}/a/index.html: was changed since it was published; {remedy}" in faults[0]
    assert f"{printed.public}/rss.xml: No such file or directory; {remedy}" in faults[1]
    printed.run("publish", "--all")
    assert printed.run("check").code == 0


@pytest.mark.parametrize("text", ["{% if %}", "{{ entry.nonsense }}", "{% include 'nowhere.html' %}"])
def test_check_names_a_broken_template_with_its_line(printed, text):
    (printed.folder / "templates" / "pages").mkdir(parents=True)
    (printed.folder / "templates" / "pages" / "entry.html").write_text(f"<p>fine</p>\n{text}\n")
    ended = printed.run("check")
    assert ended.code != 0
    assert "pages/entry.html:2" in ended.out + ended.err


def test_check_changes_nothing(printed):
    before = printed.times()
    printed.run("check")
    assert printed.times() == before


# ---- help, and readers that go away ----


def test_every_command_has_help():
    for words in ("", "init", "sync", "publish", "preview", "entries", "entries list", "entries show", "entries pin"):
        assert helped(words)
    for words in ("config", "config show", "check", "status", "migrate"):
        assert helped(words)


def helped(words):
    ended = pressrun(*words.split(), "--help")
    return ended.code == 0 and ended.out.startswith(f"Usage: pressrun {words}".rstrip()) and not ended.err


def test_help_tells_what_each_exit_code_means():
    told = " ".join(pressrun("--help").out.split())
    assert all(f"{code} " in told for code in range(8))
    assert "3 withdrawals are held back" in told


def test_reader_of_the_output_that_goes_away_costs_no_traceback(printed):
    for n in range(400):
        printed.article(f"more-{n}.md")
    printed.run("sync")
    command = ["sh", "-c", f"{sys.executable} -m feeds entries list --json | head -c 1"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=printed.folder, env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{", "")
