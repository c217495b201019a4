from dataclasses import replace

import pytest

from feeds.model import Tag
from feeds.rules.instants import Instants
from feeds.rules.printing import Press, direction_of, for_feeds, print_entry
from feeds.rules.revising import Taken, new_entry
from tests.rules.givens import NOW, QUAY, raw, read

SITE = "https://gazette.example/"
PRESS = Press(site_url=SITE, language="en-GB", author="The Gazette", pages={"articles/my ferry.md": f"{SITE}my-ferry/"})


def printed(text, kind="md", **said):
    taken = Taken(frozenset(), Instants())
    reading = read(text, kind, **said)
    entry = new_entry(raw(text, kind, **said), reading, id="urn:1", source="articles", taken=taken, now=NOW)
    return print_entry(entry, PRESS, (Tag("ferry", "Ferry"),))


def test_query_asks_the_sites_author_and_language_where_an_entry_names_none():
    taken = Taken(frozenset(), Instants())
    entry = new_entry(raw("x"), read("x"), id="urn:1", source="articles", taken=taken, now=NOW)
    facts = PRESS.facts_of(entry, (Tag("ferry", "Ferry"),))
    assert (facts.authors, facts.language, facts.tags) == (["the-gazette"], "en-gb", {"ferry"})


@pytest.mark.rule("F19")
def test_link_to_an_article_leads_to_its_page():
    assert f'<a href="{SITE}my-ferry/"' in printed("[a](my%20ferry.md#top)").html


@pytest.mark.rule("F12")
def test_link_to_what_is_not_public_keeps_its_text_only():
    html = printed("See [the draft](drafts/secret.md).").html
    assert "secret" not in html
    assert "href" not in html
    assert "the draft" in html


@pytest.mark.rule("F19")
def test_local_picture_has_an_absolute_address():
    one = printed("![The quay](pictures/quay.jpg)\n\nText.")
    assert f'src="{SITE}media/{QUAY.name}"' in one.html
    assert one.image.address == f"{SITE}media/{QUAY.name}"
    assert "media:" not in one.html


def test_enclosure_has_an_absolute_address():
    assert printed("x", enclosure="talk.mp3").enclosures[0].address.startswith(f"{SITE}media/")


def test_words_that_look_like_an_address_of_ours_stay_words():
    assert "media:abc and entry:articles/x" in printed("media:abc and entry:articles/x").html
    assert ' href="entry:x"' in printed('` href="entry:x"`').html.replace("&quot;", '"')


def test_gaps_are_filled_by_the_site():
    one = printed("x", key="ferry.md")
    assert (one.url, one.language, one.direction) == (f"{SITE}ferry/", "en-GB", "ltr")
    assert [person.name for person in one.authors] == ["The Gazette"]
    assert one.author_urls == {"The Gazette": f"{SITE}authors/the-gazette/"}
    assert one.tag_urls == {"ferry": f"{SITE}tags/ferry/"}


@pytest.mark.rule("F23")
def test_links_of_an_entry_and_its_own_lose_what_tracks_readers():
    one = printed("[a](https://a.example/?id=7&utm_source=x)", url="https://b.example/?fbclid=x")
    assert 'href="https://a.example/?id=7"' in one.html
    assert one.url == "https://b.example/"


def test_section_has_its_page():
    assert printed("x", section="Local news").section_url == f"{SITE}sections/local-news/"
    assert printed("x").section_url == ""


def test_rights_and_episode_come_along():
    one = printed("x", rights="CC BY", episode=3)
    assert (one.rights, one.episode.number) == ("CC BY", 3)


def test_article_that_lives_elsewhere_is_linked_there():
    assert printed("x", url="https://o.example/p").url == "https://o.example/p"


def test_feed_shows_the_leading_picture_once_and_the_corrections():
    said = {
        "image": {"path": "IMG_2041.jpg", "alt": "<A>", "caption": "C & D"},
        "date": "2026-01-02",
        "corrections": "Not <nine>.",
    }
    html = for_feeds(printed("Text.", **said)).html
    assert html.count("<img") == 1
    assert 'alt="&lt;A&gt;"' in html
    assert "<figcaption>C &amp; D</figcaption>" in html
    assert "Not &lt;nine&gt;." in html


def test_picture_in_the_body_is_not_shown_twice():
    assert for_feeds(printed("![The quay](pictures/quay.jpg)\n\nText.")).html.count("<img") == 1


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("en", "ltr"), ("az-Arab", "rtl"), ("ar-Latn", "ltr"), ("", "ltr")],
)
def test_direction_is_that_of_the_language_or_its_script(language, direction):
    assert direction_of(language) == direction


def test_printing_twice_gives_the_same():
    assert printed("[a](my%20ferry.md) x") == replace(printed("[a](my%20ferry.md) x"))


@pytest.mark.parametrize(
    "text", ["See [the **draft**](draft.md) and [more](/x).", 'See <a title="t" href="draft.md">it</a>.']
)
def test_link_that_lost_its_address_does_not_look_like_one(text):
    html = printed(text).html
    assert html.count("<a ") == html.count("</a>") == html.count(' href="') == text.count("/x")


def test_enclosure_without_a_title_goes_by_the_name_of_its_file():
    assert printed("x", enclosure="talk.mp3").enclosures[0].title == "talk.mp3"
    assert printed("x", enclosure={"file": "talk.mp3", "title": "Talk"}).enclosures[0].title == "Talk"
