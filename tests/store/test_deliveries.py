"""The ledger: each promise once, each in one worker's hands, and each step only by the worker that holds it.

Not here: claiming (test_claiming), after a crash (test_recovery), what changes around deliveries
(test_delivery_changes), questions (test_delivery_lists).
"""

from dataclasses import replace

import pytest

from feeds.model import DeliveryState
from feeds.store import deliveries
from feeds.store.deliveries import Ending
from tests.store.givens import DAY, MONDAY, write
from tests.store.mail_givens import (
    LATER,
    READERS,
    TAKEN,
    begin,
    claim,
    compose_every_state,
    defer,
    delivery,
    edition,
    end,
    give_back,
    leave,
    put,
    row,
    rows,
    send,
    states,
)

SENT, SENDING, CLAIMED = DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.CLAIMED
SECOND = DAY / 86_400
WEEKLY = edition()


# ---- a worker's steps ----


def test_message_is_being_sent_from_before_it_is_handed_over(queued):
    claim(queued)
    assert send(queued, at=MONDAY + SECOND)
    found = delivery(queued)
    assert (found.state, found.attempts, found.dated_at, found.transport) == (SENDING, 1, MONDAY + SECOND, "smtp")


@pytest.mark.rule("D5")
def test_message_is_handed_over_once_for_each_claim(queued):
    claim(queued)
    assert [send(queued), send(queued)] == [True, False]
    assert delivery(queued).attempts == 1


def test_date_of_a_message_is_that_of_its_first_attempt(queued):
    claim(queued)
    send(queued)
    defer(queued, until=MONDAY + SECOND)
    write(queued, deliveries.requeue_deferred, MONDAY + SECOND)
    claim(queued, worker="w2", now=MONDAY + SECOND)
    assert send(queued, worker="w2", at=MONDAY + DAY)
    found = delivery(queued)
    assert (found.dated_at, found.attempts) == (MONDAY, 2)


def test_sent_delivery_is_final_and_says_what_was_answered(queued):
    claim(queued)
    send(queued)
    assert end(queued, at=MONDAY + SECOND)
    found = row(queued)
    assert (found.state, found.ended_at, found.worker, found.begun_at) == (SENT, MONDAY + SECOND, None, None)
    assert (found.reply_code, found.reply_enhanced, found.reply_text) == (250, "2.0.0", "queued as 4bXy")


def test_delivery_that_is_refused_ends_without_an_attempt(queued):
    claim(queued)
    assert leave(queued, state=DeliveryState.CANCELLED)
    found = delivery(queued)
    assert (found.state, found.attempts, found.reply_text) == (DeliveryState.CANCELLED, 0, None)


def test_answer_that_could_not_be_read_has_no_code(queued):
    claim(queued)
    send(queued)
    leave(queued, state=DeliveryState.IN_DOUBT, reply=replace(TAKEN, code=0))
    assert delivery(queued).reply_code is None


def test_deferred_delivery_waits_in_nobodys_hands(queued):
    claim(queued)
    send(queued)
    assert defer(queued, until=MONDAY + DAY)
    found = row(queued)
    assert (found.state, found.due_at, found.worker) == (DeliveryState.DEFERRED, MONDAY + DAY, None)
    assert (found.reply_code, found.ended_at) == (451, None)
    assert claim(queued, worker="w2", now=MONDAY + 2 * DAY) == []


def test_claims_are_given_back_and_what_is_being_sent_is_not(queued):
    claim(queued)
    begin(queued)
    send(queued, "bob")
    assert write(queued, deliveries.release, "w1") == 2
    assert states(queued) == {"ann": "queued", "bob": "sending", "cyd": "queued"}
    assert (row(queued).worker, row(queued).begun_at, delivery(queued).crashes) == (None, None, 0)


def test_delivery_of_which_nothing_was_sent_is_given_back(queued):
    claim(queued)
    send(queued)
    give_back(queued)
    assert (delivery(queued).state, row(queued).worker) == (DeliveryState.QUEUED, None)


STEPS = {
    "begin": begin,
    "send": send,
    "end": end,
    "defer": lambda store, name: defer(store, name, until=MONDAY),
    "give back": give_back,
    "release": lambda store, name: write(store, deliveries.release, "w1"),
}


@pytest.mark.rule("D5")
@pytest.mark.rule("T135")
@pytest.mark.parametrize("what", STEPS)
def test_worker_that_does_not_hold_it_changes_nothing(store, what):
    compose_every_state(store, worker="w2")
    before = rows(store)
    assert not any(STEPS[what](store, state.value) for state in DeliveryState)
    assert rows(store) == before


BEFORE_DATA = {"begin", "send", "release"}


@pytest.mark.rule("D5")
@pytest.mark.parametrize("what", STEPS)
def test_step_is_made_only_from_the_state_that_it_begins_in(store, what):
    compose_every_state(store)
    for state in DeliveryState:
        put(store, state.value, worker="w1")
    before = rows(store)
    for state in DeliveryState:
        STEPS[what](store, state.value)
    changed = {name for name, one in rows(store).items() if one != before[name]}
    assert changed == ({CLAIMED} if what in BEFORE_DATA else {CLAIMED, SENDING})


@pytest.mark.rule("D5")
@pytest.mark.rule("T135")
@pytest.mark.parametrize("what", STEPS)
def test_worker_whose_claim_was_settled_by_another_sends_nothing(queued, what):
    claim(queued)
    write(queued, deliveries.recover, "w1", at=MONDAY, most_crashes=3)
    claim(queued, worker="w2")
    before = rows(queued)
    assert not STEPS[what](queued, "ann")
    assert rows(queued) == before


@pytest.mark.rule("D5")
def test_what_has_ended_is_changed_by_no_step(queued):
    claim(queued, limit=1)
    send(queued)
    assert STEPS["end"](queued, "ann")
    before = rows(queued)
    assert not any(STEPS[what](queued, "ann") for what in STEPS)
    assert rows(queued) == before


def test_steps_of_several_are_stored_at_once_and_only_those_that_are_held(queued):
    claim(queued)
    ann, bob, cyd = (row(queued, name).id for name in READERS)
    put(queued, "bob", worker="w2")
    dated = dict.fromkeys((ann, bob, cyd), MONDAY)
    assert write(queued, deliveries.mark_sending, dated, worker="w1", transport="smtp") == {ann, cyd}
    put(queued, "cyd", worker="w2")
    endings = [
        Ending(delivery_id=ann, state=SENT, reply=TAKEN),
        Ending(delivery_id=bob, state=DeliveryState.CANCELLED),
        Ending(delivery_id=cyd, state=DeliveryState.DEFERRED, reply=LATER, until=MONDAY + DAY),
    ]
    assert write(queued, deliveries.mark_left, endings, worker="w1", at=MONDAY) == {ann}
    assert states(queued) == {"ann": "sent", "bob": "claimed", "cyd": "sending"}
