"""Readers are offered the topics of most entries, and what they chose, sections first; counted where something changed.

Not here: counting them (tests/store/test_topics.py).
"""

from feeds.jobs.subscribe.topics import MOST, TopicMemory, Topics
from feeds.model import Tag
from feeds.store import tags
from tests.store.givens import MONDAY, add, entry, write


def tagged(number):
    return tuple(Tag(f"t{n:02}", f"Tag {n:02}") for n in range(number))


def test_most_used_and_what_was_chosen_are_offered_sections_first():
    found = Topics((Tag("section/quays", "Quays"),), tagged(MOST + 9)).offered(["t30", "section/gone"])
    assert [tag.slug for tag in found[:2]] == ["section/gone", "section/quays"]
    assert [tag.slug for tag in found[2:]] == [*(f"t{n:02}" for n in range(MOST)), "t30"]
    assert found[0].name == "gone"


def test_topics_are_counted_anew_once_an_entry_has_changed(store):
    memory = TopicMemory()
    write(store, tags.put, Tag("ferry", "Ferry"), at=MONDAY)
    with store.reading() as tx:
        assert memory.now(tx).tags == ()
        assert memory.now(tx) is memory.now(tx)
    add(store, entry("one"))
    write(store, tags.set_for_entry, "urn:one", [("Ferry", "ferry")])
    with store.reading() as tx:
        assert memory.now(tx).tags == (Tag("ferry", "Ferry"),)
