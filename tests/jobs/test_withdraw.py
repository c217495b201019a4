"""What an operator withdraws leaves print, its page and its mail, and stays out until an operator restores it.

Not here: what may become of its file (test_withdraw_files), restoring (test_restore), how it is told (tests/cli).
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from feeds.errors import UsageWrong
from feeds.jobs.withdraw import LONGEST_REASON, Done
from feeds.model import State
from feeds.store.schema import renderings
from tests.acceptance.mail_givens import by_reader, deliveries, letters_in, run
from tests.jobs.post_givens import ANN, BOB, HOUR, MONDAY, WEEK, composed, delivered, fixed
from tests.jobs.withdraw_givens import SECRET, done, is_out, restore, stocked, withdraw, withdrawn


def stored(site):
    """Return all that editions were rendered to."""
    with site.app() as app, app.store.reading() as tx:
        return b"".join(tx.execute(select(renderings.c.data)).scalars())


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


def test_words_that_were_taken_out_of_an_edition_stay_in_no_rendering(site):
    fixed(site)
    site.article("pier.md", f"{SECRET} words.", title="The pier closes", date="2024-12-01 14:00")
    site.article("quay.md", "Quay words.", title="Quay", date="2024-12-01 15:00")
    run(site, MONDAY + WEEK - HOUR)
    composed(site, MONDAY + WEEK)
    assert b"The pier closes" in stored(site)
    withdraw(site, "pier")
    delivered(site, MONDAY + WEEK + HOUR)
    assert b"The pier closes" not in stored(site)
    assert b"Quay" in stored(site)
