"""Publications: what was written where, and which entries it holds.

Not here: writing documents (jobs).
"""

from dataclasses import replace

import pytest
from sqlalchemy import select

from feeds.store import documents
from feeds.store.documents import Publication
from feeds.store.schema import document_entries
from tests.store.givens import DAY, MONDAY, add, entry, read, write

RSS = Publication(
    feed="site",
    format="rss",
    part="",
    path="rss.xml",
    media_type="application/rss+xml",
    hash="0f" * 32,
    length=1234,
    published_at=MONDAY,
)
ATOM = replace(RSS, format="atom", path="atom.xml", hash="1e" * 32)
HELD = [("urn:two", 1), ("urn:one", 3)]


@pytest.fixture
def printed(store):
    """Give a store in which the RSS document holds two entries, and the Atom document one."""
    add(store, entry("one"), entry("two"))
    write(store, documents.record, RSS, HELD)
    write(store, documents.record, ATOM, HELD[:1])
    return store


def held(store):
    """Return the (format, entry id, revision) that documents hold, in the order in which they hold them."""
    columns = document_entries.c.format, document_entries.c.entry_id, document_entries.c.revision
    with store.reading() as tx:
        return [tuple(row) for row in tx.execute(select(*columns).order_by(columns[0], document_entries.c.position))]


def test_publication_comes_back_as_it_was(printed):
    assert read(printed, documents.list_all) == {"atom.xml": ATOM, "rss.xml": RSS}


def test_document_holds_entries_in_order_each_at_its_revision(printed):
    assert held(printed) == [("atom", "urn:two", 1), ("rss", "urn:two", 1), ("rss", "urn:one", 3)]


def test_document_written_anew_replaces_what_was_recorded(printed):
    again = replace(RSS, hash="2d" * 32, length=9, published_at=MONDAY + DAY)
    write(printed, documents.record, again, [("urn:one", 4)])
    assert read(printed, documents.list_all) == {"atom.xml": ATOM, "rss.xml": again}
    assert held(printed) == [("atom", "urn:two", 1), ("rss", "urn:one", 4)]


def test_document_may_hold_nothing(printed):
    write(printed, documents.record, RSS, [])
    assert held(printed) == [("atom", "urn:two", 1)]


def test_document_may_move_to_another_path(printed):
    write(printed, documents.record, replace(RSS, path="feed.xml"), HELD)
    assert list(read(printed, documents.list_all)) == ["atom.xml", "feed.xml"]
    assert len(held(printed)) == 3


def test_path_is_taken_over_from_another_document(printed):
    write(printed, documents.record, replace(RSS, path="atom.xml"), HELD)
    assert list(read(printed, documents.list_all)) == ["atom.xml"]
    assert held(printed) == [("rss", "urn:two", 1), ("rss", "urn:one", 3)]


def test_two_documents_may_swap_their_paths(printed):
    with printed.writing() as tx:
        documents.record(tx, replace(RSS, path="atom.xml"), HELD)
        documents.record(tx, replace(ATOM, path="rss.xml"), HELD)
    assert {path: one.format for path, one in read(printed, documents.list_all).items()} == {
        "atom.xml": "rss",
        "rss.xml": "atom",
    }


def test_forgotten_document_leaves_nothing_behind(printed):
    write(printed, documents.forget, "rss.xml")
    assert (list(read(printed, documents.list_all)), held(printed)) == (["atom.xml"], [("atom", "urn:two", 1)])


def test_last_publication_is_known(store):
    assert read(store, documents.last_published_at) is None
    write(store, documents.record, RSS, [])
    write(store, documents.record, replace(ATOM, published_at=MONDAY + DAY), [])
    assert read(store, documents.last_published_at) == MONDAY + DAY


def test_entity_tag_changes_with_the_bytes():
    assert RSS.etag == f'"{"0f" * 16}"'
    assert RSS.etag != ATOM.etag
