"""Whether a claimed delivery may still go, what an outcome makes of it, and when an edition pauses.

Not here: what a reply means (test_replies), the steps of a delivery (tests/store/test_deliveries.py).
"""

from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import DeliveryState, NoticeKind, SubscriptionState
from feeds.rules.delivering import (
    MOST_DOUBTS,
    InDoubt,
    claims_after,
    is_down,
    must_pause,
    needs_trial,
    refusal,
    state_after,
    workers_for,
)
from feeds.rules.replies import Outcome

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ACTIVE = SubscriptionState.ACTIVE


def refused(subscription=ACTIVE, *, paused_until=None, forgotten=False, suppressed=False, **more):
    return refusal(
        subscription, paused_until=paused_until, is_forgotten=forgotten, is_suppressed=suppressed, now=MONDAY, **more
    )


def test_reader_with_an_active_subscription_is_mailed():
    assert refused() is None


@pytest.mark.parametrize("standing", [None, SubscriptionState.PENDING, SubscriptionState.ENDED])
def test_who_left_after_the_edition_was_fixed_is_not_mailed(standing):
    assert refused(standing) is DeliveryState.CANCELLED


def test_who_was_forgotten_is_not_mailed():
    assert refused(forgotten=True) is DeliveryState.CANCELLED


def test_who_gets_it_by_a_private_feed_is_mailed_notices_alone():
    assert refused(is_by_feed=True) is DeliveryState.CANCELLED
    assert refused(is_by_feed=True, notice=NoticeKind.WELCOME) is None


def test_suppressed_address_is_not_mailed_and_the_delivery_says_why():
    assert refused(suppressed=True) is DeliveryState.SUPPRESSED
    assert refused(suppressed=True, paused_until=MONDAY + SECOND) is DeliveryState.SUPPRESSED


def test_who_left_is_cancelled_even_where_the_address_is_suppressed():
    assert refused(SubscriptionState.ENDED, suppressed=True) is DeliveryState.CANCELLED


def test_who_paused_is_not_mailed_until_the_pause_is_over():
    assert refused(paused_until=MONDAY + SECOND) is DeliveryState.CANCELLED
    assert refused(paused_until=MONDAY) is None
    assert refused(paused_until=MONDAY - SECOND) is None


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.IN_DOUBT])
@pytest.mark.parametrize("repeats", [True, False])
@pytest.mark.parametrize("in_doubt", InDoubt)
def test_what_is_certain_does_not_ask_how_doubt_is_settled(outcome, repeats, in_doubt):
    assert state_after(outcome, attempt=1, repeats=repeats, in_doubt=in_doubt) == outcome.value


def test_message_in_doubt_is_held_where_a_second_one_would_be_a_repeat():
    assert state_after(Outcome.IN_DOUBT, attempt=1, repeats=True, in_doubt=InDoubt.HOLD) is DeliveryState.IN_DOUBT


@pytest.mark.parametrize(("repeats", "in_doubt"), [(True, InDoubt.RESEND), (False, InDoubt.HOLD)])
def test_message_in_doubt_is_tried_again_where_told_to_or_where_it_repeats_nothing(repeats, in_doubt):
    told = {"repeats": repeats, "in_doubt": in_doubt}
    assert state_after(Outcome.IN_DOUBT, attempt=MOST_DOUBTS - 1, **told) is DeliveryState.DEFERRED
    assert state_after(Outcome.IN_DOUBT, attempt=MOST_DOUBTS, **told) is DeliveryState.IN_DOUBT  # not without end


@pytest.mark.rule("T134")
@pytest.mark.parametrize(("unbuildable", "total"), [(3, 299), (11, 1000), (2, 199), (2, 2), (2, 1)])
def test_edition_pauses_where_over_one_in_a_hundred_cannot_be_made(unbuildable, total):
    assert must_pause(unbuildable, total)


@pytest.mark.rule("T134")
@pytest.mark.parametrize(("unbuildable", "total"), [(3, 300), (10, 1000), (2, 200), (0, 0), (0, 50)])
def test_edition_goes_on_where_one_in_a_hundred_cannot_be_made(unbuildable, total):
    assert not must_pause(unbuildable, total)


@pytest.mark.rule("T134")
@pytest.mark.parametrize("total", [1, 5, 99])
def test_one_message_alone_pauses_no_edition_however_small(total):
    assert not must_pause(1, total)


@pytest.mark.parametrize(
    ("silences", "doubts", "down"), [(0, 0, False), (4, 1, False), (5, 0, True), (1, 1, False), (2, 2, True)]
)
def test_server_is_left_alone_after_five_silences_or_two_doubts(silences, doubts, down):
    assert is_down(silences=silences, doubts=doubts) is down


@pytest.mark.rule("T136")
def test_third_try_of_what_workers_died_over_is_made_apart():
    assert [needs_trial(crashes) for crashes in range(4)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("claims", "seconds", "next_ones"),
    [(20, 0.49, 40), (300, 0.1, 500), (500, 0, 500), (100, 0.5, 100), (100, 2, 100), (101, 2.01, 50), (30, 60, 20)],
)
def test_as_many_are_claimed_as_go_out_in_a_second_or_two(claims, seconds, next_ones):
    assert claims_after(claims, seconds * SECOND) == next_ones


@pytest.mark.parametrize(("queued", "workers"), [(0, 1), (999, 1), (1_999, 1), (2_000, 2), (3_999, 3), (10**6, 4)])
def test_process_is_started_for_a_thousand_deliveries_and_one_there_always_is(queued, workers):
    assert workers_for(queued, most=4) == workers


# ---- notices ----


def told(kind, subscription=None, **how):
    return refusal(
        subscription,
        **{"paused_until": None, "is_forgotten": False, "is_suppressed": False, "now": MONDAY, "notice": kind} | how,
    )


@pytest.mark.parametrize("standing", [None, *SubscriptionState])
@pytest.mark.parametrize("kind", [NoticeKind.CONFIRM, NoticeKind.MANAGE, NoticeKind.MOVE])
def test_notice_that_somebody_asked_for_goes_however_they_are_subscribed(kind, standing):
    assert told(kind, standing, paused_until=MONDAY + SECOND) is None


def test_nobody_is_welcomed_who_has_left_again():
    assert told(NoticeKind.WELCOME, SubscriptionState.ENDED) is DeliveryState.CANCELLED
    assert told(NoticeKind.WELCOME, ACTIVE) is None
    assert told(NoticeKind.WELCOME, None) is None  # it is about several


def test_nobody_is_told_that_they_left_who_has_come_back():
    assert told(NoticeKind.LEFT, ACTIVE) is DeliveryState.CANCELLED
    assert told(NoticeKind.LEFT, SubscriptionState.ENDED) is None


@pytest.mark.parametrize("kind", NoticeKind)
def test_no_notice_goes_to_a_suppressed_address_or_to_who_was_forgotten(kind):
    standing = SubscriptionState.ENDED if kind is NoticeKind.LEFT else ACTIVE
    assert told(kind, standing, is_suppressed=True) is DeliveryState.SUPPRESSED
    assert told(kind, standing, is_forgotten=True) is DeliveryState.CANCELLED
