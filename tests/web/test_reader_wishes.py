"""A reader chooses on a page what one newsletter brings: how often, in which language, on which topics, and when not.

Not here: what may be chosen (tests/rules/test_preferences.py), what is mailed then (tests/acceptance).
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import NoticeKind
from feeds.store import subscribers
from tests.site_fixtures import CONFIG
from tests.store.notice_givens import everything_written
from tests.web.reader_givens import ANN, PAGES, action, page_of, reading

CHOICE = PAGES.replace(
    'description = "The week on the quay."',
    'description = "The week on the quay."\ncadences = ["day", "month"]\ndigest_languages = ["en", "de"]\n'
    "[newsletters.cadence]\nlocal = true",
)


@pytest.fixture
def reader(site):
    site.article("quays.md", title="The quays", tags=["Ferry", "Fish"])
    with reading(site, pages=CHOICE) as reader:
        reader.subscribe()
        assert reader.post(reader.link("confirm")).status == 200
        yield reader


def kept(reader):
    """Return what the store has of Ann's choice: preferences, time zone, until when she rests."""
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, ANN)
        held = subscribers.list_subscriptions(tx, [who.id])[who.id, "weekly"]
    return dict(held.preferences), who.timezone, held.paused_until


def chosen(page):
    """Return what is selected or ticked on a page."""
    return re.findall(r'<option value="([^"]+)"[^>]* selected', page) + re.findall(
        r'value="([^"]+)"[^>]* checked', page
    )


def test_page_offers_what_the_newsletter_lets_its_readers_choose(reader):
    page = reader.ask(page_of(reader)).body.decode()
    assert re.findall(r'<option value="(\w*)"', page)[:3] == ["", "day", "month"]
    assert {"Weekly, on Monday", "Daily", "Monthly"} <= set(re.findall(r">([^<]+)</option>", page))
    assert 'name="follow" value="ferry"' in page


def test_what_was_chosen_is_kept_and_shown(reader):
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    fields = {"cadence": "day", "tongue": "de", "follow": ["ferry"], "mute": ["fish"], "timezone": "Asia/Tokyo"}
    answer = reader.post(page_of(reader), paused_until=f"{tomorrow:%Y-%m-%d}", **fields)
    assert (answer.status, "It is kept." in answer.body.decode()) == (200, True)
    preferences, zone, until = kept(reader)
    assert preferences == {"cadence": "day", "language": "de", "follow": ["ferry"], "mute": ["fish"]}
    assert (zone, until.astimezone(UTC).date() in {tomorrow.date(), (tomorrow - timedelta(days=1)).date()}) == (
        "Asia/Tokyo",
        True,
    )
    assert chosen(reader.ask(page_of(reader)).body.decode()) == ["day", "de", "ferry", "fish"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"mute": ["ferry", "fish"]}, "A topic is followed or left out, not both."),
        ({"paused_until": "9999-12-31"}, "One of these cannot be chosen. Nothing was changed."),
    ],
)
def test_what_cannot_be_taken_is_told_and_all_is_shown_as_it_was_posted(reader, wrong, said):
    reader.post(page_of(reader), cadence="month", follow=["fish"], timezone="Asia/Tokyo")
    posted = {"cadence": "day", "tongue": "de", "follow": ["ferry"], "timezone": "Asia/Seoul"} | wrong
    page = reader.post(page_of(reader), **posted).body.decode()
    assert said in page
    assert chosen(page) == ["day", "de", "ferry", *wrong.get("mute", ())]
    assert "<option selected>Asia/Seoul</option>" in page
    assert f'value="{wrong.get("paused_until", "")}" dir' in page


def test_pause_is_shown_as_the_day_that_it_ends_on_where_the_site_is(reader, site):
    site.configure(CHOICE, config=CONFIG.replace("Europe/Dublin", "Asia/Tokyo"))
    day = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"
    for _ in range(2):
        page = reader.post(page_of(reader), paused_until=day).body.decode()
        assert f'value="{day}"' in page


def test_what_became_of_the_form_is_said_in_the_readers_own_language(reader):
    with reader.store.writing() as tx:
        who = subscribers.get_by_key(tx, ANN)
        subscribers.set_locale(tx, who.id, language="de", timezone=None)
    page = reader.post(page_of(reader), headers={"accept_language": "fr"}).body.decode()
    assert '<html lang="de"' in page
    assert "Es ist festgehalten." in page


def test_page_does_not_ask_a_reader_whether_they_subscribe(reader):
    page = reader.ask(page_of(reader)).body.decode()
    assert ("<h2>Your subscriptions</h2>" in page, "Subscribed already?" in page) == (True, False)


def test_empty_form_is_as_the_newsletter_does_of_itself(reader):
    reader.post(page_of(reader), cadence="day", follow=["ferry"], paused_until="")
    reader.post(page_of(reader), cadence="", timezone="")
    assert kept(reader) == ({}, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"cadence": "hourly"},
        {"follow": ["ferry"], "mute": ["ferry"]},
        {"timezone": "Mars/Olympus"},
        {"paused_until": "soon"},
        {"paused_until": "9999-12-31"},
    ],
)
def test_what_may_not_be_chosen_changes_nothing(reader, fields):
    before = kept(reader)
    assert reader.post(page_of(reader), **fields).status == 422
    assert kept(reader) == before


def test_day_that_the_form_does_not_offer_is_not_taken_for_a_wrong_topic(reader):
    path = page_of(reader)
    latest = datetime.strptime(re.search(r'max="([\d-]+)"', reader.ask(path).body.decode())[1], "%Y-%m-%d")
    assert reader.post(path, paused_until=f"{latest:%Y-%m-%d}").status == 200
    answer = reader.post(path, paused_until=f"{latest + timedelta(days=9):%Y-%m-%d}")
    assert (answer.status, b"A topic is followed" in answer.body) == (422, False)


def test_choice_that_the_config_does_not_allow_at_present_is_kept(reader, site):
    reader.post(page_of(reader), cadence="day", tongue="de")
    path = page_of(reader)
    site.configure(CHOICE.replace('digest_languages = ["en", "de"]', ""))
    assert b'name="tongue"' not in reader.ask(path).body
    assert reader.post(path, cadence="month").status == 200
    assert kept(reader)[0] == {"cadence": "month", "language": "de"}


def test_newsletter_that_is_in_the_config_no_more_can_still_be_left(reader, site):
    path = page_of(reader)
    site.configure(CHOICE, config=CONFIG.replace('slug = "weekly"', 'slug = "monthly"'))
    page = reader.ask(path)
    assert (page.status, b"<h1>This newsletter is published no more</h1>" in page.body) == (200, True)
    left = reader.post(action(page, path))
    assert b"<h1>You have left a newsletter of The Harbour Gazette</h1>" in left.body
    (told,) = (one.parts["subject"] for one in everything_written(reader.store) if one.kind is NoticeKind.LEFT)
    assert told == b"You have left a newsletter of The Harbour Gazette"
    back = reader.post(action(left, path))
    assert b"Nothing of it is sent to you, unless it is published again." in back.body
    assert not re.search(rb">[^<]*weekly", page.body + left.body + back.body)


@pytest.mark.rule("T81")
def test_looking_at_the_page_changes_nothing(reader):
    before = reader.tables()
    reader.ask(page_of(reader))
    assert reader.tables() == before


@pytest.mark.rule("T80")
def test_page_of_one_newsletter_is_none_of_another(reader):
    reader.subscribe(newsletter="daily")
    path = page_of(reader).replace("weekly", "daily")
    assert [reader.ask(path).status, reader.post(path, cadence="day").status] == [410, 410]
