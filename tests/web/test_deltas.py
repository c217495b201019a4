"""Deltas: a reader that asks for them gets what is new and nothing else; wherever that is unsure it gets the whole.

Not here: what publish remembers of the versions of a document (jobs).
"""

import gzip
import hashlib
import shutil
from itertools import count

import feedparser
import pytest

from feeds.formats import FORMATS
from feeds.formats.parsing import count_entries
from feeds.store import documents
from feeds.store.documents import Publication
from tests.formats.givens import entry, written
from tests.web.conftest import NOON

TOMBSTONE = (
    b'<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="urn:x:0" when="2026-11-23T12:00:00Z"/>'
)
FILES = {name: format.filename for name, format in FORMATS.items()}
READERS = count(1)


class Paper:
    """A feed in a served folder with a store that knows its versions; its entries are told as (number, change)."""

    def __init__(self, web_site) -> None:
        self.site = web_site

    def print(self, name, *held, title="Harbour & Shore", record=True):
        """Swap a document in and remember it, newest first; return its entity tag."""
        entries = [entry(number, title=f"Entry {number}, change {change}") for number, change in held]
        data = self.site.public.put(FILES[name], written(name, *entries, title=title), coded=True)
        publication = publication_of(name, data, [(entry(number).id, change) for number, change in held])
        if record:
            with self.site.store.writing() as tx:
                documents.record(tx, [publication])
                documents.keep_versions(tx, [publication], since=NOON)
        return publication.etag


def publication_of(name, data, held):
    return Publication(
        feed="site",
        format=name,
        part="",
        path=FILES[name],
        media_type=FORMATS[name].media_type,
        hash=hashlib.sha256(data).hexdigest(),
        length=len(data),
        published_at=NOON,
        held=tuple(held),
    )


@pytest.fixture
def paper(web_site, migrated_sqlite):
    shutil.copyfile(migrated_sqlite, web_site.folder / "var" / "pressrun.db")
    return Paper(web_site)


def ask(client, name, tag, **headers):
    """Ask as a reader that was never here before: one that comes back with the same tag is given the whole."""
    given = {"a_im": "feed", "if_none_match": tag, "user_agent": f"reader/{next(READERS)}"}
    return client.ask(f"/{FILES[name]}", **(given | headers))


@pytest.mark.rule("F17")
@pytest.mark.parametrize("name", FILES)
def test_reader_that_asks_gets_only_what_is_new_or_changed(paper, client, name):
    old = paper.print(name, (2, 2), (1, 1), (0, 0))
    new = paper.print(name, (3, 4), (2, 2), (1, 3))
    answer = ask(client, name, old)
    assert (answer.status, answer["im"], answer["etag"]) == (226, "feed", new)
    assert b"Entry 3, change 4" in answer.body
    assert b"Entry 1, change 3" in answer.body
    assert (b"Entry 2" in answer.body, count_entries(answer.body)) == (False, 2)


@pytest.mark.rule("F17")
@pytest.mark.parametrize("name", FILES)
def test_delta_is_the_document_as_it_stands_without_what_was_had(paper, client, name):
    old = paper.print(name, (1, 1))
    paper.print(name, (2, 2), (1, 1))
    fresh = entry(2, title="Entry 2, change 2")
    assert ask(client, name, old).body == written(name, fresh)


@pytest.mark.rule("F17")
def test_reader_that_took_a_delta_has_the_document(paper, client):
    old = paper.print("atom", (1, 1))
    paper.print("atom", (2, 2), (1, 1))
    for coding in ("identity", "gzip", "br, gzip"):
        tag = ask(client, "atom", old, accept_encoding=coding)["etag"]
        assert ask(client, "atom", tag, accept_encoding=coding).status == 304


@pytest.mark.rule("F17")
def test_version_is_known_by_the_tags_of_its_codings_and_weakened_ones(paper, client):
    old = paper.print("rss", (1, 1)).strip('"')
    paper.print("rss", (2, 2), (1, 1))
    for tag in (f'"{old}"', f'"{old}-gz"', f'"{old}-br"', f'W/"{old}-gz"', f'"other", "{old}"'):
        assert (ask(client, "rss", tag).status, tag) == (226, tag)


