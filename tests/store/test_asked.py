"""What was asked of the site is counted for a while, each thing by itself.

Not here: how often is too often (rules).
"""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from feeds.store import asked
from feeds.store.schema import asked as table
from tests.store.givens import MONDAY, read, write

HOUR = timedelta(hours=1)


@pytest.mark.rule("T88")
def test_what_was_asked_is_counted_by_what_and_since_when(store):
    for minutes in (0, 1, 30):
        write(store, asked.add, "asks:192.0.2.1", "asks", at=MONDAY + timedelta(minutes=minutes))
    write(store, asked.add, "asks", at=MONDAY + HOUR)
    assert read(store, asked.count, "asks", since=MONDAY) == 4
    assert read(store, asked.count, "asks:192.0.2.1", since=MONDAY) == 3
    assert read(store, asked.count, "asks:192.0.2.1", since=MONDAY + timedelta(minutes=20)) == 1
    assert read(store, asked.count, "asks:198.51.100.1", since=MONDAY) == 0


def test_counts_are_let_go_of_after_two_days(store):
    write(store, asked.add, "asks", at=MONDAY)
    write(store, asked.add, "other", at=MONDAY + timedelta(days=3))
    assert read(store, lambda tx: tx.execute(select(func.count()).select_from(table)).scalar()) == 1
