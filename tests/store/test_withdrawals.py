"""What the store tells of a withdrawal, and what it lets a source do to it.

Not here: what entries were over time (test_entry_history).
"""

from dataclasses import replace

import pytest

from feeds.model import State, WithdrawnBy
from feeds.store import documents, entries, withdrawals
from tests.store.givens import DAY, MONDAY, PLAIN, add, change, entry, read, write

WILD = 'tag:gazette.example,2026:a_b%25é"'


def publication(path, *held):
    return documents.Publication(
        feed="pages",
        format="html",
        part=path,
        path=path,
        media_type="text/html",
        hash="0" * 64,
        length=1,
        published_at=MONDAY,
        held=tuple((entry_id, 1) for entry_id in held),
    )


def withdraw(store, name, *, by=WithdrawnBy.OPERATOR, at=MONDAY, reason="asked for"):
    write(store, entries.mark_withdrawn, [f"urn:{name}"], at=at, by=by, reason=reason)
    return read(store, entries.get, f"urn:{name}")


@pytest.mark.parametrize("id_", ["urn:ferry", WILD])
def test_documents_that_hold_an_entry_are_found_whatever_its_id(store, id_):
    written = [publication("a", "urn:ferry2", id_), publication("b", f"{id_}x", "tag:gazette.example,2026:aXb%25é")]
    write(store, documents.record, written)
    assert read(store, withdrawals.list_holding, id_) == ["a"]


def test_articles_that_link_to_an_entry_are_found_under_its_old_key_too(store):
    ferry = entry("ferry")
    add(store, ferry, entry("new", article=replace(PLAIN, linked_entries=("folder/ferry.md",))))
    add(store, entry("old", article=replace(PLAIN, linked_entries=("folder/boat.md",)), state=State.LIVE))
    add(store, entry("draft", article=replace(PLAIN, linked_entries=("folder/ferry.md",)), state=State.DRAFT))
    write(store, entries.add_alias, entries.Alias("key", "folder/boat.md", "urn:ferry"), at=MONDAY)
    assert read(store, withdrawals.list_linking, ferry) == ["folder/new.md", "folder/old.md"]


def test_entries_with_the_same_words_are_found_but_for_those_withdrawn(store):
    ferry = entry("ferry")
    add(store, ferry, entry("copy"), entry("gone", state=State.WITHDRAWN), entry("other", content_hash="c2"))
    assert read(store, withdrawals.list_same_words, ferry) == ["folder/copy.md"]


def test_only_what_operators_withdrew_is_kept_out(store):
    add(store, *(entry(name, content_hash=name) for name in ("ferry", "pier", "quay")))
    withdraw(store, "ferry")
    withdraw(store, "pier", by=WithdrawnBy.SOURCE)
    assert read(store, withdrawals.list_kept_out) == {"ferry": "folder/ferry.md"}
    assert {known.id: known.is_gone for known in read(store, entries.list_known)} == {
        "urn:ferry": False,
        "urn:pier": True,
        "urn:quay": False,
    }


def test_source_does_not_touch_what_an_operator_withdrew(store):
    add(store, entry("ferry"))
    before = withdraw(store, "ferry")
    assert withdraw(store, "ferry", by=WithdrawnBy.SOURCE, at=MONDAY + DAY, reason="gone") == before


def test_new_version_keeps_who_withdrew_it_and_loses_it_when_it_is_back(store):
    add(store, entry("ferry"))
    gone = withdraw(store, "ferry")
    edited = change(store, gone, revision=2)
    assert read(store, entries.get, "urn:ferry") == edited
    change(store, edited, state=State.LIVE, withdrawn_at=None)
    back = read(store, entries.get, "urn:ferry")
    assert (back.withdrawn_by, back.withdrawn_reason) == (None, None)


def test_restored_entry_is_written_as_it_stands(store):
    add(store, entry("ferry"))
    gone = withdraw(store, "ferry")
    facts = {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": None}
    back = replace(gone, state=State.LIVE, updated_at=MONDAY + DAY, **facts)
    write(store, entries.mark_restored, back)
    assert read(store, entries.get, "urn:ferry") == back


def test_every_step_is_a_change_for_print(store):
    add(store, entry("ferry"))
    changes = [read(store, entries.last_change)]
    gone = withdraw(store, "ferry")
    changes.append(read(store, entries.last_change))
    write(store, entries.mark_restored, replace(gone, state=State.LIVE, withdrawn_by=None))
    changes.append(read(store, entries.last_change))
    assert changes == sorted(set(changes))


def test_name_means_an_id_before_a_slug_before_a_key(store):
    add(store, entry("ferry"), entry("other", slug="urn:ferry", key="x.md"), entry("third", key="other.md"))
    assert [one.id for one in read(store, entries.list_by_name, "urn:ferry")] == ["urn:ferry"]
    assert read(store, entries.list_by_name, "nothing") == []
    assert read(store, entries.list_by_name, "\udcff") == []
