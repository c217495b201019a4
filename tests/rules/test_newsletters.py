"""Which newsletters are new, renamed, gone or back.

Not here: what becomes of their readers and editions (tests/store/test_newsletters_seen.py).
"""

from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.newsletters import Changes, Known, changes

HELD, GONE = Known(), Known(is_gone=True)


def given_away(to):
    return Known(renamed_to=to)


def test_nothing_to_tell_where_nothing_changed():
    found = changes({"weekly": HELD}, {"weekly": None})
    assert (found, bool(found)) == (Changes(), False)


def test_newsletter_that_the_store_has_not_seen_is_new():
    found = changes({"weekly": HELD}, {"weekly": None, "daily": None})
    assert (found, bool(found)) == (Changes(new=("daily",)), True)


def test_newsletter_that_left_the_config_is_gone_and_told_once():
    assert changes({"weekly": HELD}, {}) == Changes(gone=("weekly",))
    assert changes({"weekly": GONE}, {}) == Changes()


def test_newsletter_that_returns_is_back_with_its_memory():
    assert changes({"weekly": GONE}, {"weekly": None}) == Changes(back=("weekly",))


def test_renamed_newsletter_is_neither_new_nor_gone():
    assert changes({"weekly": HELD}, {"monday": "weekly"}) == Changes(renamed=(("weekly", "monday"),))


def test_newsletter_that_was_gone_may_be_renamed():
    assert changes({"weekly": GONE}, {"monday": "weekly"}) == Changes(renamed=(("weekly", "monday"),))


def test_rename_that_is_done_is_not_done_again():
    assert changes({"weekly": given_away("monday"), "monday": HELD}, {"monday": "weekly"}) == Changes()


def test_rename_from_a_name_that_nobody_had_makes_a_new_one():
    assert changes({}, {"monday": "weekly"}) == Changes(new=("monday",))


def test_newsletter_without_readers_and_editions_takes_over_another_after_all():
    found = changes({"weekly": GONE, "monday": Known(is_bare=True)}, {"monday": "weekly"})
    assert found == Changes(renamed=(("weekly", "monday"),))


def test_newsletter_with_a_memory_of_its_own_takes_over_no_other():
    found = changes({"weekly": HELD, "monday": HELD}, {"monday": "weekly"})
    assert (found.renamed, found.gone) == ((), ("weekly",))
    assert found.notes == (
        "newsletter monday: renamed_from = 'weekly' does nothing, since monday has readers or editions of its own",
    )


def test_note_alone_is_nothing_to_record():
    assert not changes({"weekly": GONE, "monday": HELD}, {"monday": "weekly"})


def test_newsletter_may_get_its_old_name_back():
    known = {"weekly": given_away("monday"), "monday": HELD}
    assert changes(known, {"weekly": "monday"}) == Changes(renamed=(("monday", "weekly"),))


def test_name_that_was_given_away_can_be_had_by_a_new_newsletter():
    known = {"weekly": given_away("monday"), "monday": HELD}
    assert changes(known, {"monday": None, "weekly": None}) == Changes(new=("weekly",))


NAMES = some.sampled_from("abcd")


@given(
    some.dictionaries(NAMES, some.builds(Known, some.booleans(), some.none() | NAMES)),
    some.dictionaries(NAMES, some.none() | NAMES),
)
def test_newsletter_is_never_two_things_at_once(known, configured):
    found = changes(known, configured)
    told = [*found.new, *found.gone, *found.back, *(new for _, new in found.renamed)]
    assert len(told) == len(set(told))
    assert not set(found.gone) & {old for old, _ in found.renamed}


def allowed(configured):
    """Return what the config's checks would let through: a name that was had before is gone, and claimed once."""
    claims = list(configured.values())
    return {n: old if old not in configured and claims.count(old) == 1 else None for n, old in configured.items()}


@given(some.lists(some.dictionaries(NAMES, some.none() | NAMES, max_size=3).map(allowed), max_size=6))
def test_what_is_in_the_config_has_a_memory_after_each_run(configs):
    known = {}
    for configured in configs:
        known = recorded(known, changes(known, configured))
        assert {slug for slug, one in known.items() if one == HELD} == set(configured)


def recorded(known, found):
    """Return what the store knows once these changes are written down."""
    after = dict(known) | dict.fromkeys(found.new, HELD)
    for old, new in found.renamed:
        after |= {old: given_away(new), new: HELD}
    return after | dict.fromkeys(found.gone, GONE) | dict.fromkeys(found.back, HELD)
