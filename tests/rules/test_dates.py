from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feeds.rules.dates import (
    EARLIEST,
    LATEST,
    date_in_name,
    is_date_line,
    read_date,
    read_date_line,
    without_date,
)

LONDON = ZoneInfo("Europe/London")
TOKYO = ZoneInfo("Asia/Tokyo")
DAY = datetime(2024, 3, 2, tzinfo=UTC)
AFTERNOON = datetime(2024, 3, 2, 14, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-02",
        "2024/03/02",
        "20240302",
        "02.03.2024",
        "2.3.2024",
        "2 March 2024",
        "2nd March 2024",
        "2nd of March 2024",
        "March 2, 2024",
        "MARCH 2 2024",
        "Sat 2 Mar 2024",
        "Saturday, March 2, 2024",
        "2-Mar-2024",
        "2 mars 2024",
        "samedi 2 mars 2024",
        "2. März 2024",
        "2 de marzo de 2024",
        "2 de março de 2024",
        "sabato 2 marzo 2024",
        "2 maart 2024",
        "٢ مارس ٢٠٢٤",
        "2024年3月2日",
        date(2024, 3, 2),
    ],
)
def test_date_alone_is_midnight_in_the_zone(written):
    assert read_date(written, LONDON).at == DAY
    assert read_date(written, TOKYO).at == DAY - timedelta(hours=9)


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-02T14:39:00Z",
        "2024-03-02 14:39",
        "2024-03-02t15:39:00.999+01:00",
        "20240302T143900Z",
        "2024-03-02T14:39-0000",
        "Sat, 02 Mar 2024 14:39:00 +0000 (GMT)",
        "Sat, 2 Mar 2024 09:39:00 EST",
        "2 March 2024 2.39 PM",
        "Mar. 2, 2024 at 2:39 p.m.",
        "2:39 PM, Sat March 2, 2024",
        "2 March 2024, 14h39",
        "2 March 2024 15:39 UTC+1",
        datetime(2024, 3, 2, 14, 39, 0, 7),
    ],
)
def test_date_with_a_time_is_that_instant(written):
    reading = read_date(written, LONDON)
    assert (reading.at, reading.note) == (AFTERNOON, "")


def test_noon_and_midnight_are_told_apart_by_their_halves():
    hours = [read_date(f"2 March 2024 {clock}", LONDON).at for clock in ("12 am", "12 pm", "12:30 a.m.")]
    assert hours == [DAY, DAY + timedelta(hours=12), DAY + timedelta(minutes=30)]


@pytest.mark.rule("T52")
def test_naive_time_is_in_the_zone_and_an_offset_wins_over_it():
    naive, aware = datetime(2024, 3, 2, 23, 39), datetime(2024, 3, 2, 14, 39, tzinfo=UTC)
    assert read_date(naive, TOKYO).at == read_date(aware, TOKYO).at == AFTERNOON


@pytest.mark.rule("T52")
@pytest.mark.parametrize(
    ("local", "utc"), [("2024-03-31 01:30", (3, 31, 1, 30)), ("2024-10-27 01:30", (10, 27, 0, 30))]
)
def test_time_that_the_clocks_skip_or_repeat_is_still_an_instant(local, utc):
    assert read_date(local, LONDON).at == datetime(2024, *utc, tzinfo=UTC)


@pytest.mark.rule("T51")
@pytest.mark.parametrize(
    ("far", "nearest"),
    [
        ("0001-01-01", EARLIEST),
        ("9999-12-31T23:59:59-12:00", LATEST),
        (date(1, 1, 1), EARLIEST),
        (datetime.max, LATEST),
        ("1000-01-01T00:00+14:00", EARLIEST),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), EARLIEST),
    ],
)
def test_year_that_no_database_takes_is_moved_to_the_nearest_one(far, nearest):
    reading = read_date(far, TOKYO)
    assert reading.at == nearest
    assert "outside the years 1000 to 2999" in reading.note


@pytest.mark.rule("T57")
@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("30 February 2024", "day"),
        ("2024-02-30", "day"),
        ("2024-03-02 24:00", "hour"),
        ("2024-13-01", "month"),
        ("2024-03-02T10:00+25:00", "offset"),
        ("next week", "no date"),
        ("", "no date"),
        ("02/03/2024", "day or the month first"),
        (20240302, "int is no date"),
        (None, "NoneType"),
        (["2024-03-02"], "list"),
        (True, "bool"),
        ("2 March 2024 14", "no date"),
    ],
)
def test_impossible_date_is_no_date_and_the_note_says_why(written, why):
    reading = read_date(written, LONDON)
    assert reading.at is None
    assert why in reading.note


def test_zone_with_several_meanings_is_read_in_the_site_zone_and_noted():
    reading = read_date("2 March 2024 14:39 IST", LONDON)
    assert reading.at == AFTERNOON
    assert "IST" in reading.note


