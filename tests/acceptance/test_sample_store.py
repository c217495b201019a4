"""The sample store before independent judges: valid documents, each public entry once, the same in every format.

Not here: that they are the same bytes each time (test_same_bytes_twice.py).
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.judges import jing, json_feed_faults, newsboat, xmllint
from tests.site_fixtures import ROOT, Site

SITE_URL = "https://gazette.example/"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("sample") / "site")
    shutil.copy(ROOT / "config.toml", site.folder)
    shutil.copytree(ROOT / "articles", site.folder / "articles", dirs_exist_ok=True)
    site.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with site.app() as app:
        synced, published = app.sync(), app.publish()
    assert (synced.sources[0].is_clean, published.is_clean) == (True, True)
    return site


def live(site):
    found = site.entries().values()
    return {entry.id: entry for entry in found if entry.state == "live" and entry.article.access == "public"}


def of_each_kind(site):
    """Return the folders of the site's feed, of a tag, of an author and of a feed of one's own."""
    author = min((site.public / "authors").iterdir())
    return [site.public, site.public / "tags" / "ferry", author, site.public / "feeds" / "harbour"]


@pytest.mark.rule("F1")
def test_schema_of_atom_accepts_every_kind_of_feed(sample):
    assert [jing(folder / "atom.xml") for folder in of_each_kind(sample)] == [""] * 4


@pytest.mark.rule("F1")
def test_every_xml_document_is_well_formed(sample):
    documents = [path for path in sample.documents() if path.endswith(".xml")]
    assert len(documents) > 20
    assert {path: said for path in documents[:60:6] if (said := xmllint(sample.public / path))} == {}


def test_schema_of_json_feed_accepts_every_feed(sample):
    documents = {path: data for path, data in sample.documents().items() if path.endswith("feed.json")}
    assert len(documents) > 10
    assert {path: faults for path, data in documents.items() if (faults := json_feed_faults(data))} == {}


@pytest.mark.rule("F23")
def test_link_of_an_entry_is_the_canonical_link_of_its_page(sample):
    links = [{entry["link"] for entry in entries} for entries in sample.feeds().values()]
    assert links[0] == links[1] == links[2]
    ours = [link for link in links[0] if link.startswith(SITE_URL)]
    assert len(ours) > 10
    pages = {link: (sample.public / link.removeprefix(SITE_URL) / "index.html").read_text() for link in ours}
    assert [link for link, page in pages.items() if f'<link rel="canonical" href="{link}">' not in page] == []


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_newsboat_lists_every_live_public_entry_once(sample, tmp_path, name):
    titles = newsboat(sample.public / name, tmp_path)
    assert sorted(titles) == sorted(entry.article.title for entry in live(sample).values())


def test_formats_agree_on_ids_titles_and_links_in_the_same_order(sample):
    rss, atom, json = sample.feeds().values()
    said = [[(entry["id"], entry["title"], entry["link"]) for entry in entries] for entries in (rss, atom, json)]
    assert said[0] == said[1] == said[2]
    assert {id for id, *_ in said[0]} == live(sample).keys()


def test_every_link_of_the_feed_leads_to_a_page(sample):
    site = "https://gazette.example/"
    pages = [entry["link"].removeprefix(site) + "index.html" for entry in sample.feeds()["rss"]]
    assert [page for page in pages if page not in sample.documents()] == []


@pytest.mark.rule("F12")
def test_what_is_not_public_is_in_no_byte_of_the_output(sample):
    public = live(sample)
    hidden = [entry for entry in sample.entries().values() if entry.id not in public]
    assert {entry.state for entry in hidden} | {entry.article.access for entry in hidden} >= {
        "draft",
        "scheduled",
        "members",
    }
    words = [word for e in hidden for word in (e.article.title, e.slug, e.id, e.article.html.splitlines()[0][3:60])]
    assert sample.holding(*words) == set()


def test_sample_store_is_as_varied_as_a_real_desk(sample):
    entries = sample.entries()
    assert len(entries) >= 14
    assert {Path(key).suffix for key in entries} == {".md", ".html", ".txt"}
    assert sum(key.endswith(".txt") for key in entries) >= 3
    html = "".join(entry.article.html for entry in entries.values())
    assert [mark for mark in ("<blockquote", "<ul", "<ol", "<table", "<pre", "é", "<img") if mark not in html] == []
    assert any(entry.article.language.startswith(("ar", "he")) for entry in entries.values())
    assert any(entry.article.enclosures for entry in entries.values())


def test_check_finds_no_fault_in_the_sample_site(sample):
    assert sample.run("check").code == 0
