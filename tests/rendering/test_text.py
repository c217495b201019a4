from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import Person
from feeds.rendering.text import ELLIPSIS, clip, columns, cut, graphemes, one_line, wrap
from feeds.rendering.wording import day, instant, names

NIGHT = datetime(2026, 7, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("character", ["👨‍👩‍👧‍👦", "é", "👍🏽", "🇮🇪", "☎️", "\r"])
def test_what_a_reader_sees_as_one_character_stays_whole(character):
    assert list(graphemes(character * 3)) == [character] * 3


def test_text_is_cut_only_where_it_is_too_long():
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"


WORDS = st.lists(
    st.sampled_from(["a", "ß", "’", "—", " ", "e\u0301", "\u0301", "\u200d", "👍🏽", "🇮🇪", "漢"]), min_size=1
)


@given(WORDS.map("".join), st.integers(min_value=1, max_value=12))
def test_text_is_cut_after_as_many_characters_as_a_reader_counts(text, most):
    shown = list(graphemes(text))
    whole = len(text) <= most or len(shown) <= most
    assert cut(text, most) == (text if whole else "".join(shown[: most - 1]).rstrip() + ELLIPSIS)


def test_prose_is_clipped_at_the_end_of_a_word():
    assert clip("The ferry, it left at six", 15) == "The ferry, it…"
    assert clip("The ferry, it left at six", 12) == "The ferry…"
    assert clip("x" * 20, 5) == "xxxx…"


def test_line_breaks_become_spaces_and_controls_go():
    assert one_line("a\r\nb\x00c\u2028d \u202ee\u2066f") == "a bc d ef"
    assert [one_line(f"a{mark}b") for mark in "\x1f\x7f\x9f\ufeff\ufffe\uffff\ud800\udfff\u202e\u2069"] == ["ab"] * 10
    assert [one_line(f"a{mark}b") for mark in "\t\n\x85\xa0\u2003\u2029"] == ["a b"] * 6


def test_wide_characters_take_two_columns_and_accents_none():
    assert columns("港e\u0301") == 3


def test_wrapped_lines_keep_to_their_width_but_addresses_stay_whole():
    address = "https://harbour.example/" + "a" * 90
    lines = wrap(f"word {'y' * 100} {address} word", 40, "  ").splitlines()
    assert f"  {address}" in lines
    assert all(columns(line) <= 40 for line in lines if address not in line)
    assert "".join(lines).replace(" ", "") == f"word{'y' * 100}{address}word"


def test_day_is_written_in_the_language_and_the_zone():
    assert day(NIGHT, "en-GB", "Europe/Dublin") == "24 July 2026"
    assert day(NIGHT, "fr", "UTC") == "23 juillet 2026"
    assert day(NIGHT, "xx-nonsense", "UTC") == "23 July 2026"


def test_instant_is_in_utc():
    assert instant(NIGHT) == "2026-07-23T23:30:00Z"


def test_names_are_joined_as_the_language_does():
    people = [Person("Ann"), Person("Bo"), Person("Cy")]
    assert names(people, "en-GB") == "Ann, Bo and Cy"
    assert names(people[:2], "de") == "Ann und Bo"
    assert names([], "en") == ""
