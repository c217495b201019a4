"""What becomes of an entry over time: new revisions, new slugs, moves, going live, withdrawal and return.

Not here: finding and listing entries (test_entries).
"""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from feeds.model import Person, State
from feeds.store import entries
from feeds.store.entries import Alias
from feeds.store.schema import entries as table
from feeds.store.schema import entry_authors, entry_revisions
from tests.store.givens import DAY, FULL, MONDAY, PLAIN, add, change, entry, read, write


def scheduled(name, *, due):
    return entry(name, state=State.SCHEDULED, published_at=due)


def keys(store):
    return {one.id: one.key for one in read(store, entries.list_known, "folder")}


def move(store, **to):
    """Move entries, by their ids' last parts, to new keys in one transaction, as a sync does."""
    known = {one.id.removeprefix("urn:"): one for one in read(store, entries.list_known, "folder")}
    with store.writing() as tx:
        entries.free_keys(tx, "folder", to.values())
        for name, key in to.items():
            entries.move(tx, known[name], key=key, source="folder", at=MONDAY)


def sequences(store):
    return {one.id: one.sequence for one in read(store, entries.list_all) if one.sequence}


def test_revision_keeps_what_was_said_before(store):
    first = entry(article=FULL)
    add(store, first)
    second = change(store, first, revision=2, content_hash="c2", article=replace(FULL, title="It runs"))
    change(store, second, revision=3, content_hash="c3", article=replace(FULL, title="It stopped"))
    kept = [(1, "The ferry runs again", MONDAY + DAY), (2, "It runs", MONDAY + DAY)]
    assert read(store, entries.list_revisions, "urn:ferry") == kept
    assert read(store, entries.get, "urn:ferry").article.title == "It stopped"


def test_revision_keeps_the_whole_article(store):
    first = entry(article=FULL)
    add(store, first)
    change(store, first, revision=2, article=PLAIN)
    with store.reading() as tx:
        kept = tx.execute(select(entry_revisions.c.article)).scalar()
    assert entries.from_json(kept) == FULL


def test_change_without_a_new_revision_keeps_nothing_of_before(store):
    first = entry()
    add(store, first)
    change(store, first, source_hash="s2", notes=("read anew",))
    assert read(store, entries.list_revisions, "urn:ferry") == []
    assert read(store, entries.get, "urn:ferry").notes == ("read anew",)


def test_new_slug_leaves_an_alias_once_the_old_one_was_public(store):
    first = entry(live_at=MONDAY)
    add(store, first)
    change(store, first, slug="the-ferry")
    assert read(store, entries.list_aliases) == [Alias("slug", "ferry", "urn:ferry")]
    assert read(store, entries.slugs) == {"ferry", "the-ferry"}


def test_slug_that_nobody_saw_leaves_no_alias(store):
    first = entry(state=State.DRAFT)
    add(store, first)
    change(store, first, slug="the-ferry")
    assert read(store, entries.list_aliases) == []


def test_slug_taken_back_leads_to_no_alias_of_itself(store):
    first = entry(live_at=MONDAY)
    add(store, first)
    second = change(store, first, slug="the-ferry")
    change(store, second, slug="ferry")
    assert read(store, entries.list_aliases) == [Alias("slug", "the-ferry", "urn:ferry")]


def test_slug_is_given_once(store):
    add(store, entry("one", slug="same"))
    with pytest.raises(IntegrityError):
        add(store, entry("two", slug="same"))


def test_alias_belongs_to_its_newest_owner(store):
    add(store, entry("one"), entry("two"))
    for owner in ("urn:one", "urn:two"):
        write(store, entries.add_alias, Alias("address", "/old", owner), at=MONDAY)
    assert read(store, entries.list_aliases) == [Alias("address", "/old", "urn:two")]


def test_key_is_given_once_in_a_source(store):
    add(store, entry("one", key="same.md"), entry("two", key="same.md", source="other"))
    with pytest.raises(IntegrityError):
        add(store, entry("three", key="same.md"))


def test_moved_entry_is_still_found_by_links_to_its_old_place(store):
    add(store, entry("ferry"))
    move(store, ferry="harbour/ferry.md")
    assert keys(store) == {"urn:ferry": "harbour/ferry.md"}
    assert read(store, entries.list_aliases) == [Alias("key", "folder/ferry.md", "urn:ferry")]


def test_move_to_the_same_place_leaves_no_alias(store):
    add(store, entry("ferry"))
    move(store, ferry="ferry.md")
    assert (keys(store), read(store, entries.list_aliases)) == ({"urn:ferry": "ferry.md"}, [])


def test_two_entries_may_swap_their_places(store):
    add(store, entry("a"), entry("b"))
    move(store, a="b.md", b="a.md")
    assert keys(store) == {"urn:a": "b.md", "urn:b": "a.md"}


