"""What changes around deliveries: time passes, editions are cancelled, and entries are withdrawn after they were fixed.

Not here: a worker's own steps (test_deliveries).
"""

from dataclasses import replace

import pytest

from feeds.model import FINAL, Access, DeliveryState, State
from feeds.rules.corrections import Told
from feeds.store import deliveries, delivery_changes, editions, entries
from tests.store.givens import DAY, MONDAY, PLAIN, change, entry, read, write
from tests.store.mail_givens import (
    READERS,
    add_readers,
    begin,
    claim,
    compose,
    compose_every_state,
    defer,
    delivery,
    edition,
    put,
    row,
    rows,
    selection,
    send,
    states,
)

SECOND = DAY / 86_400
OLD, NEW = selection("urn:ferry"), selection("urn:ferry", mark="n")
WAITING = {DeliveryState.QUEUED, DeliveryState.CLAIMED, DeliveryState.DEFERRED, DeliveryState.UNBUILDABLE}


@pytest.fixture
def queued(queued):
    """Give a store with one edition queued for three readers, and a second selection to give them."""
    write(queued, editions.add_selection, NEW)
    return queued


# ---- what there is to do ----


def test_deferred_delivery_is_queued_again_when_it_is_due(queued):
    put(queued, "ann", state=DeliveryState.DEFERRED, due_at=MONDAY + SECOND)
    assert write(queued, deliveries.requeue_deferred, MONDAY) == 0
    assert write(queued, deliveries.requeue_deferred, MONDAY + SECOND) == 1
    assert states(queued)["ann"] == "queued"
    assert "ann" in claim(queued, now=MONDAY + SECOND)


def test_what_is_queued_and_due_is_counted_by_edition(queued):
    other = compose(queued, "ann", of=edition(2))
    put(queued, "ann", due_at=MONDAY + SECOND)
    put(queued, "bob", state=DeliveryState.SENT)
    assert read(queued, deliveries.count_queued, MONDAY) == {edition().id: 1, other.id: 1}
    assert read(queued, deliveries.count_queued, MONDAY - SECOND) == {}


def test_worker_finds_something_to_do_only_where_there_is(store):
    add_readers(store, "ann")
    compose(store, "ann")
    for state in DeliveryState:
        is_held = state in {"claimed", "sending"}
        put(store, "ann", state=state, worker="w1" if is_held else None, due_at=MONDAY)
        assert read(store, deliveries.has_due, MONDAY) is (is_held or state in {"queued", "deferred"})
        put(store, "ann", due_at=MONDAY + SECOND)
        assert read(store, deliveries.has_due, MONDAY) is is_held


def test_selection_is_unsettled_while_a_delivery_of_it_may_fail(store):
    add_readers(store, "ann")
    compose(store, "ann")
    other = compose(store, "ann", of=edition(2))
    for state in DeliveryState:
        put(store, "ann", state=state)
        expected = set() if state in FINAL else {OLD.id}
        assert read(store, delivery_changes.list_unsettled, [edition().id]) == expected
    assert read(store, delivery_changes.list_unsettled, [edition().id, other.id]) == {f"{other.id}#s"}
    assert read(store, delivery_changes.list_unsettled, []) == set()


# ---- an edition that is cancelled ----


def test_cancelling_ends_what_is_not_sent_and_nothing_else(store):
    compose_every_state(store)
    before = rows(store)
    assert write(store, delivery_changes.cancel_queued, edition().id, at=MONDAY + DAY) == len(WAITING)
    changed = {name: one for name, one in rows(store).items() if one != before[name]}
    assert changed.keys() == WAITING
    assert {(one.state, one.ended_at, one.worker) for one in changed.values()} == {("cancelled", MONDAY + DAY, None)}


def test_cancelling_ends_no_other_edition(queued):
    other = compose(queued, "ann", of=edition(2))
    write(queued, delivery_changes.cancel_queued, edition().id, at=MONDAY)
    assert delivery(queued, of=other).state == "queued"


def test_claimed_delivery_of_a_cancelled_edition_is_not_sent(queued):
    claim(queued)
    send(queued, "bob")
    write(queued, delivery_changes.cancel_queued, edition().id, at=MONDAY)
    assert not send(queued, "ann")
    assert states(queued) == {"ann": "cancelled", "bob": "sending", "cyd": "cancelled"}
    assert (row(queued, "ann").worker, row(queued, "bob").worker) == (None, "w1")


def test_edition_is_cancelled_when_all_its_deliveries_are(queued):
    compose(queued, "ann", of=edition(2))
    put(queued, "ann", state=DeliveryState.SENT)
    write(queued, delivery_changes.cancel_queued, edition().id, at=MONDAY)
    assert not read(queued, delivery_changes.are_all_cancelled, edition().id)
    put(queued, "ann", state=DeliveryState.CANCELLED)
    assert read(queued, delivery_changes.are_all_cancelled, edition().id)


# ---- entries that are public no more ----


@pytest.fixture
def stocked(store):
    """Give a store in which Ann's edition holds one entry, and Bob's another."""
    add_readers(store, "ann", "bob")
    compose(store, "ann")
    compose(store, "bob", of=edition(2), holding=("pier",))
    return store


def hide(store, how="withdrawn", name="ferry"):
    members = {"article": PLAIN.__class__(title=PLAIN.title, blocks=(), html=PLAIN.html, access=Access.MEMBERS)}
    change(store, entry(name), **(members if how == "members only" else {"state": State(how)}))


