"""The private feed in place of mail holds the newest, and before any other what its reader lacks.

Not here: what is mailed to who goes back (tests/jobs/test_doors.py).
"""

from datetime import UTC, datetime, timedelta

from feeds.rules.fed import MOST, SHOWN, fed
from feeds.rules.selecting import Candidate

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def candidates(number):
    """Return candidates, newest first; e0 is the newest, an hour older each."""
    return [Candidate(f"e{n}", 1, MONDAY - timedelta(hours=n)) for n in range(number)]


def test_feed_holds_the_newest_and_what_is_above_the_floor_is_fresh():
    held, fresh = fed(candidates(SHOWN + 10), floor=MONDAY - timedelta(hours=3), given={"e1"})
    assert held == [f"e{n}" for n in range(SHOWN)]
    assert fresh == ["e0", "e2"]


def test_reader_who_was_away_for_long_still_gets_all_that_they_lack():
    held, fresh = fed(candidates(SHOWN + 10), floor=MONDAY - timedelta(days=9), given=())
    assert (len(held), fresh) == (SHOWN + 10, held)


def test_what_is_oldest_comes_first_where_there_is_more_than_a_feed_can_hold():
    many = candidates(MOST + SHOWN)
    _, fresh = fed(many, floor=MONDAY - timedelta(days=999), given=())
    assert fresh == [one.entry_id for one in many[-MOST:]]
    _, rest = fed(many, floor=MONDAY - timedelta(days=999), given=set(fresh))
    assert rest == [one.entry_id for one in many[:SHOWN]]
