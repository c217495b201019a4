"""Who gets which entries: nobody misses one, nobody gets one twice, and nobody is handed the archive.

Not here: who may be mailed at all (tests/store/test_audience.py).
"""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.corrections import Told
from feeds.rules.preferences import Taste
from feeds.rules.selecting import (
    Candidate,
    Choice,
    Kind,
    Readers,
    brought_at,
    choose,
    floor_of,
    lacked,
    levels,
    main_choice,
    next_floor,
)

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = 7 * DAY
LONG_AGO = MONDAY - 100 * DAY
OLD, MIDDLE, NEW = (Candidate(name, 1, MONDAY + n * HOUR) for n, name in enumerate(("old", "middle", "new")))
ALL = (NEW, MIDDLE, OLD)  # as the store lists them: newest first
SELECTIONS = {
    "s-old": frozenset({"old"}),
    "s-two": frozenset({"old", "middle"}),
    "s-all": frozenset({c.entry_id for c in ALL}),
}


def reader(name="ann", *, floor=LONG_AGO, had=(), **more):
    """Return a reader by name, and of which kind they are."""
    return name, Kind(floor, frozenset(had), **more)


def chosen(*readers, candidates=ALL, minimum=1, maximum=10, selections=SELECTIONS):
    gathered = Readers()
    for name, kind in readers:
        gathered.called[kind].add(name)
    return choose(candidates, gathered.called, selections=selections, minimum=minimum, maximum=maximum)


def names(choices):
    """Return each choice with the names of its readers."""
    return {choice: list(ids) for choice, ids in choices.readers.items()}


def given_to(choices, name):
    """Return the ids that a reader gets, shown and named, or None where they get nothing."""
    found = [choice for choice, readers in names(choices).items() if name in readers]
    assert len(found) <= 1
    return [one.entry_id for one in (*found[0].shown, *found[0].named)] if found else None


def test_new_reader_gets_all_that_came_since_the_floor_newest_first():
    assert given_to(chosen(reader()), "ann") == ["new", "middle", "old"]


def test_order_is_the_one_that_was_given_not_the_one_of_bringing():
    back_dated = (OLD, NEW, MIDDLE)
    assert given_to(chosen(reader(), candidates=back_dated), "ann") == ["old", "new", "middle"]


def test_late_joiner_gets_only_what_came_after_joining():
    assert given_to(chosen(reader(floor=MONDAY + HOUR / 2)), "ann") == ["new", "middle"]


def test_entry_brought_at_the_very_instant_of_the_floor_is_not_brought_again():
    assert given_to(chosen(reader(floor=MIDDLE.brought_at)), "ann") == ["new"]
    assert given_to(chosen(reader(floor=MIDDLE.brought_at - timedelta(microseconds=1))), "ann") == ["new", "middle"]


def test_reader_above_everything_gets_nothing_and_waits_for_nothing():
    choices = chosen(reader(floor=NEW.brought_at))
    assert (choices.readers, choices.waiting) == ({}, 0)


def test_reader_who_has_had_everything_gets_nothing_and_waits_for_nothing():
    choices = chosen(reader(had={"s-all"}))
    assert (choices.readers, choices.waiting) == ({}, 0)


def test_without_candidates_or_readers_there_is_nothing_to_bring():
    assert chosen(reader(), candidates=()).readers == {}
    assert chosen().readers == {}


def test_what_a_reader_has_had_is_not_brought_again_whatever_its_revision():
    edited = Candidate("old", 7, OLD.brought_at)
    assert given_to(chosen(reader(had={"s-old"}), candidates=(NEW, MIDDLE, edited)), "ann") == ["new", "middle"]


def test_reader_whose_week_failed_gets_it_with_the_next_one():
    kept, failed = reader("ann", had={"s-two"}), reader("bob")
    choices = chosen(kept, failed)
    assert (given_to(choices, "ann"), given_to(choices, "bob")) == (["new"], ["new", "middle", "old"])


def test_selections_add_up():
    choices = chosen(reader(had={"s-old", "s-new"}), selections=SELECTIONS | {"s-new": frozenset({"new"})})
    assert given_to(choices, "ann") == ["middle"]


