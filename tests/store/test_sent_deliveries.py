"""Deliveries are found as a report names them, and come back only as what they were sent as.

Not here: proving a report (tests/jobs/test_bounce.py).
"""

import pytest

from feeds.model import DeliveryState
from feeds.store import sent_deliveries
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, compose, edition, put, row, states

LATER = MONDAY + DAY


@pytest.fixture
def sent(store):
    """Give a store with an edition that was sent to Ann and Bob."""
    add_readers(store, "ann", "bob")
    compose(store, "ann", "bob")
    for name in ("ann", "bob"):
        put(store, name, state=DeliveryState.SENT, ended_at=MONDAY, reply_code=250, reply_text="queued")
    return store


def find(store, name="ann"):
    return read(store, sent_deliveries.find, row(store, name).id)


def bounce(store, delivery):
    how = {"at": LATER, "enhanced": "5.1.1", "said": "550 5.1.1 who?"}
    return write(store, sent_deliveries.mark_bounced, delivery, **how)


def test_delivery_is_found_by_row_and_by_edition_and_address(sent):
    ann = find(sent)
    assert (ann.address_key, ann.newsletter, ann.generation) == ("ann@x.example", "weekly", 0)
    assert read(sent, sent_deliveries.list_to, edition().id, ["ann@x.example", "carol@x.example"]) == [ann]
    with sent.reading() as tx:
        assert [one.subscriber_id for one in sent_deliveries.list_of(tx, edition().id)] == ["ann", "bob"]
    assert read(sent, sent_deliveries.find, 10**15) is None


def test_editions_are_found_by_the_slug_that_they_were_made_under(sent):
    assert read(sent, sent_deliveries.list_edition_ids, "weekly") == [edition().id]
    assert read(sent, sent_deliveries.list_edition_ids, "week") == []
    assert read(sent, sent_deliveries.list_edition_ids, "w%") == []


def test_what_was_sent_bounces_with_what_was_said(sent):
    assert bounce(sent, find(sent))
    found = row(sent)
    assert (found.state, found.ended_at, found.reply_code) == ("bounced", LATER, None)
    assert (found.reply_enhanced, found.reply_text) == ("5.1.1", "550 5.1.1 who?")
    assert states(sent)["bob"] == "sent"


def test_nothing_bounces_twice(sent):
    ann = find(sent)
    assert [bounce(sent, ann), bounce(sent, ann)] == [True, False]


@pytest.mark.parametrize("state", sorted(set(DeliveryState) - {DeliveryState.SENT, DeliveryState.IN_DOUBT}))
def test_what_was_not_sent_or_is_under_way_again_does_not_bounce(sent, state):
    ann = find(sent)
    put(sent, "ann", state=state)
    assert not bounce(sent, ann)
    assert states(sent)["ann"] == state


def test_what_is_in_doubt_was_sent_if_it_bounces(sent):
    put(sent, "ann", state=DeliveryState.IN_DOUBT)
    assert bounce(sent, find(sent))


def test_what_was_sent_anew_since_does_not_bounce(sent):
    before = find(sent)
    put(sent, "ann", generation=1)
    assert not bounce(sent, before)
    assert states(sent)["ann"] == "sent"
