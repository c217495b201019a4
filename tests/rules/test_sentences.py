"""Prose is cut where a sentence ends, in any script, and never in the midst of an abbreviation or a character.

Not here: which texts are cut (tests/rules/test_articles.py, tests/rendering).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.sentences import ELLIPSIS, first_sentences

LONG = " and so it went on, for a good many more words than anybody had asked for, until the very end"
STOPS = ".!?…؟۔।。！？｡"


@pytest.mark.parametrize(
    "first",
    [
        "The ferry runs again.",
        "Does the ferry run again?",
        "“The ferry runs again!”",
        "The ferry (the old one.)",
        "Der Kapitän sagte: „Wir fahren!“",
        "Le bac repart à midi…",
        "“Why?” he asked the harbour master.",
        "Mr. Smith met Dr. J. R. Ewing.",
        "It costs 3.5 million, as of No. 123.",
        "Am 3. Oktober kam z. B. Frau Müller.",
        "Er sah z.B. Schiffe, Boote usw. Er blieb.",
        "She works for the U.S. Embassy at the quay.",
        "On Jan. 5 the pier opened.",
        "Vor ca. zehn Jahren war das anders.",
        "هل تعود العبارة إلى الميناء؟",
        "क्या नाव फिर चलेगी।",
    ],
)
def test_text_is_cut_behind_its_last_whole_sentence(first):
    assert first_sentences(f"{first} The next one is long{LONG}.", len(first) + 12) == first


@pytest.mark.parametrize("closer", ["", "」", "』", "”"])
@pytest.mark.parametrize("stop", "。！？")
def test_scripts_without_spaces_are_cut_behind_their_stops(stop, closer):
    first = f"渡し船は今日また動く{stop}{closer}"
    assert first_sentences(first + "次の文はとても長いので入りません" * 3, len(first) + 4) == first


def test_quotation_that_goes_on_is_not_the_end_in_japanese():
    assert first_sentences("船が来た。「はい。」と彼は言った、そして長い話がいつまでも続いた", 14) == "船が来た。"


def test_abbreviation_that_is_also_a_word_may_end_a_sentence():
    assert first_sentences(f"He said no. Then he left{LONG}.", 20) == "He said no."
    assert first_sentences(f"He praised the art. Then he left{LONG}.", 28) == "He praised the art."


def test_as_many_sentences_are_kept_as_fit():
    assert first_sentences(f"One came. Two came. Three{LONG}.", 24) == "One came. Two came."


def test_text_that_fits_is_kept_whole():
    assert first_sentences("No stop at all", 14) == "No stop at all"
    assert first_sentences(" Two\n lines. ", 10) == "Two lines."


def test_sentence_that_says_too_little_is_not_enough():
    assert first_sentences(f"Yes. It runs from quay to quay{LONG}.", 40) == "Yes. It runs from quay to quay and so…"


def test_long_sentence_is_cut_behind_a_clause_where_one_ends_late_enough():
    assert (
        first_sentences("The ferry, which was late, ran from quay to quay to quay", 36) == "The ferry, which was late…"
    )
    assert first_sentences("渡し船は動く、そして人々は桟橋に集まって長いあいだ待っていた", 9) == "渡し船は動く…"


def test_long_sentence_without_clauses_is_cut_behind_a_word():
    assert first_sentences("The ferry runs from quay to quay", 18) == "The ferry runs…"
    assert first_sentences("The ferry runs from quay", 15) == "The ferry runs…"


def test_what_people_see_as_one_character_is_not_cut():
    family = "👩‍👩‍👧"
    assert first_sentences(family * 3, len(family) + 3) == family + ELLIPSIS


SOME_TEXT = some.text(some.sampled_from("ab Z19 .!?…,;:–\"'”」）。！？،؟é\u0301👩‍\n"), max_size=120)


@given(SOME_TEXT, some.integers(2, 60))
def test_cut_is_the_head_of_the_text_and_short_enough(text, most):
    flat, kept = first_sentences(text, 1000), first_sentences(text, most)
    assert len(kept) <= most
    if kept != flat:
        assert flat.startswith(kept.removesuffix(ELLIPSIS))
        assert kept[-1] == ELLIPSIS or any(stop in kept for stop in STOPS)


@given(SOME_TEXT, some.integers(2, 60))
def test_what_was_cut_is_not_cut_again(text, most):
    kept = first_sentences(text, most)
    assert first_sentences(kept, most) == kept