def test_reader_with_too_little_waits_and_is_counted():
    choices = chosen(reader("ann", had={"s-two"}), reader("bob", had={"s-old"}), minimum=2)
    assert (given_to(choices, "ann"), given_to(choices, "bob"), choices.waiting) == (None, ["new", "middle"], 1)


def test_what_is_only_named_counts_towards_the_minimum():
    assert given_to(chosen(reader(), minimum=3, maximum=1), "ann") == ["new", "middle", "old"]


def test_beyond_the_maximum_the_rest_is_named_in_order():
    assert names(chosen(reader(), maximum=1)) == {Choice((NEW,), (MIDDLE, OLD)): ["ann"]}
    assert names(chosen(reader(), maximum=3)) == {Choice(ALL): ["ann"]}


def test_what_was_only_named_counts_as_had_and_nobody_is_dripped_an_archive():
    choice, *_ = chosen(reader(), maximum=1).readers
    named = {"s-one": frozenset(one.entry_id for one in (*choice.shown, *choice.named))}
    assert chosen(reader(had={"s-one"}), maximum=1, selections=named).readers == {}


def test_readers_who_lack_the_same_share_one_choice():
    alike = [reader("ann"), reader("bob", floor=LONG_AGO + DAY)]
    by_another_way = reader("cyd", floor=MONDAY, had={"s-old"})
    late = reader("dan", floor=MONDAY)
    assert list(names(chosen(*alike)).values()) == [["ann", "bob"]]
    assert list(names(chosen(late, by_another_way)).values()) == [["dan", "cyd"]]


@given(
    some.lists(some.integers(0, 12), max_size=12),
    some.lists(some.tuples(some.integers(-1, 13), some.sets(some.sampled_from(list(SELECTIONS)))), max_size=200),
)
def test_there_are_no_more_choices_than_kinds_of_readers(hours, kinds):
    candidates = [Candidate(str(n), 1, MONDAY + hour * HOUR) for n, hour in enumerate(hours)]
    held = {name: frozenset(map(str, range(0, 12, step))) for step, name in enumerate(SELECTIONS, start=2)}
    readers = [reader(str(n), floor=MONDAY + hour * HOUR, had=had) for n, (hour, had) in enumerate(kinds)]
    choices = chosen(*readers, candidates=candidates, selections=held, maximum=5)
    ranks = {(sum(c.brought_at > kind.floor_at for c in candidates), kind.had) for _, kind in readers}
    assert len(choices.readers) <= len(ranks)
    served = [name for group in choices.readers.values() for name in group]
    assert len(served) == len(set(served))


@given(some.lists(some.integers(0, 12), max_size=12), some.lists(some.integers(-1, 13), max_size=30))
def test_lowered_floor_brings_the_same_and_there_are_few_of_them(hours, floors):
    candidates = [Candidate(str(n), 1, MONDAY + hour * HOUR) for n, hour in enumerate(hours)]
    level = levels(candidates)
    for at in (MONDAY + hour * HOUR + HOUR / 2 * half for hour in floors for half in (0, 1)):
        assert level(at) <= at
        assert [c for c in candidates if c.brought_at > at] == [c for c in candidates if c.brought_at > level(at)]
    assert len({level(MONDAY + hour * HOUR) for hour in floors}) <= len(set(hours)) + 1


def test_what_is_lacked_is_all_that_one_kind_of_reader_lacks_however_little_it_is():
    kinds = [kind for _, kind in (reader(had={"s-two"}), reader(floor=MIDDLE.brought_at), reader(had={"s-old"}))]
    assert lacked(ALL, kinds, SELECTIONS) == {"new", "middle"}
    assert lacked(ALL, [], SELECTIONS) == set()


# ---- tastes ----

FERRY, QUAY, FAIR = (
    Candidate(name, 1, MONDAY + n * HOUR, topics=frozenset({name}), language=language)
    for n, (name, language) in enumerate((("ferry", "en"), ("quay", "de"), ("fair", "en")))
)
TASTED = (FAIR, QUAY, FERRY)


