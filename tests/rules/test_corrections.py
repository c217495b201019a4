"""Who is told of which correction: each reader who had the entry, once, and nobody else.

Not here: reading corrections (test_meta, test_raw_copy_corrections), editions (tests/jobs/test_told_corrections.py).
"""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from feeds.model import Correction
from feeds.rules.corrections import MOST_TOLD, Amended, Brought, Told, news, owed

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FERRY, PIER = "urn:ferry", "urn:pier"


def bears(*texts, entry=FERRY, revision=2):
    """Return an entry that bears these corrections, a day apart."""
    return Amended(entry, revision, tuple(Correction(MONDAY + n * DAY, text) for n, text in enumerate(texts)))


def held(*texts, entry=FERRY, told=()):
    """Return a selection that brought an entry which bore these corrections by then."""
    return Brought("weekly/1", {entry: texts}, tuple(told))


def told(*texts, entry=FERRY):
    """Return a selection that told these corrections."""
    return Brought("weekly/2", {}, tuple((entry, text) for text in texts))


def given_to(amended, brought, had):
    """Return the words of the corrections that a reader of these selections is owed."""
    return [one.text for one in owed(frozenset(had), amended, brought)]


def test_reader_who_had_the_entry_is_owed_what_it_did_not_say():
    brought = {"s1": held("one")}
    assert owed(frozenset({"s1"}), [bears("one", "two")], brought) == (Told(FERRY, 2, MONDAY + DAY, "two"),)


def test_reader_who_had_another_entry_or_none_is_owed_nothing():
    brought = {"s1": held(), "s2": held(entry=PIER)}
    assert given_to([bears("one")], brought, {"s2"}) == given_to([bears("one")], brought, set()) == []


def test_correction_that_was_told_is_not_told_again():
    brought = {"s1": held(), "s2": told("one")}
    assert given_to([bears("one", "two")], brought, {"s1", "s2"}) == ["two"]


def test_correction_in_a_selection_that_failed_is_owed_still():
    assert given_to([bears("one")], {"s1": held(), "s2": told("one")}, {"s1"}) == ["one"]


def test_to_be_told_of_an_entry_is_not_to_have_had_it():
    assert given_to([bears("one", "two")], {"s2": told("one")}, {"s2"}) == []


def test_correction_with_another_date_is_the_same_one():
    later = Amended(FERRY, 3, (Correction(MONDAY + 9 * DAY, "one"),))
    assert given_to([later], {"s1": held("one")}, {"s1"}) == []


def test_second_correction_in_the_same_words_is_a_second_one():
    twice = [bears("A name was wrong.", "A name was wrong.")]
    found = owed(frozenset({"s1"}), twice, {"s1": held("A name was wrong.")})
    assert [one.at for one in found] == [MONDAY + DAY]


def test_correction_that_went_and_came_back_is_known():
    brought = {"s1": held(), "s2": told("one")}
    assert given_to([bears(revision=3)], brought, {"s1", "s2"}) == []
    assert given_to([bears("one", revision=4)], brought, {"s1", "s2"}) == []


def test_corrections_come_oldest_first_whatever_they_are_of():
    amended = [bears("b", "d", entry=PIER), Amended(FERRY, 2, (Correction(MONDAY + DAY / 2, "c"),))]
    assert given_to(amended, {"s1": held(entry=PIER), "s2": held()}, {"s1", "s2"}) == ["b", "c", "d"]


def test_what_is_too_much_for_one_edition_waits_for_the_next():
    texts = [f"{n:02}" for n in range(MOST_TOLD + 3)]
    brought = {"s1": held()}
    first = given_to([bears(*texts)], brought, {"s1"})
    assert first == texts[:MOST_TOLD]
    assert given_to([bears(*texts)], brought | {"s2": told(*first)}, {"s1", "s2"}) == texts[MOST_TOLD:]


def test_entry_is_news_only_where_some_selection_lacked_a_correction():
    assert news([bears("one")], [held("one"), told("one"), held(entry=PIER)]) == []
    assert news([bears("one")], [held("one"), held()]) == [bears("one")]


EDITIONS = some.lists(
    some.tuples(
        some.sampled_from(["correct", "take back", "nothing"]),
        some.sets(some.integers(0, 3)),  # who is brought the entry, if they had it not yet
        some.sets(some.integers(0, 3)),  # whose delivery fails
    ),
    max_size=10,
)


@given(EDITIONS)
def test_each_reader_learns_of_each_correction_exactly_once(editions):
    bearing, written, revision = [], 0, 1
    brought, had, holds, learnt = {}, {reader: frozenset() for reader in range(4)}, set(), Counter()
    for number, (what, bringing, failing) in enumerate([*editions, ("nothing", set(), set())]):
        if what == "correct":
            written, revision = written + 1, revision + 1
            bearing = [*bearing, f"correction {written}"]
        elif what == "take back" and bearing:
            revision, bearing = revision + 1, bearing[:-1]
        debts = {
            reader: given_to([bears(*bearing, revision=revision)], brought, names) for reader, names in had.items()
        }
        for reader, texts in debts.items():
            is_new = reader in bringing and reader not in holds
            assert not texts or reader in holds
            name = f"{number}/{reader}"
            brought[name] = Brought("e", {FERRY: tuple(bearing)} if is_new else {}, tuple((FERRY, t) for t in texts))
            if reader not in failing:
                had[reader] |= {name}
                holds |= {reader} if is_new else set()
                learnt.update((reader, text) for text in [*texts, *(bearing if is_new else ())])
    assert set(learnt.values()) <= {1}
    assert {(reader, text) for reader in holds for text in bearing} <= learnt.keys()
