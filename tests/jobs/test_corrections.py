"""A correction reaches the page and every feed, and moves the time at which its entry was updated.

Not here: how one is read (tests/rules), how it looks (tests/rendering).
"""

import json

import feedparser
import pytest

WRONG = "The ferry leaves at 7, not at 8."
FORMATS = ("rss.xml", "atom.xml", "feed.json")
MARKDOWN = "---\ntitle: Ferry\ndate: 2024-11-20 08:00\n{}---\nIt leaves at 7.\n"
COPY = "Ferry sails\n20 November 2024\nThe ferry sailed at seven. It was late.\nNobody had minded. They had tea.\n{}"


def contents(site, name):
    """Return what a feed says of each entry, by its title."""
    data = (site.public / name).read_bytes()
    if name == "feed.json":
        return {item["title"]: item["content_html"] for item in json.loads(data)["items"]}
    return {entry.title: entry.content[0].value for entry in feedparser.parse(data).entries}


def corrected(site, key, text, correction):
    """Print an article, and again with a correction; return the entry before and after."""
    site.write(key, text.format(""))
    site.article("other.md")
    site.print()
    before = site.entries()
    site.write(key, text.format(correction))
    site.print()
    assert site.entries()["other.md"] == before["other.md"]
    return before[key], site.entries()[key]


@pytest.mark.rule("F13")
@pytest.mark.parametrize(
    ("key", "text", "correction"),
    [
        ("ferry.md", MARKDOWN, f'corrections:\n  - at: 2024-11-22\n    text: "{WRONG}"\n'),
        ("ferry.txt", COPY, f"Correction (22 November 2024): {WRONG}\n"),
    ],
    ids=["front matter", "raw copy"],
)
def test_correction_moves_updated_and_stands_once_in_page_and_feeds(site, key, text, correction):
    before, after = corrected(site, key, text, correction)
    assert (after.revision, after.updated_at > before.updated_at) == (2, True)
    assert (after.published_at, after.id, after.slug) == (before.published_at, before.id, before.slug)
    page = (site.public / after.slug / "index.html").read_text()
    assert (page.count(WRONG), '<time datetime="2024-11-22T00:00:00Z">' in page) == (1, True)
    for name in FORMATS:
        said = contents(site, name)[after.article.title]
        assert (said.count(WRONG), "2024-11-22" in said) == (1, True)
    said = {entry["id"]: entry["updated"] for entry in site.feeds()["atom"]}
    assert said[after.id].startswith(f"{after.updated_at:%Y-%m-%dT%H:%M:%S}")


def test_correction_that_the_text_tells_itself_stands_once(site):
    text = MARKDOWN.format(f'corrections:\n  - at: 2024-11-22\n    text: "{WRONG}"\n') + f"\nCorrection: {WRONG}\n"
    site.write("ferry.md", text)
    site.print()
    assert [contents(site, name)["Ferry"].count(WRONG) for name in FORMATS] == [1, 1, 1]


@pytest.mark.rule("T52")
def test_correction_has_the_day_that_it_has_in_the_zone_of_the_site(site):
    config = (site.folder / "config.toml").read_text().replace("Europe/Dublin", "Asia/Tokyo")
    site.configure(config=config)
    site.write("ferry.md", MARKDOWN.format(f'corrections:\n  - at: 2024-11-22\n    text: "{WRONG}"\n'))
    site.print()
    assert ["2024-11-22" in contents(site, name)["Ferry"] for name in FORMATS] == [True] * 3


def test_second_correction_moves_updated_again(site):
    first = '  - at: 2024-11-22\n    text: "One."\n'
    _, once = corrected(site, "ferry.md", MARKDOWN, f"corrections:\n{first}")
    site.write("ferry.md", MARKDOWN.format(f'corrections:\n{first}  - at: 2024-11-23\n    text: "Two."\n'))
    site.print()
    twice = site.entry("ferry")
    assert (twice.revision, twice.updated_at > once.updated_at) == (3, True)
    assert [one.text for one in twice.article.corrections] == ["One.", "Two."]