def taster(name, **taste):
    return reader(name, taste=Taste(**taste))


def test_each_reader_gets_what_is_to_their_taste():
    following = taster("ann", follow=frozenset({"quay", "fair"}))
    muting = taster("bob", mute=frozenset({"fair"}))
    german = taster("cyd", language="de")
    choices = chosen(following, muting, german, reader("dan"), candidates=TASTED)
    got = {name: given_to(choices, name) for name in ("ann", "bob", "cyd", "dan")}
    assert got == {"ann": ["fair", "quay"], "bob": ["quay", "ferry"], "cyd": ["quay"], "dan": ["fair", "quay", "ferry"]}


def test_readers_of_different_tastes_who_lack_the_same_share_one_choice():
    following, muting = taster("ann", follow=frozenset({"quay"})), taster("bob", language="de")
    assert names(chosen(following, muting, candidates=TASTED)) == {Choice((QUAY,)): ["ann", "bob"]}


def test_what_is_not_to_their_taste_counts_towards_no_minimum():
    assert chosen(taster("ann", mute=frozenset({"fair"})), candidates=TASTED, minimum=3).waiting == 1


def test_candidate_whose_topics_are_not_read_yet_is_to_everyones_taste():
    assert given_to(chosen(taster("ann", follow=frozenset({"quay"}))), "ann") == ["new", "middle", "old"]


# ---- corrections come along ----

WRONG = Told("before", 2, MONDAY, "It leaves at 7.")


def indebted(name, *owed, **more):
    return reader(name, owed=owed, **more)


def test_corrections_that_a_reader_is_owed_come_with_what_they_lack():
    ann, bob, cyd = indebted("ann", WRONG), reader("bob"), indebted("cyd", WRONG, floor=MONDAY - DAY)
    assert names(chosen(ann, bob, cyd)) == {Choice(ALL, (), (WRONG,)): ["ann", "cyd"], Choice(ALL): ["bob"]}


def test_corrections_alone_make_no_edition_and_count_towards_no_minimum():
    choices = chosen(indebted("ann", WRONG, had={"s-all"}), indebted("bob", WRONG, had={"s-two"}), minimum=2)
    assert (choices.readers, choices.waiting) == ({}, 1)


WEEKS = some.lists(
    some.tuples(
        some.integers(0, 4),  # how many entries come in the week
        some.sets(some.integers(0, 5)),  # who joins in it
        some.sets(some.integers(0, 5)),  # whose delivery fails
    ),
    max_size=8,
)


@given(WEEKS, some.integers(1, 6))
def test_each_reader_gets_each_entry_above_the_floor_exactly_once(weeks, maximum):
    entries, floors, had, selections = [], {}, {}, {}
    got = Counter()
    for week, (fresh, joining, failing) in enumerate([*weeks, (0, set(), set())]):
        now = MONDAY + week * WEEK
        entries = [Candidate(f"{week}.{n}", 1, now + n * HOUR) for n in reversed(range(fresh))] + entries
        for name in joining:
            floors.setdefault(name, now + HOUR)  # in the midst of what comes that week
        readers = [reader(str(name), floor=floor, had=had.get(name, ())) for name, floor in floors.items()]
        choices = chosen(*readers, candidates=entries, selections=selections, maximum=maximum)
        for number, (choice, group) in enumerate(choices.readers.items()):
            selections[f"{week}/{number}"] = frozenset(c.entry_id for c in (*choice.shown, *choice.named))
            for name in {int(one) for one in group} - failing:
                had[name] = frozenset(had.get(name, ())) | {f"{week}/{number}"}
                got.update((name, entry_id) for entry_id in selections[f"{week}/{number}"])
    assert got == Counter((name, e.entry_id) for name, floor in floors.items() for e in entries if e.brought_at > floor)


# ---- since when an entry counts as brought, and from when on a reader gets any ----


def brought(live, published, *, first_seen=MONDAY):
    return brought_at(live, published, first_seen_at=first_seen)


