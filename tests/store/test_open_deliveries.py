"""Deliveries of which a log may tell are listed, and settled only while they stand as they did.

Not here: what a log says (tests/rules/test_reconciling.py).
"""

import pytest

from feeds.model import DeliveryState
from feeds.store import open_deliveries
from feeds.store.open_deliveries import UNSETTLED, Found
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, compose, compose_every_state, edition, put, row, rows

SENT, IN_DOUBT, BOUNCED = DeliveryState.SENT, DeliveryState.IN_DOUBT, DeliveryState.BOUNCED


def listed(store, states):
    with store.reading() as tx:
        return {one.subscriber_id: one for one in open_deliveries.list_in(tx, states)}


def found(one, state=SENT):
    return Found(delivery=one, state=state, at=MONDAY + DAY, enhanced="2.0.0", said="queued as 1BD48")


def test_deliveries_are_listed_by_state_with_what_their_names_are_made_of(store):
    of = compose_every_state(store)
    put(store, IN_DOUBT, of, dated_at=MONDAY, ended_at=MONDAY + DAY, generation=2)
    assert listed(store, UNSETTLED).keys() == set(UNSETTLED)
    one = listed(store, [IN_DOUBT])[IN_DOUBT]
    assert (one.name, one.subscriber_id, one.generation, one.state) == (of.id, IN_DOUBT, 2, IN_DOUBT)
    assert (one.address, one.due_at, one.dated_at, one.ended_at) == (
        "in_doubt@x.example",
        of.due_at,
        MONDAY,
        MONDAY + DAY,
    )


def test_what_was_sent_in_a_time_is_listed_the_latest_first(store):
    add_readers(store, "ann", "bob", "cara", "dan")
    compose(store, "ann", "bob", "cara", "dan")
    for name, days in (("ann", 0), ("bob", 1), ("cara", 5)):
        put(store, name, state=SENT, ended_at=MONDAY + days * DAY, reply_code=250)
    put(store, "dan", state=SENT, ended_at=MONDAY)  # by a person's word

    def sent(but=(), limit=9):
        span = {"since": MONDAY, "until": MONDAY + DAY}
        return [one.subscriber_id for one in read(store, open_deliveries.list_sent, **span, but=but, limit=limit)]

    assert (sent(), sent(limit=1), sent(but=["smtp"])) == (["bob", "ann"], ["bob"], [])


@pytest.mark.parametrize("state", [SENT, BOUNCED])
def test_what_a_log_has_is_recorded_with_its_time_and_words(store, state):
    compose_every_state(store)
    one = listed(store, [IN_DOUBT])[IN_DOUBT]
    assert write(store, open_deliveries.mark_found, [found(one, state)]) == 1
    now = row(store, IN_DOUBT)
    assert (now.state, now.ended_at, now.dated_at) == (state, MONDAY + DAY, MONDAY + DAY)
    assert (now.reply_code, now.reply_enhanced, now.reply_text) == (None, "2.0.0", "queued as 1BD48")


@pytest.mark.parametrize("meanwhile", [{"state": SENT}, {"generation": 1}])
def test_what_moved_on_meanwhile_is_left_as_it_is(store, meanwhile):
    compose_every_state(store)
    one = listed(store, [IN_DOUBT])[IN_DOUBT]
    put(store, IN_DOUBT, edition(), **meanwhile)
    before = rows(store)
    assert write(store, open_deliveries.mark_found, [found(one)]) == 0
    assert rows(store) == before
