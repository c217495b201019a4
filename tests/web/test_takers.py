"""Clients that ask for deltas and do not take them get the whole, whoever they are.

Not here: the deltas (test_deltas), real readers (tests/acceptance/test_readers_poll).
"""

import shutil

import pytest

from tests.web.test_deltas import FILES, Paper

NEWSBOAT, SCRIPT = "newsboat/2.21.0", "feedparser/6.0.10"


@pytest.fixture
def paper(web_site, migrated_sqlite):
    shutil.copyfile(migrated_sqlite, web_site.folder / "var" / "pressrun.db")
    return Paper(web_site)


@pytest.fixture
def old(paper):
    """Give the tag of a version of each format's document that is two changes old."""
    tags = {name: paper.print(name, (1, 1)) for name in FILES}
    for name in FILES:
        paper.print(name, (2, 2), (1, 1))
    return tags


def ask(client, name, tag, agent=SCRIPT, method="GET"):
    return client.ask(f"/{FILES[name]}", method, a_im="feed", if_none_match=tag, user_agent=agent)


@pytest.mark.rule("F17")
@pytest.mark.parametrize("name", FILES)
def test_client_that_comes_back_with_the_same_tag_gets_the_whole(client, old, name):
    answers = [ask(client, name, old[name]) for _ in range(3)]
    assert [answer.status for answer in answers] == [226, 200, 200]
    assert answers[1].body == client.ask(f"/{FILES[name]}").body
    assert ask(client, name, answers[1]["etag"]).status == 304


@pytest.mark.rule("F17")
def test_client_that_did_not_take_one_is_given_no_other(paper, client, old):
    for _ in range(2):
        tag = ask(client, "rss", old["rss"])["etag"]
    paper.print("rss", (3, 3), (2, 2), (1, 1))
    assert ask(client, "rss", tag).status == 200
    assert ask(client, "atom", old["atom"]).status == 200


@pytest.mark.rule("F17")
def test_what_one_client_does_not_take_another_gets(client, old):
    for _ in range(2):
        ask(client, "rss", old["rss"])
    assert [ask(client, "rss", old["rss"], NEWSBOAT).status for _ in range(2)] == [226, 200]


@pytest.mark.rule("F17")
def test_looking_with_head_is_no_refusal(client, old):
    assert [ask(client, "rss", old["rss"], method=method).status for method in ("HEAD", "HEAD", "GET")] == [226] * 3


@pytest.mark.rule("F17")
def test_client_that_takes_each_is_given_the_next(paper, client, old):
    tag = old["rss"]
    for number in range(3, 7):
        answer = ask(client, "rss", tag)
        tag = answer["etag"]
        assert (answer.status, ask(client, "rss", tag).status) == (226, 304)
        paper.print("rss", *((n, n) for n in range(number, 0, -1)))
