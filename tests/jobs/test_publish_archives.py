"""Archives of feeds and closed pages of listings: what is closed stays as it is, and walking back finds everything.

Not here: when an archive is closed (tests/rules/test_archives.py), how it says what it is (tests/formats).
"""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from tests.site_fixtures import new_site

FEED = """
[[feeds]]
slug = "site"
title = "The Harbour Gazette"
path = "."
limit = 75
"""
SITE_URL = "https://gazette.example/"
ATOM = "{http://www.w3.org/2005/Atom}"
FILES = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
ALL = [f"Article {number:03}" for number in range(1, 161)]


@pytest.fixture
def paper(site):
    """Give a site whose feed closes an archive for each 25 entries beyond the newest 75."""
    site.configure(FEED)
    return site


@pytest.fixture(scope="module")
def long_paper(tmp_path_factory, migrated_sqlite):
    """Give such a site with 160 articles in print, 75 of them in three archives; to be looked at only."""
    site = new_site(tmp_path_factory.mktemp("long") / "site", migrated_sqlite)
    site.configure(FEED)
    write(site, 1, 160)
    site.print()
    return site


@pytest.fixture
def old_paper(long_paper, tmp_path):
    """Give such a site, to be changed."""
    return long_paper.copied(tmp_path / "site")


def write(site, first, last):
    for number in range(first, last + 1):
        site.article(f"a{number:03}.md", f"Words {number}.", title=f"Article {number:03}", date=_date(number))


def _date(number):
    return f"2024-{1 + number // 28:02}-{1 + number % 28:02} 08:00"


def older(data, format):
    """Return the path of the document before one, None where there is none."""
    if format == "json":
        address = json.loads(data).get("next_url")
    else:
        links = ET.fromstring(data).iter(f"{ATOM}link")
        address = next((link.get("href") for link in links if link.get("rel") == "prev-archive"), None)
    return address and address.removeprefix(SITE_URL)


def held(data, format):
    """Return the titles that a document holds."""
    if format == "json":
        return [item["title"] for item in json.loads(data)["items"]]
    root = ET.fromstring(data)
    name = ".//item/title" if format == "rss" else f"{ATOM}entry/{ATOM}title"
    return [element.text for element in root.iterfind(name)]


def walked(site, format):
    """Return the titles of all documents of a format, from the subscription document back to the oldest archive."""
    path, found = FILES[format], []
    while path:
        data = (site.public / path).read_bytes()
        found.append(held(data, format))
        path = older(data, format)
    return found


def archives(site):
    return {path: data for path, data in site.documents().items() if path.startswith("archive/")}


@pytest.mark.rule("F24")
@pytest.mark.parametrize("format", FILES)
def test_walking_back_finds_every_entry_once(long_paper, format):
    parts = walked(long_paper, format)
    titles = [title for part in parts for title in part]
    assert titles == ALL[::-1]
    assert [len(part) for part in parts] == [85, 25, 25, 25]


@pytest.mark.rule("F24")
def test_closed_archives_stay_as_they_are_when_articles_join_one_after_the_other(old_paper):
    closed = archives(old_paper)
    assert len(closed) == 9
    write(old_paper, 161, 175)
    old_paper.print()
    assert {path: data for path, data in archives(old_paper).items() if path in closed} == closed
    assert len(archives(old_paper)) == 12


@pytest.mark.rule("F24")
def test_article_with_an_old_date_joins_what_is_open(old_paper):
    closed = archives(old_paper)
    old_paper.article("old.md", "Long ago.", title="Back-dated", date="1999-01-01 08:00")
    old_paper.print()
    assert archives(old_paper) == closed
    assert held((old_paper.public / "rss.xml").read_bytes(), "rss")[-1] == "Back-dated"
    assert sorted(title for part in walked(old_paper, "atom") for title in part).count("Back-dated") == 1


@pytest.mark.rule("F24")
def test_archived_article_dated_anew_stands_among_the_newest_too_and_no_other_stands_twice(old_paper):
    old_paper.edit("a003.md", _date(3), _date(161))
    old_paper.print()
    parts = walked(old_paper, "atom")
    assert parts[0][0] == "Article 003"
    titles = [title for part in parts for title in part]
    assert sorted(titles) == sorted([*ALL, "Article 003"])


