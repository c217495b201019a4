"""Editions and selections come back as they were fixed, and no slot has two.

Not here: what they were rendered to (test_renderings), who gets them (test_audience, test_deliveries).
"""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from feeds.errors import UsageWrong
from feeds.model import EditionState
from feeds.store import editions
from feeds.store.editions import Holding
from tests.store.givens import MONDAY, add, entry, read, write
from tests.store.mail_givens import cancelled, edition, selection

ONE, TWO, DAILY = edition(1), edition(2), edition(1, newsletter="daily", due_at=MONDAY)


@pytest.fixture
def shelf(store):
    """Give a store with two weekly editions, a daily one, and three entries to select."""
    add(store, entry("ferry"), entry("harbour"), entry("pier"))
    for one in (TWO, ONE, DAILY):
        write(store, editions.add, one)
    return store


# ---- editions ----


@pytest.mark.parametrize("name", [ONE.id, "weekly/1", "weekly/01"])
def test_edition_is_found_by_its_id_and_by_its_number(shelf, name):
    assert read(shelf, editions.get, name) == ONE


@pytest.mark.parametrize(
    "name",
    ["weekly/3", "monthly/1", "weekly", "weekly/", "", "weekly/-1", "weekly/²", f"weekly/{10**20}", "weekly/1/1"],
)
def test_edition_that_is_not_there_is_answered_with_where_to_look(shelf, name):
    with pytest.raises(UsageWrong, match=r"there is no edition .*; `pressrun editions list` shows all"):
        read(shelf, editions.get, name)


def test_editions_are_listed_newest_first(shelf):
    assert read(shelf, editions.list_all) == [TWO, ONE, DAILY]
    assert read(shelf, editions.list_all, newsletter="daily") == [DAILY]


def test_editions_are_counted_by_newsletter_and_state(shelf):
    write(shelf, editions.mark_paused, ONE.id)
    composed, paused = EditionState.COMPOSED, EditionState.PAUSED
    assert read(shelf, editions.count_by_state) == {
        ("daily", composed): 1,
        ("weekly", composed): 1,
        ("weekly", paused): 1,
    }


def test_some_editions_come_in_the_order_in_which_they_were_due(shelf):
    assert read(shelf, editions.list_with, {TWO.id, ONE.id, "weekly/lost"}) == [ONE, TWO]
    assert read(shelf, editions.list_with, []) == []


def test_series_knows_its_slots_its_last_and_its_next_number(shelf):
    assert read(shelf, editions.list_slots, "weekly") == {ONE.slot, TWO.slot}
    assert read(shelf, editions.last_due_at, "weekly") == TWO.due_at
    assert read(shelf, editions.next_number, "weekly") == 3


def test_series_without_editions_begins_with_one(shelf):
    assert read(shelf, editions.list_slots, "monthly") == set()
    assert read(shelf, editions.last_due_at, "monthly") is None
    assert read(shelf, editions.next_number, "monthly") == 1


@pytest.mark.parametrize("facts", [{"slot": ONE.slot}, {"number": 1}, {"id": ONE.id}])
def test_slot_number_and_id_are_had_by_one_edition_only(shelf, facts):
    with pytest.raises(IntegrityError):
        write(shelf, editions.add, replace(edition(3), **facts))
    assert read(shelf, editions.next_number, "weekly") == 3


def test_cancelled_edition_says_when_and_keeps_its_slot(shelf):
    write(shelf, editions.mark_cancelled, ONE.id, MONDAY)
    assert read(shelf, editions.get, ONE.id) == cancelled(ONE)
    assert ONE.slot in read(shelf, editions.list_slots, "weekly")


# ---- selections ----


def test_selection_comes_back_in_order_with_what_is_only_named(shelf):
    held = selection("urn:pier", "urn:ferry", named=["urn:harbour"])
    write(shelf, editions.add_selection, held)
    assert read(shelf, editions.get_selection, held.id) == held


def test_selection_that_is_there_is_left_as_it_is(shelf):
    held = selection("urn:pier")
    write(shelf, editions.add_selection, held)
    write(shelf, editions.add_selection, replace(held, entries=selection("urn:ferry").entries))
    assert read(shelf, editions.get_selection, held.id) == held


def test_selections_of_an_edition_are_listed(shelf):
    first, second = selection("urn:pier", mark="a"), selection("urn:pier", "urn:ferry", mark="b")
    for one in (second, first, selection("urn:pier", of=TWO)):
        write(shelf, editions.add_selection, one)
    assert read(shelf, editions.list_selections, ONE.id) == [first, second]


def test_selections_that_hold_an_entry_are_found_also_where_it_is_only_named(shelf):
    first, second = selection("urn:pier", "urn:ferry"), selection("urn:ferry", of=TWO, named=["urn:pier"])
    for one in (first, second, selection("urn:pier", of=DAILY)):
        write(shelf, editions.add_selection, one)
    assert read(shelf, editions.holding, ["urn:pier"], newsletter="weekly") == {
        first.id: Holding(ONE.id, frozenset({"urn:pier"})),
        second.id: Holding(TWO.id, frozenset({"urn:pier"})),
    }
    assert read(shelf, editions.holding, ["urn:harbour"], newsletter="weekly") == {}
    assert read(shelf, editions.holding, [], newsletter="weekly") == {}
