"""Podcasts: what Apple's directory and Podcasting 2.0 ask for, in the words that they take.

Not here: the recording as an enclosure (test_rss), where a podcast's settings come from (config).
"""

from dataclasses import replace

import feedparser
import pytest

from feeds.formats.names import ITUNES, PODCAST
from feeds.model import Episode, EpisodeKind, Person, Podcast
from tests.formats.givens import PICTURE, SITE, SOUND, atom, entry, json_feed, rss, written

SHOW = Podcast(
    guid="4b1f2f8e-0000-5000-8000-0000000000aa",
    author="The Harbour desk",
    image_url=SITE + "cover.png?size=3000",
    categories=(("Society & Culture", "Documentary"), ("News",)),
    owner=Person("Ann Lee", "ann@harbour.example"),
    locked=True,
)
TALK = Episode(duration=754, number=3, season=1, kind=EpisodeKind.FULL, explicit=False)


def said(node):
    return {child.tag.removeprefix(ITUNES): child.text for child in node if child.tag.startswith(ITUNES)}


def test_channel_says_what_the_directories_ask_for():
    channel = rss(entry(), podcast=SHOW)
    found = said(channel)
    assert (found["author"], found["type"], found["explicit"]) == ("The Harbour desk", "episodic", "false")
    assert channel.find(ITUNES + "image").get("href") == SITE + "cover.png?size=3000"
    assert [child.text for child in channel.find(ITUNES + "owner")] == ["Ann Lee", "ann@harbour.example"]


def test_narrow_category_stands_in_its_wide_one():
    first, second = rss(entry(), podcast=SHOW).findall(ITUNES + "category")
    assert (first.get("text"), first[0].get("text")) == ("Society & Culture", "Documentary")
    assert (second.get("text"), len(second)) == ("News", 0)


@pytest.mark.parametrize(("explicit", "word"), [(True, "true"), (False, "false")])
def test_explicit_is_true_or_false_on_the_show_and_on_an_episode(explicit, word):
    channel = rss(entry(episode=Episode(explicit=explicit)), podcast=replace(SHOW, explicit=explicit))
    assert (said(channel)["explicit"], said(channel.find("item"))["explicit"]) == (word, word)


def test_guid_is_the_one_given_and_the_lock_names_its_owner():
    channel = rss(entry(), podcast=SHOW)
    lock = channel.find(PODCAST + "locked")
    assert channel.findtext(PODCAST + "guid") == SHOW.guid
    assert (lock.text, lock.get("owner")) == ("yes", "ann@harbour.example")


@pytest.mark.parametrize(("locked", "word"), [(False, "no"), (None, None)])
def test_lock_is_told_only_where_it_was_settled(locked, word):
    assert rss(entry(), podcast=replace(SHOW, locked=locked)).findtext(PODCAST + "locked") == word


def test_serial_says_so():
    assert said(rss(entry(), podcast=replace(SHOW, serial=True)))["type"] == "serial"


def test_episode_says_its_length_its_number_and_its_kind():
    assert said(rss(entry(episode=TALK)).find("item")) == {
        "duration": "754",
        "season": "1",
        "episode": "3",
        "episodeType": "full",
        "explicit": "false",
    }


def test_numbers_that_directories_refuse_are_left_out():
    assert said(rss(entry(episode=Episode(duration=0, number=-1, season=2))).find("item")) == {"season": "2"}


@pytest.mark.parametrize(
    ("changes", "is_cover"),
    [
        ({"width": 600}, True),
        ({}, False),
        ({"width": 600, "media_type": "image/webp"}, False),
        ({"width": None}, False),
    ],
)
def test_only_a_square_picture_that_apple_takes_is_the_cover_of_an_episode(changes, is_cover):
    item = rss(entry(episode=TALK, image=replace(PICTURE, **changes))).find("item")
    assert [image.get("href") for image in item.findall(ITUNES + "image")] == [PICTURE.address] * is_cover


def test_entry_that_is_no_episode_says_nothing_of_podcasts():
    assert said(rss(entry(), podcast=SHOW).find("item")) == {}


def test_json_tells_the_length_of_what_is_heard():
    (sound,) = json_feed(entry(enclosures=(SOUND,), episode=TALK))["items"][0]["attachments"]
    assert sound["duration_in_seconds"] == 754


def test_other_formats_have_no_such_elements():
    assert b"itunes" not in written("atom", entry(episode=TALK), podcast=SHOW)
    assert len(atom(entry(episode=TALK), podcast=SHOW))


def test_feedparser_reads_the_show_and_its_episode():
    parsed = feedparser.parse(written("rss", entry(enclosures=(SOUND,), episode=TALK), podcast=SHOW))
    assert not parsed.bozo
    assert parsed.feed.publisher_detail == {"name": "Ann Lee", "email": "ann@harbour.example"}
    assert (parsed.entries[0].itunes_duration, parsed.entries[0].itunes_episode) == ("754", "3")
