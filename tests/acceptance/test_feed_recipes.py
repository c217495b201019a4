"""Every snippet of docs/feeds.md, run on a small site: what the page says of it holds.

Not here: the wrong ways to write a config (tests/config), what a document looks like in detail (tests/formats).
"""

import json
import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.site_fixtures import CONFIG

PAGE = (Path(__file__).parents[2] / "docs/feeds.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## ([^\n]*)\n(?:(?!^## ).)*?^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
ATOM = "{http://www.w3.org/2005/Atom}"


def config_with(recipe):
    """Return the small site's config with what a snippet adds to [site] where it belongs, and the rest behind it."""
    site, rest = re.fullmatch(r"(?:\[site\]\n(.*?))?((?:\[\[.*)?)", RECIPES[recipe], re.DOTALL).groups()
    return CONFIG.replace("[site]\n", f"[site]\n{site or ''}") + rest


@pytest.fixture
def cook(site):
    """Print six articles with a snippet's config; give the site."""

    def cook(recipe):
        site.configure(config=config_with(recipe))
        site.article("ferry.md", title="Ferry", tags="[ferry]", section="News", authors="[Ann Lee]", date="2024-11-01")
        site.article("quay.md", title="Quay", tags="[harbour, wire]", section="News", date="2024-11-02")
        site.article("dock.md", title="Dock", tags="[harbour]", section="Sport", date="2024-11-03")
        site.article("brot.md", title="Brot", section="Culture", language="de-AT", date="2024-11-04")
        site.article("talk.md", title="Talk", tags="[podcast]", enclosures="[talk.mp3]", date="2024-11-05")
        site.article("inside.md", "For those inside.", title="Inside", tags="[ferry]", access="members")
        site.write("talk.mp3", b"ID3\x03\x00" + bytes(200))
        site.print()
        return site

    return cook


def titles(site, folder="."):
    """Return the titles in a feed, oldest first, on which all three formats must agree."""
    told = [[entry["title"] for entry in entries] for entries in site.feeds(folder).values()]
    assert told[0] == told[1] == told[2]
    return told[0][::-1]


def rss(site, folder="."):
    return ET.parse(site.public / folder / "rss.xml").getroot().find("channel")


def test_snippet_of_the_readme(site):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"^```toml\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    site.configure(snippet)
    site.article("a.md", title="A", tags="[ferry]", section="News")
    site.article("b.md", title="B", tags="[ferry, wire]", section="Sport")
    site.article("c.md", title="C", tags="[harbour]", language="de")
    site.print()
    assert titles(site, "feeds/ferry") == ["A"]
    assert [titles(site, f"sections/{slug}") for slug in ("news", "sport")] == [["A"], ["B"]]


def test_every_snippet_of_the_page_is_run():
    source = Path(__file__).read_text(encoding="utf-8")
    assert len(RECIPES) == PAGE.count("```toml") > 10
    assert [name for name in RECIPES if f'"{name}"' not in source] == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_snippet_is_toml_by_itself(recipe):
    assert tomllib.loads(RECIPES[recipe])


@pytest.mark.rule("F12")
@pytest.mark.rule("F18")
def test_everything(cook):
    site = cook("Everything")
    assert titles(site) == ["Ferry", "Quay", "Dock", "Brot", "Talk"]
    assert (site.public / "rss.xml").read_bytes().count(b"<content:encoded>") == 5


def test_one_of_each_list_must_fit(cook):
    assert titles(cook("One subject, or several"), "feeds/water") == ["Ferry", "Quay"]


def test_what_is_not_wanted_is_left_out(cook):
    assert titles(cook("All but some"), "feeds/ours") == ["Ferry", "Dock", "Brot", "Talk"]


@pytest.mark.rule("F21")
def test_author_section_and_language(cook):
    site = cook("An author, a section, a language")
    assert [titles(site, f"feeds/{slug}") for slug in ("ann", "culture", "deutsch")] == [["Ferry"], ["Brot"], ["Brot"]]
    assert rss(site, "feeds/deutsch").findtext("language") == "de"


def test_family_has_a_feed_for_each(cook):
    site = cook("A feed for each …")
    assert titles(site, "tags/harbour") == ["Quay", "Dock"]
    assert titles(site, "authors/ann-lee") == ["Ferry"]
    assert titles(site, "authors/the-desk") == ["Quay", "Dock", "Brot", "Talk"]
    assert titles(site, "sections/culture") == titles(site, "languages/de") == ["Brot"]
    told = rss(site, "sections/culture")
    assert (told.findtext("title"), told.findtext("description")) == ("Culture", "Everything in the section Culture")
    assert [rss(site, f"languages/{slug}").findtext("title") for slug in ("de", "en")] == [
        "The Gazette in German",
        "The Gazette in English",
    ]


def test_summaries_few_and_in_two_formats(cook):
    folder = cook("Full text or summaries, how many, which formats").public / "feeds/brief"
    assert [(folder / name).exists() for name in ("rss.xml", "feed.json", "atom.xml")] == [True, True, False]
    items = json.loads((folder / "feed.json").read_bytes())["items"]
    assert [item["title"] for item in items][:2] == ["Talk", "Brot"]
    assert b"content:encoded>" not in (folder / "rss.xml").read_bytes()


def test_rights_icon_and_description(cook):
    site = cook("What a feed says of itself")
    channel = rss(site)
    assert channel.findtext("copyright") == "© The Harbour Gazette"
    assert channel.findtext("description").startswith("News of the quays")
    told = json.loads((site.public / "feed.json").read_bytes())
    assert "https://gazette.example/icon.png" in {told.get("icon"), told.get("favicon")}
    assert b'rel="license"' in (site.public / "index.html").read_bytes()


def test_podcast(cook):
    channel = rss(cook("A podcast"), "feeds/talk")
    assert [item.findtext("title") for item in channel.iter("item")] == ["Talk"]
    assert channel.find(f"{ITUNES}category").get("text") == "News"
    assert channel.findtext(f"{ITUNES}explicit") == "false"
    assert channel.find("item/enclosure").get("length") == "205"


def test_feed_that_moved_leads_from_its_old_place(cook):
    site = cook("A feed that moves")
    assert titles(site, "water") == ["Ferry", "Quay", "Dock", "Brot", "Talk"]
    moved = site.public / "feeds/harbour/rss.xml.moved"
    assert moved.read_text() == "https://gazette.example/water/rss.xml\n"
    assert (site.public / "feeds/harbour/rss.xml").read_bytes() == (site.public / "water/rss.xml").read_bytes()


@pytest.mark.rule("F15")
def test_feed_that_ended_says_so(cook):
    site = cook("A feed that moves")
    site.configure()
    site.print()
    assert not (site.public / "water/rss.xml").exists()
    assert (site.public / "water/rss.xml.gone").exists()
    assert b"water" not in (site.public / "feeds.opml").read_bytes()


def test_old_spelling_of_a_tag_asks_for_the_new_one(site):
    aliases = '[tags.aliases]\nferries = "ferry"\n'
    site.configure(config=config_with("One subject, or several").replace('"ferry"', '"ferries"') + aliases)
    site.article("a.md", title="A", tags="[ferry]", section="News")
    site.print()
    assert titles(site, "feeds/water") == ["A"]


@pytest.mark.rule("F26")
def test_feed_names_its_hubs(cook):
    site = cook("Told within seconds")
    assert [link.get("href") for link in rss(site).findall(f"{ATOM}link[@rel='hub']")] == ["https://hub.example/"]
    assert json.loads((site.public / "feed.json").read_bytes())["hubs"][0]["url"] == "https://hub.example/"


@pytest.mark.rule("F12")
def test_private_feed_is_nowhere_in_public(cook):
    site = cook("Private feeds")
    assert site.holding("For those inside", "Inside the Gazette") == set()
    assert not (site.public / "private").exists()
    assert b"inside" not in (site.public / "feeds.opml").read_bytes()


def test_newsletter_is_a_feed_too(cook):
    site = cook("The editions of a newsletter")
    assert rss(site, "newsletters/daily").findtext("title") == "The Harbour Daily"
    assert titles(site, "newsletters/daily") == []
    assert b"https://gazette.example/newsletters/daily/rss.xml" in (site.public / "feeds.opml").read_bytes()


@pytest.mark.rule("F27")
@pytest.mark.rule("F28")
def test_each_feed_has_a_page_and_stands_in_the_list_of_all(cook):
    site = cook("One subject, or several")
    page = (site.public / "feeds/water/index.html").read_text()
    addresses = [f"https://gazette.example/feeds/water/{name}" for name in ("rss.xml", "atom.xml", "feed.json")]
    assert re.findall(r'<input [^>]*value="([^"]*)"', page) == addresses
    assert all(f'href="{address}"' in page for address in addresses)
    assert rss(site, "feeds/water").findtext("link") == "https://gazette.example/feeds/water/"
    outline = ET.parse(site.public / "feeds.opml").find("body/outline")
    assert (outline.get("text"), outline.get("xmlUrl")) == ("On the water", addresses[0])
