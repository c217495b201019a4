from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.cadence import (
    WORDS,
    BadCadence,
    cron,
    every,
    last_slot,
    length_at,
    local_day,
    next_slot,
    slot_name,
)

DAY, TICK = timedelta(days=1), timedelta(minutes=5)
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
DUBLIN, NEW_YORK, LORD_HOWE = "Europe/Dublin", "America/New_York", "Australia/Lord_Howe"
ZONES = [DUBLIN, NEW_YORK, LORD_HOWE, "Pacific/Apia", "America/St_Johns", "UTC", "Antarctica/Troll"]
CADENCES = {
    "01:30": partial(every, "day", at="01:30"),
    "02:30": partial(every, "day", at="02:30"),
    "00:00": partial(every, "weekday", at="00:00"),
    "monday": partial(every, "monday"),
    "sunday": partial(every, "sunday", at="02:15"),
    "3 weeks": partial(every, "3 weeks", since=date(2026, 1, 7)),
    "month": partial(every, "month", since=date(2026, 1, 31)),
    "two": partial(cron, "30 1,2 * * *"),
}
DENSE = {"half hours": "*/30 * * * *", "hours": "15 * * * *", "one hour": "*/20 1 * * *", "some hours": "10 */2 * * *"}


def utc(*numbers):
    return datetime(*numbers, tzinfo=UTC)


def forward(cadence, start, end):
    """Return the slots after ``start`` up to ``end``, each found from the one before."""
    slot, found = start, []
    while (slot := next_slot(cadence, slot)) and slot <= end:
        found.append(slot)
    return found


def backward(cadence, start, end):
    slot, found = end + timedelta(microseconds=1), []
    while (slot := last_slot(cadence, slot - timedelta(microseconds=1))) and slot > start:
        found.append(slot)
    return found[::-1]


def names(cadence, start, count):
    slots = islice(iter_slots(cadence, start), count)
    return [slot_name(cadence, slot) for slot in slots]


def iter_slots(cadence, start):
    while start := next_slot(cadence, start):
        yield start


