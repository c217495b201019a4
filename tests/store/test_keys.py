"""The site's keys: made once, the newest signs, and one that was retired is good for nothing after its time of grace.

Not here: what is signed (tests/rules/test_message_identity.py).
"""

import pytest
from sqlalchemy import insert, update

from feeds.store import keys
from feeds.store.schema import keys as table
from tests.store.givens import DAY, MONDAY, read, write


def retire(store, number):
    with store.writing() as tx:
        tx.execute(update(table).where(table.c.id == number).values(retired_at=MONDAY))


def test_store_has_no_key_until_one_is_needed(store):
    assert read(store, keys.find_current) is None


def test_key_is_made_once_and_stays(store):
    made = write(store, keys.current, at=MONDAY)
    assert write(store, keys.current, at=MONDAY + DAY) == made
    assert read(store, keys.find_current) == made
    assert len(made[1]) == 32


def test_each_key_is_another(store):
    first = write(store, keys.current, at=MONDAY)
    retire(store, first[0])
    second = write(store, keys.current, at=MONDAY)
    assert (first[0] != second[0], first[1] != second[1]) == (True, True)


def test_newest_key_signs_and_when_it_is_retired_the_one_before(store):
    first, _ = write(store, keys.current, at=MONDAY)
    with store.writing() as tx:
        tx.execute(insert(table).values(secret=b"new", created_at=MONDAY + DAY))
    number, secret = read(store, keys.find_current)
    assert (number > first, secret) == (True, b"new")
    retire(store, number)
    assert read(store, keys.find_current)[0] == first


def test_key_is_found_by_its_number_until_it_is_retired(store):
    number, secret = write(store, keys.current, at=MONDAY)
    assert read(store, keys.find, number, now=MONDAY) == secret
    assert read(store, keys.find, number + 1, now=MONDAY) is None
    retire(store, number)
    assert read(store, keys.find, number, now=MONDAY) is None


@pytest.mark.rule("T85")
def test_key_that_another_took_the_place_of_is_good_for_its_time_of_grace_and_no_longer(store):
    old, secret = write(store, keys.current, at=MONDAY)
    new = write(store, keys.rotate, at=MONDAY + DAY, until=MONDAY + 3 * DAY)
    assert read(store, keys.find_current)[0] == new > old
    assert read(store, keys.find, old, now=MONDAY + 2 * DAY) == secret
    assert read(store, keys.find, old, now=MONDAY + 3 * DAY) is None
    assert [(key.id, key.retired_at) for key in read(store, keys.list_all)] == [(new, None), (old, MONDAY + 3 * DAY)]


def test_first_key_is_found_for_ever(store):
    secret = write(store, keys.first, at=MONDAY)
    write(store, keys.rotate, at=MONDAY, until=MONDAY)
    assert read(store, keys.find_first) == secret == write(store, keys.first, at=MONDAY + DAY)
