"""Front matter of podcast episodes, in the words that other programs use too.

Not here: how an episode is written (tests/formats).
"""

from zoneinfo import ZoneInfo

import pytest

from feeds.model import Episode, EpisodeKind
from feeds.rules.meta import read_meta
from tests.rules.givens import article

LONDON = ZoneInfo("Europe/London")


def declared(**meta):
    return read_meta(meta, LONDON)


def test_episode_says_what_it_is():
    found = declared(duration="12:34", episode=3, season="1", episode_type="Bonus", explicit=False).episode
    assert found == Episode(duration=754, number=3, season=1, kind=EpisodeKind.BONUS, explicit=False)


def test_article_that_says_nothing_of_it_is_no_episode():
    assert declared(title="x", episode="", explicit=None).episode is None


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("12:34", 754), (754, 754), ("1:02:03", 3723), ("90:00", 5400), ("754.6", 754), (754.6, 754), ("0:09", 9)],
)
def test_duration_is_seconds_or_a_clock(duration, seconds):
    assert declared(duration=duration).episode == Episode(duration=seconds)


@pytest.mark.parametrize(
    ("word", "meant"),
    [(True, True), ("yes", True), ("explicit", True), (False, False), ("no", False), ("clean", False)],
)
def test_explicit_is_understood_in_the_words_of_the_directories(word, meant):
    assert declared(explicit=word).episode == Episode(explicit=meant)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("duration", "a while"),
        ("duration", -5),
        ("duration", "0"),
        ("duration", "9" * 5000),
        ("episode", "three"),
        ("episode", 0),
        ("episode", "²"),
        ("season", 1.5),
        ("episode_type", "finale"),
        ("explicit", "perhaps"),
    ],
)
def test_what_cannot_be_read_is_noted_and_costs_only_itself(key, value):
    found = declared(**{"title": "x", key: value})
    assert found.episode is None
    (note,) = found.notes
    assert note.startswith(f"{key}: ")


def test_keys_of_other_programs_mean_the_same():
    found = declared(itunes_duration="9:00", itunes_episode=4, itunes_explicit="clean", license="CC BY")
    assert found.episode == Episode(duration=540, number=4, explicit=False)
    assert found.rights == "CC BY"


def test_article_carries_its_episode_and_its_rights():
    found = article("x", duration="12:34", rights="https://creativecommons.org/licenses/by/4.0/")
    assert (found.episode, found.rights) == (Episode(duration=754), "https://creativecommons.org/licenses/by/4.0/")
