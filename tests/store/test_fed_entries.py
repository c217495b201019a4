"""What private feeds gave readers in place of mail is remembered, each entry once.

Not here: what comes of it (tests/jobs/test_doors.py).
"""

from feeds.store import fed_entries, subscribers
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, reader

ANN = reader().id


def test_what_was_given_is_kept_once_for_each_newsletter(store):
    add_readers(store, "ann")
    for ids in (["a"], ["a", "b"]):
        write(store, fed_entries.add, ANN, "weekly", entry_ids=ids, at=MONDAY)
    write(store, fed_entries.add, ANN, "daily", entry_ids=["c"], at=MONDAY)
    assert read(store, fed_entries.list_of, "weekly") == {ANN: frozenset("ab")}
    assert read(store, fed_entries.list_of, "weekly", "nobody") == {}


def test_what_was_given_long_ago_is_forgotten(store):
    add_readers(store, "ann")
    write(store, fed_entries.add, ANN, "weekly", entry_ids=["a"], at=MONDAY)
    write(store, fed_entries.add, ANN, "weekly", entry_ids=["b"], at=MONDAY + DAY)
    write(store, fed_entries.drop_before, "weekly", MONDAY + DAY)
    assert read(store, fed_entries.list_of, "weekly") == {ANN: frozenset("b")}


def test_what_was_given_goes_with_a_newsletter_that_is_renamed(store):
    add_readers(store, "ann")
    write(store, fed_entries.add, ANN, "weekly", entry_ids=["a"], at=MONDAY)
    write(store, subscribers.rename_newsletter, "weekly", "sunday")
    assert read(store, fed_entries.list_of, "sunday") == {ANN: frozenset("a")}
