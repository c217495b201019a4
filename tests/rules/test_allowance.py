"""How many messages a transport may be given now."""

from datetime import timedelta

import pytest

from feeds.rules.allowance import UNLIMITED, Limits, Used, allowed, free_after, of_editions, paced, ramp_limit
from tests.rules.givens import NOW

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("limits", "used", "left"),
    [
        (Limits(), Used(hour=9, day=9), UNLIMITED),
        (Limits(per_hour=10), Used(hour=4, day=400), 6),
        (Limits(per_day=10), Used(hour=0, day=4), 6),
        (Limits(per_hour=10, per_day=5), Used(hour=1, day=4), 1),
        (Limits(per_hour=10), Used(hour=12), 0),
        (Limits(ramp=(200,)), Used(), 200),
        (Limits(ramp=(200,), per_day=50), Used(day=20), 30),
    ],
)
def test_smallest_limit_holds_and_nothing_is_owed(limits, used, left):
    assert allowed(limits, used, NOW) == left


@pytest.mark.parametrize(("days", "limit"), [(0, 200), (0.9, 200), (1, 400), (2.5, 800), (3, None), (400, None)])
def test_new_sender_has_a_limit_for_each_of_its_first_days(days, limit):
    assert ramp_limit((200, 400, 800), NOW - days * DAY, NOW) == limit


def test_day_before_the_first_message_is_the_first():
    assert ramp_limit((200, 400), None, NOW) == 200


def test_pace_lets_a_tenth_of_a_second_pass_and_then_none_for_as_long():
    limits = Limits(per_second=50)
    assert paced(limits, Used(), NOW) == 5
    free_at = free_after(limits, Used(), given=5, now=NOW)
    assert free_at == NOW + SECOND / 10
    assert [paced(limits, Used(free_at=free_at), NOW + n * SECOND / 20) for n in (0, 1, 2)] == [0, 0, 5]


def test_slow_pace_lets_one_message_pass_at_a_time():
    limits = Limits(per_second=0.5)
    assert (paced(limits, Used(), NOW), free_after(limits, Used(), given=1, now=NOW)) == (1, NOW + 2 * SECOND)


def test_editions_leave_a_twentieth_of_hours_and_days_to_notices_and_nothing_of_a_small_limit():
    limits = Limits(per_second=5, per_hour=500, per_day=19, ramp=(2, 200))
    assert of_editions(limits) == Limits(per_second=5, per_hour=475, per_day=19, ramp=(2, 190))
    assert of_editions(Limits()) == Limits()


def test_without_a_pace_nothing_waits():
    assert (paced(Limits(per_day=5), Used(), NOW), free_after(Limits(), Used(), given=5, now=NOW)) == (UNLIMITED, None)
