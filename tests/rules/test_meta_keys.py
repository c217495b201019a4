"""Keys have one spelling; two that are one are refused, and so is a slip in a key that may hide an article.

Not here: their values (test_meta, test_holding).
"""

import pytest

from feeds.errors import ArticleRefused
from feeds.rules.meta_keys import MOST_KEYS, by_key, slips_in


@pytest.mark.rule("F12")
@pytest.mark.parametrize(
    "twice",
    [
        {"draft": True, "Draft": False},
        {"access": "members", "Access": "public"},
        {"members-only": True, "members_only": False},
        {"draft": True, "\u200bdraft": False},
    ],
)
def test_key_given_twice_in_two_spellings_is_refused_and_hides(twice):
    with pytest.raises(ArticleRefused, match="given twice") as raised:
        by_key(twice)
    assert raised.value.hides


def test_title_given_twice_is_refused_and_hides_nothing():
    with pytest.raises(ArticleRefused) as raised:
        by_key({"title": "A", "Title": "B"})
    assert not raised.value.hides


@pytest.mark.rule("F12")
@pytest.mark.parametrize("slip", ["acces", "acess", "darft", "drafts", "publishd", "unpublished", "dr\u0430ft"])
def test_slip_in_a_key_that_may_hide_the_article_is_refused(slip):
    with pytest.raises(ArticleRefused, match="may be meant for") as raised:
        slips_in({slip: "members"})
    assert raised.value.hides


def test_other_slips_are_noted_with_the_nearest_key():
    assert slips_in({"standfrist": "x", "titel": "y"}) == (
        "standfrist: is unknown and passed over; nearest: standfirst",
        "titel: is unknown and passed over; nearest: title",
    )


@pytest.mark.parametrize(
    "key", ["layout", "permalink", "weight", "type", "menu", "publisher", "linkTitle", "expirydate", "toc", "series"]
)
def test_keys_of_other_programs_are_passed_over_in_silence(key):
    assert slips_in(by_key({key: "x"})) == ()


@pytest.mark.rule("T47")
def test_absurdly_many_keys_are_refused():
    with pytest.raises(ArticleRefused, match="keys"):
        by_key({f"key{number}": "" for number in range(MOST_KEYS + 1)})
