"""What an operator withdrew stays out of print whatever becomes of its file: edited, moved, copied, gone and back.

Not here: withdrawing (test_withdraw), all of it at random (test_withdrawn_words), what vanished (test_sync_withdrawal).
"""

import pytest

from feeds.jobs.withdraw import Done
from tests.jobs.withdraw_givens import SECRET, done, is_out, stocked, withdraw, withdrawn


def test_file_that_stays_as_it_is_costs_a_sync_nothing(site):
    withdrawn(site)
    report = site.sync()
    assert (report.unchanged, report.restored, report.edited, report.is_clean) == (3, [], [], True)
    assert site.publish().written == []


def test_edited_file_is_read_and_kept_out(site):
    withdrawn(site)
    site.edit("ferry.md", "words.", "words, edited.")
    assert site.sync().edited == ["ferry.md"]
    assert is_out(site)
    assert "edited" in site.entry("ferry").article.html


def test_moved_file_is_the_same_entry_and_stays_out(site):
    withdrawn(site)
    site.move("ferry.md", "old/boat.md")
    assert (site.sync().moved, is_out(site)) == (["ferry.md → old/boat.md"], True)


def test_file_that_changed_places_with_another_takes_the_withdrawal_along(site):
    withdrawn(site)
    ferry, quay = site.path("ferry.md").read_bytes(), site.path("quay.md").read_bytes()
    site.write("ferry.md", quay)
    site.write("quay.md", ferry)
    assert is_out(site)
    assert (site.entry("articles/quay.md").state, site.entry("articles/ferry.md").state) == ("withdrawn", "live")


def test_file_that_vanishes_and_comes_back_stays_out(site):
    withdrawn(site)
    text = site.path("ferry.md").read_bytes()
    site.remove("ferry.md")
    assert site.sync().withdrawn == []
    assert site.entry("ferry").withdrawn_by == "operator"
    site.write("ferry.md", text)
    assert is_out(site)
    site.remove("ferry.md")
    site.print()
    site.write("elsewhere.md", text)
    assert is_out(site)
    assert site.entry("ferry").key == "elsewhere.md"


def test_pinned_file_stays_out_though_it_is_moved_and_edited_at_once(site):
    stocked(site)
    site.run("entries", "pin")
    site.print()
    withdraw(site, "ferry")
    site.move("ferry.md", "boat.md")
    site.edit("boat.md", "words.", "words, edited.")
    assert is_out(site)
    site.edit("boat.md", "words, edited.", "words, and more.")
    assert is_out(site)


@pytest.mark.parametrize("change", ["", "slug: boat\n", "id: another\n"], ids=["as it is", "other slug", "other id"])
def test_copy_is_refused_by_name_of_what_it_says(site, change):
    withdrawn(site)
    text = site.path("ferry.md").read_text()
    site.write("copy.md", text.replace("title:", f"{change}title:"))
    (refused,) = site.sync().refused
    assert refused == (
        "copy.md",
        "it says word for word what articles/ferry.md said, which an operator withdrew;"
        " take this file away, or run `pressrun entries restore` for that one",
    )
    assert is_out(site)


def test_two_copies_of_a_file_that_is_gone_are_both_refused(site):
    withdrawn(site)
    text = site.path("ferry.md").read_bytes()
    site.remove("ferry.md")
    site.write("one.md", text)
    site.write("two.md", text)
    assert [key for key, _ in site.sync().refused] == ["one.md", "two.md"]
    assert is_out(site)


def test_copy_over_another_article_leaves_that_as_it_was(site):
    withdrawn(site)
    site.write("quay.md", site.path("ferry.md").read_bytes())
    report = site.sync()
    assert ([key for key, _ in report.refused], report.stale) == (["quay.md"], ["quay.md"])
    assert is_out(site)
    assert site.entry("quay").article.title == "Quay"


def test_copy_that_had_gone_does_not_bring_the_words_back(site):
    stocked(site)
    text = site.path("ferry.md").read_bytes()
    site.write("copy.md", text)
    site.print()
    site.remove("copy.md")
    site.print()
    withdraw(site, "ferry")
    site.write("copy.md", text)
    assert is_out(site)


def test_source_renamed_or_dropped_and_back_changes_nothing(site):
    withdrawn(site)
    (site.folder / "other").mkdir()
    named = '[[sources]]\nslug = "{}"\npath = "{}"\n'
    site.configure(named.format("desk", "articles"))
    site.sync(accept_withdrawals=True)
    assert site.holding(SECRET) == set()
    assert site.entry("articles/ferry.md").withdrawn_by == "operator"
    site.configure()
    assert is_out(site, name="articles/ferry.md")


def test_file_that_can_no_longer_be_understood_stays_out_and_is_refused(site):
    withdrawn(site)
    site.edit("ferry.md", "title: Ferry", "title: Ferry\ndraft: perhaps")
    assert [key for key, _ in site.sync().refused] == ["ferry.md"]
    assert is_out(site)
    assert site.entry("ferry").withdrawn_reason == "Asked for."


def test_entry_whose_file_had_gone_stays_out_when_the_file_is_back(site):
    stocked(site)
    text = site.path("ferry.md").read_bytes()
    site.remove("ferry.md")
    site.print()
    left_at = site.entry("ferry").withdrawn_at
    assert done(withdraw(site, "ferry")) == [Done.WITHDRAWN]
    assert site.entry("ferry").withdrawn_at == left_at
    site.write("ferry.md", text)
    assert is_out(site)
