"""What an operator withdraws stays out of print, whatever becomes of its file, until an operator restores it.

Not here: how it is told (tests/cli), entries whose files vanished (test_sync_withdrawal).
"""

from datetime import timedelta

import pytest

from feeds.errors import UsageWrong
from feeds.jobs.withdraw import LONGEST_REASON, Done
from feeds.model import State
from tests.acceptance.mail_givens import by_reader, deliveries, letters_in, run
from tests.jobs.post_givens import ANN, BOB, HOUR, MONDAY, WEEK, delivered, fixed

SECRET = "Xyzzy"


def stocked(site):
    """Print one article that is to go, and two that stay."""
    site.article("ferry.md", f"{SECRET} words.", title="Ferry", date="2024-11-18 08:00", tags="[boats]")
    site.article("pier.md", "Pier words, and [the ferry](ferry.md).", title="Pier", date="2024-11-19 08:00")
    site.article("quay.md", "Quay words.", title="Quay", date="2024-11-20 08:00", tags="[boats]")
    site.print()
    return site


def withdraw(site, *names, reason="Asked for.", **how):
    with site.app() as app:
        return app.withdraw(names, reason=reason, **how)


def restore(site, *names):
    site.now += timedelta(hours=1)
    with site.app() as app:
        return app.restore(names)


def done(report):
    return [one.done for one in report.entries]


def withdrawn(site):
    stocked(site)
    withdraw(site, "ferry")
    site.print()
    return site


def is_out(site, *more, name="ferry"):
    """Sync and publish twice: is it still withdrawn, and do its words stand nowhere?"""
    for _ in range(2):
        site.sync()
        site.publish()
    return (site.entry(name).state, site.holding(SECRET, *more)) == (State.WITHDRAWN, set())


@pytest.mark.rule("F12")
@pytest.mark.parametrize("name", ["ferry", "ferry.md", "articles/ferry.md", "its id"])
def test_withdrawn_entry_leaves_print_by_whatever_name_it_is_called(site, name):
    stocked(site)
    report = withdraw(site, site.entry("ferry").id if name == "its id" else name)
    site.print()
    assert done(report) == [Done.WITHDRAWN]
    assert site.holding(SECRET, "boats/ferry", ">Ferry<") == set()
    assert len(site.ids()) == 2


def test_withdrawal_is_remembered_with_its_time_and_reason(site):
    entry = withdrawn(site).entry("ferry")
    assert (entry.withdrawn_by, entry.withdrawn_reason) == ("operator", "Asked for.")
    assert entry.withdrawn_at < site.now


def test_next_press_run_prints_without_it_though_no_file_changed(site):
    stocked(site)
    run(site, site.now + HOUR)
    withdraw(site, "ferry")
    assert run(site, site.now + HOUR).is_clean
    assert site.holding(SECRET) == set()
    restore(site, "ferry")
    run(site, site.now + HOUR)
    assert site.holding(SECRET)


# ---- whatever becomes of its file ----


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


# ---- what else is so ----


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


def test_withdrawing_again_changes_nothing_but_a_new_reason(site):
    withdrawn(site)
    before = site.entry("ferry")
    assert done(withdraw(site, "ferry")) == [Done.ALREADY]
    assert site.entry("ferry") == before
    assert done(withdraw(site, "ferry", reason="By order\nof a court.")) == [Done.REWORDED]
    assert site.entry("ferry").withdrawn_reason == "By order of a court."
    assert site.entry("ferry").withdrawn_at == before.withdrawn_at


def test_entry_that_was_withdrawn_before_its_date_does_not_go_live(site):
    site.article("later.md", f"{SECRET} words.", date="2024-11-24 08:00")
    site.print()
    withdraw(site, "later")
    site.now += timedelta(days=9)
    assert is_out(site, name="later")


def test_names_that_mean_nothing_stop_none_of_the_others(site):
    stocked(site)
    report = withdraw(site, "nothing", "ferry", "\udcff", "quay")
    assert done(report) == [Done.WITHDRAWN, Done.WITHDRAWN]
    assert [name for name, _ in report.refused] == ["nothing", "\udcff"]
    assert "`pressrun entries list` shows all" in report.refused[0][1]


def test_key_that_two_sources_have_is_asked_for_in_full(site):
    (site.folder / "wire").mkdir()
    both = ('[[sources]]\nslug = "articles"\npath = "articles"\n', '[[sources]]\nslug = "wire"\npath = "wire"\n')
    site.configure("".join(both))
    site.article("a.md", f"{SECRET} words.")
    (site.folder / "wire" / "a.md").write_text("# Wire\n\nOther words.\n")
    site.print()
    assert withdraw(site, "a.md").refused == [
        ("a.md", "is the key of several entries; say which: articles/a.md, wire/a.md")
    ]
    assert done(withdraw(site, "wire/a.md")) == [Done.WITHDRAWN]
    assert site.entry("articles/a.md").state is State.LIVE


def test_reason_too_long_for_a_page_is_a_mistake_and_nothing_is_withdrawn(site):
    stocked(site)
    with pytest.raises(UsageWrong, match="1001 characters; at most 1000"):
        withdraw(site, "ferry", reason="x" * (LONGEST_REASON + 1))
    assert site.entry("ferry").state is State.LIVE


