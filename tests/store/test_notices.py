"""Notices in the store: kept as they were made, queued with them, claimed with what decides whether they may go.

Not here: a worker's further steps (test_deliveries), sending (tests/jobs/test_deliver_notices.py).
"""

import pytest
from sqlalchemy import insert

from feeds.model import FINAL, NOT_HAD, DeliveryKind, DeliveryState, NoticeKind, State, SubscriptionState
from feeds.rules.destinations import Destination
from feeds.store import (
    audience,
    deliveries,
    delivery_changes,
    delivery_lists,
    destinations,
    newsletters,
    notices,
    subscribers,
)
from feeds.store import suppressions as suppressed
from feeds.store.schema import bounces, subscriptions
from feeds.store.suppressions import Suppression
from tests.store.givens import DAY, MONDAY, change, entry, read, write
from tests.store.mail_givens import add_readers, claim, compose, edition, put, reader, row
from tests.store.notice_givens import notice, notify

SENT = DeliveryState.SENT


def claimed(store, **how):
    return write(store, notices.claim, worker="w1", now=MONDAY, limit=9, **how)


@pytest.fixture
def asked(store):
    """Give a store in which Ann, who is not on the weekly yet, was sent a notice that is queued."""
    write(store, subscribers.add, [reader("ann")])
    notify(store, notice())
    return store


def about(store, *, number=1):
    return row(store, "ann", notice(number=number))


def test_notice_is_found_as_it_was_made(asked):
    assert read(asked, notices.find, notice().id) == notice()
    assert read(asked, notices.find, "0" * 32) is None


def test_its_delivery_is_queued_with_it_and_due_at_once(asked):
    found = about(asked)
    assert (found.kind, found.selection_id, found.domain, found.state) == ("notice", None, "x.example", "queued")
    assert (found.due_at, found.queued_at, found.generation) == (MONDAY, MONDAY, 0)
    assert read(asked, notices.count_queued, MONDAY) == 1
    assert read(asked, notices.count_queued, MONDAY - DAY) == 0


def test_ids_of_notices_are_never_the_same():
    assert len({notices.new_id() for _ in range(1000)}) == 1000


def test_claimed_notice_brings_itself_and_no_name_that_a_form_gave(asked):
    (one,) = claimed(asked)
    assert (one.notice, one.address, one.name) == (notice(), "ann@x.example", "")
    assert (one.delivery.kind, one.newsletter, one.subscription) == (DeliveryKind.NOTICE, "weekly", None)
    assert claimed(asked) == []


def test_claimed_notice_knows_how_its_reader_stands_with_its_newsletter(asked):
    pending = {"subscriber_id": "ann", "newsletter": "weekly", "state": SubscriptionState.PENDING}
    with asked.writing() as tx:
        tx.execute(insert(subscriptions).values(**pending, preferences={}, generation=0, created_at=MONDAY))
    assert [one.subscription for one in claimed(asked)] == [SubscriptionState.PENDING]


def test_suppression_counts_of_the_address_that_a_notice_goes_to(store):
    add_readers(store, "ann")
    old = Suppression(address_key="ann@x.example", reason="bounced", evidence="", created_at=MONDAY)
    write(store, suppressed.add, old)
    new = notice(number=2, kind=NoticeKind.MOVE, newsletter="", address="Ann@new.example")
    notify(store, notice(), new)
    assert [(one.address_key, one.is_suppressed) for one in claimed(store)] == [
        ("ann@x.example", True),
        ("ann@new.example", False),
    ]


def test_notices_and_editions_are_claimed_apart_and_leave_each_other_alone(asked):
    add_readers(asked, "bob")
    of = compose(asked, "bob")
    assert claim(asked, of) == ["bob"]
    assert [one.delivery.subscriber_id for one in claimed(asked)] == ["ann"]
    assert read(asked, deliveries.count_queued, MONDAY) == {}
    assert read(asked, notices.count_queued, MONDAY) == 0


def test_notices_are_not_claimed_for_a_destination_that_is_full(asked):
    assert claimed(asked, but_for=["x.example"]) == []


def test_notices_for_a_destination_that_rests_are_deferred_and_editions_are_not(asked):
    add_readers(asked, "bob")
    compose(asked, "bob")
    rests = Destination(domain="x.example", retry_at=MONDAY + DAY)
    assert write(asked, destinations.rest, None, rests, reply=None) == 1
    assert (about(asked).state, row(asked, "bob").state) == ("deferred", "queued")


def test_notice_without_a_selection_is_never_taken_for_one_with_withdrawn_entries(asked):
    assert read(asked, delivery_changes.list_stale) == []