def instants(start, end):
    return (start + number * TICK for number in range((end - start) // TICK + 1))


def changes(zone):
    """Return when the year's clock changes are, to the hour, or New Year where there are none."""
    clock, (start, end) = ZoneInfo(zone), YEAR
    hours = [start + timedelta(hours=number) for number in range((end - start) // timedelta(hours=1))]
    found = [after for before, after in pairwise(hours) if before.astimezone(clock).utcoffset() != offset(after, clock)]
    return found or [start]


def offset(instant, clock):
    return instant.astimezone(clock).utcoffset()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", CADENCES)
def test_slots_are_the_same_forward_and_back_through_a_year(zone, name):
    cadence = CADENCES[name](zone=zone)
    slots = forward(cadence, *YEAR)
    assert slots == backward(cadence, *YEAR)
    assert len({slot_name(cadence, slot) for slot in slots}) == len(slots) > 10


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("line", DENSE.values(), ids=DENSE)
def test_slots_that_follow_the_clock_are_all_that_it_shows(zone, line):
    cadence, clock = cron(line, zone=zone), ZoneInfo(zone)
    for change in changes(zone):
        around = change - DAY, change + DAY
        shown = [at for at in instants(*around) if matches(line, at.astimezone(clock)) and at > around[0]]
        assert forward(cadence, *around) == backward(cadence, *around) == shown
        assert len({slot_name(cadence, slot) for slot in shown}) == len(shown)


def matches(line, local):
    minute, hour, *_ = line.split()
    return fits(minute, local.minute) and fits(hour, local.hour)


def fits(field, value):
    start, _, step = field.partition("/")
    return value % int(step) == 0 if step else start in {"*", str(value)}


@pytest.mark.rule("T53")
@pytest.mark.rule("T54")
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["00:00", "01:15", "01:30", "02:00", "02:30", "23:55"])
def test_fixed_time_comes_once_a_day_when_the_clock_first_shows_it_or_more(zone, at):
    cadence, clock = every("day", at=at, zone=zone), ZoneInfo(zone)
    for change in changes(zone):
        first = {}
        for instant in instants(change - 2 * DAY, change + 2 * DAY):
            local = instant.astimezone(clock)
            if f"{local:%H:%M}" >= at:
                first.setdefault(local.date(), instant)
        whole_days = sorted(first.values())[1:]
        assert forward(cadence, whole_days[0] - TICK, change + 2 * DAY) == whole_days


@pytest.mark.parametrize("zone", [DUBLIN, NEW_YORK, "America/St_Johns", "UTC", "Antarctica/Troll"])
@pytest.mark.parametrize(
    "line", ["30 1 * * *", "30 2 * * 0", "0 9 1 * 1", "0 0 L * *", "*/15 9 * 3 1-5", "5 4 */9 * 1#2"]
)
def test_slots_are_those_of_cron(zone, line):
    start, end = (when.astimezone(ZoneInfo(zone)) for when in YEAR)
    theirs = (slot.astimezone(UTC) for slot in CronSim(line, start))
    assert forward(cron(line, zone=zone), *YEAR) == list(takewhile(lambda slot: slot <= end, theirs))


@pytest.mark.rule("T53")
def test_slot_that_spring_skips_comes_once_right_after_the_gap():
    cadence = every("day", at="02:30", zone=NEW_YORK)
    assert names(cadence, utc(2026, 3, 7, 12), 2) == ["2026-03-08T03:00", "2026-03-09T02:30"]


@pytest.mark.rule("T53")
def test_two_slots_in_one_gap_are_one():
    cadence = cron("0,30 2,3 * * *", zone=NEW_YORK)
    assert names(cadence, utc(2026, 3, 7, 12), 2) == ["2026-03-08T03:00", "2026-03-08T03:30"]


@pytest.mark.rule("T54")
def test_slot_that_autumn_repeats_comes_once_and_is_found_from_the_second_pass():
    cadence = every("day", at="01:30", zone=DUBLIN)
    assert names(cadence, utc(2026, 10, 24, 12), 2) == ["2026-10-25T01:30", "2026-10-26T01:30"]
    assert last_slot(cadence, utc(2026, 10, 25, 1, 10)) == utc(2026, 10, 25, 0, 30)
    assert next_slot(cadence, utc(2026, 10, 25, 1, 10)) == utc(2026, 10, 26, 1, 30)


def test_names_in_the_repeated_hour_differ():
    cadence = cron("*/30 * * * *", zone=DUBLIN)
    assert names(cadence, utc(2026, 10, 25, 0, 10), 4) == [
        *("2026-10-25T01:30", "2026-10-25T01:00+00:00", "2026-10-25T01:30+00:00", "2026-10-25T02:00"),
    ]


@pytest.mark.parametrize(
    ("word", "since", "first"),
    [
        ("day", None, ["2026-11-24T07:00", "2026-11-25T07:00"]),
        ("weekday", None, ["2026-11-24T07:00", "2026-11-25T07:00", "2026-11-26T07:00", "2026-11-27T07:00"]),
        ("monday", None, ["2026-11-30T07:00", "2026-12-07T07:00"]),
        ("sunday", date(2026, 12, 1), ["2026-12-06T07:00", "2026-12-13T07:00"]),
        ("2 weeks", date(2026, 11, 19), ["2026-12-03T07:00", "2026-12-17T07:00"]),
        ("52 weeks", date(2026, 12, 1), ["2026-12-01T07:00", "2027-11-30T07:00"]),
        ("month", None, ["2026-12-01T07:00", "2027-01-01T07:00"]),
        ("month", date(2026, 11, 24), ["2026-11-24T07:00", "2026-12-24T07:00"]),
        ("month", date(2026, 12, 30), ["2026-12-30T07:00", "2027-01-30T07:00", "2027-02-28T07:00", "2027-03-30T07:00"]),
    ],
)
def test_words_give_their_slots(word, since, first):
    assert names(every(word, since=since, zone=DUBLIN), utc(2026, 11, 23, 12), len(first)) == first


def test_last_day_of_a_short_month_stands_in_for_a_later_one():
    cadence = every("month", since=date(2027, 12, 31), at="23:30", zone=NEW_YORK)
    days = [name[:10] for name in names(cadence, utc(2027, 12, 1), 5)]
    assert days == ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_no_slot_comes_before_the_first_day():
    cadence = every("monday", since=date(2026, 11, 24), zone=DUBLIN)
    assert last_slot(cadence, utc(2026, 11, 30, 6, 59)) is None
    assert last_slot(cadence, utc(2026, 11, 30, 7)) == next_slot(cadence, utc(2000, 1, 1)) == utc(2026, 11, 30, 7)


def test_slot_is_last_at_its_own_instant_and_next_just_before():
    cadence, slot = every("monday", zone=NEW_YORK), utc(2026, 11, 23, 12)
    assert last_slot(cadence, slot) == next_slot(cadence, slot - timedelta(microseconds=1)) == slot
    assert next_slot(cadence, slot) == slot + 7 * DAY


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.sampled_from(ZONES), st.sampled_from(list(CADENCES))
)
def test_now_lies_between_the_last_slot_and_the_next(now, zone, name):
    cadence, now = CADENCES[name](zone=zone), now.replace(tzinfo=UTC)
    last, following = last_slot(cadence, now), next_slot(cadence, now)
    assert now < following
    assert last is None or (last <= now and next_slot(cadence, last) == following)
    assert last_slot(cadence, following) == following


def test_each_article_has_no_slots():
    cadence = every("article", zone=DUBLIN)
    assert cadence.each_article
    assert (last_slot(cadence, YEAR[0]), next_slot(cadence, YEAR[0])) == (None, None)
    assert length_at(cadence, YEAR[0]) == timedelta(0)


def test_length_is_from_slot_to_slot_also_where_the_clock_changes():
    daily = every("day", zone=DUBLIN)
    assert length_at(daily, utc(2026, 3, 28, 12)) == timedelta(hours=23)
    assert length_at(daily, utc(2026, 10, 24, 12)) == timedelta(hours=25)
    assert length_at(every("monday", zone="UTC"), utc(2026, 11, 23, 7)) == 7 * DAY


def test_length_before_the_first_slot_is_that_of_the_first():
    cadence = every("2 weeks", since=date(2026, 11, 23), zone="UTC")
    assert length_at(cadence, utc(2026, 11, 1)) == 14 * DAY


def test_day_of_an_instant_is_the_cadence_s_own():
    evening = utc(2026, 11, 23, 23, 30)
    days = [local_day(every("day", zone=zone), evening).day for zone in (NEW_YORK, DUBLIN, "Pacific/Apia")]
    assert days == [23, 23, 24]


def test_text_tells_cadences_apart_that_have_other_slots():
    made = [every(word, since=date(2026, 1, day), zone=zone) for word in WORDS for day in (29, 31) for zone in ZONES]
    assert len({str(cadence) for cadence in made}) == len(made)
    assert str(every("monday", zone=DUBLIN)) == str(cron(" 0  7 * * 1", zone=DUBLIN)) == f"0 7 * * 1 {DUBLIN}"
    assert str(every("article", zone=DUBLIN)) == f"each article {DUBLIN}"


def refused(make, given, **more):
    with pytest.raises(BadCadence) as raised:
        make(given, zone="UTC", **more)
    return str(raised.value)


@pytest.mark.parametrize("word", ["mondays", "Monday", "", "fortnight", "daily", "2 week", "two weeks", "2  weeks"])
def test_unknown_word_is_refused_with_all_that_are_known(word):
    assert refused(every, word) == f'"{word}" is no cadence; expected one of {", ".join(WORDS)}'


@pytest.mark.parametrize("word", ["week", "weekly", "1 week"])
def test_week_must_name_its_day(word):
    assert refused(every, word) == f'"{word}" names no day; expected the day\'s name, such as "monday"'


@pytest.mark.parametrize("word", ["0 weeks", "1000 weeks", "53 weeks", "999 weeks"])
def test_weeks_have_their_range(word):
    assert "weeks" in refused(every, word, since=date(2026, 1, 1))


def test_weeks_count_from_a_date():
    assert refused(every, "2 weeks") == '"2 weeks" counts from no day; expected the date of its first slot too'


@pytest.mark.parametrize("at", ["7:00", "24:00", "07:60", "07", "07:00:00", "٠٧:٠٠", "07:00\n", ""])
def test_time_of_day_is_hours_and_minutes(at):
    assert refused(every, "day", at=at).endswith('is no time of day; expected hours and minutes, such as "07:00"')


@pytest.mark.parametrize("since", [date.min, date(1969, 12, 31), date(3000, 1, 1), date.max])
def test_first_day_out_of_reach_is_refused(since):
    assert "is out of reach" in refused(every, "day", since=since)
    assert "is out of reach" in refused(cron, "0 7 * * 1", since=since)


@pytest.mark.parametrize("line", ["", "@daily", "0 7 * *", "0 0 7 * * 1", "* * * * * *", "0 7 * * 1 " * 99])
def test_cron_line_has_five_fields(line):
    assert "has not five fields; expected minute, hour, day, month and weekday" in refused(cron, line)


@pytest.mark.parametrize(
    "line", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 */40 * 1#2", "61 * * * *", "0 7 * * 8", "x * * * *"]
)
def test_cron_line_that_never_comes_is_refused(line):
    assert f'"{line}" gives no slot: ' in refused(cron, line)


@given(st.text("0123456789*/-,#LW MON", max_size=30))
def test_any_cron_line_gives_slots_or_a_sentence(line):
    try:
        cadence = cron(line, zone=DUBLIN)
    except BadCadence as error:
        assert "; expected " in str(error)
    else:
        assert next_slot(cadence, utc(2026, 11, 23)) > utc(2026, 11, 23)
