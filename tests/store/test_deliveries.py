"""The ledger: each promise once, each in one worker's hands, and each step only by the worker that holds it.

Not here: after a crash (test_recovery), what changes around deliveries (test_delivery_changes), questions
(test_delivery_lists).
"""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from feeds.errors import UsageWrong
from feeds.model import DeliveryState, SubscriptionState
from feeds.store import deliveries, editions, subscribers, suppressions
from feeds.store.deliveries import Ending, Promise
from feeds.store.engine import Store
from feeds.store.suppressions import Suppression
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import (
    LATER,
    TAKEN,
    add_readers,
    begin,
    claim,
    compose,
    compose_every_state,
    defer,
    delivery,
    edition,
    end,
    give_back,
    leave,
    put,
    reader,
    row,
    rows,
    send,
    states,
)

SENT, SENDING, CLAIMED = DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.CLAIMED
READERS = ("ann", "bob", "cyd")
SECOND = DAY / 86_400
WEEKLY = edition()
MANY = [f"r{number:02}" for number in range(60)]


@pytest.fixture
def queued(store):
    """Give a store with one edition queued for three readers."""
    add_readers(store, *READERS)
    compose(store, *READERS)
    return store


@pytest.fixture
def crowd(store):
    """Give a store with one edition queued for sixty readers."""
    add_readers(store, *MANY)
    compose(store, *MANY)
    return store


# ---- promising ----


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
    with pytest.raises(IntegrityError):
        compose(store, "ann", "ann")
    assert states(store) == {}
    with pytest.raises(UsageWrong):
        read(store, editions.get, WEEKLY.id)


@pytest.mark.rule("D1")
def test_edition_that_is_there_is_promised_to_nobody_twice(queued):
    again = [Promise(subscriber_id="ann", address="ann@x.example", selection_id=f"{WEEKLY.id}#s")]
    with pytest.raises(IntegrityError):
        write(queued, deliveries.add, WEEKLY, again, transport="maildir")
    assert len(states(queued)) == 3


def test_domain_of_a_delivery_is_in_small_letters(store):
    add_readers(store, "ann")
    compose(store)
    promise = Promise(subscriber_id="ann", address="Ann@X.Example", selection_id=f"{WEEKLY.id}#s")
    assert write(store, deliveries.add, WEEKLY, [promise], transport="smtp") == 1
    assert delivery(store).domain == "x.example"


def test_edition_without_readers_is_promised_to_nobody(store):
    compose(store)
    assert write(store, deliveries.add, WEEKLY, [], transport="smtp") == 0


# ---- claiming ----


def test_worker_claims_in_order_up_to_the_limit(queued):
    assert claim(queued, limit=2) == ["ann", "bob"]
    assert claim(queued, limit=2) == ["cyd"]
    assert claim(queued, limit=2) == []
    assert (row(queued).worker, delivery(queued).state) == ("w1", CLAIMED)


def test_only_what_is_queued_is_claimed(store):
    compose_every_state(store)
    before = rows(store)
    assert claim(store, worker="w2") == ["queued"]
    assert {name for name, one in rows(store).items() if one != before[name]} == {"queued"}


def test_only_what_is_due_is_claimed(queued):
    put(queued, "bob", due_at=MONDAY + SECOND)
    assert claim(queued, now=MONDAY) == ["ann", "cyd"]
    assert claim(queued, now=MONDAY + SECOND) == ["bob"]


def test_claim_alone_takes_nothing_in_hand(queued):
    put(queued, "ann", begun_at=MONDAY)
    claim(queued)
    assert row(queued).begun_at is None


def test_only_its_own_edition_is_claimed(queued):
    other = compose(queued, "bob", of=edition(2))
    assert claim(queued, other) == ["bob"]
    assert claim(queued) == list(READERS)


def test_notice_is_claimed_by_no_edition(queued):
    put(queued, "bob", kind="notice")
    assert claim(queued) == ["ann", "cyd"]


def test_what_crashed_a_worker_is_claimed_after_all_others(queued):
    put(queued, "ann", crashes=1)
    assert [claim(queued, limit=1) for _ in READERS] == [["bob"], ["cyd"], ["ann"]]


def test_what_was_tried_before_is_claimed_after_what_was_not(queued):
    put(queued, "ann", attempts=2)
    put(queued, "bob", attempts=1, crashes=1)
    assert [claim(queued, limit=1) for _ in READERS] == [["cyd"], ["ann"], ["bob"]]


