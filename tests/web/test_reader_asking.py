"""The form to subscribe by lets one choose at once; nothing of it must be, and it holds from confirmation on.

Not here: choosing later (test_reader_wishes.py), what the link does (tests/jobs/test_asking.py).
"""

import re

import pytest

from feeds.model import NoticeKind
from feeds.store import subscribers
from tests.store.notice_givens import everything_written
from tests.web.reader_givens import ANN, PAGES, page_of, reading

CHOICE = PAGES.replace(
    'description = "The week on the quay."',
    'description = "The week on the quay."\ncadences = ["article", "day"]\ndigest_languages = ["en", "de"]\n'
    "[newsletters.cadence]\nlocal = true",
)


@pytest.fixture
def reader(site):
    site.article("quays.md", title="The quays", tags=["Ferry", "Fish"], section="Quays")
    with reading(site, pages=CHOICE) as reader:
        yield reader


def kept(reader, newsletter="weekly"):
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, ANN)
        held = subscribers.list_subscriptions(tx, [who.id])[who.id, newsletter]
    return dict(held.preferences), who.timezone


def mail(reader, kind=NoticeKind.CONFIRM):
    return [one.parts["text"].decode() for one in everything_written(reader.store) if one.kind is kind][-1]


def selected(reader, path="/readers/", **headers):
    page = reader.ask(path, **headers).body.decode()
    form = page[page.index('<select id="timezone"') :]
    return re.findall(r"<option(?: value=\"\")? selected>([^<]+)", form)


def test_form_offers_what_each_newsletter_lets_its_readers_choose_and_the_topics_there_are(reader):
    page = reader.ask("/readers/").body.decode()
    assert 'name="cadence-weekly"' in page
    assert 'name="tongue-weekly"' in page
    assert 'name="cadence-daily"' not in page
    assert re.findall(r'name="mute" value="([^"]+)"', page) == ["section/quays", "ferry", "fish"]


def test_what_is_chosen_is_told_in_the_mail_and_on_the_page_and_holds_once_confirmed(reader):
    chosen = {"cadence-weekly": "day", "tongue-weekly": "de", "follow": ["section/quays", "ferry"], "mute": "fish"}
    reader.subscribe(timezone="Asia/Tokyo", **chosen)
    said = "Daily · German · Only about Ferry and Quays · Nothing about Fish · Asia/Tokyo"
    assert said in " ".join(mail(reader).split())
    assert said in reader.ask(reader.link("confirm")).body.decode()
    assert kept(reader) == ({}, None)
    assert said in reader.post(reader.link("confirm")).body.decode()
    wanted = {"cadence": "day", "language": "de", "follow": ["ferry", "section/quays"], "mute": ["fish"]}
    assert kept(reader) == (wanted, "Asia/Tokyo")
    assert said in " ".join(mail(reader, NoticeKind.WELCOME).split())


def test_plain_form_of_a_newsletter_and_an_address_is_enough(reader):
    assert reader.subscribe().status == 200
    reader.post(reader.link("confirm"))
    assert kept(reader) == ({}, None)


def test_one_cadence_for_all_is_taken_where_a_newsletter_has_it(reader):
    reader.subscribe(newsletter=["weekly", "daily"], cadence="article")
    reader.post(reader.link("confirm"))
    assert (kept(reader)[0], kept(reader, "daily")[0]) == ({"cadence": "article"}, {})


@pytest.mark.rule("T88")
def test_nothing_that_a_stranger_writes_is_mailed_as_a_topic(reader):
    reader.subscribe(follow=["Buy this now", "ferry"], cadence="Buy this too", **{"tongue-weekly": "xx-buy"})
    assert "buy" not in mail(reader).lower()
    reader.post(reader.link("confirm"))
    assert kept(reader)[0] == {"follow": ["ferry"]}


def test_topic_that_is_followed_and_left_out_brings_the_form_again_as_it_was_filled_in(reader):
    chosen = {"cadence-weekly": "day", "timezone": "Asia/Tokyo"}
    answer = reader.subscribe(follow=["ferry"], mute=["ferry", "fish"], **chosen)
    page = answer.body.decode()
    assert (answer.status, reader.mailed()) == (422, [])
    assert "A topic is followed or left out, not both." in page
    ticked = re.findall(r'name="(\w+)" value="([^"]+)" id="[^"]+" checked', page)
    assert ticked == [("follow", "ferry"), ("mute", "ferry"), ("mute", "fish")]
    assert '<option value="day" selected>' in page
    assert "<option selected>Asia/Tokyo</option>" in page


def test_heading_over_what_is_wrong_is_true_of_topics_too(reader):
    assert "<h2>Something is not right yet</h2>" in reader.subscribe(follow="ferry", mute="ferry").body.decode()


def test_time_zone_is_asked_for_only_where_a_newsletter_comes_at_the_readers_own_hour(reader, site):
    reader.subscribe(timezone="Asia/Tokyo")
    reader.post(reader.link("confirm"))
    assert 'name="timezone"' in reader.ask("/readers/").body.decode()
    site.configure(PAGES)
    for path in ("/readers/", page_of(reader)):
        assert "timezone" not in reader.ask(path).body.decode()
    reader.post(page_of(reader), follow="ferry")
    assert kept(reader) == ({"follow": ["ferry"]}, "Asia/Tokyo")


@pytest.mark.parametrize(
    ("languages", "zone"),
    [
        ("de-DE,de;q=0.9", "Europe/Berlin"),
        ("en-IE", "Europe/Dublin"),
        ("zh-Hant-TW,zh;q=0.5", "Asia/Taipei"),
        ("de,en-IE;q=0.7", "As at The Gazette: Europe/Dublin"),
        ("en-US", "As at The Gazette: Europe/Dublin"),
        ("", "As at The Gazette: Europe/Dublin"),
    ],
)
def test_time_zone_is_guessed_from_the_region_that_the_browser_names(reader, languages, zone):
    found = selected(reader, "/readers/?lang=en", Accept_Language=languages)
    assert found == ([] if zone.startswith("As at") else [zone])
