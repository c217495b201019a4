"""A site as it is printed, served and polled: the whole way from an article to a reader.

Not here: the answers one by one (the other tests of this room).
"""

import logging
import os
import sqlite3
from contextlib import closing, contextmanager

import feedparser
import pytest

from feeds.config import load_config
from feeds.store.engine import Store
from feeds.web import listen, web_app
from tests.judges import verdict
from tests.web.conftest import Client

FEEDS = ("rss.xml", "atom.xml", "feed.json")


@contextmanager
def serving(site):
    """Serve the site; give a client of it."""
    store = Store(f"sqlite:///{site.folder}/var/pressrun.db")
    server = listen(web_app(load_config(site.folder / "config.toml", {}), store), "127.0.0.1", 0)
    client = Client(server.address)
    try:
        yield client
    finally:
        client.close()
        server.stop()
        store.close()


def poll(client, path, tag, **headers):
    return client.ask(f"/{path}", accept_encoding="gzip", a_im="feed", if_none_match=tag, **headers)


@pytest.mark.rule("F16")
def test_what_publish_prints_is_served_in_each_coding_under_the_tag_in_the_store(site):
    site.articles(3)
    site.print()
    with serving(site) as client:
        for path in (*FEEDS, "index.html"):
            answers = [client.ask(f"/{path}", accept_encoding=coding) for coding in ("identity", "gzip", "br")]
            assert [answer["content-encoding"] for answer in answers] == [None, "gzip", "br"], path
            assert [answer["etag"].strip('"')[32:] for answer in answers] == ["", "-gz", "-br"], path


@pytest.mark.rule("F17")
def test_edit_reaches_each_reader_as_a_delta_and_nothing_new_as_nothing(site):
    site.articles(3)
    site.print()
    with serving(site) as client:
        tags = {path: poll(client, path, '"none"')["etag"] for path in FEEDS}
        assert {poll(client, path, tag).status for path, tag in tags.items()} == {304}
        site.article("new.md", title="The newest")
        site.edit("a02.md", "Words of article 2", "Other words")
        site.print()
        for path, tag in tags.items():
            delta = poll(client, path, tag)
            assert (delta.status, delta["im"], path) == (226, "feed", path)
            assert poll(client, path, delta["etag"]).status == 304


@pytest.mark.rule("F17")
def test_feedparser_has_the_same_entries_with_deltas_as_without(site):
    site.articles(3)
    site.print()
    with serving(site) as client:
        address, had, last = client.address + "rss.xml", {}, {}
        for number in range(4):
            last = feedparser.parse(address, etag=last.get("etag"), modified=last.get("modified"))
            had |= {found["id"]: found["title"] for found in last["entries"]}
            site.article(f"new{number}.md", title=f"New {number}")
            site.print()
        last = feedparser.parse(address, etag=last.get("etag"), modified=last.get("modified"))
        had |= {found["id"]: found["title"] for found in last["entries"]}
        assert last["status"] == 226
        assert had == {found["id"]: found["title"] for found in feedparser.parse(address)["entries"]}


@pytest.mark.rule("F17")
def test_newsboat_takes_deltas_and_keeps_what_it_has(site, tmp_path, caplog):
    caplog.set_level(logging.INFO, "pressrun.access")
    site.articles(3)
    site.print()
    for path in site.documents():  # of two documents of one second newsboat takes the later for the earlier
        os.utime(site.public / path, (0, 0))
    (tmp_path / "home").mkdir()
    with serving(site) as client:
        reload(client.address + "rss.xml", tmp_path)
        reload(client.address + "rss.xml", tmp_path)  # it remembers validators from its second visit on
        site.article("new.md", title="New")
        site.print()
        for _ in range(2):
            reload(client.address + "rss.xml", tmp_path)
    assert [record.args[3] for record in caplog.records if record.name == "pressrun.access"][2:] == [226, 304]
    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        titles = [title for (title,) in cache.execute("SELECT title FROM rss_item ORDER BY title")]
    assert titles == ["Article 01", "Article 02", "Article 03", "New"]


def reload(address, folder):
    """Let newsboat poll a feed."""
    (folder / "urls").write_text(f"{address}\n")
    (folder / "config").write_text("")
    env = os.environ | dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder / "home"))
    files = ("-C", str(folder / "config"), "-u", str(folder / "urls"), "-c", str(folder / "cache.db"))
    assert verdict("newsboat", *files, "-x", "reload", env=env) == ""


@pytest.mark.rule("F26")
def test_link_header_is_what_the_document_says(site):
    site.article("a.md")
    site.print()
    with serving(site) as client:
        links = [client.ask(f"/{path}")["link"] for path in FEEDS]
    assert links == [f'<https://gazette.example/{path}>; rel="self"' for path in FEEDS]


@pytest.mark.rule("T39")
def test_each_page_carries_its_policy_in_the_header_as_in_its_head(site):
    site.article("a.md")
    site.print()
    with serving(site) as client:
        for path in ("/", "/a/", "/404.html"):
            assert client.ask(path)["content-security-policy"].startswith("default-src 'none'; img-src *")
