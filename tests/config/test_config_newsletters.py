from datetime import date, timedelta

import pytest

from feeds.config import shown
from feeds.config.times import as_duration, duration_text
from feeds.config.words import Wrong
from feeds.rules.cadence import cron, every
from feeds.rules.due import CatchUp


def newsletter(slug="weekly", more="", cadence=""):
    table = f"[newsletters.cadence]\n{cadence}\n" if cadence else ""
    return f'[[newsletters]]\nslug = "{slug}"\ntitle = "T"\nfrom = "a@b.example"\n{more}\n{table}'


@pytest.fixture
def cadence(read):
    def cadence(text, *, site_zone="UTC"):
        return read(newsletter(cadence=text)).newsletters[0].cadence_in(site_zone)

    return cadence


def test_newsletter_that_says_nothing_is_due_each_monday_at_seven(read):
    (plain,) = read(newsletter()).newsletters
    assert plain.cadence_in("Europe/Dublin") == every("monday", at="07:00", zone="Europe/Dublin")
    assert (plain.minimum, plain.catch_up, plain.lateness, plain.return_path) == (1, CatchUp.ONCE, None, None)


def test_cadence_is_what_the_rule_makes_of_the_words(cadence):
    first = date(2026, 11, 23)
    assert cadence('every = "day"\nat = "18:30"') == every("day", at="18:30", zone="UTC")
    assert cadence('every = "2 weeks"\nfrom = 2026-11-23') == every("2 weeks", since=first, zone="UTC")
    assert cadence('cron = "0 7 * * 1-5"\nfrom = 2026-11-23') == cron("0 7 * * 1-5", since=first, zone="UTC")
    assert cadence('every = "article"').each_article


def test_cadence_keeps_the_clock_of_its_own_zone_else_of_the_site(cadence):
    assert cadence('timezone = "Asia/Tokyo"', site_zone="Europe/Dublin").zone == "Asia/Tokyo"
    assert cadence('every = "day"', site_zone="Europe/Dublin").zone == "Europe/Dublin"


def test_cadence_is_shown_as_it_is_in_effect(read):
    texts = newsletter("a", cadence="from = 2026-11-23") + newsletter("b", cadence='cron = "0 7 * * *"')
    usual, by_cron = (told["cadence"] for told in shown(read(texts))["newsletters"])
    rest = {"timezone": None, "local": False}
    assert usual == {"every": "monday", "at": "07:00", "from": "2026-11-23", "cron": None} | rest
    assert by_cron == {"every": None, "at": None, "from": None, "cron": "0 7 * * *"} | rest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('every = "week"', '.every: "week" names no day; expected the day\'s name, such as "monday"'),
        ('every = "53 weeks"', '.every: "53 weeks" is out of range; expected 2 to 52 weeks, or a weekday\'s name'),
        ("every = 7", ".every: 7 is a whole number; expected text in quotes"),
        ('every = "2 weeks"', '.from: missing; every = "2 weeks" needs the date of its first day'),
        ('at = "7:00"', '.at: "7:00" is no time of day; expected hours and minutes, such as "07:00"'),
        ("at = 07:00:00", '.at: "07:00:00" is a date or time; expected text in quotes'),
        ('from = "2026-11-23"', '.from: "2026-11-23" is text; expected a date without quotes, such as 2026-11-23'),
        ("from = 2026-11-23T07:00:00", " is a date with a time; expected a date without quotes, such as 2026-11-23"),
        ("from = 3000-01-01", ".from: 3000-01-01 is out of reach; expected a date of the years 1970 to 2999"),
        ('timezone = "europe/dublin"', '.timezone: "europe/dublin" is no time zone; nearest: "Europe/Dublin"'),
        ('cron = "0 7 * *"', '.cron: "0 7 * *" has not five fields; expected minute, hour, day, month and weekday,'),
        ('cron = "0 7 30 2 *"', '.cron: "0 7 30 2 *" gives no slot: bad day-of-month; expected minute, hour, day,'),
    ],
)
def test_cadence_that_gives_no_slots_is_a_mistake(mistakes, text, said):
    (mistake,) = mistakes(newsletter(cadence=text))
    assert mistake.startswith("newsletters[0].cadence.")
    assert said in mistake


def test_cron_stands_alone(mistakes):
    assert mistakes(newsletter(cadence='every = "day"\nat = "07:00"\ncron = "0 7 * * *"')) == [
        f"newsletters[0].cadence.{key}: cannot stand beside cron, which says when in its place; expected {key} or cron"
        for key in ("every", "at")
    ]


def test_what_readers_may_choose_is_read_with_what_they_have_of_itself(read):
    more = 'cadences = ["day", "2 weeks"]\ndigest_languages = ["pt-BR"]'
    (one,) = read(newsletter(more=more, cadence="local = true\nfrom = 2026-11-23")).newsletters
    allowed = one.allowed_in("Europe/Dublin")
    assert (allowed.every, allowed.cadences, allowed.languages) == ("monday", ("day", "2 weeks"), ("pt-BR",))
    assert (allowed.is_local, allowed.home.zone) == (True, "Europe/Dublin")
    tokyo = next(turn for turn in allowed.turns(("Asia/Tokyo",)) if turn.zone == "Asia/Tokyo")
    assert one.cadence_of(tokyo, "Europe/Dublin") == every("monday", since=date(2026, 11, 23), zone="Asia/Tokyo")


