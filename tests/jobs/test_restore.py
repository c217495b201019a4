"""What an operator restores is what it was, says what its file says by now, and is updated.

Not here: withdrawing (test_withdraw), how it is told (tests/cli).
"""

from feeds.jobs.withdraw import Done
from feeds.model import State
from tests.jobs.withdraw_givens import SECRET, done, restore, stocked, withdraw, withdrawn


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
