import unicodedata

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from feeds.rendering.wording import ZEROS, day, find_locale, language_name, locale_of, number
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


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "November 23, 2026"),
        ("fr", "23 novembre 2026"),
        ("es", "23 de noviembre de 2026"),
        ("pt", "23 de novembro de 2026"),
        ("ar", "23 نوفمبر 2026"),
        ("ar-EG", "٢٣ نوفمبر ٢٠٢٦"),
        ("he", "23 בנובמבר 2026"),
        ("ja", "2026年11月23日"),
        ("ko", "2026년 11월 23일"),
        ("zh-TW", "2026年11月23日"),
        ("fa", "۲۳ نوامبر ۲۰۲۶"),
    ],
)
def test_day_is_written_in_the_words_and_digits_of_the_place(language, shown):
    assert day(MONDAY, language, "Europe/Dublin") == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "12,345"),
        ("de", "12.345"),
        ("fr", "12\u202f345"),
        ("ar-EG", "١٢٬٣٤٥"),
        ("ne", "१२,३४५"),
        ("qqq", "12,345"),
    ],
)
def test_number_is_grouped_and_written_as_in_the_place(language, shown):
    assert number(12345, language) == shown


def test_digits_of_every_place_are_known():
    systems = {Locale.parse(name).default_numbering_system for name in locale_identifiers()}
    assert systems - {"latn"} <= set(ZEROS)
    for zero in ZEROS.values():
        assert [unicodedata.decimal(chr(ord(zero) + digit)) for digit in range(10)] == list(range(10))


@pytest.mark.parametrize(
    ("tag", "name"), [("zh-Hant-x-old", "zh_Hant"), ("de-DE-1996", "de_DE"), ("qqq", "en_GB"), ("", "en_GB")]
)
def test_as_much_of_a_language_tag_counts_as_is_known(tag, name):
    assert str(locale_of(tag)).startswith(name)


def test_language_that_is_not_known_has_no_locale():
    assert find_locale("qqq-XX") is None