def test_entry_is_brought_when_it_went_live_whatever_its_date_says():
    assert brought(MONDAY + DAY, LONG_AGO) == MONDAY + DAY
    assert brought(MONDAY + timedelta(microseconds=1), MONDAY - DAY) == MONDAY + timedelta(microseconds=1)


@pytest.mark.parametrize("live", [None, MONDAY - DAY, MONDAY])
def test_entry_that_was_there_before_the_newsletter_counts_by_its_date(live):
    assert brought(live, LONG_AGO) == LONG_AGO


def test_first_digest_does_not_hold_the_archive():
    archive = [Candidate(str(n), 1, brought(MONDAY, MONDAY - n * DAY)) for n in range(100)]
    floor = floor_of(reader=MONDAY - WEEK, newsletter=MONDAY - WEEK, slot=MONDAY, first_seen_at=MONDAY, length=WEEK)
    assert given_to(chosen(reader(floor=floor), candidates=archive), "ann") == [str(n) for n in range(7)]


def floor(*, reader=MONDAY, newsletter=MONDAY, slot=MONDAY + WEEK, first_seen=MONDAY):
    return floor_of(reader=reader, newsletter=newsletter, slot=slot, first_seen_at=first_seen, length=WEEK)


def test_later_of_the_two_floors_holds():
    assert floor(reader=MONDAY + DAY) == floor(newsletter=MONDAY + DAY) == MONDAY + DAY


def test_edition_for_a_time_before_the_newsletter_holds_its_own_cadence():
    assert floor(slot=MONDAY - WEEK) == MONDAY - 2 * WEEK
    assert floor(slot=MONDAY - DAY, reader=LONG_AGO, newsletter=LONG_AGO) == LONG_AGO


def test_edition_of_the_instant_at_which_the_newsletter_came_keeps_the_floors():
    assert floor(slot=MONDAY, reader=MONDAY - DAY, newsletter=MONDAY - DAY) == MONDAY - DAY


# ---- a floor that rises ----


def risen(*open_ids, latest=MONDAY + DAY):
    return next_floor(ALL, open_ids=set(open_ids), latest=latest)


def test_floor_rises_to_the_newest_entry_that_nobody_lacks():
    assert risen() == NEW.brought_at
    assert risen("new") == MIDDLE.brought_at
    assert risen("middle") == OLD.brought_at


def test_floor_stays_where_somebody_lacks_the_oldest():
    assert risen("old") is None


def test_floor_leaves_a_cadence_to_those_who_join_now():
    assert risen(latest=MIDDLE.brought_at) == MIDDLE.brought_at
    assert risen(latest=OLD.brought_at - HOUR) is None


def test_floor_does_not_pass_an_entry_that_came_together_with_one_that_is_lacking():
    twins = [Candidate("a", 1, MONDAY), Candidate("b", 1, MONDAY)]
    assert next_floor(twins, open_ids={"a"}, latest=MONDAY + DAY) is None


@given(some.lists(some.integers(0, 40), max_size=12), some.data())
def test_nothing_that_is_lacking_lies_at_or_below_a_risen_floor(hours, data):
    found = [Candidate(f"e{n}", 1, MONDAY + hour * HOUR) for n, hour in enumerate(hours)]
    lacking = data.draw(some.sets(some.sampled_from(found), max_size=6)) if found else set()
    floor = next_floor(found, open_ids={one.entry_id for one in lacking}, latest=MONDAY + 30 * HOUR)
    assert floor is None or all(one.brought_at > floor for one in lacking)


ALONE, BOTH = Choice((NEW,)), Choice((NEW, MIDDLE))


@pytest.mark.parametrize(
    ("readers", "main"),
    [
        ({}, None),
        ({ALONE: ["ann"]}, ALONE),
        ({ALONE: ["ann"], BOTH: ["bob", "cy"]}, BOTH),
        ({ALONE: ["ann"], BOTH: ["bob"]}, None),
        ({replace(ALONE, corrections=(Told("old", 2, MONDAY, "x"),)): ["ann"]}, None),
    ],
)
def test_main_choice_is_that_of_most_readers_where_one_is_ahead_and_tells_no_corrections(readers, main):
    assert main_choice(readers) == main
