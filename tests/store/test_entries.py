"""Entries: what goes in comes out, and what is asked for is found.

Not here: what becomes of an entry over time (test_entry_history).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.errors import UsageWrong
from feeds.model import Access, Article, Block, Correction, Person, Role, State, Tag
from feeds.rules.text import clean_text
from feeds.store import entries
from tests.store.givens import DAY, FULL, MONDAY, PLAIN, add, entry, read

TEXTS = st.text(max_size=40).map(clean_text)
NAMES = TEXTS.filter(str.strip)
TIMES = st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))
ARTICLES = st.builds(
    Article,
    title=TEXTS,
    blocks=st.lists(st.builds(Block, st.sampled_from(Role), TEXTS, st.booleans()), max_size=3).map(tuple),
    html=TEXTS,
    summary=TEXTS,
    authors=st.lists(st.builds(Person, NAMES, st.none() | TEXTS), max_size=1).map(tuple),
    tags=st.lists(st.builds(Tag, TEXTS, TEXTS), max_size=3).map(tuple),
    access=st.sampled_from(Access),
    corrections=st.lists(st.builds(Correction, TIMES, TEXTS), max_size=2).map(tuple),
    published_at=st.none() | TIMES,
    former_addresses=st.lists(TEXTS, max_size=2).map(tuple),
    files=st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
ENTRIES = st.builds(
    entry,
    article=ARTICLES,
    state=st.sampled_from(State),
    revision=st.integers(1, 2**31 - 1),
    sequence=st.none() | st.integers(1, 2**31 - 1),
    published_at=TIMES,
    updated_at=TIMES,
    first_seen_at=TIMES,
    live_at=st.none() | TIMES,
    withdrawn_at=st.none() | TIMES,
    notes=st.lists(TEXTS, max_size=2).map(tuple),
)


def ids(found):
    return [one.id for one in found]


def out_and_about(store):
    add(
        store,
        entry("old", published_at=MONDAY - DAY, sequence=1),
        entry("new", published_at=MONDAY + DAY, sequence=2),
        entry("members", article=replace(PLAIN, access=Access.MEMBERS), sequence=3),
        entry("draft", state=State.DRAFT),
        entry("scheduled", state=State.SCHEDULED, published_at=MONDAY + 3 * DAY),
        entry("withdrawn", state=State.WITHDRAWN, sequence=4, withdrawn_at=MONDAY),
    )
    return store


def test_entry_comes_back_with_every_field_as_it_was(store):
    everything = entry(
        article=FULL,
        live_at=MONDAY,
        sequence=7,
        withdrawn_at=MONDAY + DAY,
        withdrawn_by="operator",
        withdrawn_reason="asked for",
        notes=("read as windows-1252", "“ü”"),
        state=State.WITHDRAWN,
    )
    assert None not in [getattr(everything, name) for name in type(everything).__dataclass_fields__]
    add(store, everything)
    assert read(store, entries.get, "urn:ferry") == everything


@pytest.mark.rule("T43")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=ENTRIES)
def test_any_clean_entry_comes_back_as_it_was_from_both_databases(sqlite_store, postgres_store, one):
    for store in (sqlite_store, postgres_store):
        with store.engine.connect() as tx:  # never committed
            entries.add(tx, one, reading="r1")
            assert entries.get(tx, one.id) == one


def test_instant_is_kept_to_the_microsecond_and_given_back_in_utc(store):
    summer = datetime(2026, 7, 1, 9, 0, 0, 123_456, tzinfo=UTC).astimezone()
    add(store, entry(published_at=summer))
    found = read(store, entries.get, "urn:ferry").published_at
    assert (found, found.tzinfo) == (summer, UTC)


@pytest.mark.parametrize("article", [FULL, PLAIN])
def test_outline_is_the_entry_without_its_words(store, article):
    one = entry(article=article)
    add(store, one)
    (outline,) = read(store, entries.list_outlines, [one.id, "urn:unknown"])
    kept = ("title", "section", "language", "access", "url", "authors", "files", "linked_entries")
    wordless = Article(title="", blocks=(), html="")
    assert outline == replace(one, article=replace(wordless, **{name: getattr(article, name) for name in kept}))


@pytest.mark.parametrize("year", [1, 970, 9999])
def test_years_far_away_come_back_and_keep_their_order(store, year):
    at = datetime(year, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    add(store, entry("far", published_at=at), entry("near"))
    assert read(store, entries.find_by_name, "far").published_at == at
    assert [one.slug for one in read(store, entries.list_all)] == (["far", "near"] if year == 9999 else ["near", "far"])


def test_unknown_entry_is_named(store):
    assert read(store, entries.find, "urn:none") is None
    with pytest.raises(UsageWrong, match="no entry has the id, slug or key 'urn:none'"):
        read(store, entries.get, "urn:none")


def test_person_may_name_an_entry_by_id_slug_or_key(store):
    add(store, entry("one"), entry("two"))
    for name in ("urn:two", "two", "two.md", "folder/two.md"):
        assert read(store, entries.find_by_name, name).id == "urn:two"
    assert read(store, entries.find_by_name, "three") is None


def test_id_goes_before_slug_and_slug_before_key(store):
    add(store, entry("a", id="1", slug="same"), entry("b", id="same", slug="b"), entry("c", id="0", key="same"))
    assert read(store, entries.find_by_name, "same").id == "same"
    add(store, entry("d", id="2", slug="c.md"), entry("e", id="-1", key="c.md"))
    assert read(store, entries.find_by_name, "c.md").id == "2"


def test_only_what_is_live_and_public_is_listed_for_print_newest_first(store):
    assert ids(read(out_and_about(store), entries.list_public)) == ["urn:new", "urn:old"]


def test_of_one_instant_the_last_to_go_live_comes_first(store):
    add(store, entry("b", sequence=1), entry("a", sequence=3), entry("c", sequence=2))
    assert ids(read(store, entries.list_public)) == ["urn:a", "urn:c", "urn:b"]


def test_preview_of_an_instant_holds_what_will_be_out_then(store):
    out_and_about(store)
    assert ids(read(store, entries.list_out_at, MONDAY)) == ["urn:old"]
    assert ids(read(store, entries.list_out_at, MONDAY + 3 * DAY)) == ["urn:scheduled", "urn:new", "urn:old"]


def test_all_are_listed_newest_first_or_those_in_one_state(store):
    everything = ids(read(out_and_about(store), entries.list_all))
    assert everything == ["urn:scheduled", "urn:new", "urn:draft", "urn:members", "urn:withdrawn", "urn:old"]
    assert ids(read(store, entries.list_all, state=State.DRAFT)) == ["urn:draft"]


def test_entries_are_counted_by_state(store):
    counted = {"draft": 1, "live": 3, "scheduled": 1, "withdrawn": 1}
    assert read(out_and_about(store), entries.count_by_state) == counted


def test_next_scheduled_entry_is_known(store):
    assert read(store, entries.next_scheduled_at) is None
    later = entry("later", state=State.SCHEDULED, published_at=MONDAY + 9 * DAY)
    add(out_and_about(store), later)
    assert read(store, entries.next_scheduled_at) == MONDAY + 3 * DAY


def test_sync_knows_every_entry_of_its_source_and_of_no_other(store):
    add(out_and_about(store), entry("elsewhere", source="other"))
    known = {one.key: one for one in read(store, entries.list_known, "folder")}
    assert known["withdrawn.md"] == entries.Known(
        "urn:withdrawn", "folder", "withdrawn.md", "withdrawn", State.WITHDRAWN, "s1", "r1", MONDAY
    )
    assert len(known) == 6


def test_slugs_ids_and_instants_in_use_are_known(store):
    add(store, entry("one"), entry("two", updated_at=MONDAY + timedelta(seconds=1)))
    assert read(store, entries.slugs) == {"one", "two"}
    assert read(store, entries.ids) == {"urn:one", "urn:two"}
    assert read(store, entries.updated_instants) == {MONDAY, MONDAY + timedelta(seconds=1)}
