"""Places of entries in feeds: which archive holds them, and what is remembered of those that left.

Not here: when an archive is closed (tests/rules/test_archives.py), who belongs where (tests/rules/test_families.py).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.store import feed_entries
from feeds.store.feed_entries import Place
from tests.store.givens import DAY, MONDAY, add, entry, read, write

ONE, TWO, THREE = (
    Place("site", f"urn:{name}", number, MONDAY - number * DAY)
    for number, name in enumerate(("one", "two", "three"), 1)
)


@pytest.fixture
def filled(store):
    """Give a store in which a feed holds three entries, the later in sequence the older by their dates."""
    add(store, entry("one"), entry("two"), entry("three"))
    write(store, feed_entries.replace, [], [ONE, TWO, THREE])
    return store


def ids(members):
    return [member.entry_id for member in members]


def test_place_comes_back_as_it_was(filled):
    assert read(filled, feed_entries.list_of, ["urn:two"]) == [TWO]


def test_place_written_again_replaces_the_one_before(filled):
    again = replace(TWO, published_at=MONDAY)
    write(filled, feed_entries.replace, [TWO], [again])
    assert read(filled, feed_entries.list_of, ["urn:two"]) == [again]


def test_what_is_open_comes_in_sequence_and_the_newest_by_date(filled):
    assert ids(read(filled, feed_entries.list_part, "site", None)) == ["urn:one", "urn:two", "urn:three"]
    assert ids(read(filled, feed_entries.list_newest, "site", 2)) == ["urn:one", "urn:two"]


def test_closed_entries_stand_in_their_archive_and_are_open_no_more(filled):
    write(filled, feed_entries.close, "site", [("urn:one", 1), ("urn:two", 2)])
    assert ids(read(filled, feed_entries.list_part, "site", 1)) == ["urn:one"]
    assert ids(read(filled, feed_entries.list_part, "site", None)) == ["urn:three"]
    assert read(filled, feed_entries.last_part, "site") == 2
    assert read(filled, feed_entries.list_feeds) == [("site", 0), ("site", 1), ("site", 2)]
    assert read(filled, feed_entries.last_part, "other") == 0


def test_entry_that_left_is_in_no_part_and_remembered_with_its_time(filled):
    assert read(filled, feed_entries.first_left_at) is None
    write(filled, feed_entries.replace, [TWO], [replace(TWO, part=1, left_at=MONDAY + DAY)])
    assert ids(read(filled, feed_entries.list_part, "site", 1)) == []
    assert ids(read(filled, feed_entries.list_newest, "site", 9)) == ["urn:one", "urn:three"]
    assert read(filled, feed_entries.list_left, "site") == [("urn:two", MONDAY + DAY)]
    assert read(filled, feed_entries.first_left_at) == MONDAY + DAY
    assert read(filled, feed_entries.list_left_before, MONDAY + DAY) == []
    after = MONDAY + DAY + timedelta(seconds=1)
    assert [place.entry_id for place in read(filled, feed_entries.list_left_before, after)] == ["urn:two"]


def test_dropped_place_is_forgotten(filled):
    write(filled, feed_entries.drop, [TWO])
    assert read(filled, feed_entries.list_of, ["urn:one", "urn:two"]) == [ONE]


def test_largest_are_those_that_hold_most_entries_now(filled):
    def places(feed, *several, left=False):
        return [replace(one, feed=feed, left_at=MONDAY if left else None) for one in several]

    written = [*places("@tags/a", ONE), *places("@tags/b", ONE, TWO), *places("@tags/c", ONE, TWO, THREE, left=True)]
    written += [*places("@tags/d", ONE), *places("@tags/d", TWO, left=True), *places("@tagsx", ONE, TWO)]
    write(filled, feed_entries.replace, [], written)
    assert read(filled, feed_entries.list_largest, "@tags/", 9) == ["@tags/b", "@tags/a", "@tags/d"]
    assert read(filled, feed_entries.list_largest, "@tags/", 1) == ["@tags/b"]
