"""On the page of all that one has a reader moves to a private feed instead of mail, and back.

Not here: what is mailed then (tests/jobs/test_doors.py).
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from feeds.model import NoticeKind
from feeds.store import fed_entries, subscribers
from tests.store.givens import read
from tests.web.reader_givens import ANN, page_of, reading


@pytest.fixture
def reader(site):
    site.now = datetime.now(UTC) - timedelta(hours=4)
    site.article("tide.md", title="The tide", date=f"{site.now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
    with reading(site) as reader:
        reader.subscribe(newsletter=["weekly", "daily"])
        reader.post(reader.link("confirm"))
        reader.post("/readers/manage", address=ANN)
        yield reader


def does(reader, door, newsletter="weekly"):
    """Press a button; return the page and the paths of the feeds on it."""
    answer = reader.post(reader.link("manage", NoticeKind.MANAGE), do=door, newsletter=newsletter)
    page = answer.body.decode()
    return page, re.findall(r'value="[^"]*(/private/[^"]+)"', page)


def given(reader):
    return {who: len(ids) for who, ids in read(reader.store, fed_entries.list_of, "weekly").items()}


def test_reader_moves_to_a_feed_of_their_own_and_back(reader):
    assert "Get it as a private feed, not by mail" in reader.ask(reader.link("manage")).body.decode()
    page, feeds = does(reader, "feed")
    assert ("no more by mail" in page, [path.rpartition("/")[2] for path in feeds]) == (
        True,
        ["rss.xml", "atom.xml", "feed.json"],
    )
    got = reader.ask(feeds[1])
    assert (got.status, b"The ferry runs again" in got.body, got.headers["cache-control"]) == (
        200,
        True,
        "private, max-age=900",
    )
    page, none = does(reader, "mail")
    assert ("comes to you as before" in page, none, reader.ask(feeds[1]).status) == (True, [], 410)


@pytest.mark.rule("T82")
def test_looking_at_the_page_gives_no_feed_and_only_fetching_one_counts_as_given(reader):
    before = reader.tables()
    reader.ask(reader.link("manage") + "?do=feed&newsletter=weekly")
    assert reader.tables() == before
    _, feeds = does(reader, "feed")
    reader.ask(feeds[0], "HEAD")
    assert given(reader) == {}
    etag = reader.ask(feeds[0]).headers["etag"]
    assert list(given(reader).values()) == [1]
    assert reader.ask(feeds[0], If_None_Match=etag).status == 304


@pytest.mark.rule("T86")
def test_link_in_a_mail_shows_no_address_and_moves_nobody(reader):
    path, before = page_of(reader), does(reader, "feed")
    assert "/private/" not in reader.ask(path).body.decode()
    assert "/private/" not in reader.post(path, do="mail", newsletter="weekly").body.decode()
    assert does(reader, "feed")[1] == before[1]
    with reader.store.reading() as tx:
        who = subscribers.get_by_key(tx, ANN)
        held = subscribers.list_subscriptions(tx, [who.id])
    assert [one.by_feed_since is not None for (_, slug), one in sorted(held.items())] == [False, True]


@pytest.mark.rule("T80")
def test_button_of_a_link_that_is_not_good_or_of_no_newsletter_changes_nothing(reader):
    path = reader.link("manage")
    before = reader.tables()
    for token, newsletter, door in ((path[:-1] + "x", "weekly", "feed"), (path, "none", "feed"), (path, "weekly", "x")):
        reader.post(token, do=door, newsletter=newsletter)
    assert reader.tables() == before


def test_who_moves_again_is_at_another_address_than_a_stranger_may_know(reader):
    _, first = does(reader, "feed")
    _, again = does(reader, "feed")
    _, anew = does(reader, "anew")
    assert (again, anew != first, reader.ask(first[0]).status, reader.ask(anew[0]).status) == (first, True, 410, 200)
