"""What a statement of the ledger leaves alone: rows beside those that it names, in other hands, states and editions.

Not here: what the statements do (test_deliveries, test_recovery).
"""

from dataclasses import replace

import pytest

from feeds.model import DeliveryState
from feeds.store import deliveries, editions, entries
from feeds.store.deliveries import Ending
from tests.store.givens import DAY, MONDAY, add, entry, read, write
from tests.store.mail_givens import (
    LATER,
    READERS,
    TAKEN,
    begin,
    claim,
    compose,
    delivery,
    edition,
    give_back,
    leave,
    put,
    row,
    selection,
    send,
    states,
)

SENT, SENDING, CLAIMED = DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.CLAIMED
WEEKLY = edition()


@pytest.mark.parametrize("mark", [editions.mark_paused, editions.mark_cancelled])
def test_edition_that_was_stopped_gives_no_claims_while_another_does(queued, mark):
    other = compose(queued, "ann", of=edition(2))
    write(queued, mark, WEEKLY.id, *((MONDAY,) if mark is editions.mark_cancelled else ()))
    assert claim(queued) == []
    assert claim(queued, other) == ["ann"]


def test_paused_edition_is_nothing_to_do_and_hides_no_other(queued):
    write(queued, editions.mark_paused, WEEKLY.id)
    assert not read(queued, deliveries.has_due, MONDAY)
    compose(queued, "ann", of=edition(2))
    assert read(queued, deliveries.has_due, MONDAY)


def test_domains_that_rest_are_not_claimed(queued):
    put(queued, "bob", domain="slow.example")
    claimed = write(queued, deliveries.claim, WEEKLY, worker="w1", now=MONDAY, limit=9, but_for=["slow.example"])
    assert [one.delivery.subscriber_id for one in claimed] == ["ann", "cyd"]
    assert claim(queued) == ["bob"]


def test_what_brings_a_withdrawn_entry_is_left_in_the_queue_and_keeps_no_other_back(queued):
    add(queued, entry("pier"))
    write(queued, editions.add_selection, selection("urn:pier", mark="n"))
    put(queued, "cyd", selection_id=selection(mark="n").id)
    write(queued, entries.mark_withdrawn, ["urn:ferry"], at=MONDAY, by="operator", reason="wrong")
    before = row(queued)
    assert [claim(queued, limit=1), claim(queued, limit=1)] == [["cyd"], []]  # ann and bob stand before cyd
    assert states(queued) == {"ann": "queued", "bob": "queued", "cyd": "claimed"}
    assert row(queued) == before


def test_messages_of_different_dates_are_marked_at_once(queued):
    claim(queued)
    dated = {row(queued, name).id: MONDAY + number * DAY for number, name in enumerate(READERS)}
    assert write(queued, deliveries.mark_sending, dated, worker="w1", transport="smtp") == {*dated}
    assert [delivery(queued, name).dated_at for name in READERS] == [*dated.values()]


def test_ending_of_one_delivery_says_nothing_of_others_in_the_same_hands(queued):
    claim(queued)
    send(queued, "bob")
    ann = row(queued).id
    left = [Ending(delivery_id=ann, state=SENT, reply=TAKEN)]
    assert write(queued, deliveries.mark_left, left, worker="w1", at=MONDAY) == {ann}
    assert states(queued) == {"ann": "sent", "bob": "sending", "cyd": "claimed"}


def test_only_what_is_named_is_given_back_and_without_a_trace(queued):
    claim(queued)
    begin(queued, "ann")
    send(queued, "bob")
    give_back(queued, "ann")
    assert states(queued) == {"ann": "queued", "bob": "sending", "cyd": "claimed"}
    assert (row(queued).begun_at, row(queued).worker) == (None, None)


def test_what_was_being_sent_forgets_when_it_was_begun(queued):
    put(queued, "ann", state=SENDING, worker="w1", begun_at=MONDAY)
    write(queued, deliveries.recover, "w1", at=MONDAY + DAY, most_crashes=3)
    assert (row(queued).state, row(queued).begun_at) == (DeliveryState.IN_DOUBT, None)


@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.QUEUED])
def test_only_what_waits_in_the_queue_is_set_aside_for_its_crashes(queued, state):
    put(queued, "ann", state=state, crashes=3, worker="w2" if state in {CLAIMED, SENDING} else None)
    before = row(queued)
    assert write(queued, deliveries.recover, "w1", at=MONDAY + DAY, most_crashes=3) == (0, 0)
    assert row(queued) == before


def test_answer_that_is_stored_later_replaces_the_one_before_whole(queued):
    claim(queued)
    send(queued)
    for reply in (TAKEN, replace(TAKEN, enhanced=None, text="ok")):
        put(queued, "ann", state=SENDING, worker="w1", ended_at=None)
        left = [Ending(delivery_id=row(queued).id, state=SENT, reply=reply)]
        write(queued, deliveries.mark_left, left, worker="w1", at=MONDAY)
        found = row(queued)
        assert (found.reply_code, found.reply_enhanced, found.reply_text) == (250, reply.enhanced, reply.text)


@pytest.mark.parametrize("state", [DeliveryState.BOUNCED, DeliveryState.EXPIRED, DeliveryState.DEFERRED])
def test_refusal_before_the_message_is_handed_over_was_an_attempt_too(queued, state):
    claim(queued)
    send(queued, "bob")
    for name in ("ann", "bob"):
        leave(queued, name, state=state, reply=LATER, until=MONDAY + DAY)
        assert (delivery(queued, name).state, delivery(queued, name).attempts) == (state, 1)
