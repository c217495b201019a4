"""Publications: what was written where, and which entries it holds.

Not here: writing documents (jobs).
"""

from dataclasses import replace

import pytest

from feeds.store import documents
from feeds.store.documents import Publication, Titled
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
HELD = (("urn:two", 1), ("urn:one", 3))
RSS, ATOM = replace(RSS, held=HELD), replace(ATOM, held=HELD[:1])


@pytest.fixture
def printed(store):
    """Give a store in which the RSS document holds two entries, and the Atom document one."""
    add(store, entry("one"), entry("two"))
    write(store, documents.record, [RSS, ATOM])
    return store


def known(store):
    """Return what is recorded, by path."""
    with store.reading() as tx:
        return {one.path: one for one in documents.list_all(tx)}


def test_publication_comes_back_as_it_was(printed):
    assert known(printed) == {"atom.xml": ATOM, "rss.xml": RSS}


def test_document_written_anew_replaces_what_was_recorded(printed):
    again = replace(RSS, hash="2d" * 32, length=9, published_at=MONDAY + DAY, held=(("urn:one", 4),))
    write(printed, documents.record, [again])
    assert known(printed) == {"atom.xml": ATOM, "rss.xml": again}


def test_document_may_move_to_another_path(printed):
    write(printed, documents.record, [replace(RSS, path="feed.xml")])
    assert list(known(printed)) == ["atom.xml", "feed.xml"]


def test_path_is_taken_over_from_another_document(printed):
    taken = replace(RSS, path="atom.xml")
    write(printed, documents.record, [taken])
    assert known(printed) == {"atom.xml": taken}


def test_two_documents_may_swap_their_paths(printed):
    write(printed, documents.record, [replace(RSS, path="atom.xml"), replace(ATOM, path="rss.xml")])
    assert {path: one.format for path, one in known(printed).items()} == {"atom.xml": "rss", "rss.xml": "atom"}


def test_documents_are_found_by_feed_part_and_path(printed):
    closed = replace(RSS, part="1", path="archive/1/rss.xml")
    write(printed, documents.record, [closed])
    assert read(printed, documents.list_of, ["site"]) == [closed, ATOM, RSS]
    assert read(printed, documents.list_of, ["site"], "1") == [closed]
    assert read(printed, documents.list_at, ["rss.xml", "nothing.xml"]) == {"rss.xml": RSS}
    assert (read(printed, documents.find, "atom.xml"), read(printed, documents.find, "nothing.xml")) == (ATOM, None)
    assert read(printed, documents.count) == 3


def test_folder_is_what_documents_stand_below(printed):
    write(printed, documents.record, [replace(RSS, part="1", path="archive/1/rss.xml")])
    folders = ("archive", "archive/1", "archiv", "rss.xml")
    assert [read(printed, documents.is_folder, path) for path in folders] == [True, True, False, False]


def test_feeds_are_listed_without_the_documents_of_single_entries(printed):
    write(printed, documents.record, [replace(RSS, feed="=urn:one", path="one/index.html")])
    assert read(printed, documents.list_feeds) == ["site"]


def test_version_is_known_by_its_entity_tag_until_it_is_old(printed):
    write(printed, documents.keep_versions, [RSS], since=MONDAY - DAY)
    later = replace(RSS, hash="2d" * 32, held=HELD[:1], published_at=MONDAY + DAY)
    write(printed, documents.keep_versions, [later], since=MONDAY)
    assert read(printed, documents.find_version, "rss.xml", RSS.etag) == HELD
    assert read(printed, documents.find_version, "rss.xml", '"other"') is None
    write(printed, documents.keep_versions, [later], since=MONDAY + DAY)
    assert read(printed, documents.find_version, "rss.xml", RSS.etag) is None
    assert read(printed, documents.find_version, "rss.xml", later.etag) == HELD[:1]


def test_forgotten_document_leaves_nothing_behind(printed):
    write(printed, documents.keep_versions, [RSS], since=MONDAY)
    write(printed, documents.forget, ["rss.xml"])
    assert known(printed) == {"atom.xml": ATOM}
    assert read(printed, documents.find_version, "rss.xml", RSS.etag) is None


def test_last_publication_is_known(store):
    assert read(store, documents.last_published_at) is None
    write(store, documents.record, [RSS, replace(ATOM, published_at=MONDAY + DAY)])
    assert read(store, documents.last_published_at) == MONDAY + DAY


def test_entity_tag_changes_with_the_bytes():
    assert RSS.etag == f'"{"0f" * 16}"'
    assert RSS.etag != ATOM.etag


def titled(feed, title="", part="", format="html"):
    path = f"{feed.removeprefix('@')}/{part or 'index'}.{format}"
    return replace(RSS, feed=feed, title=title, part=part, format=format, path=path, held=())


def test_pages_with_a_title_are_found_by_how_their_names_begin(store):
    names = ("@tags/zebra", "@tags/a", "@tags", "@tags-of/b", "@tags0", "@Tags/c", "@tagsx/d", "tags/e", "@t_gs/f")
    others = (titled("@tags/none"), titled("@tags/a", "Old", part="1"), titled("@tags/a", "A", format="redirect"))
    write(store, documents.record, [*(titled(name, name.upper()) for name in names), *others])
    found = [Titled(f"@tags/{name}", f"@TAGS/{name.upper()}", f"tags/{name}/index.html") for name in ("a", "zebra")]
    assert read(store, documents.list_titled, "@tags/") == found
    assert read(store, documents.list_titled_of, ["@tags/zebra", "@tags/none", "@tags/a"]) == found[::-1]
    with store.reading() as tx:
        assert documents.list_titled(tx, "@tags/", limit=1) == found[:1]


def test_newest_edition_is_the_one_of_the_highest_number(store):
    name = "@newsletters/weekly"
    assert read(store, documents.find_newest_edition, name) is None
    editions = [titled(name, f"No. {number}", part=str(number)) for number in (2, 9, 10)]
    write(store, documents.record, [*editions, titled(name), titled(name, part="page/11"), titled(name, part="12")])
    assert read(store, documents.find_newest_edition, name) == Titled(name, "No. 10", "newsletters/weekly/10.html", 10)
