"""What publish asks of the entries: the order of their changes, where links lead, which files are shown.

Not here: what comes of it (tests/jobs/test_publish_proportion.py).
"""

from dataclasses import replace

import pytest
from sqlalchemy import event

from feeds.model import Tag
from feeds.store import changes, entries, tags
from feeds.store.changes import Whereabouts
from tests.store.givens import MONDAY, add, entry, read, write


@pytest.fixture
def three(store):
    """Give a store with three entries, added one after the other."""
    for name in ("one", "two", "three"):
        add(store, entry(name))
    return store


def changed_after(store, change, limit=10):
    return [entry_id for entry_id, _ in read(store, changes.list_changed, change, limit)]


def test_entries_come_in_the_order_of_their_changes(three):
    last = read(three, entries.last_change)
    assert changed_after(three, 0) == ["urn:one", "urn:two", "urn:three"]
    with three.writing() as tx:
        entries.touch(tx, ["urn:one"])
    assert changed_after(three, 0) == ["urn:two", "urn:three", "urn:one"]
    assert changed_after(three, last) == ["urn:one"]


def test_entries_that_changed_together_are_not_torn_apart(three):
    with three.writing() as tx:
        entries.touch(tx, ["urn:one", "urn:three"])
    assert changed_after(three, 0, limit=2) == ["urn:two", "urn:one", "urn:three"]


def test_new_spelling_of_a_tag_touches_the_entries_that_have_it(three):
    write(three, tags.put, Tag("ferry", "ferry"), at=MONDAY)
    write(three, tags.set_for_entry, "urn:two", [("ferry", "ferry")])
    last = read(three, entries.last_change)
    write(three, tags.put, Tag("ferry", "ferry"), at=MONDAY)
    assert changed_after(three, last) == []
    write(three, tags.put, Tag("ferry", "Ferry"), at=MONDAY)
    assert changed_after(three, last) == ["urn:two"]


def test_link_is_found_under_the_key_of_now_and_under_a_former_one(three):
    one = read(three, entries.get, "urn:one")
    write(three, entries.add_alias, entries.Alias("key", "articles/old.md", "urn:one"), at=MONDAY)
    key = f"{one.source}/{one.key}"
    found = read(three, changes.list_whereabouts, [key, "articles/old.md", "articles/nothing.md"])
    expected = Whereabouts("urn:one", one.source, one.key, one.slug, None, one.is_public)
    assert found == {key: expected, "articles/old.md": expected}
    assert read(three, changes.list_whereabouts).keys() >= found.keys()


def test_entries_whose_links_lead_elsewhere_now_are_found(three):
    write(three, changes.set_links, {"urn:one": {"a/x.md": "https://x.example/x/"}, "urn:two": {"a/x.md": None}})
    assert read(three, changes.list_misled, {"a/x.md": "https://x.example/x/"}) == {"urn:two"}
    assert read(three, changes.list_misled, {"a/x.md": None}) == {"urn:one"}
    write(three, changes.set_links, {"urn:one": {}})
    assert read(three, changes.list_misled, {"a/x.md": None}) == set()


def test_file_is_shown_until_nobody_shows_it(three):
    assert write(three, changes.set_files, {"urn:one": ["a.png", "b.png"], "urn:two": ["a.png"]}) == set()
    assert write(three, changes.set_files, {"urn:one": []}) == {"b.png"}
    assert read(three, changes.shown_files, ["a.png", "b.png"]) == {"a.png"}


def test_former_slugs_and_targets_are_those_of_the_entry(three):
    write(three, entries.add_alias, entries.Alias("slug", "old", "urn:one"), at=MONDAY)
    write(three, entries.add_alias, entries.Alias("key", "articles/old.md", "urn:one"), at=MONDAY)
    assert read(three, changes.former_slugs, ["urn:one", "urn:two"]) == {"urn:one": ["old"]}
    assert read(three, changes.former_targets, ["urn:one", "urn:two"]) == [("urn:one", "articles/old.md")]


def test_places_are_those_of_public_entries_in_a_range_of_the_sequence(three):
    write(three, entries.mark_live, MONDAY)
    sequence = {one.id: one.sequence for one in read(three, lambda tx: list(entries.list_all(tx)))}
    two = read(three, entries.get, "urn:two")
    first = sequence["urn:two"]
    assert read(three, changes.list_places, first, first) == [(two.slug, two.updated_at)]
    elsewhere = replace(two, article=replace(two.article, url="https://elsewhere.example/"), revision=2)
    write(three, entries.replace, two, elsewhere, reading="", at=MONDAY)
    assert read(three, changes.list_places, first, first) == []


def test_places_of_the_sitemap_are_found_by_their_sequence(three):
    asked = []
    event.listen(three.engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
    read(three, changes.list_places, 1, 1000)
    statement, parameters = next(one for one in asked if "sequence" in one[0])
    with three.reading() as tx:
        if three.file is None:
            tx.exec_driver_sql("SET enable_seqscan = off")  # a table as small as this one is read whole otherwise
        explain = "EXPLAIN QUERY PLAN " if three.file else "EXPLAIN "
        plan = str(tx.exec_driver_sql(explain + statement, parameters).all())
    assert ("sequence>?" if three.file else "uq_entries_sequence") in plan
