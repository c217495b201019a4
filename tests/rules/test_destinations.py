"""Windows that grow and shrink, and destinations that come to rest, each time for longer."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Phase, Reply
from feeds.rules.destinations import FIRST_WINDOW, MOST_FAILURES, MOST_WINDOW, SLOW, Destination, after
from tests.rules.givens import NOW

MINUTE = timedelta(minutes=1)
TAKEN = Reply(250, "2.0.0", "queued", Phase.END)
LATER = Reply(451, "4.2.1", "later", Phase.RECIPIENT)
POLICY = Reply(451, "4.7.1", "too much mail from you", Phase.RECIPIENT)
UNKNOWN = Reply(550, "5.1.1", "no such user", Phase.RECIPIENT)
SILENCE = Reply(0, None, "no answer within 60 seconds", Phase.RECIPIENT)
NEW = Destination(domain="inbox.example")


def told(*replies, destination=NEW, took=timedelta(seconds=1), now=NOW):
    for reply in replies:
        destination = after(destination, reply, took=took, now=now)
    return destination


@pytest.mark.rule("D12")
def test_window_grows_by_one_with_each_message_that_is_taken_up_to_a_limit():
    assert told(TAKEN, TAKEN).window == FIRST_WINDOW + 2
    assert told(*[TAKEN] * 500).window == MOST_WINDOW


@pytest.mark.rule("D12")
def test_window_halves_with_each_failure_and_never_closes():
    assert told(*[TAKEN] * 6, LATER).window == (FIRST_WINDOW + 6) // 2
    assert told(LATER, LATER, LATER).window == 1


@pytest.mark.rule("D12")
def test_destination_that_takes_nothing_rests_and_each_time_for_twice_as_long():
    assert not told(*[LATER] * (MOST_FAILURES - 1)).rests(NOW)
    resting = told(*[LATER] * MOST_FAILURES)
    assert resting.retry_at == NOW + 5 * MINUTE
    waits = []
    for _ in range(8):
        now = resting.retry_at
        resting = told(LATER, destination=resting, now=now)
        waits.append((resting.retry_at - now) / MINUTE)
    assert waits == [10, 20, 40, 80, 160, 240, 240, 240]


def test_answer_about_the_whole_domain_lets_it_rest_at_once():
    assert told(POLICY).retry_at == NOW + 5 * MINUTE


def test_message_that_is_taken_ends_the_rest():
    rested = told(TAKEN, destination=told(*[LATER] * 7))
    assert (rested.failures, rested.retry_at) == (0, None)


def test_unknown_user_says_nothing_against_the_domain():
    assert told(*[LATER] * 4, UNKNOWN, LATER).retry_at is None


def test_slow_destination_has_one_connection_and_the_others_the_rest():
    assert told(*[TAKEN] * 9, TAKEN, took=SLOW).window == 1


def test_silence_says_something_only_where_it_was_long():
    assert told(SILENCE) == NEW
    assert told(SILENCE, took=SLOW).failures == 1


@pytest.mark.parametrize("code", [421, 451, 452])
def test_what_is_said_before_the_reader_is_named_says_nothing_about_the_domain(code):
    assert told(*[Reply(code, None, "busy", Phase.SENDER)] * 9) == NEW


@given(st.lists(st.sampled_from([TAKEN, LATER, POLICY, UNKNOWN, SILENCE]), max_size=60), st.integers(0, 60))
def test_window_and_rest_stay_within_their_limits(replies, seconds):
    found = told(*replies, took=timedelta(seconds=seconds))
    assert 1 <= found.window <= MOST_WINDOW
    assert found.retry_at is None or 5 * MINUTE <= found.retry_at - NOW <= timedelta(hours=4)