@pytest.mark.parametrize("how", ["withdrawn", "draft", "scheduled", "members only"])
def test_selection_that_waits_with_an_entry_that_is_public_no_more_is_stale(stocked, how):
    assert read(stocked, delivery_changes.list_stale) == []
    hide(stocked, how)
    assert read(stocked, delivery_changes.list_stale) == [OLD.id]


def test_only_what_may_yet_be_sent_is_stale(stocked):
    hide(stocked)
    for state in DeliveryState:
        put(stocked, "ann", state=state, worker="w1" if state in {"claimed", "sending"} else None)
        assert read(stocked, delivery_changes.list_stale) == ([OLD.id] if state in WAITING else [])


def test_selection_is_stale_where_the_entry_is_only_named(stocked):
    held = selection("urn:pier", mark="n", named=["urn:ferry"])
    write(stocked, editions.add_selection, held)
    put(stocked, "ann", selection_id=held.id)
    hide(stocked)
    assert read(stocked, delivery_changes.list_stale) == [held.id]


def test_selection_is_stale_where_it_tells_a_correction_to_what_is_public_no_more(stocked):
    told = Told("urn:ferry", 2, MONDAY, "It leaves at 7.")
    telling = replace(selection("urn:pier", mark="n"), corrections=(told,))
    write(stocked, editions.add_selection, telling)
    put(stocked, "ann", selection_id=telling.id)
    assert read(stocked, delivery_changes.list_stale) == []
    hide(stocked)
    assert read(stocked, delivery_changes.list_stale) == [telling.id]
    assert claim(stocked) == []


def test_stale_selection_is_listed_once_whatever_it_holds_and_for_however_many(store):
    add_readers(store, *READERS)
    compose(store, *READERS, holding=("ferry", "pier"))
    for name in ("ferry", "pier"):
        hide(store, name=name)
    assert read(store, delivery_changes.list_stale) == [OLD.id]


def test_entry_that_was_withdrawn_by_hand_makes_its_selection_stale(stocked):
    write(stocked, entries.mark_withdrawn, ["urn:pier"], at=MONDAY, by="operator", reason="wrong")
    assert read(stocked, delivery_changes.list_stale) == [f"{edition(2).id}#s"]


# ---- another selection ----


def reselect(store, new=NEW.id):
    return write(store, delivery_changes.reselect, OLD.id, new, edition_id=edition().id, at=MONDAY + DAY)


def test_what_is_not_sent_gets_the_other_selection_and_nothing_else_does(store):
    compose_every_state(store)
    write(store, editions.add_selection, NEW)
    before = rows(store)
    assert reselect(store) == len(WAITING)
    changed = {name: one for name, one in rows(store).items() if one != before[name]}
    assert {one.selection_id for one in changed.values()} == {NEW.id}
    after = {name: one.state for name, one in changed.items()}
    assert after == {state: state for state in WAITING} | {"claimed": "queued"}


def test_who_has_another_selection_already_keeps_it(queued):
    third = selection("urn:ferry", mark="t")
    write(queued, editions.add_selection, third)
    put(queued, "ann", selection_id=third.id)
    assert reselect(queued) == 2
    assert delivery(queued).selection_id == third.id


def test_worker_cannot_send_what_it_built_of_the_selection_before(queued):
    claim(queued)
    begin(queued)
    send(queued, "bob")
    assert reselect(queued) == 2
    assert not send(queued, "ann")
    assert states(queued) == {"ann": "queued", "bob": "sending", "cyd": "queued"}
    assert (row(queued).worker, row(queued).begun_at, delivery(queued).crashes) == (None, None, 0)
    assert delivery(queued, "bob").selection_id == OLD.id
    assert claim(queued, worker="w2") == ["ann", "cyd"]


def test_where_nothing_is_left_what_is_not_sent_is_cancelled(queued):
    claim(queued)
    send(queued, "bob")
    put(queued, "cyd", state=DeliveryState.DEFERRED, worker=None)
    assert reselect(queued, None) == 2
    assert states(queued) == {"ann": "cancelled", "bob": "sending", "cyd": "cancelled"}
    assert (row(queued).worker, row(queued).ended_at, row(queued).selection_id) == (None, MONDAY + DAY, OLD.id)


def test_deferred_delivery_waits_on_with_the_other_selection(queued):
    claim(queued)
    send(queued, "ann")
    defer(queued, until=MONDAY + DAY)
    reselect(queued)
    found = delivery(queued)
    assert (found.state, found.due_at, found.attempts) == (DeliveryState.DEFERRED, MONDAY + DAY, 1)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_nobody_claims_what_is_getting_another_selection(queued):
    with queued.writing() as one, queued.writing() as other:
        assert delivery_changes.reselect(one, OLD.id, NEW.id, edition_id=edition().id, at=MONDAY) == 3
        assert deliveries.claim(other, edition(), worker="w1", now=MONDAY, limit=9) == []
    assert claim(queued) == list(READERS)


def test_what_comes_back_to_the_queue_of_a_cancelled_edition_is_cancelled(queued):
    other = compose(queued, "ann", of=edition(2))
    put(queued, "bob", state=DeliveryState.DEFERRED)
    write(queued, editions.mark_cancelled, edition().id, MONDAY)
    assert write(queued, delivery_changes.cancel_of_cancelled, MONDAY) == 2
    assert [delivery(queued, name).state for name in READERS] == ["cancelled", "deferred", "cancelled"]
    assert delivery(queued, of=other).state == DeliveryState.QUEUED
