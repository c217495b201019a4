"""What feeds promise about their past, asked over HTTP with curl: archives, what was withdrawn, what moved or ended.

Not here: conditional requests one by one (tests/web), days of polls (test_readers_poll).
"""

import json
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from tests.acceptance.http_givens import config_at, curl, served
from tests.site_fixtures import new_site

ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
TYPES = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
HUBS = ("https://hub.example/", "https://second.example/hub?for=us&all")
ALL = '[[feeds]]\nslug = "site"\ntitle = "The Harbour Gazette"\npath = "."\nlimit = 40\n'
WATER = '[[feeds]]\nslug = "water"\ntitle = "On the water"\npath = "{}"\n'
every_format = pytest.mark.parametrize("name", TYPES)


# ---- a document, read plainly ----


def ids(document):
    """Return the ids of the entries in a document."""
    if document.startswith(b"{"):
        return [item["id"] for item in json.loads(document)["items"]]
    root = ET.fromstring(document)
    return [one.text for one in (*root.iterfind(".//guid"), *root.iterfind(f"{ATOM}entry/{ATOM}id"))]


def links(document, rel):
    """Return the addresses that a document gives under a relation."""
    if not document.startswith(b"{"):
        return [link.get("href") for link in ET.fromstring(document).iter(f"{ATOM}link") if link.get("rel") == rel]
    said = json.loads(document)
    by_rel = {"self": [said["feed_url"]], "hub": [hub["url"] for hub in said.get("hubs", [])]}
    return by_rel.get(rel, [said["next_url"]] if "next_url" in said else [])


def walk(address):
    """Return the answers from a feed's document back to its oldest archive."""
    found = [curl(address)]
    while older := links(found[-1].body, "prev-archive"):
        found.append(curl(*older))
    return found


def walked(address):
    return Counter(id for answer in walk(address) for id in ids(answer.body))


# ---- archives ----


@pytest.fixture(scope="module")
def archived(tmp_path_factory, migrated_sqlite):
    """Give a site of 300 entries that is served, and its address."""
    site = new_site(tmp_path_factory.mktemp("archived") / "site", migrated_sqlite)
    with served(site) as address:
        site.configure(ALL, config=config_at(address))
        for number in range(300):
            date = f"2024-{1 + number // 28:02}-{1 + number % 28:02} 08:00"
            site.article(f"a{number:03}.md", f"Words {number}.", title=f"Article {number}", date=date)
        site.print()
        yield site, address


@pytest.mark.rule("F24")
@every_format
def test_walk_over_http_finds_each_of_300_ids_once(archived, name):
    site, address = archived
    assert walked(address + name) == Counter(entry.id for entry in site.entries().values())


@pytest.mark.rule("F24")
@every_format
def test_each_step_of_the_walk_is_a_document_of_its_kind_and_names_itself(archived, name):
    _site, address = archived
    answers = walk(address + name)
    assert len(answers) > 5
    assert {(answer.status, answer.headers["content-type"]) for answer in answers} == {(200, TYPES[name])}
    selves = [link for answer in answers for link in links(answer.body, "self")]
    assert selves[0] == address + name
    assert selves[1:] == [link for answer in answers[:-1] for link in links(answer.body, "prev-archive")]


@pytest.mark.rule("F9")
@every_format
def test_archive_that_was_read_is_not_sent_again(archived, name, tmp_path):
    _site, address = archived
    kept = str(tmp_path / "etag")
    asked = (f"{address}archive/1/{name}", "--compressed", "--etag-save", kept, "--etag-compare", kept)
    assert [curl(*asked).status for _ in range(3)] == [200, 304, 304]


# ---- withdrawn, moved, ended ----


@pytest.mark.rule("F24")
@pytest.mark.rule("F25")
def test_withdrawn_entry_is_gone_from_page_feed_and_archive(site):
    with served(site) as address:
        site.configure(ALL.replace("40", "30"), config=config_at(address))
        for number in range(120):
            site.article(f"a{number:03}.md", f"Words {number}.", date=f"2024-10-{1 + number % 30:02} 08:00")
        site.print()
        gone, before = site.entry("a003"), curl(f"{address}a003/")
        assert site.run("entries", "withdraw", "a003.md", "--reason", "It named a child.").code == 0
        site.print()
        after = curl(f"{address}a003/", "--header", f"If-None-Match: {before.headers['etag']}")
        assert (before.status, after.status) == (200, 410)
        assert (b"It named a child." in after.body, b"Words 3." in after.body) == (True, False)
        others = Counter({entry.id for entry in site.entries().values()} - {gone.id})
        assert {name: walked(address + name) for name in TYPES} == dict.fromkeys(TYPES, others)
        tombstones = ET.fromstring(curl(f"{address}atom.xml").body).findall(TOMBSTONE)
        assert [one.get("ref") for one in tombstones] == [gone.id]


@pytest.mark.rule("F15")
@every_format
def test_renamed_feed_is_found_at_its_old_address(site, name):
    with served(site) as address:
        site.configure(ALL + WATER.format("feeds/water"), config=config_at(address))
        site.article("a.md")
        site.print()
        site.configure(ALL + WATER.format("boats") + 'moved_from = "feeds/water"\n', config=config_at(address))
        site.print()
        old = curl(f"{address}feeds/water/{name}")
        assert (old.status, old.headers["location"]) == (301, f"{address}boats/{name}")
        followed, there = curl(f"{address}feeds/water/{name}", "--location"), curl(f"{address}boats/{name}")
        assert (followed.status, followed.body) == (200, there.body)
        assert links(there.body, "self") == [f"{address}boats/{name}"]


@pytest.mark.rule("F15")
@every_format
def test_feed_taken_out_of_the_config_says_that_it_ended(site, name):
    with served(site) as address:
        site.configure(ALL + WATER.format("water"), config=config_at(address))
        site.article("a.md")
        site.print()
        before = curl(f"{address}water/{name}")
        site.configure(ALL, config=config_at(address))
        site.print()
        after = curl(f"{address}water/{name}", "--header", f"If-None-Match: {before.headers['etag']}")
        assert (before.status, after.status, curl(address + name).status) == (200, 410, 200)


# ---- hub and self ----


@pytest.mark.rule("F26")
@every_format
def test_link_headers_are_those_of_the_document(site, name):
    with served(site) as address:
        site.configure(ALL, config=config_at(address, f"hubs = {json.dumps(HUBS)}"))
        site.article("a.md")
        site.print()
        answer = curl(address + name, "--compressed")
        said = {rel: links(answer.body, rel) for rel in ("self", "hub")}
        assert said == {"self": [address + name], "hub": list(HUBS)}
        header = [f'<{link}>; rel="{rel}"' for rel, found in said.items() for link in found]
        assert answer.headers["link"] == ", ".join(header)
