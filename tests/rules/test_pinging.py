"""What a hub's answer means: taken, tried again later, or given up.

Not here: the requests (tests/jobs/test_announce).
"""

from datetime import UTC, datetime, timedelta

import pytest

from feeds.model.pings import PingState
from feeds.rules.pinging import LIFETIME, is_down, verdict, wait_after

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def after(status, *, attempt=1, late=timedelta(0)):
    return verdict(status, attempt=attempt, queued_at=NOON, now=NOON + late)


@pytest.mark.parametrize("status", [200, 202, 204])
def test_ping_that_was_taken_is_sent(status):
    assert after(status).state is PingState.SENT


@pytest.mark.parametrize("status", [None, 302, 400, 404, 410, 429, 500, 503])
def test_ping_that_was_not_taken_is_tried_again(status):
    found = after(status, late=timedelta(hours=1))
    assert (found.state, found.retry_at) == (PingState.DEFERRED, NOON + timedelta(hours=1, minutes=1))


@pytest.mark.rule("F26")
def test_wait_doubles_from_a_minute_up_to_six_hours():
    assert [wait_after(n) // timedelta(minutes=1) for n in (1, 2, 3, 9, 10, 99)] == [1, 2, 4, 256, 360, 360]


def test_ping_is_given_up_after_a_day():
    assert after(None, late=LIFETIME - timedelta(seconds=1)).state is PingState.DEFERRED
    assert after(None, late=LIFETIME).state is PingState.FAILED


def test_ping_taken_late_is_sent_all_the_same():
    assert after(204, late=LIFETIME * 2).state is PingState.SENT


def test_hub_is_down_where_it_takes_nothing_from_anybody():
    assert [is_down(status) for status in (None, 500, 503, 429, 400, 404, 204)] == [True] * 4 + [False] * 3
