"""What may say "not for everyone" or "not yet" holds an article back or refuses it, and is never guessed at.

Not here: misspelt keys (test_meta_keys), dates (test_meta).
"""

import time

import pytest

from feeds.errors import ArticleRefused
from feeds.model import Access
from feeds.rules.holding import access_of, check_head, is_held_back

pytestmark = pytest.mark.rule("F12")


@pytest.mark.parametrize(
    "said",
    [
        {"published": "off"},
        {"published": "0"},
        {"published": 0},
        {"publish": False},
        {"publish": "no"},
        {"status": "draft"},
        {"status": "Private"},
        {"status": "pending"},
        {"status": "scheduled"},
        {"visibility": "private"},
        {"private": True},
        {"unlisted": "yes"},
        {"hidden": "on"},
        {"embargo": "true"},
        {"draft": False, "published": False},
    ],
)
def test_article_is_held_back_in_the_words_of_other_programs(said):
    assert is_held_back(said)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"draft": "false", "published": True},
        {"published": "2024-03-02"},
        {"published": None},
        {"status": "published"},
        {"status": None},
        {"visibility": "public"},
        {"private": "no"},
        {"embargo": "2024-03-02"},
        {"scheduled": "false"},
    ],
)
def test_article_that_says_it_is_out_is_not_held_back(said):
    assert not is_held_back(said)


@pytest.mark.parametrize(
    "said",
    [
        {"draft": None},
        {"draft": ""},
        {"private": "perhaps"},
        {"published": "never"},
        {"published": []},
        {"status": "nearly"},
        {"visibility": "nobody"},
        {"visibility": None},
        {"embargo": "until 5 on Friday"},
    ],
)
def test_what_may_hold_back_and_is_not_understood_is_refused_and_hides(said):
    with pytest.raises(ArticleRefused, match=next(iter(said))) as raised:
        is_held_back(said)
    assert raised.value.hides


@pytest.mark.parametrize(
    "said",
    [
        {"access": "members"},
        {"members_only": True},
        {"visibility": "members"},
        {"visibility": "Paid"},
        {"access": "public", "subscribers_only": "yes"},
    ],
)
def test_members_are_few_in_the_words_of_other_programs(said):
    assert access_of(said) is Access.MEMBERS


@pytest.mark.parametrize("value", [None, "", "few"])
def test_access_without_a_value_that_is_known_is_refused_and_hides(value):
    with pytest.raises(ArticleRefused, match="access") as raised:
        access_of({"access": value})
    assert raised.value.hides


@pytest.mark.parametrize(
    "text",
    [
        "---yaml\ndraft: true\n---\nB",
        "--- # front\ndraft: true # not yet\n---\nB",
        "----\ndraft: true\n----\nB",
        "<!-- x -->\n---\naccess: members\n---\nB",
        '{"draft": true}\nB',
        '{"title": "x", "draft": true}\nB',
        '{\n "title": "x",\n "draft": true\n}\nB',
        "<body>---\ndraft: true\n---\n<p>B</p></body>",
        "<head>" + "<meta>\n" * 20 + "</head><body>---\ndraft: true\n---",
        "<!-- draft: true -->\nB",
        "Title: x\nStatus: draft\n\nB",
    ],
)
def test_front_matter_that_is_none_is_refused_where_it_may_hide_the_article(text):
    with pytest.raises(ArticleRefused, match="very head of the file") as raised:
        check_head(text)
    assert raised.value.hides


@pytest.mark.parametrize(
    "text",
    [
        "Access: the long road to the harbour\n\nPeople walked.",
        "Draft: yes we can\n\nHe said.",
        "Published: 2 March 2024\n\nThe ferry sailed.",
        "Published\n\nTrue to his word, he came.",
        "Status: it is complicated",
        "The ferry\n\n" + "A paragraph.\n\n" * 12 + "draft: true\n",
    ],
)
def test_prose_is_never_taken_for_front_matter(text):
    check_head(text)


@pytest.mark.rule("T47")
@pytest.mark.parametrize("piece", ["<!>", "<a>", "<a", "- ", "<a ", "draft:", "{'", "draft\n"])
def test_head_of_any_shape_is_looked_through_at_once(piece):
    begun = time.perf_counter()
    check_head(piece * 4000)
    assert time.perf_counter() - begun < 1
