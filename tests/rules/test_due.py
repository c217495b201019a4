import random
from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.cadence import cron, every, local_day, next_slot
from feeds.rules.due import CatchUp, Decision, Memory, Standing, decide

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTES = timedelta(minutes=10)
MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NEW_YEAR = datetime(2026, 1, 1, 0, 5, tzinfo=UTC)
YEAR = timedelta(days=365)
DUBLIN, NEW_YORK, LORD_HOWE = "Europe/Dublin", "America/New_York", "Australia/Lord_Howe"
DAILY, WEEKLY = every("day", zone="UTC"), every("monday", zone="UTC")
MADE = {
    "day": lambda zone: every("day", at="01:30", zone=zone),
    "monday": lambda zone: every("monday", zone=zone),
    "2 weeks": lambda zone: every("2 weeks", since=date(2026, 1, 7), zone=zone),
    "hours": lambda zone: cron("*/30 */6 * * *", zone=zone),
}


def seen(slot=None, *, by=DAILY, edition=None):
    """Make the memory of a newsletter that was seen first long ago; its last decided slot gave an edition."""
    return Memory(first_seen_at=MONDAY - YEAR, slot_at=slot, cadence=str(by), last_edition_at=edition or slot)


def asked(cadence, memory, now, *, catch_up=CatchUp.ONCE, lateness=None):
    return decide(cadence, memory, now=now, catch_up=catch_up, lateness=lateness)


def lived(cadence, ticks, *, memory=None, **policy):
    """Ask at each tick, and keep what was decided; return the decisions."""
    memory = memory or Memory(first_seen_at=ticks[0])
    decisions = []
    for now in ticks:
        decision = asked(cadence, memory, now, **policy)
        decisions.append(decision)
        if decision.slot:
            memory = replace(memory, slot_at=decision.slot, cadence=str(cadence))
        if decision.standing is Standing.DUE:
            memory = replace(memory, last_edition_at=decision.slot)
    return decisions


def editions(decisions):
    return [decision.slot for decision in decisions if decision.standing is Standing.DUE]


def standings(decisions):
    return [decision.standing for decision in decisions]


