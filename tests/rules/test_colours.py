import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.colours import contrast, inverted, mixed, readable_on, shaded, softened

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.rule("M14")
def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ff0000", "#ffffff") == pytest.approx(4.0, abs=0.005)
    assert contrast("#0b5563", "#0b5563") == 1


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_either_way_and_never_out_of_its_bounds(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


@given(COLOURS)
def test_inverting_turns_light_and_dark_over_and_keeps_the_hue(colour):
    assert inverted(inverted(colour)) == colour
    assert inverted("#ffffff") == "#000000"
    assert inverted("#ff0000") == "#ff0000"
    assert inverted("#400000") == "#ffbfbf"


@given(COLOURS, COLOURS)
def test_mixing_starts_at_one_colour_and_ends_at_the_other(one, other):
    assert mixed(one, other, 0) == one
    assert mixed(one, other, 1) == other


@given(COLOURS, COLOURS)
def test_softened_ink_reads_as_well_as_asked_wherever_the_ink_itself_does(ink, paper):
    made = softened(ink, paper, share=0.3, least=5.0)
    assert contrast(made, paper) >= min(5.0, contrast(ink, paper))


def test_the_ink_that_reads_best_is_chosen():
    assert readable_on("#0b5563", "#ffffff", "#000000") == "#ffffff"
    assert readable_on("#7fc6d2", "#ffffff", "#0c1012") == "#0c1012"


@given(COLOURS, COLOURS)
def test_shade_reads_on_its_paper_and_is_the_colour_itself_where_that_does(colour, paper):
    assert contrast(shaded(colour, paper), paper) >= 4.5
    if all(contrast(each, other) >= 4.5 for each, other in ((colour, paper), (inverted(colour), inverted(paper)))):
        assert shaded(colour, paper) == colour
