"""Entries keep who they are: through rebuilt databases, moved files, edits, pins and swaps.

Not here: the rules of identity by themselves (tests/rules).
"""

import shutil

import pytest


def rebuilt(site):
    shutil.rmtree(site.folder / "var")
    shutil.rmtree(site.public)
    site.print()


def refusals(report):
    return dict(report.refused)


@pytest.mark.rule("F2")
def test_database_rebuilt_from_unmoved_files_gives_the_same_ids(site):
    site.articles(3)
    site.write("raw.txt", "Ferry is late\n\nIt waits for the tide.\n")
    site.print()
    before = site.ids()
    rebuilt(site)
    assert sorted(site.ids()) == sorted(before)
    assert len(before) == 4


def test_id_of_the_front_matter_is_the_id(site):
    site.article("a.md", id="https://old.example/?p=7")
    site.print()
    assert site.ids() == ["https://old.example/?p=7"]


@pytest.mark.rule("F2")
def test_new_title_date_author_tags_and_slug_leave_the_id_alone(site):
    site.article("a.md")
    site.print()
    before = site.ids()
    site.article("a.md", title="Other", date="2024-11-01", author="Bo Ek", tags="[ferry]", slug="other")
    site.print()
    assert site.ids() == before


@pytest.mark.rule("F2")
def test_moved_file_keeps_its_id_and_its_page(site):
    site.article("a.md")
    site.print()
    before, pages = site.ids(), site.times()
    site.move("a.md", "2024/renamed.md")
    report = site.sync()
    assert report.moved == ["a.md → 2024/renamed.md"]
    assert (report.added, report.withdrawn, report.edited) == ([], [], [])
    assert site.publish().written == []
    assert (site.ids(), site.times()) == (before, pages)


def test_links_to_the_old_key_of_a_moved_file_still_resolve(site):
    site.article("a.md")
    site.article("b.md", "See [the other](a.md).")
    site.print()
    site.move("a.md", "deep/c.md")
    site.edit("b.md", "See", "Do see")
    site.print()
    assert b'href="../a/"' in site.documents()["b/index.html"]


def test_vanished_and_new_file_with_other_words_are_a_withdrawal_and_a_new_entry(site):
    site.article("a.md")
    site.print()
    before = site.ids()
    site.remove("a.md")
    site.article("b.md", "Other words.")
    report = site.sync()
    assert (report.withdrawn, report.added, report.moved) == (["a.md"], ["b.md"], [])
    site.publish()
    assert len(site.ids()) == 1
    assert site.ids() != before


def test_two_copies_of_a_vanished_file_are_no_move(site):
    site.article("a.md")
    site.print()
    site.move("a.md", "b.md")
    shutil.copy(site.path("b.md"), site.path("c.md"))
    report = site.sync()
    assert (report.withdrawn, report.added, report.moved) == (["a.md"], ["b.md", "c.md"], [])


def test_new_file_at_the_key_of_one_that_moved_is_a_new_entry(site):
    site.article("a.md")
    site.print()
    before = site.entry("a.md").id
    site.move("a.md", "b.md")
    site.sync()
    site.article("a.md", "A newcomer.")
    site.print()
    assert site.entry("b.md").id == before
    assert len(set(site.ids())) == 2


def test_of_two_files_with_one_id_the_first_seen_keeps_it(site):
    site.article("b.md", id="ferry")
    site.print()
    before = site.ids()
    site.article("a.md", "Late.", id="ferry")
    report = site.sync()
    assert list(refusals(report)) == ["a.md"]
    assert before[0] in refusals(report)["a.md"]
    assert "give this file another id" in refusals(report)["a.md"]
    site.publish()
    assert (site.ids(), site.entry(before[0]).key) == (before, "b.md")


def test_of_two_new_files_with_one_id_the_first_is_taken_and_names_the_clash(site):
    site.article("a.md", id="ferry")
    site.article("b.md", "Late.", id="ferry")
    report = site.sync()
    assert (report.added, list(refusals(report))) == (["a.md"], ["b.md"])
    assert "a.md" in refusals(report)["b.md"]