def test_three_entries_may_change_places_in_a_ring(store):
    add(store, entry("a"), entry("b"), entry("c"))
    move(store, a="b.md", b="c.md", c="a.md")
    assert keys(store) == {"urn:a": "b.md", "urn:b": "c.md", "urn:c": "a.md"}


def test_key_of_another_source_is_left_alone(store):
    add(store, entry("a"), entry("b", source="other", key="a.md"))
    write(store, entries.free_keys, "folder", ["a.md"])
    assert read(store, entries.get, "urn:b").key == "a.md"


def test_what_is_due_goes_live_in_the_order_of_its_dates(store):
    add(store, *(scheduled(name, due=MONDAY - day * DAY) for name, day in (("b", 1), ("c", 0), ("a", 2))))
    add(store, scheduled("later", due=MONDAY + DAY), entry("draft", state=State.DRAFT))
    assert write(store, entries.mark_live, MONDAY) == ["urn:a", "urn:b", "urn:c"]
    assert sequences(store) == {"urn:a": 1, "urn:b": 2, "urn:c": 3}
    assert {one.live_at for one in read(store, entries.list_all, state=State.LIVE)} == {MONDAY}


def test_back_dated_entry_goes_live_behind_those_before_it(store):
    add(store, scheduled("one", due=MONDAY))
    write(store, entries.mark_live, MONDAY)
    add(store, scheduled("old", due=MONDAY - 99 * DAY))
    write(store, entries.mark_live, MONDAY + DAY)
    assert sequences(store) == {"urn:one": 1, "urn:old": 2}


def test_going_live_again_gives_no_second_number(store):
    add(store, scheduled("one", due=MONDAY))
    assert [write(store, entries.mark_live, MONDAY) for _ in range(2)] == [["urn:one"], []]


def test_number_of_a_withdrawn_entry_is_never_given_again(store):
    add(store, scheduled("one", due=MONDAY))
    write(store, entries.mark_live, MONDAY)
    write(store, entries.mark_withdrawn, ["urn:one"], at=MONDAY, by="source", reason="its file is gone")
    add(store, scheduled("two", due=MONDAY))
    write(store, entries.mark_live, MONDAY)
    assert sequences(store) == {"urn:one": 1, "urn:two": 2}


def test_withdrawn_entry_leaves_print_and_says_why(store):
    add(store, entry("one", live_at=MONDAY, sequence=1), entry("two"))
    write(store, entries.mark_withdrawn, ["urn:one"], at=MONDAY + DAY, by="operator", reason="asked for")
    one = read(store, entries.get, "urn:one")
    assert (one.state, one.withdrawn_at) == (State.WITHDRAWN, MONDAY + DAY)
    assert [entry.id for entry in read(store, entries.list_public)] == ["urn:two"]
    with store.reading() as tx:
        why = tx.execute(select(table.c.withdrawn_by, table.c.withdrawn_reason).where(table.c.id == "urn:one")).one()
    assert why == ("operator", "asked for")


def test_restored_entry_has_its_number_and_its_first_day_again(store):
    add(store, scheduled("one", due=MONDAY))
    write(store, entries.mark_live, MONDAY)
    write(store, entries.mark_withdrawn, ["urn:one"], at=MONDAY + DAY, by="source", reason="gone")
    gone = read(store, entries.get, "urn:one")
    change(store, gone, state=State.SCHEDULED, withdrawn_at=None)
    assert write(store, entries.mark_live, MONDAY + 2 * DAY) == []
    back = read(store, entries.get, "urn:one")
    assert (back.state, back.sequence, back.live_at, back.withdrawn_at) == (State.LIVE, 1, MONDAY, None)
    with store.reading() as tx:
        assert tx.execute(select(table.c.withdrawn_by, table.c.withdrawn_reason)).one() == (None, None)


def test_authors_are_kept_in_order_by_their_slugs(store):
    first = entry(article=replace(PLAIN, authors=(Person("Zoë"), Person("Ann Lee"))))
    add(store, first)
    change(store, first, article=replace(PLAIN, authors=(Person("Ann Lee"),)))
    with store.reading() as tx:
        found = tx.execute(select(entry_authors.c.author, entry_authors.c.name, entry_authors.c.position)).all()
    assert found == [("ann-lee", "Ann Lee", 0)]


def test_one_author_in_two_spellings_stands_once(store):
    add(store, entry(article=replace(PLAIN, authors=(Person("Ann Lee"), Person("ANN LEE"), Person("?"), Person("!")))))
    with store.reading() as tx:
        found = tx.execute(select(entry_authors.c.author).order_by(entry_authors.c.position)).scalars().all()
    assert found == ["ann-lee", "unnamed"]
