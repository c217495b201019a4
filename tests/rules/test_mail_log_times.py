"""When a log's lines were written, and for which times it is whole.

Not here: what lines say (test_mail_log.py).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feeds.rules.mail_log_times import Span, Stamps, joined, missing

NEWEST = datetime(2025, 1, 2, 12, tzinfo=UTC)
SEVEN = datetime(2024, 11, 25, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def read(line, zone=UTC, newest=NEWEST):
    return Stamps(zone, newest).read(line.encode())


def span(since, until):
    """Return a span by minutes behind seven."""
    return Span(SEVEN + since * MINUTE, SEVEN + until * MINUTE)


@pytest.mark.parametrize(
    ("line", "year"),
    [("Dec 31 23:59:59 mx x", 2024), ("Jan  1 00:00:01 mx x", 2025), ("Jan  3 00:00:00 mx x", 2025)],
)
def test_line_without_a_year_is_of_the_last_one_that_lets_it_be_no_newer_than_its_file(line, year):
    assert read(line).year == year


def test_leap_day_is_of_the_last_leap_year():
    assert read("Feb 29 10:00:00 mx x").year == 2024
    assert read("Feb 29 10:00:00 mx x", newest=datetime(2027, 5, 1, tzinfo=UTC)).year == 2024


def test_time_without_a_zone_is_of_the_zone_that_is_given_summer_and_winter():
    berlin = ZoneInfo("Europe/Berlin")
    assert read("Nov 25 08:00:00 mx x", berlin) == SEVEN
    assert read("Jul 25 08:00:00 mx x", berlin) == datetime(2024, 7, 25, 6, tzinfo=UTC)
    assert read("2024-11-25 08:00:00 1tFabc x", berlin) == SEVEN


@pytest.mark.parametrize(
    "line", ["2024-11-25T07:00:00.5+00:00 mx x", "2024-11-25T08:00:00+0100 x", "<22>1 2024-11-25T07:00:00.003Z mx x"]
)
def test_iso_times_keep_their_zone(line):
    assert read(line, ZoneInfo("Asia/Tokyo")) == SEVEN


@pytest.mark.parametrize(
    "line", ["", "mx x", "Foo 25 07:00:00 x", "Nov 31 07:00:00 x", "2024-13-25T07:00:00Z x", "Nov"]
)
def test_line_without_a_time_has_none(line):
    assert read(line) is None


def test_files_that_follow_one_another_are_whole_together_and_a_hole_stays_one():
    assert joined([span(10, 20), span(0, 9)]) == [span(0, 20)]
    assert joined([span(0, 9), span(2, 5)]) == [span(0, 9)]
    assert joined([span(0, 9), span(70, 80)]) == [span(0, 9), span(70, 80)]


@pytest.mark.parametrize(
    ("wanted", "lacks"),
    [
        (span(2, 8), None),
        (span(0, 9), None),
        (span(5, 12), span(9, 12)),
        (span(-3, 5), span(-3, 0)),
        (span(5, 150), span(9, 100)),
        (span(50, 60), span(50, 60)),
        (span(300, 301), span(300, 301)),
    ],
)
def test_what_a_log_lacks_of_a_time_is_named(wanted, lacks):
    assert missing(wanted, [span(0, 9), span(100, 200)]) == lacks


def test_no_log_lacks_everything():
    assert missing(span(0, 1), []) == span(0, 1)