def test_pinned_file_that_moves_and_is_edited_keeps_its_id(site):
    site.article("a.md")
    site.print()
    before = site.ids()
    with site.app() as app:
        assert app.pin().pinned == ["a.md"]
    site.move("a.md", "b.md")
    site.edit("b.md", "Some words", "Other words")
    report = site.sync()
    assert report.moved == ["a.md → b.md"]
    site.publish()
    assert site.ids() == before


def test_pinning_bumps_nothing_and_prints_nothing(site):
    site.article("a.md")
    site.write("b.txt", "Ferry is late\n\nIt waits for the tide.\n")
    site.print()
    before = site.entries()
    with site.app() as app:
        app.pin()
    report = site.sync()
    after = site.entries()
    assert (report.edited, report.unchanged) == ([], 2)
    assert all(after[key].revision == 1 and after[key].updated_at == old.updated_at for key, old in before.items())
    assert site.publish().written == []


def test_pinning_twice_writes_nothing_the_second_time(site):
    site.article("a.md")
    site.print()
    with site.app() as app:
        app.pin()
    written = site.path("a.md").read_bytes()
    with site.app() as app:
        assert app.pin().pinned == []
    assert site.path("a.md").read_bytes() == written


def test_dry_pin_names_the_files_and_writes_none(site):
    site.article("a.md")
    site.print()
    before = site.path("a.md").read_bytes()
    with site.app() as app:
        assert app.pin(dry_run=True).pinned == ["a.md"]
    assert site.path("a.md").read_bytes() == before


def test_pinned_files_that_change_places_keep_their_ids(site):
    site.article("a.md", "First.")
    site.article("b.md", "Second.")
    site.print()
    ids = {key: entry.id for key, entry in site.entries().items()}
    with site.app() as app:
        app.pin()
    site.sync()
    site.move("a.md", "c.tmp")
    site.move("b.md", "a.md")
    site.move("c.tmp", "b.md")
    report = site.sync()
    assert sorted(report.moved) == ["a.md → b.md", "b.md → a.md"]
    assert {key: entry.id for key, entry in site.entries().items()} == {"a.md": ids["b.md"], "b.md": ids["a.md"]}


def test_same_slug_twice_gives_two_pages(site):
    site.article("a/ferry.md", "One.")
    site.article("b/ferry.md", "Two.")
    site.print()
    assert {"ferry/index.html", "ferry-2/index.html"} <= site.documents().keys()


def test_slug_stays_when_the_title_of_raw_copy_changes(site):
    site.write("raw.txt", "Ferry is late\n\nIt waits for the tide.\n")
    site.print()
    site.edit("raw.txt", "Ferry is late", "Ferry is later still")
    site.print()
    assert "ferry-is-late/index.html" in site.documents()


@pytest.mark.rule("T74")
def test_slug_with_the_name_of_a_folder_of_ours_is_not_given(site):
    site.article("tags.md")
    site.article("x.md", slug="../../etc/passwd")
    site.print()
    assert {"tags-2/index.html", "etc-passwd/index.html"} <= site.documents().keys()


@pytest.mark.parametrize("place", ['path = "water"', 'path = "Water/feed"', 'moved_from = ["old", "water"]'])
def test_slug_with_the_name_of_a_folder_of_a_feed_is_not_given(site, place):
    site.configure(f'[[feeds]]\nslug = "harbour"\ntitle = "On the water"\n{place}')
    site.article("water.md", slug="water")
    site.print()
    assert site.entry("water.md").slug == "water-2"


def test_two_entries_that_ask_for_one_slug_keep_theirs_through_edits(site):
    site.article("a.md", "One.", slug="ferry")
    site.article("b.md", "Two.", slug="ferry")
    site.print()
    site.edit("b.md", "Two.", "Two, edited.")
    site.print()
    assert [site.entry(key).slug for key in ("a.md", "b.md")] == ["ferry", "ferry-2"]


def test_slug_can_be_shortened_by_hand(site):
    site.article("ferry-timetable.md")
    site.print()
    site.article("ferry-timetable.md", slug="ferry")
    site.print()
    assert site.entry("ferry-timetable.md").slug == "ferry"