@given(
    st.text()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.integers()
    | st.binary()
    | st.none()
)
@example("1 ſep 2024")
@example("9" * 5000)
@example("0" * 5000 + "|" * 5000)
def test_any_value_gives_a_date_in_range_or_a_note(value):
    reading = read_date(value, LONDON)
    if reading.at is None:
        assert reading.note
    else:
        assert EARLIEST <= reading.at <= LATEST
        assert (reading.at.tzinfo, reading.at.microsecond) == (UTC, 0)


@given(
    st.from_regex(
        r"\d{1,5}[-/. ](\d{1,2}|mar|sept)[-/. ]\d{1,4}([T ]\d{1,2}:?\d{2}( ?[A-Z+-]{1,4}\d{0,4})?)?", fullmatch=True
    )
)
def test_anything_shaped_like_a_date_is_read_or_refused_with_a_note(written):
    reading = read_date(written, LONDON)
    assert reading.at or reading.note


@pytest.mark.parametrize(
    ("key", "rest"),
    [
        ("2024-03-02-ferry", "ferry"),
        ("2024_03_02 ferry", "ferry"),
        ("20240302-ferry", "ferry"),
        ("ferry-2024-03-02", "ferry"),
        ("2024-03-02", "2024-03-02"),
        ("late 2024-03-02 ferry", "late-ferry"),
    ],
)
def test_date_in_a_name_is_found_and_can_be_stripped(key, rest):
    assert date_in_name(f"news/{key}.md", LONDON) == DAY
    assert without_date(key) == rest


def test_date_in_a_name_may_carry_a_time():
    assert date_in_name("2024-03-02T1439-x.txt", LONDON) == AFTERNOON


@pytest.mark.parametrize("key", ["2024/03/02/ferry.md", "1999-01-01/2024-03-02-ferry/index.md", "2024/03/02-ferry.md"])
def test_nearest_folder_gives_the_date_where_the_name_has_none(key):
    assert date_in_name(key, LONDON) == DAY


@pytest.mark.parametrize(
    "key", ["12345678-x.md", "20249999-x.md", "2024-02-30-x.md", "ferry.md", "2024/ferry.md", "120240302.md"]
)
def test_number_that_is_no_date_is_left_in_a_name(key):
    stem = key.rpartition("/")[2]
    assert (date_in_name(key, LONDON), without_date(stem)) == (None, stem)


@pytest.mark.parametrize(
    "line",
    [
        "2 March 2024",
        "Published 2 March 2024",
        "Posted on March 2, 2024",
        "Date: 2024-03-02",
        "PUBLISHED: Saturday 2nd March 2024",
        "Last updated: 2 March 2024 00:00 GMT",
        "Published: 2 March 2024 | Updated: 3 March 2024",
        "12 AM GMT, Sat March 2, 2024",
    ],
)
def test_line_that_is_only_a_date_is_read_as_one(line):
    assert is_date_line(line)
    assert read_date_line(line, LONDON).at == DAY


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Published",
        "Updated fares",
        "On 2 March 2024 the ferry sailed.",
        "May 2024",
        "2024",
        "2 March 2024 | Ann Lee",
    ],
)
def test_line_with_more_or_less_than_a_date_is_no_date_line(line):
    assert not is_date_line(line)


def test_impossible_date_is_still_a_date_line_and_gives_no_instant():
    assert is_date_line("30 February 2024")
    assert read_date_line("30 February 2024", LONDON).at is None


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-23 23:59 America/New_York", datetime(2026, 11, 24, 4, 59, tzinfo=UTC)),
        ("July 5, 2024, 5:00 a.m. ET", datetime(2024, 7, 5, 9, tzinfo=UTC)),
        ("Jan. 5, 2024, 5:00 a.m. ET", datetime(2024, 1, 5, 10, tzinfo=UTC)),
        ("Jan. 5, 2024, 5:00 a.m. CT", datetime(2024, 1, 5, 11, tzinfo=UTC)),
        ("Jan. 5, 2024, 5:00 a.m. MT", datetime(2024, 1, 5, 12, tzinfo=UTC)),
        ("Jan. 5, 2024, 5:00 a.m. PT", datetime(2024, 1, 5, 13, tzinfo=UTC)),
        ("12/25/2026", datetime(2026, 12, 25, tzinfo=UTC)),
        ("25/12/2026", datetime(2026, 12, 25, tzinfo=UTC)),
        ("1er juillet 2024 14h00 UTC", datetime(2024, 7, 1, 14, tzinfo=UTC)),
    ],
)
def test_zone_by_its_place_and_day_over_twelve_are_read(written, at):
    reading = read_date(written, LONDON)
    assert (reading.at, reading.note) == (at, "")


@pytest.mark.parametrize("zone", ["America/Nowhere", "America/Argentina"])
def test_place_without_a_clock_of_its_own_is_noted(zone):
    reading = read_date(f"2024-03-02 14:39 {zone}", LONDON)
    assert (reading.at, zone in reading.note) == (AFTERNOON, True)


@pytest.mark.parametrize("line", ["Publié le 2 mars 2024", "Veröffentlicht am 2. März 2024"])
def test_date_line_is_seen_behind_a_label_in_other_languages(line):
    assert read_date_line(line, LONDON).at == DAY
