"""Readers choose of a newsletter: how often, whose hour, which topics and language; nobody misses or repeats an entry.

Not here: a quarter of it all (test_quarter_of_choices.py), what may be chosen (tests/rules/test_preferences.py).
"""

import pytest

from feeds.app.post import Post
from feeds.errors import UsageWrong
from feeds.jobs.compose.report import Outcome
from tests.acceptance.mail_givens import join, run
from tests.jobs.choice_givens import CHOICES, at, got, wish
from tests.jobs.compose_givens import editions
from tests.jobs.post_givens import ANN, BACKENDS, BOB, DAY, HOUR, MINUTE, MONDAY, composed, printed, site_on
from tests.site_fixtures import NOON


@pytest.fixture
def desk(site):
    """Give a site with a weekly that readers may have otherwise, and two readers."""
    return begun(site)


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give the same on either database."""
    site, store = site_on(request.param, request)
    return begun(site, store)


def begun(site, store=""):
    site.configure(CHOICES + store)
    run(site, NOON)
    join(site, ANN, BOB)
    return site


def write(site, key, date, **front):
    site.article(f"{key}.md", title=f"All about {key}", date=date, **front)


# ---- cadence ----


def test_reader_who_chose_a_day_gets_each_day_what_others_get_on_mondays(paper):
    wish(paper, ANN, cadence="day")
    write(paper, "pier", "2024-11-23 13:00")
    run(paper, at("11-24", "06:59"))
    run(paper, at("11-24"))
    write(paper, "ferry", "2024-11-24 14:00")
    run(paper, MONDAY)
    assert got(paper, ANN) == [
        ("weekly--day/2024-11-24T07:00", ["pier"]),
        ("weekly--day/2024-11-25T07:00", ["ferry"]),
    ]
    assert got(paper, BOB) == [("weekly/2024-11-25T07:00", ["ferry", "pier"])]
    assert [(id, number) for id, number, _ in editions(paper, "weekly")] == [
        ("weekly--day/2024-11-24T07:00", 1),
        ("weekly/2024-11-25T07:00", 1),
        ("weekly--day/2024-11-25T07:00", 2),
    ]


def test_composing_again_adds_nothing(paper):
    wish(paper, ANN, cadence="day", timezone="Asia/Tokyo")
    write(paper, "pier", "2024-11-23 13:00")
    run(paper, at("11-23", "22:00"))
    before = got(paper, ANN)
    for late in (MINUTE, HOUR, 8 * HOUR):
        run(paper, at("11-23", "22:00") + late)
    assert got(paper, ANN) == before == [("weekly--day/2024-11-24T07:00", ["pier"])]


def test_reader_who_changes_cadence_misses_nothing_and_repeats_nothing(desk):
    write(desk, "pier", "2024-11-23 13:00")
    run(desk, MONDAY)
    write(desk, "ferry", "2024-11-25 14:00")
    run(desk, MONDAY + 12 * HOUR)
    wish(desk, ANN, cadence="day")
    run(desk, MONDAY + DAY)
    wish(desk, ANN, cadence="")
    run(desk, MONDAY + 7 * DAY)
    assert got(desk, ANN) == [("weekly/2024-11-25T07:00", ["pier"]), ("weekly--day/2024-11-26T07:00", ["ferry"])]
    assert got(desk, BOB)[1:] == [("weekly/2024-12-02T07:00", ["ferry"])]


def test_monthly_reader_misses_nothing_while_the_weekly_lets_go_of_old_entries(desk):
    wish(desk, ANN, cadence="month")
    for week in range(8):
        write(desk, f"week-{week}", f"2024-{'12' if week else '11'}-{max(week * 3, 1) if week else 26:02} 09:00")
    day = MONDAY
    while day <= at("12-31"):
        run(desk, day)
        day += DAY
    run(desk, at("12-31", "07:00") + DAY)
    (first, early), (second, late) = got(desk, ANN)
    assert (first, second) == ("weekly--month/2024-12-01T07:00", "weekly--month/2025-01-01T07:00")
    assert sorted(early + late) == sorted(f"week-{week}" for week in range(8))


def test_slot_from_before_a_reader_chose_it_is_not_theirs(desk):
    write(desk, "pier", "2024-11-23 13:00")
    run(desk, at("11-24", "07:30"))
    wish(desk, ANN, cadence="day")
    run(desk, at("11-24", "08:00"))
    assert got(desk, ANN) == []
    run(desk, at("11-25", "07:00"))
    assert got(desk, ANN) == [("weekly--day/2024-11-25T07:00", ["pier"])]


def test_slot_that_came_between_the_choice_and_the_next_run_is_theirs(desk):
    write(desk, "pier", "2024-11-23 13:00")
    run(desk, at("11-24", "06:50"))
    wish(desk, ANN, cadence="day")
    run(desk, at("11-24", "07:10"))
    assert got(desk, ANN) == [("weekly--day/2024-11-24T07:00", ["pier"])]


def test_cadence_that_nobody_had_for_a_while_begins_with_its_next_slot(desk):
    wish(desk, ANN, cadence="day")
    run(desk, at("11-24"))
    wish(desk, ANN, cadence="")
    run(desk, MONDAY)
    write(desk, "pier", "2024-11-25 13:00")
    run(desk, at("11-26", "12:00"))
    wish(desk, ANN, cadence="day")
    run(desk, at("11-26", "12:01"))
    assert got(desk, ANN) == []
    run(desk, at("11-27"))
    assert got(desk, ANN) == [("weekly--day/2024-11-27T07:00", ["pier"])]


def test_cadence_that_the_config_allows_no_more_is_the_newsletters_own(desk):
    wish(desk, ANN, cadence="day")
    desk.configure()
    write(desk, "pier", "2024-11-23 13:00")
    run(desk, MONDAY)
    assert got(desk, ANN) == got(desk, BOB) == [("weekly/2024-11-25T07:00", ["pier"])]


# ---- each article ----


def test_each_article_goes_at_once_to_those_who_chose_that(paper):
    wish(paper, ANN, cadence="article")
    run(paper, NOON + MINUTE)
    write(paper, "pier", "2024-11-23 13:00")
    write(paper, "ferry", "2024-11-23 14:00")
    run(paper, NOON + HOUR)
    run(paper, NOON + 2 * HOUR)
    assert [keys for _, keys in got(paper, ANN)] == [["pier"], ["ferry"]]
    assert got(paper, BOB) == []


def test_what_a_reader_lacks_from_before_comes_along_with_the_next_article(desk):
    write(desk, "pier", "2024-11-23 13:00")
    write(desk, "ferry", "2024-11-23 14:00")
    run(desk, NOON + 3 * HOUR)
    wish(desk, ANN, cadence="article")
    run(desk, NOON + 4 * HOUR)
    assert got(desk, ANN) == []
    write(desk, "gale", "2024-11-23 17:00")
    run(desk, NOON + 5 * HOUR)
    assert [keys for _, keys in got(desk, ANN)] == [["gale", "ferry", "pier"]]


# ---- the reader's own hour ----


def test_edition_goes_to_each_zone_at_its_own_hour(paper):
    wish(paper, ANN, timezone="Asia/Tokyo")
    write(paper, "pier", "2024-11-23 13:00")
    run(paper, at("11-24", "21:59"))
    assert editions(paper) == []
    run(paper, at("11-24", "22:00"))
    write(paper, "ferry", "2024-11-24 23:00")
    run(paper, MONDAY)
    assert got(paper, ANN) == [("weekly/2024-11-25T07:00", ["pier"])]
    assert got(paper, BOB) == [("weekly/2024-11-25T07:00", ["ferry", "pier"])]
    run(paper, MONDAY + 7 * DAY)
    assert got(paper, ANN)[1:] == [("weekly/2024-12-02T07:00", ["ferry"])]
    assert [number for _, number, _ in editions(paper)] == [1, 2]


def test_reader_who_moves_on_the_day_gets_its_edition_once(desk):
    wish(desk, ANN, timezone="Asia/Tokyo")
    write(desk, "pier", "2024-11-23 13:00")
    run(desk, at("11-24", "22:00"))
    write(desk, "ferry", "2024-11-24 23:00")
    wish(desk, ANN, timezone="America/New_York")
    run(desk, MONDAY)
    run(desk, at("11-25", "12:00"))
    assert got(desk, ANN) == [("weekly/2024-11-25T07:00", ["pier"])]
    run(desk, at("12-02", "12:00"))
    assert got(desk, ANN)[1:] == [("weekly/2024-12-02T07:00", ["ferry"])]


def test_readers_of_one_clock_are_served_by_one_run_however_late(desk):
    wish(desk, ANN, timezone="America/New_York")
    write(desk, "pier", "2024-11-23 13:00")
    run(desk, at("11-24"))
    run(desk, at("11-26"))
    assert got(desk, ANN) == got(desk, BOB) == [("weekly/2024-11-25T07:00", ["pier"])]


def test_zone_that_nobody_knows_is_the_newsletters_own(desk):
    with pytest.raises(UsageWrong, match="'Mars/Olympus' is none"):
        wish(desk, ANN, timezone="Mars/Olympus")


def test_edition_that_was_cancelled_takes_no_more_readers(desk):
    wish(desk, ANN, timezone="Asia/Tokyo")
    write(desk, "pier", "2024-11-23 13:00")
    printed(desk, at("11-24", "22:00"))
    composed(desk, at("11-24", "22:00"))
    with desk.app() as app:
        Post(app).cancel("weekly/1")
    outcomes = [report.outcome for report in composed(desk, MONDAY) if report.series == "weekly" and not report.zone]
    assert outcomes == [Outcome.ALREADY]
    assert got(desk, BOB) == []


def test_edition_asked_for_by_hand_goes_to_the_readers_of_all_zones(desk):
    wish(desk, ANN, timezone="Asia/Tokyo")
    write(desk, "pier", "2024-11-23 13:00")
    printed(desk, at("11-24", "12:00"))
    (report,) = composed(desk, at("11-24", "12:00"), "weekly", at=at("11-24", "12:00"))
    assert (report.deliveries, got(desk, ANN)) == (2, got(desk, BOB))
    run(desk, at("11-24", "22:00"))
    run(desk, MONDAY)
    assert len(got(desk, ANN)) == len(got(desk, BOB)) == 1


# ---- topics and language ----


def test_reader_gets_the_topics_that_they_follow_and_none_that_they_mute(paper):
    wish(paper, ANN, follow=["Ferry", "section/Quays"])
    wish(paper, BOB, mute=["ferry"])
    write(paper, "boat", "2024-11-23 13:00", tags="[Ferry]")
    write(paper, "quay", "2024-11-23 13:10", section="Quays")
    write(paper, "fair", "2024-11-23 13:20")
    run(paper, MONDAY)
    assert [keys for _, keys in got(paper, ANN)] == [["quay", "boat"]]
    assert [keys for _, keys in got(paper, BOB)] == [["fair", "quay"]]


def test_what_was_muted_when_it_came_goes_once_it_is_unmuted_within_a_cadence(desk):
    wish(desk, ANN, mute=["ferry"])
    write(desk, "boat", "2024-11-23 13:00", tags="[ferry]")
    write(desk, "fair", "2024-11-23 13:20")
    run(desk, MONDAY)
    wish(desk, ANN, mute=[])
    run(desk, MONDAY + 7 * DAY)
    assert [keys for _, keys in got(desk, ANN)] == [["fair"], ["boat"]]


def test_reader_who_chose_a_language_gets_the_articles_in_it_with_its_words(paper):
    wish(paper, ANN, language="de")
    write(paper, "kahn", "2024-11-23 13:00", language="de-AT")
    write(paper, "boat", "2024-11-23 13:10")
    run(paper, MONDAY)
    assert got(paper, ANN) == [("weekly--de/2024-11-25T07:00", ["kahn"])]
    assert got(paper, BOB) == [("weekly/2024-11-25T07:00", ["boat", "kahn"])]
    letter = (paper.folder / "var" / "maildir" / "new").glob("*")
    texts = [one.read_bytes() for one in letter]
    assert sum(b'lang="de"' in text or b'lang=3D"de"' in text for text in texts) >= 1


# ---- looking ----


def test_preview_for_a_reader_is_what_their_own_turn_would_bring(desk):
    wish(desk, ANN, cadence="day", language="de", timezone="Asia/Tokyo")
    write(desk, "kahn", "2024-11-23 13:00", language="de")
    write(desk, "boat", "2024-11-23 13:10")
    printed(desk, NOON + 2 * HOUR)
    with desk.app() as app:
        ann, bob = (Post(app).proof("weekly", reader=address) for address in (ANN, BOB))
    assert (ann.entries, bob.entries) == (1, 2)


def test_status_tells_of_the_series_that_have_readers(desk):
    wish(desk, ANN, cadence="day", timezone="Asia/Tokyo")
    run(desk, NOON + MINUTE)
    with desk.app() as app:
        (weekly,) = Post(app).status()["newsletters"]
    assert weekly["series"] == [{"series": "weekly--day", "readers": 1, "next_at": at("11-23", "22:00")}]


def test_series_can_be_asked_for_by_its_name(desk):
    wish(desk, ANN, cadence="day", timezone="Asia/Tokyo")
    write(desk, "pier", "2024-11-23 13:00")
    printed(desk, at("11-23", "15:00"))
    (report,) = composed(desk, at("11-23", "15:00"), "weekly--day", at=at("11-23", "15:00"))
    assert (report.edition, report.deliveries) == ("weekly--day/2024-11-23T15:00", 1)
    assert composed(desk, at("11-23", "15:10"), dry_run=True)[0].outcome is Outcome.WAITING
