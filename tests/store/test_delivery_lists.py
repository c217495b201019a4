"""Questions about deliveries, and what a person decides of them.

Not here: a worker's own steps (test_deliveries).
"""

from datetime import timedelta

import pytest

from feeds.model import FINAL, DeliveryState
from feeds.store import delivery_lists, editions
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, claim, compose, compose_every_state, delivery, edition, put, row, rows

SENT, QUEUED, IN_DOUBT = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.IN_DOUBT
UNBUILDABLE, BOUNCED = DeliveryState.UNBUILDABLE, DeliveryState.BOUNCED
ONE, TWO = edition(1), edition(2, composed_at=MONDAY + DAY)


@pytest.fixture
def ledger(store):
    """Give a store with an edition to Ann and Bob, and a newer one to Ann."""
    add_readers(store, "bob", "ann")
    compose(store, "bob", "ann", of=ONE)
    compose(store, "ann", of=TWO)
    return store


def listed(store, **narrowed):
    return [(one.delivery.about, one.address) for one in read(store, delivery_lists.list_all, **narrowed)]


def requeue(store, name="ann", *, states, again=False):
    ids = [row(store, name, ONE).id]
    return write(store, delivery_lists.requeue, ids, now=MONDAY + 2 * DAY, states=states, again=again)


# ---- questions ----


def test_deliveries_are_listed_newest_edition_first_then_by_address(ledger):
    assert listed(ledger) == [(TWO.id, "ann@x.example"), (ONE.id, "ann@x.example"), (ONE.id, "bob@x.example")]


def test_deliveries_can_be_narrowed_by_edition_address_and_state(ledger):
    put(ledger, "bob", ONE, state=SENT)
    assert listed(ledger, edition_id=TWO.id) == [(TWO.id, "ann@x.example")]
    assert listed(ledger, address_key="bob@x.example") == [(ONE.id, "bob@x.example")]
    assert listed(ledger, states=[SENT, BOUNCED]) == [(ONE.id, "bob@x.example")]
    assert listed(ledger, edition_id=ONE.id, address_key="ann@x.example", states=[QUEUED]) == [
        (ONE.id, "ann@x.example")
    ]
    assert listed(ledger, address_key="Ann@x.example") == []


def test_listed_delivery_is_whole(ledger):
    (found,) = read(ledger, delivery_lists.list_all, edition_id=TWO.id)
    assert found.delivery == delivery(ledger, of=TWO)


def test_deliveries_are_counted_by_state_all_of_them_and_those_not_at_their_end(store):
    compose_every_state(store)
    assert read(store, delivery_lists.count_all) == dict.fromkeys(DeliveryState, 1)
    assert read(store, delivery_lists.count_open) == dict.fromkeys(set(DeliveryState) - FINAL, 1)


def test_oldest_delivery_is_the_one_that_has_been_due_longest(ledger):
    hour = timedelta(hours=1)
    put(ledger, "ann", ONE, due_at=MONDAY - hour)
    assert oldest(ledger) == MONDAY - hour
    put(ledger, "bob", ONE, state=DeliveryState.DEFERRED, due_at=MONDAY - 2 * hour)
    assert oldest(ledger) == MONDAY - 2 * hour


def test_delivery_that_is_not_due_or_held_back_or_sent_does_not_wait(ledger):
    put(ledger, "bob", ONE, state=SENT)
    put(ledger, "ann", ONE, state=DeliveryState.DEFERRED, due_at=MONDAY + 9 * DAY)
    put(ledger, "ann", TWO, due_at=MONDAY)
    write(ledger, editions.mark_paused, TWO.id)
    assert oldest(ledger) is None


def oldest(store):
    return read(store, delivery_lists.oldest_due_at, MONDAY + 2 * DAY)


def test_deliveries_are_counted_by_edition_and_state(ledger):
    put(ledger, "bob", ONE, state=SENT)
    counted = {ONE.id: {QUEUED: 1, SENT: 1}, TWO.id: {QUEUED: 1}}
    assert read(ledger, delivery_lists.count_by_state) == counted
    assert read(ledger, delivery_lists.count_by_state, [TWO.id]) == {TWO.id: {QUEUED: 1}}
    assert read(ledger, delivery_lists.count_by_state, []) == {}


def test_what_waits_for_a_person_is_counted(ledger):
    assert read(ledger, delivery_lists.count_held) == {}
    put(ledger, "ann", ONE, state=IN_DOUBT)
    put(ledger, "bob", ONE, state=UNBUILDABLE)
    put(ledger, "ann", TWO, state=UNBUILDABLE)
    assert read(ledger, delivery_lists.count_held) == {IN_DOUBT: 1, UNBUILDABLE: 2}


# ---- decisions ----


def test_delivery_in_doubt_is_sent_again_as_the_same_message(ledger):
    put(ledger, "ann", ONE, state=IN_DOUBT, dated_at=MONDAY, attempts=1, ended_at=MONDAY, crashes=2)
    assert requeue(ledger, states=[IN_DOUBT]) == 1
    found = delivery(ledger, of=ONE)
    assert (found.state, found.generation, found.attempts, found.dated_at) == (QUEUED, 0, 1, MONDAY)
    assert (found.ended_at, found.due_at, found.queued_at, found.crashes) == (None, *[MONDAY + 2 * DAY] * 2, 0)


def test_deliberate_resend_is_another_generation_with_a_date_of_its_own(ledger):
    put(ledger, "ann", ONE, state=BOUNCED, dated_at=MONDAY, attempts=3, ended_at=MONDAY)
    assert requeue(ledger, states=[BOUNCED], again=True) == 1
    found = delivery(ledger, of=ONE)
    assert (found.state, found.generation, found.attempts, found.dated_at) == (QUEUED, 1, 0, None)


def test_what_moved_on_meanwhile_is_not_queued_again(ledger):
    claim(ledger, ONE)
    before = row(ledger, of=ONE)
    assert requeue(ledger, states=[QUEUED, IN_DOUBT]) == 0
    assert row(ledger, of=ONE) == before


def test_only_what_is_named_is_queued_again(ledger):
    for name in ("ann", "bob"):
        put(ledger, name, ONE, state=IN_DOUBT)
    assert requeue(ledger, "bob", states=[IN_DOUBT]) == 1
    assert (delivery(ledger, "ann", ONE).state, delivery(ledger, "bob", ONE).state) == (IN_DOUBT, QUEUED)


def test_queued_again_it_can_be_claimed_and_only_when_due(ledger):
    put(ledger, "ann", ONE, state=IN_DOUBT)
    put(ledger, "bob", ONE, state=SENT)
    requeue(ledger, states=[IN_DOUBT])
    assert claim(ledger, ONE, now=MONDAY + DAY) == []
    assert claim(ledger, ONE, now=MONDAY + 2 * DAY) == ["ann"]


def test_person_settles_only_what_waits_for_one(store):
    compose_every_state(store)
    before = rows(store)
    ids, why = [one.id for one in before.values()], "said to have arrived"
    assert write(store, delivery_lists.resolve, ids, SENT, at=MONDAY + DAY, why=why) == 2
    changed = {name: one for name, one in rows(store).items() if one != before[name]}
    assert changed.keys() == {IN_DOUBT, UNBUILDABLE}
    assert {(one.state, one.ended_at, one.reply_text) for one in changed.values()} == {(SENT, MONDAY + DAY, why)}
