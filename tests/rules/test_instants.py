from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.rules.instants import SECOND, Instants
from tests.rules.givens import NOW

NEAR = st.integers(-20, 20).map(lambda n: NOW + n * SECOND)


@pytest.mark.rule("F20")
def test_no_two_entries_share_an_instant():
    taken = Instants({NOW, NOW + SECOND})
    assert taken.free_from(NOW.replace(microsecond=7)) == NOW + 2 * SECOND
    assert taken.free_until(NOW + SECOND) == NOW - SECOND


def test_what_is_free_is_given_as_it_is_wanted_but_for_parts_of_a_second():
    assert Instants().free_from(NOW + timedelta(microseconds=9)) == NOW
    assert Instants().free_until(NOW + timedelta(microseconds=9)) == NOW


@pytest.mark.rule("F20")
@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(["take", "from", "until"]), NEAR), max_size=60))
def test_the_nearest_free_instant_is_found_whatever_was_asked_before(steps):
    taken, ours = set(), Instants()
    for step, at in steps:
        if step == "take":
            ours.add(at)
            taken.add(at)
        elif step == "from":
            assert ours.free_from(at) == next(t for n in range(99) if (t := at + n * SECOND) not in taken)
        else:
            assert ours.free_until(at) == next(t for n in range(99) if (t := at - n * SECOND) not in taken)


@pytest.mark.rule("F20")
def test_fifty_thousand_entries_of_one_date_each_get_an_instant_of_their_own():
    taken = Instants()
    given_out = []
    for _ in range(50_000):
        given_out.append(taken.free_from(NOW))
        taken.add(given_out[-1])
    assert given_out == [NOW + n * SECOND for n in range(50_000)]