def test_newsletter_that_is_renamed_keeps_its_notices(asked):
    write(asked, newsletters.add, "weekly", at=MONDAY, floor_at=MONDAY)
    write(asked, newsletters.rename, "weekly", "harbour")
    assert read(asked, notices.find, notice().id).newsletter == "harbour"


# ---- what people see ----


def test_listed_notices_are_known_by_their_kind_and_told_from_editions(asked):
    add_readers(asked, "bob")
    of = compose(asked, "bob")
    notify(asked, notice(number=2, kind=NoticeKind.MOVE, address="ann@new.example"))
    listed = read(asked, delivery_lists.list_all)
    assert {(one.name, one.address) for one in listed} == {
        (of.id, "bob@x.example"),
        ("notices/confirm", "ann@x.example"),
        ("notices/move", "ann@new.example"),
    }
    (only,) = read(asked, delivery_lists.list_all, kinds=[NoticeKind.MOVE])
    assert only.notice is NoticeKind.MOVE
    assert [one.name for one in read(asked, delivery_lists.list_all, edition_id=of.id)] == [of.id]


def test_notices_are_counted_apart_from_editions(asked):
    add_readers(asked, "bob")
    compose(asked, "bob")
    assert read(asked, notices.count_by_state) == {DeliveryState.QUEUED: 1}
    assert read(asked, delivery_lists.count_by_state) == {edition().id: {DeliveryState.QUEUED: 1}}


# ---- dropping them ----


def test_old_notices_are_dropped_with_their_deliveries_once_those_have_ended(asked):
    notify(asked, notice(number=2), notice(number=3, created_at=MONDAY + DAY))
    for number in (2, 3):
        put(asked, "ann", notice(number=number), state=SENT)
    assert write(asked, notices.drop_before, MONDAY + DAY) == 1
    kept = [read(asked, notices.find, notice(number=number).id) is not None for number in (1, 2, 3)]
    assert kept == [True, False, True]
    assert {one.delivery.about for one in read(asked, delivery_lists.list_all)} == {
        notice().id,
        notice(number=3).id,
    }


def test_notice_that_a_report_is_about_stays_as_long_as_the_report(asked):
    put(asked, "ann", notice(), state=DeliveryState.BOUNCED)
    report = {"report_id": "r1", "received_at": MONDAY, "kind": "hard", "reason": "", "data": b""}
    with asked.writing() as tx:
        tx.execute(insert(bounces).values(**report, delivery_id=about(asked).id))
    assert write(asked, notices.drop_before, MONDAY + DAY) == 0


# ---- a welcome that brings an edition ----


@pytest.fixture
def brought(store):
    """Give a store in which Bob was sent an edition, and a notice that is queued brings the same to Ann."""
    add_readers(store, "ann", "bob")
    compose(store, "bob")
    put(store, "bob", state=SENT)
    write(store, notices.add, notice(), transport="smtp", brings=ITS_SELECTION)
    return store


ITS_SELECTION = f"{edition().id}#s"


def test_reader_has_had_what_a_notice_brought_unless_it_never_came(brought):
    for state in DeliveryState:
        put(brought, "ann", notice(), state=state)
        had = read(brought, audience.list_had, {ITS_SELECTION: edition().id}, among=["ann", "bob"])
        assert had.keys() == ({"bob"} if state in NOT_HAD else {"ann", "bob"})
        alone = read(brought, audience.list_had, {ITS_SELECTION: edition().id}, among=["ann"])
        assert alone.keys() == had.keys() - {"bob"}


def test_what_a_notice_brings_is_unsettled_while_it_may_fail(brought):
    for state in DeliveryState:
        put(brought, "ann", notice(), state=state)
        expected = set() if state in FINAL else {ITS_SELECTION}
        assert read(brought, delivery_changes.list_unsettled, [edition().id]) == expected
    assert read(brought, delivery_changes.list_unsettled, [edition(2).id]) == set()


def test_what_a_notice_brings_is_no_edition_that_waits(brought):
    change(brought, entry("ferry"), state=State.WITHDRAWN)
    assert read(brought, delivery_changes.list_stale) == []
    assert [one.id for one in read(brought, notices.list_stale)] == [notice().id]
    assert claimed(brought) == []
    write(brought, notices.replace_queued, notice(), brings=None)
    assert [one.notice for one in claimed(brought)] == [notice()]


def test_who_was_brought_what_is_known_when_the_notice_is_dropped(brought):
    put(brought, "ann", notice(), state=SENT)
    assert write(brought, notices.drop_before, MONDAY + DAY) == 1
    assert read(brought, notices.find, notice().id) is None
    assert "ann" in read(brought, audience.list_had, {ITS_SELECTION: edition().id}, among=["ann", "bob"])
    assert write(brought, notices.drop_before, MONDAY + DAY) == 0
