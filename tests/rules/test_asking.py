"""What somebody is mailed who asks for mail, how often, and what a link to confirm or to come back still does.

Not here: counting (store), the mail itself (jobs).
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Subscription, SubscriptionState
from feeds.rules.asking import STEP, Brought, brakes, brought, mail_brake, may_come_back, may_confirm, rest_of_step

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACTIVE, ENDED, PENDING = SubscriptionState.ACTIVE, SubscriptionState.ENDED, SubscriptionState.PENDING


def subscription(state, **facts):
    return Subscription(subscriber_id="ann", newsletter="weekly", state=state, **facts)


@pytest.mark.parametrize(
    ("state", "expected"),
    [(None, Brought.CONFIRM), (PENDING, Brought.CONFIRM), (ENDED, Brought.CONFIRM), (ACTIVE, Brought.MANAGE)],
)
def test_who_has_all_that_they_ask_for_is_brought_the_link_to_it(state, expected):
    existing = {"weekly": subscription(state)} if state else {}
    assert brought(["weekly"], existing, suppressed=False) is expected


def test_one_newsletter_that_is_new_among_others_is_to_be_confirmed():
    assert brought(["weekly", "daily"], {"weekly": subscription(ACTIVE)}, suppressed=False) is Brought.CONFIRM


def test_suppressed_address_is_brought_nothing():
    assert brought(["weekly"], {}, suppressed=True) is Brought.NOTHING


@pytest.mark.rule("T88")
def test_network_and_all_together_are_held_to_so_many_an_hour_and_an_address_to_one_mail_a_day():
    assert [(brake.most, brake.within) for brake in brakes("192.0.2.1", per_network=20, per_hour=1000)] == [
        (20, HOUR),
        (1000, HOUR),
    ]
    brake = mail_brake("mail", "ann@x.example", b"k")
    assert (brake.most, brake.within) == (1, timedelta(days=1))


@pytest.mark.rule("T88")
def test_brake_on_an_address_does_not_name_it_and_is_another_with_another_key():
    assert "ann" not in mail_brake("mail", "ann@x.example", b"k").what
    assert mail_brake("mail", "ann@x.example", b"k") != mail_brake("mail", "ann@x.example", b"o")


def test_link_to_confirm_is_dead_for_who_left_after_it_was_asked_for():
    left = subscription(ENDED, ended_at=MONDAY)
    assert may_confirm(left, asked_at=MONDAY)
    assert not may_confirm(left, asked_at=MONDAY - HOUR)
    assert may_confirm(None, asked_at=MONDAY)


@pytest.mark.parametrize(
    ("by", "late", "suppressed", "expected"),
    [
        ("reader", timedelta(days=30), False, True),
        ("mail", HOUR, False, True),
        ("reader", timedelta(days=31), False, False),
        ("complaint", HOUR, False, False),
        ("operator", HOUR, False, False),
        ("reader", HOUR, True, False),
    ],
)
def test_leaving_is_undone_for_a_month_by_who_left_of_their_own_will(by, late, suppressed, expected):
    left = subscription(ENDED, ended_at=MONDAY, ended_by=by)
    assert may_come_back(left, suppressed=suppressed, now=MONDAY + late) is expected


@pytest.mark.rule("T89")
@given(st.floats(min_value=0, max_value=60))
def test_answer_takes_whole_steps_and_at_least_one_however_long_it_took_to_find(seconds):
    steps = (seconds + rest_of_step(seconds)) / STEP
    assert abs(steps - round(steps)) < 1e-6
    assert 1 <= round(steps) <= seconds / STEP + 1 + 1e-6