@pytest.mark.rule("F24")
def test_edit_of_an_archived_article_changes_that_archive_alone(old_paper):
    closed = archives(old_paper)
    old_paper.edit("a003.md", "Words 3.", "Other words.")
    old_paper.print()
    changed = {path for path, data in archives(old_paper).items() if data != closed[path]}
    assert changed == {f"archive/1/{name}" for name in FILES.values()}


@pytest.mark.rule("F24")
@pytest.mark.rule("F25")
def test_withdrawn_article_leaves_its_archive_and_comes_back_to_it(old_paper):
    whole = archives(old_paper)["archive/1/rss.xml"]
    assert old_paper.run("entries", "withdraw", "a003.md", "--reason", "Wrong.").code == 0
    old_paper.publish()
    assert "Article 003" not in archives(old_paper)["archive/1/rss.xml"].decode()
    assert len(held(archives(old_paper)["archive/1/rss.xml"], "rss")) == 24
    assert old_paper.run("entries", "restore", "a003.md").code == 0
    old_paper.publish()
    assert held(archives(old_paper)["archive/1/rss.xml"], "rss") == held(whole, "rss")


@pytest.mark.rule("F24")
def test_withdrawal_from_what_is_open_brings_no_archived_article_twice(old_paper):
    names = [f"a{number:03}.md" for number in range(149, 161)]  # so that fewer are open than the feed shows
    assert old_paper.run("entries", "withdraw", *names, "--reason", "Wrong.").code == 0
    old_paper.publish()
    titles = [title for part in walked(old_paper, "rss") for title in part]
    assert sorted(titles) == ALL[:148]


@pytest.mark.rule("F24")
def test_archive_names_itself_and_the_document_to_subscribe_to(long_paper):
    links = {
        (link.get("rel"), link.get("href"))
        for link in ET.fromstring(archives(long_paper)["archive/1/atom.xml"]).iterfind(f"{ATOM}link")
    }
    assert ("self", f"{SITE_URL}archive/1/atom.xml") in links
    assert ("current", f"{SITE_URL}atom.xml") in links


@pytest.mark.rule("F11")
def test_document_of_long_articles_stays_below_its_size_and_loses_none(paper):
    for number in range(12):
        paper.article(
            f"long{number:02}.md", "Word after word. " * 10_000, title=f"Long {number:02}", date=_date(number)
        )
    paper.print()
    files = [data for path, data in paper.documents().items() if path.endswith(tuple(FILES.values()))]
    assert max(map(len, files)) < 1_000_000
    for format in FILES:
        assert {title for part in walked(paper, format) for title in part} == {f"Long {n:02}" for n in range(12)}


def test_new_article_moves_no_other_to_another_page_of_the_index(paper):
    write(paper, 1, 60)
    paper.print()
    closed = {path: data for path, data in paper.documents().items() if path.startswith("page/")}
    assert sorted(closed) == ["page/1/index.html", "page/2/index.html"]
    write(paper, 61, 70)
    paper.print()
    assert {path: data for path, data in paper.documents().items() if path.startswith("page/")} == closed
    front = (paper.public / "index.html").read_text()
    assert 'href="./page/2/"' in front
    assert len(re.findall("Article 0..", front)) >= 30


def test_pages_of_the_index_hold_every_article_once(paper):
    write(paper, 1, 70)
    paper.print()
    pages = [text.decode() for path, text in paper.documents().items() if path in PAGES]
    found = [title for page in pages for title in set(re.findall(r"Article \d{3}", page))]
    assert sorted(found) == [f"Article {number:03}" for number in range(1, 71)]


PAGES = {"index.html", "page/1/index.html", "page/2/index.html"}


WATER = '[[feeds]]\nslug = "water"\ntitle = "On the water"\nlimit = 75\n'


@pytest.mark.rule("F12")
@pytest.mark.parametrize(
    "changed", [WATER + 'path = "news/water"\nmoved_from = "feeds/water"\n', WATER + 'formats = ["rss"]\n']
)
def test_archives_at_a_former_place_or_in_a_dropped_format_do_not_outlive_a_withdrawal(site, changed):
    site.configure(FEED + WATER)
    write(site, 1, 110)
    site.print()
    site.configure(FEED + changed)
    site.publish()
    site.run("entries", "withdraw", "a003.md", "--reason", "Wrong.")
    site.publish()
    assert site.holding("Words 3.", "Article 003") == set()