def test_what_crashed_a_worker_shares_no_batch_with_others(queued):
    put(queued, "ann", crashes=1)
    assert [claim(queued), claim(queued)] == [["bob", "cyd"], ["ann"]]


def test_claim_says_what_decides_whether_it_may_still_go(queued):
    pair = ("ann", "weekly")
    write(queued, subscribers.replace, reader("ann", name="Ann Lee", forgotten_at=MONDAY))
    write(queued, subscribers.mark_ended, pair, at=MONDAY, by="reader")
    write(queued, subscribers.mark_paused, pair, until=MONDAY + DAY)
    dead = Suppression(address_key="ann@x.example", reason="bounced", evidence="550", created_at=MONDAY)
    write(queued, suppressions.add, dead)
    ann, bob, _ = write(queued, deliveries.claim, WEEKLY, worker="w1", now=MONDAY, limit=9)
    assert (ann.delivery, ann.address, ann.name) == (delivery(queued), "ann@x.example", "Ann Lee")
    assert (ann.is_forgotten, ann.is_suppressed, ann.paused_until) == (True, True, MONDAY + DAY)
    assert ann.subscription is SubscriptionState.ENDED
    assert (bob.is_forgotten, bob.is_suppressed, bob.paused_until) == (False, False, None)
    assert bob.subscription is SubscriptionState.ACTIVE


def test_claim_asks_for_the_subscription_to_that_newsletter_alone(store):
    add_readers(store, "ann", newsletter="daily")
    compose(store, "ann")
    (ann,) = write(store, deliveries.claim, WEEKLY, worker="w1", now=MONDAY, limit=9)
    assert ann.subscription is None


def claim_until_empty(url, worker, found):
    store = Store(url)
    while batch := claim(store, worker=worker, limit=7):
        found += batch
    store.close()


def test_workers_at_once_claim_nothing_twice_and_leave_nothing(crowd):
    url, found = crowd.url.render_as_string(hide_password=False), [[] for _ in range(4)]
    threads = [
        threading.Thread(target=claim_until_empty, args=(url, f"w{number}", mine)) for number, mine in enumerate(found)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(name for mine in found for name in mine) == MANY
    held = {name: f"w{number}" for number, mine in enumerate(found) for name in mine}
    assert all(row(crowd, name).worker == worker for name, worker in held.items())


@pytest.mark.rule("D8")
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_postgresql_skips_what_another_is_claiming_and_waits_for_nobody(crowd):
    def batch(tx, worker):
        return deliveries.claim(tx, WEEKLY, worker=worker, now=MONDAY, limit=5)

    with crowd.writing() as one, crowd.writing() as other:
        ours, theirs = batch(one, "w1"), batch(other, "w2")
    assert [claimed.delivery.subscriber_id for claimed in ours] == MANY[:5]
    assert [claimed.delivery.subscriber_id for claimed in theirs] == MANY[5:10]


@pytest.mark.rule("D8")
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_postgresql_takes_no_more_than_the_limit_however_small_it_thinks_the_table(store):
    add_readers(store, "ann", *MANY)
    compose(store, "ann")
    with store.writing() as tx:
        tx.execute(text("ANALYZE deliveries"))  # from now on it plans for one row
    compose(store, *MANY, of=edition(2))
    assert claim(store, edition(2), limit=3) == MANY[:3]


def plan_of_claim(store):
    """Return how the database goes about the first statement of a claim."""
    asked = []

    def keep(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", keep)
    claim(store, limit=1)
    event.remove(store.engine, "before_cursor_execute", keep)
    explain = "EXPLAIN QUERY PLAN " if store.file else "EXPLAIN "
    statement, parameters = next(one for one in asked if "UPDATE deliveries" in one[0])
    with store.writing() as tx:
        return "\n".join(str(line) for line in tx.exec_driver_sql(explain + statement, parameters))


@pytest.mark.rule("D8")
def test_claim_reads_what_is_queued_alone_and_in_order(crowd):
    with crowd.writing() as tx:
        tx.execute(text("UPDATE deliveries SET state = 'sent' WHERE id % 2 = 0"))
        if crowd.file is None:
            tx.execute(text("ANALYZE deliveries"))
            tx.execute(text("SET enable_seqscan = off"))  # it would read a table as small as this one whole
    plan = plan_of_claim(crowd)
    assert ("ix_deliveries_about_state (about=? AND state=?)" if crowd.file else "ix_deliveries_queued") in plan
    assert "SCAN deliveries" not in plan
    assert "B-TREE" not in plan
    assert "Sort" not in plan


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