def every_ten_minutes(start, length):
    return [start + number * MINUTES for number in range(length // MINUTES + 1)]


def slots_between(cadence, start, end):
    slots, slot = [], start - timedelta(microseconds=1)
    while (slot := next_slot(cadence, slot)) and slot <= end:
        slots.append(slot)
    return slots


def test_slot_is_due_from_its_instant_on_and_once():
    ticks = [MONDAY - MINUTES, MONDAY, MONDAY + MINUTES]
    assert standings(lived(DAILY, ticks)) == [Standing.WAITING, Standing.DUE, Standing.WAITING]


def test_decision_names_its_slot_and_the_next():
    assert asked(DAILY, seen(MONDAY - DAY), MONDAY + HOUR) == Decision(Standing.DUE, MONDAY, MONDAY + DAY)
    assert asked(DAILY, seen(MONDAY), MONDAY + HOUR) == Decision(Standing.WAITING, None, MONDAY + DAY)


def test_slot_from_before_the_newsletter_was_seen_is_never_due():
    new = Memory(first_seen_at=MONDAY + HOUR)
    assert asked(DAILY, new, MONDAY + 2 * HOUR).standing is Standing.WAITING
    assert asked(DAILY, new, MONDAY + DAY).slot == MONDAY + DAY
    assert asked(DAILY, Memory(first_seen_at=MONDAY), MONDAY).standing is Standing.DUE


def test_newsletter_waits_for_its_first_day():
    later = every("monday", since=date(2026, 12, 1), zone="UTC")
    assert asked(later, seen(by=later), MONDAY) == Decision(Standing.WAITING, None, MONDAY + 14 * DAY)


def test_each_article_is_not_decided_here():
    with pytest.raises(ValueError, match="no slot to decide"):
        asked(every("article", zone="UTC"), seen(), MONDAY)


@pytest.mark.rule("T53")
def test_day_whose_hour_spring_skips_has_one_edition():
    cadence = every("day", at="02:30", zone=NEW_YORK)
    start = datetime(2026, 3, 8, 5, tzinfo=UTC)  # midnight
    assert editions(lived(cadence, every_ten_minutes(start, 23 * HOUR))) == [datetime(2026, 3, 8, 7, tzinfo=UTC)]


@pytest.mark.rule("T54")
def test_day_whose_hour_autumn_repeats_has_one_edition():
    cadence = every("day", at="01:30", zone=NEW_YORK)
    start = datetime(2026, 11, 1, 4, tzinfo=UTC)  # midnight
    assert editions(lived(cadence, every_ten_minutes(start, 25 * HOUR))) == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]


@pytest.mark.rule("T55")
def test_clock_set_back_two_days_gives_no_second_edition_and_says_so_and_goes_on():
    before = every_ten_minutes(MONDAY - HOUR, 2 * HOUR)
    after = every_ten_minutes(MONDAY + HOUR - 48 * HOUR, 4 * DAY)
    decisions = lived(DAILY, [*before, *after])
    assert editions(decisions) == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    said = [standing is Standing.CLOCK_WENT_BACK for standing in standings(decisions)]
    assert said == [False] * len(before) + [now < MONDAY for now in after]


@pytest.mark.rule("T55")
def test_clock_that_went_back_names_when_the_next_slot_comes():
    assert asked(DAILY, seen(MONDAY), MONDAY - 2 * DAY) == Decision(Standing.CLOCK_WENT_BACK, None, MONDAY + DAY)


@pytest.mark.rule("T56")
def test_clock_set_forward_three_days_gives_one_edition_not_three():
    ticks = [MONDAY, MONDAY + HOUR, *every_ten_minutes(MONDAY + HOUR + 72 * HOUR, DAY)]
    assert editions(lived(DAILY, ticks)) == [MONDAY, MONDAY + 3 * DAY, MONDAY + 4 * DAY]


@pytest.mark.rule("T56")
def test_clock_set_forward_gives_none_where_missed_slots_are_skipped():
    decisions = lived(DAILY, [MONDAY, MONDAY + 75 * HOUR, MONDAY + 4 * DAY], catch_up=CatchUp.SKIP)
    assert standings(decisions) == [Standing.DUE, Standing.SKIPPED, Standing.DUE]


@pytest.mark.parametrize(
    ("catch_up", "lateness", "late", "standing"),
    [
        (CatchUp.ONCE, None, 6 * DAY, Standing.DUE),
        (CatchUp.ONCE, HOUR, HOUR, Standing.DUE),
        (CatchUp.ONCE, HOUR, HOUR + MINUTES, Standing.SKIPPED),
        (CatchUp.SKIP, None, HOUR, Standing.DUE),
        (CatchUp.SKIP, None, HOUR + MINUTES, Standing.SKIPPED),
        (CatchUp.SKIP, 2 * HOUR, 2 * HOUR, Standing.DUE),
        (CatchUp.SKIP, timedelta(0), MINUTES, Standing.SKIPPED),
    ],
)
def test_late_slot_is_made_up_for_or_skipped(catch_up, lateness, late, standing):
    decision = asked(WEEKLY, seen(by=WEEKLY), MONDAY + late, catch_up=catch_up, lateness=lateness)
    assert (decision.standing, decision.slot) == (standing, MONDAY)


def test_skipped_slot_is_skipped_once():
    decisions = lived(DAILY, [MONDAY - HOUR, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR], catch_up=CatchUp.SKIP)
    assert standings(decisions) == [Standing.WAITING, Standing.SKIPPED, Standing.WAITING]


def test_changed_cadence_counts_from_the_last_decided_slot():
    later = every("day", at="09:00", zone="UTC")
    assert asked(later, seen(MONDAY - DAY), MONDAY).standing is Standing.WAITING
    assert asked(later, seen(MONDAY - 2 * DAY), MONDAY).slot == MONDAY - DAY + 2 * HOUR


def test_changed_cadence_gives_no_second_edition_on_one_day():
    later = every("day", at="09:00", zone="UTC")
    decisions = lived(later, every_ten_minutes(MONDAY + HOUR, 2 * DAY), memory=seen(MONDAY))
    assert editions(decisions) == [MONDAY + DAY + 2 * HOUR]


def test_changed_cadence_may_give_an_edition_on_the_day_of_a_slot_that_gave_none():
    later = every("day", at="09:00", zone="UTC")
    nothing_new = seen(MONDAY, edition=MONDAY - DAY)
    assert asked(later, nothing_new, MONDAY + 3 * HOUR).slot == MONDAY + 2 * HOUR


def test_same_cadence_may_give_several_editions_a_day():
    twice = cron("0 7,9 * * *", zone="UTC")
    assert asked(twice, seen(MONDAY, by=twice), MONDAY + 2 * HOUR).standing is Standing.DUE


@pytest.mark.parametrize("zone", [DUBLIN, NEW_YORK, LORD_HOWE, "Pacific/Apia", "Pacific/Pago_Pago"])
def test_changed_zone_gives_no_second_edition_on_one_day_of_the_new_one(zone):
    moved = every("day", zone=zone)
    first, *_ = editions(lived(moved, every_ten_minutes(MONDAY, 3 * DAY), memory=seen(MONDAY)))
    assert local_day(moved, first) == local_day(moved, MONDAY) + DAY


def beats(seed):
    """Yield a year of ticks as they come in life: some minutes to some hours apart, now and then days."""
    chance, now = random.Random(seed), NEW_YEAR
    while now < NEW_YEAR + YEAR:
        yield now
        is_down = chance.random() < 0.01
        now += timedelta(minutes=chance.randint(3 * 1440, 20 * 1440) if is_down else chance.randint(1, 900))


@pytest.mark.parametrize("zone", [DUBLIN, NEW_YORK, LORD_HOWE])
@pytest.mark.parametrize("name", MADE)
def test_year_with_downtime_has_one_edition_for_the_newest_slot_at_each_tick(zone, name):
    cadence, ticks = MADE[name](zone), list(beats(f"{zone} {name}"))
    slots = slots_between(cadence, NEW_YEAR, ticks[-1])
    newest = [slots[place - 1] for now in ticks if (place := bisect_right(slots, now))]
    assert editions(lived(cadence, ticks)) == list(dict.fromkeys(newest))


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        *((DUBLIN, (3, 29)), (DUBLIN, (10, 25))),
        *((NEW_YORK, (3, 8)), (NEW_YORK, (11, 1))),
        *((LORD_HOWE, (4, 5)), (LORD_HOWE, (10, 4))),
    ],
)
@pytest.mark.parametrize("name", MADE)
def test_steady_ticks_through_a_change_of_the_clock_give_an_edition_for_each_slot(zone, name, change):
    cadence, start = MADE[name](zone), datetime(2026, *change, tzinfo=UTC) - DAY
    ticks = every_ten_minutes(start, 3 * DAY)
    assert editions(lived(cadence, ticks)) == slots_between(cadence, ticks[0], ticks[-1])


