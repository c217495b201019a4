"""What a log settles of a delivery, and when it is not trusted to be whole.

Not here: reading it (test_mail_log.py).
"""

from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import DeliveryState
from feeds.rules.mail_log import Fate, Sighting
from feeds.rules.mail_log_times import Span
from feeds.rules.reconciling import fault_of_log, forgotten, settled

SEVEN = datetime(2024, 11, 25, 7, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DAY_OF_LOG = [Span(SEVEN - 7 * HOUR, SEVEN + 12 * HOUR)]
HOLE = Span(SEVEN, SEVEN + MINUTE)


def seen(fate, at=SEVEN):
    return Sighting("weekly.x.y", at, "1BD48", fate)


@pytest.mark.rule("D4")
@pytest.mark.parametrize(
    ("fate", "becomes"),
    [
        (Fate.SENT, "sent"),
        (Fate.TAKEN, "sent"),
        (Fate.DEFERRED, "sent"),
        (Fate.BOUNCED, "bounced"),
        (Fate.NAMED, "in_doubt"),
    ],
)
def test_what_the_log_has_is_settled_by_it_whatever_it_lacks(fate, becomes):
    for lacks in (None, HOLE):
        for is_whole in (True, False):
            assert settled(seen(fate), lacks=lacks, is_whole=is_whole) == becomes


@pytest.mark.rule("D4")
@pytest.mark.parametrize("sighting", [None, seen(Fate.BROKEN)])
def test_what_is_not_there_is_sent_again_only_if_the_log_is_whole(sighting):
    assert settled(sighting, lacks=None, is_whole=True) is DeliveryState.QUEUED
    assert settled(sighting, lacks=HOLE, is_whole=True) is DeliveryState.IN_DOUBT
    assert settled(sighting, lacks=None, is_whole=False) is DeliveryState.IN_DOUBT


def test_log_that_lacks_what_surely_was_sent_is_not_trusted():
    there = (SEVEN, seen(Fate.SENT))
    assert fault_of_log([there], DAY_OF_LOG) == ""
    assert "1 of 2 messages that were surely sent" in fault_of_log([there, (SEVEN, None)], DAY_OF_LOG)
    assert "1 of 1" in fault_of_log([(SEVEN, seen(Fate.BROKEN))], DAY_OF_LOG)
    assert fault_of_log([(SEVEN, seen(Fate.NAMED))], DAY_OF_LOG) == ""


def test_what_was_sent_before_or_behind_a_log_says_nothing_of_it():
    assert fault_of_log([(SEVEN - DAY, None), (SEVEN + DAY, None)], DAY_OF_LOG) == ""
    assert fault_of_log([(DAY_OF_LOG[0].until, None)], DAY_OF_LOG) == ""


def test_log_in_another_zone_is_noticed():
    off = [(SEVEN + n * MINUTE, seen(Fate.SENT, SEVEN + n * MINUTE + HOUR)) for n in range(3)]
    assert "60 minutes off ours: say its --zone" in fault_of_log(off, DAY_OF_LOG)


def test_restored_store_may_have_forgotten_from_its_last_send_to_an_hour_behind_its_witness():
    now = SEVEN + DAY
    assert forgotten(SEVEN, SEVEN + HOUR, first=SEVEN - DAY, now=now) == Span(SEVEN, SEVEN + 2 * HOUR)
    assert forgotten(SEVEN, SEVEN + HOUR, first=SEVEN, now=SEVEN + HOUR) == Span(SEVEN, SEVEN + HOUR)
    assert forgotten(SEVEN, None, first=SEVEN, now=now) == Span(SEVEN, now)
    assert forgotten(None, SEVEN + HOUR, first=SEVEN - DAY, now=now) == Span(SEVEN - DAY, SEVEN + 2 * HOUR)
    assert forgotten(None, SEVEN, first=now, now=now).since == SEVEN
