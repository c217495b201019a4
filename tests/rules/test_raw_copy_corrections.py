from datetime import UTC, datetime

import pytest

from feeds.model import Correction
from tests.rules.givens import article

TEXT = "The ferry sailed at nine. It was late, as it always is."
OTHER = "Nobody on the quay was surprised. They had brought tea."
NOTE = "Ann Lee is a professor at the University of Saltby."
WRONG = "The ferry leaves at 7, not at 8."
THEN = datetime(2026, 11, 12, tzinfo=UTC)


def piece(*lines, **said):
    return article("\n".join(["Ferry sails", TEXT, OTHER, *lines]), "txt", **said)


@pytest.mark.parametrize(
    "label",
    [
        "Correction (12 November 2026):",
        "CORRECTION (12 November 2026):",
        "Correction, 12 November 2026:",
        "Correction 2026-11-12:",
        "Corrections (Nov 12, 2026) –",
        "Clarification (Thursday 12 November 2026):",
    ],
)
def test_labelled_and_dated_correction_at_the_end_is_one(label):
    read = piece(f"{label} {WRONG}")
    assert read.corrections == (Correction(THEN, WRONG),)
    assert (WRONG in read.html, TEXT in read.html, OTHER in read.html) == (False, True, True)
    assert read.blocks[-1].content == f"{label} {WRONG}"


@pytest.mark.parametrize(
    "line",
    [
        f"Correction: {WRONG}",
        f"Correction (soon enough): {WRONG}",
        f"Correction (30 February 2026): {WRONG}",
        "Correction (12 November 2026):",
        "Correction of 12 November 2026 was wrong: it was at 7.",
        f"The correction (12 November 2026): {WRONG}",
    ],
)
def test_what_has_no_label_or_no_date_stays_the_text_it_is(line):
    read = piece(line)
    assert read.corrections == ()
    assert line.split(": ")[-1] in read.html


def test_correction_above_the_last_paragraph_is_part_of_the_text():
    read = article("\n".join(["Ferry sails", TEXT, f"Correction (12 November 2026): {WRONG}", OTHER]), "txt")
    assert (read.corrections, WRONG in read.html) == ((), True)


@pytest.mark.parametrize("lines", [(NOTE, "{}"), ("{}", NOTE), ("Harbour Pictures", NOTE, "{}", "ENDS")])
def test_note_and_credit_stand_beside_a_correction(lines):
    read = piece(*(line.format(f"Correction (12 November 2026): {WRONG}") for line in lines))
    assert "author's note" in [block.role for block in read.blocks]
    assert read.corrections == (Correction(THEN, WRONG),)


def test_several_corrections_stand_with_those_of_the_front_matter_in_the_order_of_their_dates():
    lines = (f"Correction (13 November 2026): B. {WRONG}", f"Correction (12 November 2026): A. {WRONG}")
    read = piece(*lines, corrections=[{"at": "2026-11-14", "text": "C."}, {"at": "2026-11-12", "text": f"A. {WRONG}"}])
    assert [one.text for one in read.corrections] == [f"A. {WRONG}", f"B. {WRONG}", "C."]


def test_text_that_is_but_a_correction_is_kept():
    read = article(f"Correction (12 November 2026): {WRONG}", "txt")
    assert WRONG in read.title + read.html + read.summary
