"""Private addresses: one open at a time for a reader and a feed, and closed for who is suppressed or forgotten.

Not here: giving them (tests/cli/test_cli_feeds.py), their tokens (tests/rules/test_private_tokens.py).
"""

from dataclasses import replace

import pytest

from feeds.store import feed_entries, forgetting, private_addresses, subscribers, suppressions
from feeds.store.feed_entries import Place
from feeds.store.suppressions import Suppression
from tests.store.givens import DAY, MONDAY, PLAIN, add, entry, read, write
from tests.store.mail_givens import reader

PICTURE = "ab" * 32 + ".png"


@pytest.fixture
def readers(store):
    write(store, subscribers.add, [reader("ann"), reader("bo")])
    return store


def made(store, who="ann", feed="inside", *, at=MONDAY):
    return write(store, private_addresses.add, feed, who, at=at)


def test_address_is_found_by_its_number_and_by_its_reader(readers):
    anns = made(readers)
    made(readers, "bo")
    made(readers, feed="other")
    assert read(readers, private_addresses.find, anns.id) == anns
    assert read(readers, private_addresses.find_open, "inside", "ann") == anns
    assert (anns.is_open, anns.created_at) == (True, MONDAY)


def test_number_that_nobody_has_is_none(readers):
    assert read(readers, private_addresses.find, 0) is None
    assert read(readers, private_addresses.find_open, "inside", "ann") is None


def test_revoked_address_is_remembered_and_the_next_is_another(readers):
    first = made(readers)
    assert write(readers, private_addresses.mark_revoked, "ann", at=MONDAY + DAY, feed="inside") == 1
    assert read(readers, private_addresses.find, first.id) == replace(first, revoked_at=MONDAY + DAY)
    assert read(readers, private_addresses.find_open, "inside", "ann") is None
    assert made(readers).id != first.id
    assert write(readers, private_addresses.mark_revoked, "bo", at=MONDAY, feed="inside") == 0


def test_all_addresses_of_a_reader_are_revoked_where_no_feed_is_named(readers):
    made(readers), made(readers, feed="other"), made(readers, "bo")
    assert write(readers, private_addresses.mark_revoked, "ann", at=MONDAY) == 2
    assert read(readers, private_addresses.count_open) == {"inside": 1}


def test_address_of_who_is_suppressed_or_forgotten_is_closed(readers):
    for who in ("ann", "bo"):
        made(readers, who)
    why = Suppression(address_key="ann@x.example", reason="complaint", evidence="", created_at=MONDAY)
    write(readers, suppressions.add, why)
    write(readers, forgetting.erase, reader("bo"), at=MONDAY)
    found = [(who, one.is_open, one.is_barred) for who, one in listed(readers)]
    assert sorted(found) == [("", False, True), ("ann@x.example", False, True)]
    assert read(readers, private_addresses.count_open) == {}


def listed(store, feed="inside"):
    with store.reading() as tx:
        return list(private_addresses.list_of(tx, feed))


def naming(store, name, feed="inside"):
    with store.reading() as tx:
        return list(private_addresses.list_naming(tx, feed, name))


def test_entries_that_name_a_file_are_found_newest_first_and_only_where_they_stand(store):
    for number, (name, feed, left_at) in enumerate(
        [("old", "inside", None), ("new", "inside", None), ("gone", "inside", MONDAY), ("far", "other", None)]
    ):
        add(store, entry(name, article=replace(PLAIN, files=(("sea.png", PICTURE),))))
        place = Place(feed, f"urn:{name}", number, MONDAY + number * DAY, None, left_at)
        write(store, feed_entries.replace, [], [place])
    assert naming(store, PICTURE) == ["urn:new", "urn:old"]
    assert naming(store, "cd" * 32 + ".png") == []
    assert naming(store, "%") == []
