"""The mark of all that is printed from: every change moves it, and nothing else does.

Not here: the marks that are made with it (jobs.marks).
"""

import pytest

from feeds.model import State, Tag
from feeds.store import entries, tags
from feeds.store.engine import Store
from feeds.store.entries import Alias
from feeds.store.fingerprint import fingerprint
from tests.store.givens import DAY, MONDAY, add, change, entry, read, write

FERRY = entry("ferry", sequence=1, live_at=MONDAY)
LATER = entry("later", state=State.SCHEDULED, published_at=MONDAY + DAY)


@pytest.fixture
def printed(store):
    """Give a store with a live entry, a scheduled one, a tag and an alias of each kind."""
    add(store, FERRY, LATER)
    write(store, tags.put, Tag("ferry", "Ferry"), at=MONDAY)
    write(store, tags.replace_aliases, {"boat": "ferry"}, at=MONDAY)
    write(store, entries.add_alias, Alias("address", "/old/ferry", "urn:ferry"), at=MONDAY)
    return store


def withdraw(store):
    write(store, entries.mark_withdrawn, ["urn:ferry"], at=MONDAY, by="operator", reason="wrong")


def move(store):
    known = next(one for one in read(store, entries.list_known) if one.id == "urn:ferry")
    write(store, entries.move, known, key="pier.md", source="folder", at=MONDAY)


CHANGES = {
    "a new entry": lambda store: add(store, entry("harbour")),
    "an edit": lambda store: change(store, FERRY, revision=2, content_hash="c2", updated_at=MONDAY + DAY),
    "another slug": lambda store: change(store, FERRY, slug="ferry-runs"),
    "a better reading of the same bytes": lambda store: change(store, FERRY),
    "a withdrawal": withdraw,
    "a file that moved": move,
    "what went live": lambda store: write(store, entries.mark_live, MONDAY + DAY),
    "a former address": lambda store: write(store, entries.add_alias, Alias("slug", "boat", "urn:ferry"), at=MONDAY),
    "an address with a new owner": lambda store: write(
        store, entries.add_alias, Alias("address", "/old/ferry", "urn:later"), at=MONDAY
    ),
    "a new tag": lambda store: write(store, tags.put, Tag("pier", "Pier"), at=MONDAY),
    "a tag spelt anew": lambda store: write(store, tags.put, Tag("ferry", "FERRY"), at=MONDAY),
    "a tag's alias that is gone": lambda store: write(store, tags.replace_aliases, {}, at=MONDAY),
    "a tag's alias that is new": lambda store: write(
        store, tags.replace_aliases, {"boat": "ferry", "ship": "ferry"}, at=MONDAY
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_mark_moves_with(printed, what):
    before = read(printed, fingerprint)
    CHANGES[what](printed)
    assert read(printed, fingerprint) != before


def test_mark_stays_while_nothing_is_written(printed):
    before = read(printed, fingerprint)
    read(printed, entries.list_public)
    with printed.writing() as tx:
        assert fingerprint(tx) == before
    again = Store(printed.url.render_as_string(hide_password=False))
    assert read(again, fingerprint) == before
    again.close()


def test_mark_stays_where_a_change_is_undone(printed):
    before = read(printed, fingerprint)
    with pytest.raises(FileNotFoundError), printed.writing() as tx:
        entries.add(tx, entry("harbour"), reading="r1")
        raise FileNotFoundError("an article went away")
    assert read(printed, fingerprint) == before


def test_empty_store_has_a_mark(store):
    assert len(read(store, fingerprint)) == 64
