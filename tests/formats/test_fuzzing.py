"""Two thousand random articles, of any Unicode and any bytes: no exception, nothing ill-formed, no neighbour lost.

``make fuzz`` goes through a hundred thousand. Not here: how they are made and judged (fuzzing).
"""

import pytest

from tests.formats.fuzzing import fuzz, hostile_file, shrunk


@pytest.mark.rule("F1")
@pytest.mark.parametrize("start", range(0, 2000, 500))
def test_random_articles_are_printed_or_refused_and_never_spoil_a_document(start):
    assert fuzz("in every run", range(start, start + 500)).printed > 400


def test_seed_and_number_always_make_the_same_article():
    assert hostile_file("a", 1) == hostile_file("a", 1) != hostile_file("b", 1)


def test_what_fails_is_shrunk_to_what_matters():
    assert shrunk(b"many words and one \x00 among them", lambda data: b"\0" in data) == b"\0"
