"""What vanished is withdrawn, unless so much vanished, or so little could be read, that a mistake is likelier.

Not here: how a held withdrawal ends the command (tests/cli).
"""

import pytest


def withdraw_a(site):
    site.articles(3)
    site.print()
    site.remove("a01.md")
    report = site.sync()
    site.publish()
    return report


def test_vanished_file_leaves_pages_and_feeds(site):
    report = withdraw_a(site)
    assert report.withdrawn == ["a01.md"]
    assert site.holding("Words of article 1.", "Article 01", "a01/") == set()
    assert "a01/index.html" not in site.documents()
    assert len(site.ids()) == 2


def test_withdrawn_entry_stays_in_the_store_with_its_time(site):
    withdraw_a(site)
    assert (site.entry("a01").state, site.entry("a01").withdrawn_at) == ("withdrawn", site.now)


def test_file_that_comes_back_is_the_same_entry_at_the_same_revision(site):
    withdraw_a(site)
    before = site.entry("a01")
    site.articles(3)
    report = site.sync()
    after = site.entry("a01")
    assert (report.restored, report.added, report.edited) == (["a01.md"], [], [])
    assert (after.id, after.revision, after.updated_at) == (before.id, 1, before.updated_at)
    site.publish()
    assert len(site.ids()) == 3


def test_publishing_after_a_return_prints_what_was_there_before(site):
    site.articles(3)
    site.print()
    before = site.documents()
    site.remove("a01.md")
    site.print()
    site.articles(3)
    site.print()
    assert site.documents() == before


def gone(site, *, of, missing):
    site.articles(of)
    site.print()
    site.remove(*(f"a{n:02}.md" for n in range(1, missing + 1)))


def test_six_of_ten_gone_at_once_are_held(site):
    gone(site, of=10, missing=6)
    report = site.sync()
    assert (len(report.held), report.withdrawn, report.is_clean) == (6, [], False)
    assert site.publish().removed == []
    assert len(site.ids()) == 10


def test_held_withdrawals_happen_once_they_are_accepted(site):
    gone(site, of=10, missing=6)
    site.sync()
    assert len(site.sync(accept_withdrawals=True).withdrawn) == 6
    site.publish()
    assert len(site.ids()) == 4


def test_five_gone_of_six_are_few_enough(site):
    gone(site, of=6, missing=5)
    assert len(site.sync().withdrawn) == 5


def test_six_gone_of_thirty_are_a_small_enough_share(site):
    gone(site, of=30, missing=6)
    assert len(site.sync().withdrawn) == 6


def test_new_and_edited_articles_are_taken_while_withdrawals_are_held(site):
    gone(site, of=10, missing=6)
    site.article("new.md")
    site.edit("a10.md", "Words", "Other words")
    report = site.sync()
    assert (report.added, report.edited, len(report.held)) == (["new.md"], ["a10.md"], 6)


def test_folder_renamed_away_withdraws_nothing_and_says_why(site):
    site.articles(3)
    site.print()
    (site.folder / "articles").rename(site.folder / "elsewhere")
    report = site.sync()
    assert (report.withdrawn, report.is_clean) == ([], False)
    assert str(site.folder / "articles") in report.problem
    assert "nothing was withdrawn" in report.problem
    assert site.publish().removed == []
    assert len(site.ids()) == 3


def test_emptied_folder_of_six_is_held(site):
    gone(site, of=6, missing=6)
    assert len(site.sync().held) == 6


def test_folder_below_that_cannot_be_read_keeps_what_was_in_it(modest_site, without):
    modest_site.article("deep/a.md")
    modest_site.article("b.md")
    modest_site.print()
    with without(modest_site.path("deep"), 0o777):
        report = modest_site.sync()
    assert (report.withdrawn, report.is_clean) == ([], False)
    assert dict(report.refused) == {"deep": "this folder cannot be read; what was in it stays as it was"}
    assert len(modest_site.ids()) == 2


def test_articles_folder_that_cannot_be_read_withdraws_nothing_and_says_why(modest_site, without):
    modest_site.articles(2)
    modest_site.print()
    with without(modest_site.folder / "articles", 0o777):
        report = modest_site.sync()
    assert (report.withdrawn, report.is_clean) == ([], False)
    assert "Permission denied; nothing was withdrawn" in report.problem


def test_file_that_became_unreadable_is_refused_and_its_entry_stays(site):
    site.articles(2)
    site.print()
    site.write("a01.md", b"\x00\x01\x02\x03" * 100)
    report = site.sync()
    assert (report.withdrawn, [key for key, _ in report.refused]) == ([], ["a01.md"])
    site.publish()
    assert len(site.ids()) == 2


@pytest.mark.rule("F12")
def test_withdrawn_entry_takes_its_picture_along(site, picture):
    site.write("sea.png", picture)
    site.article("a.md", image="sea.png")
    site.article("b.md")
    site.print()
    assert [path for path in site.documents() if path.startswith("media/")]
    site.remove("a.md")
    site.print()
    assert [path for path in site.documents() if path.startswith("media/")] == []
