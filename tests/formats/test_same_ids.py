"""Ten thousand entries keep their ids whatever is changed in them, and wherever the site moves.

Not here: files that move (tests/rules, tests/jobs), the same through the whole program (tests/acceptance).
"""

import pytest

from feeds.model import RawEntry
from feeds.rules.articles import Reading
from feeds.rules.identity import new_id
from feeds.rules.instants import Instants
from feeds.rules.printing import Press, print_entry
from feeds.rules.revising import Taken, revised
from tests.formats.corpus.reading import read_feed
from tests.formats.many_articles import article
from tests.formats.pipeline import NOW, SITE_ID, documents_of, elements_of, entry_of, printed_of, raw_entry

CHANGES = {
    "title": {"title": "Another title"},
    "author": {"authors": ["Somebody Else"]},
    "date": {"date": "2001-02-03"},
    "tags": {"tags": ["other", "subjects"]},
    "section": {"section": "Elsewhere"},
    "language": {"language": "ga"},
    "address": {"url": "http://moved.example/x"},
}
ALL = {key: value for change in CHANGES.values() for key, value in change.items()} | {"slug": "another"}


def plain(number, **changed):
    """Return a short article as its source reads it, with front matter already understood: that takes the longest."""
    meta = {
        "title": f"Title {number}",
        "date": "2024-03-02",
        "tags": ["ferry"],
        "authors": ["Ann Lee"],
        "slug": "first",
    }
    return RawEntry(
        key=f"2024/a{number}.txt", media_type="text/plain", text="Words.", meta=meta | changed, source_hash=str(number)
    )


def before_and_after(number, **changed):
    """Return an entry, the one that the changed file makes in an empty store, and what the first becomes by it."""
    entry, raw = entry_of(plain(number)), plain(number, **changed)
    again = entry_of(raw)
    taken = Taken(slugs=(), instants=Instants())
    return entry, again, revised(entry, raw, Reading(again.article, again.notes), taken=taken, now=NOW)


@pytest.mark.rule("F2")
def test_ten_thousand_entries_keep_their_ids_when_all_is_changed_at_once():
    ids = set()
    for number in range(10_000):
        entry, again, edited = before_and_after(number, **ALL)
        assert entry.id == again.id == edited.id
        assert (edited.revision, edited.article.title) == (2, "Another title")
        ids.add(entry.id)
    assert len(ids) == 10_000


@pytest.mark.rule("F2")
@pytest.mark.parametrize("change", CHANGES)
def test_entries_keep_their_ids_when_one_thing_is_changed(change):
    for number in range(100):
        entry, again, edited = before_and_after(number, **CHANGES[change])
        assert entry.id == again.id == edited.id
        assert edited.revision == 2


@pytest.mark.rule("F2")
@pytest.mark.parametrize("site_url", ["http://gazette.example/", "https://moved.example:8443/news/"])
def test_id_holds_nothing_of_scheme_or_host(site_url):
    press = Press(site_url=site_url, language="de", author="Others")
    for number in range(200):
        raw = raw_entry(f"a{number}.md", article(number))
        moved = entry_of(raw, site_url=site_url)
        printed = print_entry(moved, press, moved.article.tags)
        assert printed.id == printed_of(raw).id == new_id(SITE_ID, "articles", raw, taken=())
        assert printed.url.startswith(site_url)


@pytest.mark.rule("F2")
def test_id_is_the_same_in_every_format():
    entries = [printed_of(raw_entry(f"a{number}.md", article(number))) for number in range(300)]
    documents = documents_of(elements_of(entries))
    assert {name: list(read_feed(name, data)) for name, data in documents.items()} == {
        name: [entry.id for entry in entries] for name in documents
    }
