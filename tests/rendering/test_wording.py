import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rendering.wording import day, language_name
from tests.rendering.givens import MONDAY


@pytest.mark.parametrize(
    ("tag", "language", "name"),
    [("de", "en", "German"), ("de", "fr-FR", "allemand"), ("de-AT", "en", "German (Austria)"), ("qqq", "en", "qqq")],
)
def test_language_is_called_what_people_call_it(tag, language, name):
    assert language_name(tag, language) == name


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_tag_has_a_name(tag, language):
    assert isinstance(language_name(tag, language), str)


def test_day_is_that_of_the_zone_in_the_words_of_the_language():
    assert day(MONDAY, "en-GB", "Europe/Dublin") == "23 November 2026"
    assert day(MONDAY.replace(hour=23), "de", "Asia/Tokyo", form="medium") == "24.11.2026"
