"""Tags by their slugs, the spellings in use, and the old slugs that still lead somewhere.

Not here: which spelling wins (jobs).
"""

import pytest
from sqlalchemy.exc import IntegrityError

from feeds.model import Tag
from feeds.store import tags
from tests.store.givens import MONDAY, add, entry, read, write


def put(store, *given):
    for tag in given:
        write(store, tags.put, tag, at=MONDAY)


@pytest.fixture
def tagged(store):
    """Give a store of three tags, two of which mean what one spelling says."""
    put(store, Tag("ferry", "Ferry"), Tag("c", "C"), Tag("c++", "C++"))
    add(store, entry("one"), entry("two"), entry("three"))
    write(store, tags.set_for_entry, "urn:one", [("C++", "c++"), ("Ferry", "ferry")])
    write(store, tags.set_for_entry, "urn:two", [("FERRY", "ferry"), ("C", "c")])
    return store


def test_tag_is_put_once_and_may_be_respelt(store):
    put(store, Tag("ferry", "Ferry"), Tag("ferry", "The Ferry"))
    assert read(store, tags.list_all) == {"ferry": Tag("ferry", "The Ferry")}


def test_tags_are_listed_in_the_order_of_their_slugs_on_either_database(store):
    put(store, *(Tag(slug, slug) for slug in ("b", "a", "c++", "c", "c-2", "ca", "éa", "z")))
    assert list(read(store, tags.list_all)) == ["a", "b", "c", "c++", "c-2", "ca", "z", "éa"]


def test_entry_has_its_tags_in_its_own_order(tagged):
    assert read(tagged, tags.by_entry) == {
        "urn:one": (Tag("c++", "C++"), Tag("ferry", "Ferry")),
        "urn:two": (Tag("ferry", "Ferry"), Tag("c", "C")),
    }


def test_two_spellings_of_one_tag_stand_once_in_an_entry(tagged):
    write(tagged, tags.set_for_entry, "urn:three", [("FERRY", "ferry"), ("C", "c"), ("ferry", "ferry")])
    assert read(tagged, tags.by_entry)["urn:three"] == (Tag("ferry", "Ferry"), Tag("c", "C"))


def test_tags_of_an_entry_are_replaced(tagged):
    write(tagged, tags.set_for_entry, "urn:one", [])
    assert "urn:one" not in read(tagged, tags.by_entry)


def test_spellings_in_use_are_counted(tagged):
    spellings = [("c", "C", 1), ("c++", "C++", 1), ("ferry", "FERRY", 1), ("ferry", "Ferry", 1)]
    assert sorted(read(tagged, tags.list_spellings)) == spellings


def test_spelling_may_be_moved_to_another_tag(tagged):
    write(tagged, tags.move_spelling, "C", "c++")
    assert read(tagged, tags.by_entry)["urn:two"] == (Tag("ferry", "Ferry"), Tag("c++", "C++"))


def test_aliases_are_replaced_as_a_whole(tagged):
    write(tagged, tags.replace_aliases, {"boat": "ferry", "ship": "ferry"}, at=MONDAY)
    write(tagged, tags.replace_aliases, {"boats": "ferry"}, at=MONDAY)
    assert read(tagged, tags.list_aliases) == {"boats": "ferry"}


def test_alias_leads_to_a_tag_that_is_there(store):
    with pytest.raises(IntegrityError):
        write(store, tags.replace_aliases, {"boat": "nothing"}, at=MONDAY)
