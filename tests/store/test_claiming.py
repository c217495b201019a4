"""Claiming: a worker takes what is queued and due, in order, and nobody takes what another has.

Not here: promising, and a worker's steps with what it has claimed (test_deliveries); what is left alone
(test_deliveries_left_alone).
"""

import threading

import pytest
from sqlalchemy import event, text, update

from feeds.model import DeliveryState, SubscriptionState
from feeds.store import deliveries, subscribers, suppressions
from feeds.store.engine import Store
from feeds.store.schema import subscribers as people
from feeds.store.suppressions import Suppression
from tests.store.givens import DAY, MONDAY, write
from tests.store.mail_givens import (
    READERS,
    add_readers,
    claim,
    compose,
    compose_every_state,
    delivery,
    edition,
    put,
    reader,
    row,
    rows,
)

SECOND = DAY / 86_400
WEEKLY = edition()
MANY = [f"r{number:02}" for number in range(60)]


@pytest.fixture
def crowd(store):
    """Give a store with one edition queued for sixty readers."""
    add_readers(store, *MANY)
    compose(store, *MANY)
    return store


def test_worker_claims_in_order_up_to_the_limit(queued):
    assert claim(queued, limit=2) == ["ann", "bob"]
    assert claim(queued, limit=2) == ["cyd"]
    assert claim(queued, limit=2) == []
    assert (row(queued).worker, delivery(queued).state) == ("w1", DeliveryState.CLAIMED)


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
    write(queued, subscribers.replace, reader("ann", name="Ann Lee"))
    with queued.writing() as tx:
        tx.execute(update(people).where(people.c.id == "ann").values(forgotten_at=MONDAY))
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
