"""What becomes of deliveries when the worker that held them died.

Not here: telling that it did (test_worker_locks).
"""

import pytest

from feeds.model import DeliveryState
from feeds.store import deliveries, editions
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import (
    READERS,
    begin,
    claim,
    compose,
    compose_every_state,
    delivery,
    edition,
    put,
    row,
    rows,
    send,
    states,
)

MOST = 3


def recover(store, worker="w1"):
    return write(store, deliveries.recover, worker, at=MONDAY + DAY, most_crashes=MOST)


def test_what_was_only_claimed_is_queued_again(queued):
    claim(queued)
    assert recover(queued) == (0, 0)
    assert states(queued) == dict.fromkeys(READERS, "queued")
    assert [row(queued, name).worker for name in READERS] == [None] * 3
    assert [delivery(queued, name).crashes for name in READERS] == [0] * 3


def test_what_was_being_sent_is_in_doubt_and_says_why(queued):
    claim(queued)
    begin(queued, "ann")
    send(queued, "ann")
    assert recover(queued) == (1, 0)
    found = row(queued)
    assert (found.state, found.worker, found.begun_at) == (DeliveryState.IN_DOUBT, None, None)
    assert (found.ended_at, found.attempts) == (MONDAY + DAY, 1)
    assert found.reply_text == "the worker was killed while the message was being handed over"


def test_only_the_one_in_hand_counts_a_crash(queued):
    claim(queued)
    begin(queued, "bob")
    recover(queued)
    assert [delivery(queued, name).crashes for name in READERS] == [0, 1, 0]
    assert row(queued, "bob").begun_at is None


def test_what_others_hold_is_left_to_them(queued):
    claim(queued, limit=1)
    claim(queued, worker="w2")
    send(queued, "bob", worker="w2")
    before = rows(queued)
    recover(queued)
    assert rows(queued) | {"ann": None} == before | {"ann": None}
    assert states(queued)["ann"] == "queued"


def test_what_nobody_holds_is_left_as_it_is(store):
    compose_every_state(store)
    before = rows(store)
    assert recover(store) == (1, 0)
    assert {name for name, one in rows(store).items() if one != before[name]} == {"claimed", "sending"}


def test_settling_twice_changes_nothing_more(queued):
    claim(queued)
    begin(queued, "ann")
    send(queued, "bob")
    recover(queued)
    before = rows(queued)
    assert recover(queued) == (0, 0)
    assert rows(queued) == before


def crash(store, name):
    """Let a worker die with the delivery to a reader in hand, once it can be had."""
    while name not in (batch := claim(store, worker="w1")):
        for other in batch:
            put(store, other, state=DeliveryState.SENT, worker=None)
    begin(store, name)
    return recover(store)


@pytest.mark.rule("T136")
def test_what_crashes_the_worker_three_times_is_set_aside_and_the_rest_goes_on(queued):
    assert [crash(queued, "ann") for _ in range(MOST)] == [(0, 0), (0, 0), (0, 1)]
    assert states(queued) == {"ann": "unbuildable", "bob": "sent", "cyd": "sent"}
    found = delivery(queued)
    assert (found.crashes, found.ended_at) == (3, MONDAY + DAY)
    assert found.reply_text == "the worker crashed 3 times with it in hand"
    assert claim(queued) == []


@pytest.mark.rule("T136")
def test_after_one_crash_the_others_go_first(queued):
    claim(queued)
    begin(queued, "ann")
    recover(queued)
    assert claim(queued, worker="w2") == ["bob", "cyd"]


def test_workers_with_something_in_hand_are_known(queued):
    assert read(queued, deliveries.list_workers) == []
    claim(queued, limit=1)
    claim(queued, worker="w2", limit=1)
    send(queued, "bob", worker="w2")
    assert set(read(queued, deliveries.list_workers)) == {"w1", "w2"}
    recover(queued)
    assert read(queued, deliveries.list_workers) == ["w2"]


# ---- what is in doubt ----


@pytest.fixture
def doubtful(queued):
    """Give a store in which one delivery by SMTP and one into a Maildir are in doubt."""
    put(queued, "ann", state=DeliveryState.IN_DOUBT, ended_at=MONDAY, transport="smtp")
    put(queued, "bob", state=DeliveryState.IN_DOUBT, ended_at=MONDAY, transport="maildir")
    put(queued, "cyd", state=DeliveryState.UNBUILDABLE, ended_at=MONDAY, transport="maildir")
    return queued


def test_doubt_is_queued_again_where_the_transport_repeats_nothing(doubtful):
    assert write(doubtful, deliveries.resend_doubtful, transports={"maildir"}, most_attempts=10) == 1
    assert states(doubtful) == {"ann": "in_doubt", "bob": "queued", "cyd": "unbuildable"}
    assert delivery(doubtful, "bob").ended_at is None


def test_doubt_is_queued_again_with_any_transport_where_that_is_said(doubtful):
    assert write(doubtful, deliveries.resend_doubtful, transports=None, most_attempts=10) == 2
    assert states(doubtful) == {"ann": "queued", "bob": "queued", "cyd": "unbuildable"}


def test_doubt_is_held_where_every_transport_repeats(doubtful):
    assert write(doubtful, deliveries.resend_doubtful, transports=(), most_attempts=10) == 0
    assert states(doubtful)["ann"] == "in_doubt"


def test_doubt_that_came_back_ten_times_is_left_to_a_person(doubtful):
    put(doubtful, "ann", attempts=10)
    assert write(doubtful, deliveries.resend_doubtful, transports=None, most_attempts=10) == 1
    assert states(doubtful)["ann"] == "in_doubt"


def test_doubt_about_a_cancelled_edition_is_not_resent(doubtful):
    write(doubtful, editions.mark_cancelled, edition().id, MONDAY)
    assert write(doubtful, deliveries.resend_doubtful, transports=None, most_attempts=10) == 0


def test_what_is_resent_keeps_its_generation_and_its_date(doubtful):
    put(doubtful, "ann", dated_at=MONDAY, attempts=1)
    write(doubtful, deliveries.resend_doubtful, transports=None, most_attempts=10)
    found = delivery(doubtful)
    assert (found.generation, found.dated_at, found.attempts) == (0, MONDAY, 1)


def test_crashes_of_one_edition_are_not_counted_for_another(queued):
    other = compose(queued, "ann", of=edition(2))
    claim(queued)
    begin(queued, "ann")
    recover(queued)
    assert (delivery(queued).crashes, delivery(queued, of=other).crashes) == (1, 0)
