"""Deliveries as they come into being: each promise once, for each reader their own selection.

Not here: what becomes of them (test_deliveries), notices (test_notices).
"""

import pytest
from sqlalchemy.exc import IntegrityError

from feeds.errors import UsageWrong
from feeds.store import editions, promises, subscribers
from feeds.store.promises import Promise
from tests.store.givens import read, write
from tests.store.mail_givens import READERS, add_readers, compose, delivery, edition, reader, selection, states

WEEKLY = edition()


@pytest.mark.rule("D1")
def test_edition_has_one_delivery_for_each_reader(queued):
    assert states(queued) == dict.fromkeys(READERS, "queued")
    found = delivery(queued)
    assert (found.about, found.selection_id, found.transport) == (WEEKLY.id, f"{WEEKLY.id}#s", "smtp")
    assert (found.generation, found.attempts, found.crashes, found.dated_at) == (0, 0, 0, None)
    assert found.queued_at == found.due_at == WEEKLY.composed_at


@pytest.mark.rule("D1")
def test_second_delivery_to_a_reader_undoes_the_edition_that_would_hold_it(store):
    add_readers(store, "ann")
    with pytest.raises(ValueError, match="promised it twice"):
        compose(store, "ann", "ann")
    assert states(store) == {}
    with pytest.raises(UsageWrong):
        read(store, editions.get, WEEKLY.id)


@pytest.mark.rule("D1")
def test_edition_that_is_there_is_promised_to_nobody_twice(queued):
    again = [Promise(subscriber_id="ann", selection_id=f"{WEEKLY.id}#s")]
    with pytest.raises(IntegrityError):
        write(queued, promises.add, WEEKLY, again, transport="maildir")
    assert len(states(queued)) == 3


@pytest.mark.parametrize("address", ["Ann@X.Example", '"a@b"@x.example'])
def test_domain_is_what_stands_behind_the_last_at_sign_in_small_letters(store, address):
    write(store, subscribers.add, [reader("ann", address=address)])
    compose(store)
    promise = Promise(subscriber_id="ann", selection_id=f"{WEEKLY.id}#s")
    write(store, promises.add, WEEKLY, [promise], transport="smtp")
    assert delivery(store).domain == "x.example"


def test_more_readers_than_are_written_down_at_once_are_all_promised_it(store):
    names = [f"r{number}" for number in range(2 * promises.ADDED_AT_ONCE + 1)]
    add_readers(store, *names)
    compose(store)
    made = (Promise(subscriber_id=one, selection_id=f"{WEEKLY.id}#s") for one in names)
    write(store, promises.add, WEEKLY, made, transport="smtp")
    assert states(store).keys() == {*names}


def test_edition_without_readers_is_promised_to_nobody(store):
    compose(store)
    write(store, promises.add, WEEKLY, [], transport="smtp")
    assert states(store) == {}


def test_readers_get_the_selection_that_they_were_promised(store):
    add_readers(store, "ann", "bob", "cara")
    compose(store)
    other = selection("urn:ferry", mark="o")
    write(store, editions.add_selection, other)
    chosen = {"ann": f"{WEEKLY.id}#s", "bob": other.id, "cara": f"{WEEKLY.id}#s"}
    made = [Promise(subscriber_id=one, selection_id=held) for one, held in chosen.items()]
    write(store, promises.add, WEEKLY, made, transport="smtp")
    assert {name: delivery(store, name).selection_id for name in chosen} == chosen


def test_edition_that_is_promised_to_somebody_unknown_is_refused(store):
    compose(store)
    with pytest.raises(ValueError, match="not in the store"):
        write(
            store,
            promises.add,
            WEEKLY,
            [Promise(subscriber_id="nobody", selection_id=f"{WEEKLY.id}#s")],
            transport="smtp",
        )