def test_edition_of_each_half_hour_comes_in_both_passes_of_a_repeated_hour():
    cadence = cron("*/30 * * * *", zone=DUBLIN)
    ticks = every_ten_minutes(datetime(2026, 10, 24, 23, tzinfo=UTC), 4 * HOUR)
    assert editions(lived(cadence, ticks)) == ticks[::3]


@pytest.mark.parametrize("zone", [DUBLIN, NEW_YORK, LORD_HOWE])
def test_downtime_of_weeks_is_made_up_for_once(zone):
    cadence = every("day", zone=zone)
    ticks = [NEW_YEAR, *every_ten_minutes(NEW_YEAR + 30 * DAY, HOUR)]
    assert len(editions(lived(cadence, ticks))) == 1


STEPS = st.integers(-48 * 60, 48 * 60) | st.integers(0, 90)


@given(st.lists(STEPS, max_size=60), st.sampled_from([DUBLIN, NEW_YORK, LORD_HOWE]), st.sampled_from(list(MADE)))
def test_whatever_the_clock_does_no_slot_is_due_twice_or_early(steps, zone, name):
    ticks = [MONDAY]
    for minutes in steps:
        ticks.append(ticks[-1] + timedelta(minutes=minutes))
    decisions = lived(MADE[name](zone), ticks)
    slots = editions(decisions)
    assert slots == sorted(set(slots))
    assert all(decision.slot <= now for decision, now in zip(decisions, ticks, strict=True) if decision.slot)


@given(st.lists(st.tuples(STEPS, st.sampled_from(list(MADE)), st.sampled_from([DUBLIN, LORD_HOWE])), max_size=40))
def test_whatever_is_changed_in_the_config_no_slot_is_due_twice(changes):
    memory, now, slots = Memory(first_seen_at=MONDAY), MONDAY, []
    for minutes, name, zone in changes:
        now += timedelta(minutes=minutes)
        decision = asked(MADE[name](zone), memory, now)
        if decision.standing is Standing.DUE:
            slots.append(decision.slot)
            memory = replace(memory, slot_at=slots[-1], last_edition_at=slots[-1], cadence=str(MADE[name](zone)))
    assert slots == sorted(set(slots))
