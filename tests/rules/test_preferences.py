"""What readers may choose, what a form may say of it, and whose turn and which taste come of what is stored.

Not here: who gets which entries by it (test_selecting.py), writing it down (tests/jobs/test_reader_choices.py).
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.preferences import (
    EVERYTHING,
    MOST_TOPICS,
    Allowed,
    BadPreference,
    Preferences,
    Taste,
    chooser,
    clean_preferences,
    fitting_preferences,
    is_zone,
    read_preferences,
    topics_of,
)
from feeds.rules.queries import Facts
from feeds.rules.series import Series, Turn

PLAIN = Allowed(newsletter="weekly", zone="Europe/Dublin", every="monday")
FREE = Allowed(
    newsletter="weekly",
    zone="Europe/Dublin",
    every="monday",
    cadences=("article", "day", "2 weeks"),
    languages=("de", "pt-BR"),
    is_local=True,
)
TOKYO = "Asia/Tokyo"


# ---- what is stored ----


def test_what_is_allowed_is_read_as_it_was_chosen():
    stored = {"cadence": "day", "language": "PT-br", "follow": ["ferry", "boats"], "mute": ["section/sport"]}
    assert read_preferences(stored, FREE) == Preferences(
        cadence="day", language="pt-BR", follow=("boats", "ferry"), mute=("section/sport",)
    )


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"cadence": "monday"},
        {"cadence": "month", "language": "fr", "hour": 7},
        {"cadence": ["day"], "language": 5, "follow": "ferry", "mute": [1, None]},
        None,
        [],
        "day",
    ],
)
def test_whatever_else_is_stored_is_what_the_newsletter_does_of_itself(stored):
    assert read_preferences(stored, FREE) == Preferences()


_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(some.dictionaries(some.sampled_from(["cadence", "language", "follow", "mute", "x"]), _JSON) | _JSON, _JSON)
def test_no_stored_nonsense_stops_a_reader_from_being_mailed(stored, zone):
    turn, taste = chooser(FREE)(json.dumps(stored), zone if isinstance(zone, str) else None)
    assert turn.series.newsletter == "weekly"
    assert isinstance(taste, Taste)


def test_who_chose_nothing_shares_one_taste_and_the_home():
    chosen = chooser(FREE)
    assert chosen("{}", None) == (FREE.home, EVERYTHING)
    assert chosen("{}", None)[1] is chosen("{}", TOKYO)[1] is EVERYTHING


# ---- whose turn ----


def turn(allowed=FREE, timezone=None, **chosen):
    found = Preferences(**chosen).turn(allowed, timezone)
    return found.series.name, found.zone


def test_turn_is_that_of_cadence_language_and_zone():
    assert turn(cadence="day", language="de", timezone=TOKYO) == ("weekly--day--de", TOKYO)
    assert turn(cadence="2 weeks") == ("weekly--2-weeks", "Europe/Dublin")


def test_zone_says_nothing_where_hours_are_the_newsletters_or_there_are_none():
    assert turn(PLAIN, timezone=TOKYO) == ("weekly", "Europe/Dublin")
    assert turn(cadence="article", timezone=TOKYO) == ("weekly--article", "Europe/Dublin")


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "Europe", "../etc/passwd", "europe/dublin\0"])
def test_zone_that_is_none_is_the_newsletters_own(zone):
    assert not is_zone(zone)
    assert turn(timezone=zone) == ("weekly", "Europe/Dublin")


def test_every_turn_that_a_reader_can_be_in_is_foreseen():
    zones = (TOKYO, "America/New_York")
    foreseen = {FREE.home, *FREE.turns(zones)}
    chosen = {
        Preferences(cadence=cadence, language=language).turn(FREE, zone)
        for cadence in ("", *FREE.cadences)
        for language in ("", *FREE.languages)
        for zone in (None, *zones)
    }
    assert (foreseen, len(list(FREE.turns(zones)))) == (chosen, len(chosen) - 1)


def test_newsletter_that_lets_nobody_choose_has_its_home_alone():
    assert list(PLAIN.turns((TOKYO,))) == []


def test_turn_of_all_zones_holds_those_of_each():
    day = Series("weekly", "day")
    assert Turn(day, "").holds(Turn(day, TOKYO))
    assert not Turn(day, "").holds(Turn(Series("weekly"), TOKYO))
    assert not Turn(day, TOKYO).holds(Turn(day, "Europe/Dublin"))


# ---- taste ----


def wants(topics, spoken="en", **chosen):
    return Preferences(**chosen).taste({"boat": "ferry"}).wants(frozenset(topics), spoken)


def test_who_follows_nothing_wants_everything_but_what_is_muted():
    assert wants([]) and wants(["ferry"])
    assert not wants(["ferry", "fair"], mute=("fair",))


def test_who_follows_topics_wants_those_with_one_of_them_and_muting_wins():
    assert wants(["ferry"], follow=("ferry", "fair"))
    assert not wants(["gale"], follow=("ferry",))
    assert not wants(["ferry", "fair"], follow=("ferry",), mute=("fair",))


def test_old_spelling_of_a_tag_means_the_tag():
    assert wants(["ferry"], follow=("boat",))
    assert not wants(["ferry"], mute=("boat",))


def test_language_takes_in_its_kinds():
    assert wants([], "pt-br", language="pt-BR") and wants([], "de-at", language="de")
    assert not wants([], "pt", language="pt-BR")


def test_topics_of_an_entry_are_its_tags_and_its_section():
    facts = Facts(tags=["ferry"], authors=[], section="quays", language="en")
    assert topics_of(facts) == {"ferry", "section/quays"}
    assert topics_of(Facts(tags=[], authors=[], section="", language="en")) == frozenset()


# ---- what a form sends ----


def test_what_is_sent_is_stored_in_one_spelling_and_only_where_it_differs():
    given = {"cadence": "day", "language": "DE", "follow": ["Ferry", "ferry", "section/The Quays"], "mute": []}
    assert clean_preferences(given, FREE) == {
        "cadence": "day",
        "language": "de",
        "follow": ["ferry", "section/the-quays"],
    }
    assert clean_preferences({"cadence": "monday", "language": "", "follow": None}, FREE) == {}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cadence": "month"}, "cadence: 'month' is not to be had of this newsletter; known are: monday, article, day"),
        ({"language": "fr"}, "language: 'fr' is not to be had of this newsletter; known are: de, pt-BR"),
        ({"cadence": ["day"]}, "cadence: "),
        ({"hour": "7"}, "hour: there is nothing of that name to choose"),
        ({"follow": ["ferry"], "mute": ["Ferry"]}, "mute: 'ferry' is followed too; choose one of both"),
        ({"follow": "ferry"}, "follow: expected a list of tags and sections"),
        ({"follow": [7]}, "follow: expected a list of tags and sections"),
        ({"follow": ["!?"]}, "follow: '!?' is no tag, and no section such as section/harbour"),
        ({"follow": ["section/ "]}, "follow: 'section/ ' is no tag, and no section such as section/harbour"),
        ({"follow": ["x" * 500]}, "follow: 'xxx"),
        ({"mute": [f"t{n}" for n in range(MOST_TOPICS + 1)]}, "mute: 201 topics are too many; expected 200 or fewer"),
    ],
)
def test_what_may_not_be_chosen_is_refused_by_its_name(given, said):
    with pytest.raises(BadPreference) as refused:
        clean_preferences(given, FREE)
    assert str(refused.value).startswith(said)


def test_newsletter_that_allows_nothing_says_so():
    with pytest.raises(BadPreference, match="known are: nothing else"):
        clean_preferences({"language": "de"}, PLAIN)


@given(some.dictionaries(some.sampled_from(["cadence", "language", "follow", "mute"]), _JSON))
def test_what_is_taken_is_read_back_as_it_was_meant(given):
    try:
        cleaned = clean_preferences(given, FREE)
    except BadPreference:
        return
    read = read_preferences(cleaned, FREE)
    assert clean_preferences({key: getattr(read, key) for key in cleaned}, FREE) == cleaned


def test_strangers_form_is_taken_as_far_as_there_is_such_a_choice():
    asked = {"cadence": "day", "language": "DE", "follow": ("ferry", "spam!"), "mute": ("section/quays",)}
    known = {"ferry", "section/quays"}
    assert fitting_preferences(asked, FREE, known=known) == {
        "cadence": "day",
        "language": "de",
        "follow": ["ferry"],
        "mute": ["section/quays"],
    }
    assert fitting_preferences(asked | {"cadence": "hour", "language": "xx"}, PLAIN, known=()) == {}


def test_strangers_form_that_follows_what_it_mutes_is_refused():
    with pytest.raises(BadPreference, match="choose one of both"):
        fitting_preferences({"follow": ["ferry"], "mute": ["ferry"]}, FREE, known={"ferry"})