def test_dry_run_names_what_would_change_and_changes_nothing(site):
    stocked(site)
    site.write("copy.md", site.path("ferry.md").read_bytes())
    site.print()
    (one,) = withdraw(site, "articles/ferry.md", dry_run=True).entries
    assert {"ferry/index.html", "index.html", "rss.xml", "atom.xml", "feed.json", "tags/boats/rss.xml"} <= set(
        one.documents
    )
    assert "quay/index.html" not in one.documents
    assert (one.linked_from, one.same_words) == (("articles/pier.md",), ("articles/copy.md",))
    assert (site.entry("ferry").state, site.publish().written) == (State.LIVE, [])


# ---- restoring ----


def test_restored_entry_is_what_it_was_and_updated(site):
    stocked(site)
    before = site.entry("ferry")
    withdraw(site, "ferry")
    site.print()
    assert done(restore(site, "ferry")) == [Done.RESTORED]
    site.print()
    after = site.entry("ferry")
    same = ("id", "slug", "sequence", "live_at", "revision", "published_at", "article", "state")
    assert {name: getattr(after, name) for name in same} == {name: getattr(before, name) for name in same}
    assert after.updated_at > before.updated_at
    assert (after.withdrawn_at, after.withdrawn_by, after.withdrawn_reason) == (None, None, None)
    assert len(site.ids()) == 3


def test_restored_entry_says_what_its_file_says_by_now(site):
    withdrawn(site)
    site.edit("ferry.md", "words.", "words, edited.")
    site.print()
    restore(site, "ferry")
    site.print()
    assert site.holding(f"{SECRET} words, edited.")


def test_restored_draft_is_a_draft(site):
    withdrawn(site)
    site.edit("ferry.md", "title: Ferry", "title: Ferry\ndraft: true")
    site.print()
    (one,) = restore(site, "ferry").entries
    site.print()
    assert (one.state, site.holding(SECRET)) == (State.DRAFT, set())


def test_restored_entry_whose_file_is_gone_goes_with_it_at_the_next_sync(site):
    withdrawn(site)
    site.remove("ferry.md")
    site.sync()
    restore(site, "ferry")
    assert site.sync().withdrawn == ["ferry.md"]
    site.publish()
    assert site.holding(SECRET) == set()


def test_restoring_twice_changes_nothing(site):
    withdrawn(site)
    restore(site, "ferry")
    before = site.entry("ferry")
    assert (done(restore(site, "ferry")), site.entry("ferry")) == ([Done.NOT_WITHDRAWN], before)


def test_what_no_operator_withdrew_is_restored_by_its_source_alone(site):
    stocked(site)
    site.remove("ferry.md")
    site.print()
    assert restore(site, "ferry").refused == [
        ("ferry", "no operator withdrew it (its file is gone): mend that, and run `pressrun sync`")
    ]
    assert site.entry("ferry").state is State.WITHDRAWN


# ---- its page ----


def test_its_page_says_that_it_was_withdrawn_and_is_marked_as_gone(site):
    stocked(site)
    before = site.documents().keys()
    withdraw(site, "ferry", reason="By order of a <court>.")
    site.print()
    page = (site.public / "ferry" / "index.html").read_text()
    assert ("By order of a &lt;court&gt;." in page, SECRET in page, ">Ferry<" in page) == (True, False, False)
    assert "ferry/index.html.gone" in site.documents()
    assert not site.holding("/ferry/") & before
    restore(site, "ferry")
    site.print()
    assert SECRET in (site.public / "ferry" / "index.html").read_text()
    assert "ferry/index.html.gone" not in site.documents()


def test_new_reason_is_printed(site):
    withdrawn(site)
    withdraw(site, "ferry", reason="By order of a court.")
    site.print()
    assert site.holding("By order of a court.") >= {"ferry/index.html"}
    assert site.holding("Asked for.") == set()


@pytest.mark.rule("F12")
@pytest.mark.parametrize("more", [{"access": "members"}, {"draft": "true"}, {"url": "https://elsewhere.example/ferry"}])
def test_what_had_no_public_page_gets_none(site, more):
    stocked(site)
    site.article("other.md", "Other words.", **more)
    site.print()
    withdraw(site, "other")
    site.print()
    assert [path for path in site.documents() if path.startswith("other/")] == []


# ---- mail ----


def test_edition_that_waits_is_cancelled_where_an_operator_withdrew_all_of_it(site):
    fixed(site)
    withdraw(site, "ferry")
    delivered(site)
    assert {one.delivery.state.value for one in deliveries(site)} == {"cancelled"}
    assert letters_in(site.folder / "var" / "maildir") == []


@pytest.mark.parametrize("back", [True, False], ids=["restored", "not restored"])
def test_readers_get_what_was_restored_once_and_what_was_not_never(site, back):
    fixed(site)
    withdraw(site, "ferry")
    run(site, MONDAY + HOUR)
    if back:
        restore(site, "ferry")
    for number, key in enumerate(["quay.md", "pier.md"], start=1):
        site.article(key, date=f"2024-11-{25 + number} 08:00")
        run(site, MONDAY + number * WEEK)
    got = by_reader(letters_in(site.folder / "var" / "maildir"))
    first = [["quay", "ferry"]] if back else [["quay"]]
    expected = sorted([*first, ["pier"]])
    assert {reader: sorted(one.entries for one in letters) for reader, letters in got.items()} == {
        ANN: expected,
        BOB: expected,
    }