@pytest.mark.rule("F17")
def test_delta_is_zipped_for_who_takes_that(paper, client):
    old = paper.print("rss", (1, 1))
    paper.print("rss", (2, 2), (1, 1))
    zipped, plain = ask(client, "rss", old, accept_encoding="gzip, br"), ask(client, "rss", old)
    assert (zipped["content-encoding"], plain["content-encoding"]) == ("gzip", None)
    assert gzip.decompress(zipped.body) == plain.body
    assert ask(client, "rss", old, accept_encoding="gzip;q=0, *")["content-encoding"] is None


@pytest.mark.rule("F17")
def test_no_cache_keeps_a_delta_for_the_document(paper, client):
    old = paper.print("rss", (1, 1))
    paper.print("rss", (2, 2), (1, 1))
    answer = ask(client, "rss", old)
    assert answer["cache-control"].startswith("no-store, im")
    assert answer["vary"] == "Accept-Encoding, A-IM"


@pytest.mark.rule("F17")
@pytest.mark.parametrize(
    "headers",
    [{"a_im": ""}, {"a_im": "vcdiff"}, {"a_im": "feed;q=0"}, {"a_im": "feeds"}, {"if_none_match": '"unknown"'}],
)
def test_who_does_not_ask_or_names_no_version_gets_the_whole(paper, client, headers):
    old = paper.print("rss", (1, 1))
    paper.print("rss", (2, 2), (1, 1))
    answer = ask(client, "rss", old, **headers)
    assert (answer.status, answer["im"], count_entries(answer.body)) == (200, None, 2)


@pytest.mark.parametrize("asked", ["feed", "FEED", "gzip, feed", "feed;q=0.5", "vcdiff;q=0.1,feed"])
def test_reader_may_ask_in_many_words(paper, client, asked):
    old = paper.print("rss", (1, 1))
    paper.print("rss", (2, 2), (1, 1))
    assert ask(client, "rss", old, a_im=asked).status == 226


@pytest.mark.rule("F17")
@pytest.mark.parametrize("name", FILES)
def test_whole_is_sent_where_everything_or_nothing_is_new(paper, client, name):
    old = paper.print(name, (1, 1), (0, 0))
    paper.print(name, (3, 3), (2, 2))
    assert ask(client, name, old).status == 200
    paper.print(name, (0, 0))
    assert ask(client, name, old).status == 200
    paper.print(name, (1, 1), (0, 0), title="Another name")
    assert ask(client, name, old).status == 200


def test_document_that_is_swapped_and_not_yet_recorded_is_sent_whole_and_then_as_a_delta(paper, client):
    old = paper.print("rss", (1, 1))
    paper.print("rss", (2, 2), (1, 1), record=False)
    assert ask(client, "rss", old).status == 200
    paper.print("rss", (2, 2), (1, 1))
    assert ask(client, "rss", old).status == 226


def test_feed_is_served_whole_where_there_is_no_store(web_site, client):
    web_site.public.put("rss.xml", written("rss", entry(1)))
    assert ask(client, "rss", '"other"').status == 200


@pytest.mark.parametrize("place", [b"  <entry>", b"</feed>"])
def test_tombstones_stand_in_a_delta_wherever_they_stand_in_the_document(paper, client, place):
    old = paper.print("atom", (1, 1), (0, 0))
    data = written("atom", entry(2), entry(1)).replace(place, TOMBSTONE + place, 1)
    paper.site.public.put("atom.xml", data, coded=True)
    with paper.site.store.writing() as tx:
        documents.record(tx, [publication_of("atom", data, [(entry(2).id, 2), (entry(1).id, 1)])])
    answer = ask(client, "atom", old)
    assert (answer.status, answer.body.count(TOMBSTONE), count_entries(answer.body)) == (226, 1, 1)


@pytest.mark.rule("F17")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_feedparser_asks_for_a_delta_and_reads_it(paper, client, name):
    paper.print(name, (1, 1))
    address = client.address + FILES[name]
    first = feedparser.parse(address)
    paper.print(name, (2, 2), (1, 1))
    second = feedparser.parse(address, etag=first["etag"], modified=first.get("modified"))
    assert (second["status"], [found["title"] for found in second["entries"]]) == (226, ["Entry 2, change 2"])
    third = feedparser.parse(address, etag=second["etag"], modified=second.get("modified"))
    assert (third["status"], third["entries"]) == (304, [])