@pytest.mark.parametrize(
    ("more", "cadence", "said"),
    [
        ('cadences = ["monday"]', "", '.cadences[0]: "monday" is the newsletter\'s own; expected others'),
        ('cadences = ["day", "day"]', "", '.cadences[1]: "day" stands there twice; expected it once'),
        ('cadences = ["dya"]', "", '.cadences[0]: "dya" is no cadence; nearest: "day"'),
        ('cadences = ["2 weeks"]', "", '.cadence.from: missing; "2 weeks" in cadences needs the date to count from'),
        ('cadences = ["day"]', 'cron = "0 7 * * 1"', ".cadences[0]: cannot stand beside cron, which names no hour"),
        ('digest_languages = ["de", "DE"]', "", '.digest_languages[1]: "de" stands there twice'),
        ('digest_languages = ["day"]', "", '.digest_languages[0]: "day" is a cadence; expected a language'),
    ],
)
def test_choice_that_could_not_be_given_is_a_mistake(mistakes, more, cadence, said):
    (mistake,) = mistakes(newsletter(more=more, cadence=cadence))
    assert mistake.startswith("newsletters[0]" + said)


@pytest.mark.parametrize(("minimum", "maximum"), [(13, ""), (5, "maximum = 4"), (50, "maximum = 49")])
def test_edition_cannot_need_more_entries_than_it_may_hold(mistakes, minimum, maximum):
    (said,) = mistakes(newsletter(more=f"minimum = {minimum}\n{maximum}"))
    assert said.startswith(f"newsletters[0].minimum: {minimum} is more than maximum; expected ")


def test_minimum_may_be_the_maximum(read):
    assert read(newsletter(more="minimum = 12")).newsletters[0].minimum == 12


def test_slug_still_in_the_config_is_not_one_of_before(mistakes):
    texts = newsletter("a", 'renamed_from = "b"') + newsletter("b", 'renamed_from = "b"')
    assert [said.split(";")[0] for said in mistakes(texts)] == [
        f'newsletters[{index}].renamed_from: "b" is still the slug of newsletters[1]' for index in (0, 1)
    ]


def test_slug_of_before_is_claimed_once(mistakes):
    texts = newsletter("a", 'renamed_from = "old"') + newsletter("b", 'renamed_from = "old"')
    assert mistakes(texts) == [
        'newsletters[1].renamed_from: "old" is claimed by newsletters[0] too; expected it in one of them'
    ]


def test_slugs_of_all_kinds_break_no_check_of_renames(mistakes):
    texts = newsletter("a", 'renamed_from = "old"') + '[[newsletters]]\nslug = ["x"]\nrenamed_from = {}\n'
    assert any(said.startswith("newsletters[1].slug: ") for said in mistakes(texts))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 minutes", timedelta(minutes=30)),
        ("1 hour", timedelta(hours=1)),
        ("36 hours", timedelta(hours=36)),
        ("1 day", timedelta(days=1)),
        ("2 weeks", timedelta(days=14)),
    ],
)
def test_length_of_time_reads_back_as_it_is_shown(text, length):
    assert (as_duration(text), duration_text(length)) == (length, text)


@pytest.mark.parametrize(
    "text", ["soon", "2", "2 hours ago", "0 hours", "-1 day", "1.5 hours", "2h", "٢ hours", "9 years"]
)
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(Wrong, match='is no length of time; expected a number and its unit, such as "2 hours"'):
        as_duration(text)


def test_length_of_time_has_its_limit():
    with pytest.raises(Wrong, match="is too long; expected 366 days or less"):
        as_duration("53 weeks")


def test_lateness_is_shown_as_text(read):
    config = read(newsletter(more='lateness = "90 minutes"'))
    assert config.newsletters[0].lateness == timedelta(minutes=90)
    assert shown(config)["newsletters"][0]["lateness"] == "90 minutes"


def test_serving_beats_once_a_minute_unless_told(read):
    assert read().schedule.beat_seconds == 60
    assert read("[schedule]\nbeat_seconds = 5").schedule.beat_seconds == 5


def test_certificates_lie_beside_the_config(read, tmp_path):
    assert read('[transport]\ncertificates = "ca.pem"').transport.certificates == tmp_path / "ca.pem"


# ---- notes and groups ----


def test_notes_lie_in_a_folder_named_like_the_newsletter_if_nothing_else_is_said(read, tmp_path):
    plain, told = read(newsletter() + newsletter("daily", 'notes = "desk"')).newsletters
    assert (plain.notes, told.notes) == (tmp_path / "notes" / "weekly", tmp_path / "desk")


def test_stories_are_grouped_by_section_or_tag_or_not_at_all(read, mistakes):
    assert [read(newsletter(more=more)).newsletters[0].group_by for more in ("", 'group_by = "tag"')] == [None, "tag"]
    (said,) = mistakes(newsletter(more='group_by = "author"'))
    assert said.startswith("newsletters[0].group_by: ")


def test_notes_are_not_published_as_articles(mistakes):
    (said,) = mistakes(newsletter(more='notes = "articles/notes"'))
    assert said.startswith("newsletters[0].notes: ")
    assert "as which its notes would be published" in said


def test_notes_are_not_served(mistakes):
    (said,) = mistakes(newsletter(more='notes = "public/notes"'))
    assert said.startswith("newsletters[0].notes: ")
    assert "lies in the output folder, which is served" in said
