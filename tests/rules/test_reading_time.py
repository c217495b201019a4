"""Reading takes a minute for 230 words or 500 characters, and pictures take none.

Not here: how a digest says it (tests/rendering).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.reading_time import minutes


@pytest.mark.parametrize(("words", "expected"), [(0, 1), (1, 1), (230, 1), (460, 2), (2300, 10)])
def test_words_are_read_at_230_a_minute(words, expected):
    assert minutes("quay " * words) == expected


@pytest.mark.parametrize("character", "船のカ한")
def test_characters_of_east_asia_are_read_at_500_a_minute(character):
    assert minutes(character * 2500) == 5
    assert minutes(f"{character * 500} {'quay ' * 230}", "ja") == 2


@pytest.mark.parametrize("language", ["th", "km-KH", "LO"])
def test_languages_that_set_no_spaces_are_read_by_the_letter(language):
    assert minutes("ก" * 2500, language) == 5


def test_markup_takes_no_time():
    words = "<p>quay <em>pier</em> ferry</p>\n" * 460
    link = '<a href="https://example.org/a/very/long/address" title="a > b and many more words">quay</a> '
    assert minutes(words) == 6
    assert minutes(link * 460) == 2


def test_pictures_take_no_time():
    words = "quay " * 460
    assert minutes(words + f'<img src="a.jpg" alt="{"a ferry at the quay " * 400}">') == minutes(words) == 2


def test_what_looks_like_markup_and_is_none_is_read():
    assert minutes("3 < 4 and 5 > 4 " * 230) == minutes("three four and five four " * 230) == 5


def test_references_are_read_as_what_they_mean():
    assert minutes("caf&eacute; " * 230 * 3) == 3


@given(some.text(max_size=300), some.sampled_from(["", "en", "ja", "th"]))
def test_any_text_takes_a_minute_at_least(text, language):
    assert minutes(text, language) >= 1


def test_unclosed_markup_is_looked_through_once():
    assert minutes("<a " * 200_000) > 1
