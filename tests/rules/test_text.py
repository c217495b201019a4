import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.rules.text import alike, clean_line, clean_name, clean_text, close_bidi, cut, scalar

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()))
# XML 1.0 section 2.2, and surrogates, which no encoding can carry.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@pytest.mark.rule("T41")
@settings(deadline=None, max_examples=100)
@given(ANY_TEXT)
@example("\ufeff\ufeffa")
@example("\x00\ufeffa")
@example("\r\x00\n")
def test_cleaning_twice_changes_nothing_and_nothing_forbidden_stays(text):
    once = clean_text(text)
    assert clean_text(once) == once
    assert not FORBIDDEN.search(once)
    assert not FORBIDDEN.search(clean_line(text))


@pytest.mark.rule("T43")
def test_nul_is_removed():
    assert clean_text("a\x00b") == "ab"
    assert "\x00" not in clean_line("a\x00b")


@pytest.mark.rule("T5")
def test_lone_surrogate_becomes_the_replacement_character():
    assert clean_text("a\ud800b") == clean_line("a\ud800b") == "a\ufffdb"


def test_tabs_and_line_ends_stay_and_are_of_one_kind():
    assert clean_text("a\tb\r\nc\rd\u2028e") == "a\tb\nc\nd\ne"


def test_line_is_one_line():
    assert clean_line(" a\r\n\tb\u2029c\x0bd ") == "a b c d"


def test_name_turns_nothing_around():
    assert clean_name("Ann\u202e Lee\u2066") == "Ann Lee"


def test_override_left_open_is_closed_and_a_stray_closer_goes():
    assert close_bidi("a\u202eb") == "a\u202eb\u202c"
    assert close_bidi("a\u202cb") == "ab"
    assert close_bidi("\u2067a\u202eb\u2069c") == "\u2067a\u202eb\u2069c"


@settings(deadline=None, max_examples=100)
@given(st.text("\u202a\u202e\u2066\u2068\u202c\u2069a"))
def test_closing_direction_controls_twice_changes_nothing(text):
    assert close_bidi(close_bidi(text)) == close_bidi(text)


def test_text_is_cut_behind_a_sentence_else_behind_a_word():
    assert cut("It sailed. It was late, as always.", 16) == "It sailed."
    assert cut("The ferry sailed at nine", 12) == "The ferry…"
    assert cut("“It sailed.” Nobody cared at all.", 14) == "“It sailed.”"


@settings(deadline=None, max_examples=100)
@given(st.text("ab. !”"), st.integers(2, 60))
def test_cut_text_is_what_it_was_up_to_the_cut(text, limit):
    short = cut(text, limit)
    assert clean_line(text).startswith(short.removesuffix("…"))
    assert len(short.rstrip("”")) <= limit


def test_lines_that_differ_in_punctuation_only_are_alike():
    assert alike("FERRY RETURNS!", "Ferry returns")
    assert not alike("Ferry", "Fairy")
    assert not alike("🎉", "")


def test_number_too_long_to_write_is_no_text():
    assert scalar(10**5000) == ""
    assert scalar(7) == "7"


@pytest.mark.parametrize("short", ["a.m.", "p.m.", "Dr.", "St.", "No.", "U.S.", "e.g.", "i.e.", "J.", "J. R. R."])
def test_sentence_does_not_end_behind_an_abbreviation(short):
    text = f"The boat left. It was seen at {short} Ann in the morning and went on"
    assert cut(text, len(text) - 1) == text.rpartition(" ")[0] + "…"


def test_sentence_ends_behind_a_word_that_only_looks_like_an_abbreviation():
    assert cut("They went to the casino. And so on", 30) == "They went to the casino."
