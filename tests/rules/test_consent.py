from itertools import product

import pytest

from feeds.model import Subscription, SubscriptionState
from feeds.rules.consent import SUBSCRIBES, Outcome, Way, decide

NOBODY, *THERE = [None, *SubscriptionState]


def subscription(state):
    return state and Subscription(subscriber_id="r1", newsletter="weekly", state=state)


def outcome(state, *, suppressed=False, by=Way.ADD, again=False, forgotten=False):
    return decide(subscription(state), suppressed=suppressed, by=by, again=again, forgotten=forgotten)


@pytest.mark.parametrize("by", Way)
def test_new_reader_is_added(by):
    assert outcome(NOBODY, by=by) is Outcome.ADDED


@pytest.mark.parametrize("by", Way)
def test_active_reader_stays_as_they_are(by):
    assert outcome(SubscriptionState.ACTIVE, by=by) is Outcome.ALREADY_THERE


@pytest.mark.parametrize("by", Way)
def test_consent_is_what_a_pending_subscription_waits_for(by):
    assert outcome(SubscriptionState.PENDING, by=by) is Outcome.CONFIRMED


@pytest.mark.rule("T97")
@pytest.mark.parametrize("again", [False, True])
def test_import_never_wakes_who_has_left_or_was_forgotten(again):
    assert outcome(SubscriptionState.ENDED, by=Way.IMPORT, again=again) is Outcome.STAYS_ENDED
    assert {outcome(state, by=Way.IMPORT, again=again, forgotten=True) for state in [NOBODY, *THERE]} == {
        Outcome.STAYS_ENDED
    }


@pytest.mark.rule("T97")
def test_suppressed_address_is_subscribed_by_nothing():
    ways = product([NOBODY, *THERE], Way, [False, True], [False, True])
    found = {outcome(state, suppressed=True, by=by, again=a, forgotten=f) for state, by, a, f in ways}
    assert found == {Outcome.SUPPRESSED}
    assert not found & SUBSCRIBES


def test_who_has_left_comes_back_by_hand_only_when_it_is_said():
    assert outcome(SubscriptionState.ENDED) is Outcome.STAYS_ENDED
    assert outcome(SubscriptionState.ENDED, again=True) is Outcome.RENEWED
    assert outcome(NOBODY, forgotten=True) is Outcome.STAYS_ENDED
    assert outcome(NOBODY, forgotten=True, again=True) is Outcome.RENEWED
