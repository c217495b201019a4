"""The topics that readers may follow: of what everyone may read alone, the most used first.

Not here: which of them a page offers (tests/jobs/test_topics.py).
"""

from dataclasses import replace

from feeds.model import Access, State, Tag
from feeds.store import tags, topics
from tests.store.givens import MONDAY, PLAIN, add, entry, read, write


def within(name, section, *, state=State.LIVE, access=Access.PUBLIC):
    return entry(name, article=replace(PLAIN, section=section, access=access), state=state)


def test_tags_and_sections_of_public_entries_alone_are_told_the_most_used_first(store):
    for tag in (Tag("ferry", "Ferry"), Tag("pier", "Pier"), Tag("secret", "Secret")):
        write(store, tags.put, tag, at=MONDAY)
    add(
        store,
        within("one", "Quays"),
        within("two", "quays"),
        within("three", "Arts"),
        within("four", "Quays"),
        within("five", "Inside", access=Access.MEMBERS),
        within("six", "Soon", state=State.SCHEDULED),
    )
    for name in ("one", "two"):
        write(store, tags.set_for_entry, f"urn:{name}", [("Pier", "pier")])
    write(store, tags.set_for_entry, "urn:three", [("Ferry", "ferry")])
    write(store, tags.set_for_entry, "urn:five", [("Secret", "secret")])
    write(store, tags.set_for_entry, "urn:six", [("Secret", "secret")])
    assert read(store, topics.list_tags) == [Tag("pier", "Pier"), Tag("ferry", "Ferry")]
    assert read(store, topics.list_sections) == [Tag("section/quays", "Quays"), Tag("section/arts", "Arts")]
