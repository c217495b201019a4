"""When entries are closed into archives, and what a subscription document holds besides what is open.

Not here: writing archives (tests/jobs/test_publish_archives.py).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.archives import MOST_BYTES, MOST_ENTRIES, Sized, archive_length, closings, fitting

SMALL = 1000


def entries(*sizes):
    return [Sized(f"e{number}", size) for number, size in enumerate(sizes)]


def test_nothing_is_closed_while_what_is_open_is_no_more_than_an_archive_and_what_is_kept():
    assert closings(entries(*[SMALL] * 99), keep=50, length=50) == []


def test_oldest_are_closed_once_an_archive_is_full_and_enough_stay_open():
    assert closings(entries(*[SMALL] * 100), keep=50, length=50) == [[f"e{number}" for number in range(50)]]


def test_many_archives_are_closed_at_once_oldest_first():
    closed = closings(entries(*[SMALL] * 260), keep=20, length=80)
    assert [group[0] for group in closed] == ["e0", "e80", "e160"]


def test_large_entries_fill_an_archive_before_it_has_its_number():
    closed = closings(entries(*[MOST_BYTES // 10] * 40), keep=10, length=25)
    assert [len(group) for group in closed] == [10, 10, 10]


def test_what_is_open_is_closed_in_part_where_it_would_not_fit_in_one_document():
    closed = closings(entries(*[MOST_BYTES // 4] * 6), keep=50, length=50)
    assert [len(group) for group in closed] == [2]


def test_single_entry_stays_open_however_large_it_is():
    assert closings(entries(MOST_BYTES * 2), keep=1, length=25) == []


@pytest.mark.rule("F11")
@pytest.mark.parametrize("limit", [1, 20, 50, 75])
def test_open_document_never_needs_over_a_hundred_entries(limit):
    assert limit + archive_length(limit) - 1 < MOST_ENTRIES


@pytest.mark.rule("F24")
@given(
    st.lists(st.integers(1, MOST_BYTES // 3), max_size=300),
    st.integers(1, 100),
)
def test_archives_take_the_oldest_without_gaps_and_fit_in_a_document(sizes, keep):
    given_entries = entries(*sizes)
    closed = closings(given_entries, keep=keep, length=archive_length(keep))
    taken = [entry_id for group in closed for entry_id in group]
    assert taken == [entry.entry_id for entry in given_entries[: len(taken)]]
    assert all(0 < len(group) <= archive_length(keep) for group in closed)
    size = {entry.entry_id: entry.size for entry in given_entries}
    assert all(sum(size[entry_id] for entry_id in group) <= MOST_BYTES for group in closed)
    assert sum(entry.size for entry in given_entries[len(taken) :]) <= MOST_BYTES


def test_newest_are_taken_again_as_long_as_they_fit():
    assert fitting(entries(SMALL, SMALL, MOST_BYTES), taken=SMALL) == ["e0", "e1"]
