"""What print asks of the editions is answered the same on either database: which there are, and what most were given.

Not here: what becomes of the answers (tests/jobs/test_publish_editions.py).
"""

import pytest

from feeds.store import editions, newsletters, printed_editions, promises, reprints
from feeds.store.promises import Promise
from feeds.store.reprints import Reprint
from tests.store.givens import DAY, MONDAY, add, entry, read, write
from tests.store.mail_givens import add_readers, cancelled, edition, selection

ONE, TWO = edition(1), edition(2, composed_at=MONDAY + DAY)
FERRY, PIER = "urn:ferry", "urn:pier"


@pytest.fixture
def shelf(store):
    """Give a store with two weekly editions, two entries, and three readers."""
    add(store, entry("ferry"), entry("pier"))
    add_readers(store, "ann", "bob", "cara")
    for one in (ONE, TWO):
        write(store, editions.add, one)
    return store


def give(store, held, *names):
    """Let readers be given a selection of the first edition."""
    write(store, editions.add_selection, held)
    made = [Promise(subscriber_id=one, selection_id=held.id) for one in names]
    write(store, promises.add, ONE, made, transport="smtp")


def main(store):
    found = read(store, printed_editions.main_entries, [ONE.id, TWO.id])
    return {edition_id: [one.entry_id for one in held] for edition_id, held in found.items()}


def due(store):
    return set(read(store, reprints.list_all))


def test_what_most_readers_were_given_is_the_edition(shelf):
    give(shelf, selection(FERRY, PIER, mark="both"), "ann")
    give(shelf, selection(PIER, mark="one"), "bob", "cara")
    assert main(shelf) == {ONE.id: [PIER]}


def test_of_two_with_as_many_readers_the_larger_is_the_edition_and_then_the_first(shelf):
    give(shelf, selection(PIER, mark="b"), "ann")
    give(shelf, selection(FERRY, mark="a"), "bob")
    assert main(shelf) == {ONE.id: [FERRY]}
    give(shelf, selection(PIER, FERRY, mark="c"), "cara")
    assert main(shelf) == {ONE.id: [PIER, FERRY]}


def test_editions_that_hold_an_entry_are_found_by_it(shelf):
    give(shelf, selection(FERRY, named=[PIER]), "ann")
    assert read(shelf, printed_editions.list_numbers_holding, [PIER]) == [("weekly", 1)]
    assert read(shelf, printed_editions.list_numbers_holding, ["urn:other"]) == []


def test_editions_are_listed_by_number_and_the_newest_without_those_cancelled(shelf):
    assert read(shelf, printed_editions.list_numbers) == [("weekly", 1), ("weekly", 2)]
    assert read(shelf, printed_editions.list_numbered, "weekly", range(1, 5)) == [TWO, ONE]
    write(shelf, editions.mark_cancelled, TWO.id, MONDAY)
    assert read(shelf, printed_editions.list_newest, "weekly", 5) == [ONE]
    assert read(shelf, printed_editions.list_numbered, "weekly", [2]) == [cancelled(TWO)]
    assert read(shelf, printed_editions.last_number, "weekly") == 2


def test_editions_composed_at_one_instant_are_known_by_the_first_of_them(shelf):
    write(shelf, editions.add, edition(3, composed_at=MONDAY + DAY))
    found = read(shelf, printed_editions.first_numbers, "weekly", {MONDAY, MONDAY + DAY})
    assert found == {MONDAY: 1, MONDAY + DAY: 2}


def test_edition_is_to_be_printed_when_it_is_added_and_when_it_is_cancelled(shelf):
    printed = {Reprint("@newsletters/weekly", part) for part in (0, 1, 2)}
    assert due(shelf) == printed
    write(shelf, reprints.remove, printed)
    write(shelf, editions.mark_cancelled, ONE.id, MONDAY)
    assert due(shelf) == {Reprint("@newsletters/weekly"), Reprint("@newsletters/weekly", 1)}


def test_renamed_newsletter_is_to_be_printed_whole_and_knows_what_it_was_called(shelf):
    write(shelf, newsletters.add, "weekly", at=MONDAY, floor_at=MONDAY)
    write(shelf, newsletters.rename, "weekly", "letter")
    write(shelf, newsletters.rename, "letter", "news")
    assert {Reprint("@newsletters/news", part) for part in (0, 1, 2)} | {Reprint("@newsletters/letter")} <= due(shelf)
    assert read(shelf, newsletters.former_slugs, "news") == ["letter", "weekly"]
    write(shelf, newsletters.add, "weekly", at=MONDAY, floor_at=MONDAY)
    assert read(shelf, newsletters.former_slugs, "news") == ["letter"]
