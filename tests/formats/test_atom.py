"""Atom documents: what feedgen gets wrong is right in the bytes.

Not here: what all formats share (test_printing, test_agreement).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.formats.names import MEDIA
from feeds.model import Person, Tag
from tests.formats.givens import ANN, BO, FEED, MAP, NOON, PICTURE, PLAIN, SITE, SOUND, atom, entry, written

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def one(**changes):
    return atom(replace(PLAIN, **changes)).find(ATOM + "entry")


def links(node, rel):
    return [{k: v for k, v in link.attrib.items() if k != "rel"} for link in node.findall(f"{ATOM}link[@rel='{rel}']")]


@pytest.mark.rule("F7")
def test_entry_has_exactly_one_alternate_link_and_it_is_its_page():
    assert links(one(enclosures=(SOUND, MAP)), "alternate") == [{"type": "text/html", "href": PLAIN.url}]


@pytest.mark.rule("F8")
def test_entry_carries_all_its_enclosures_whole():
    assert links(one(enclosures=(SOUND, MAP)), "enclosure") == [
        {"type": "audio/mpeg", "length": "1234", "title": "Listen", "href": SOUND.address},
        {"type": "application/pdf", "length": "99", "href": MAP.address},
    ]


@pytest.mark.rule("F5")
def test_feed_names_itself_by_its_exact_address():
    assert links(atom(), "self") == [{"href": SITE + "atom.xml", "type": "application/atom+xml"}]


@pytest.mark.rule("F22")
def test_feed_announces_its_page_and_the_other_formats():
    assert [(link["type"], link.get("title")) for link in links(atom(), "alternate")] == [
        ("text/html", None),
        ("application/rss+xml", "Harbour & Shore (RSS)"),
        ("application/feed+json", "Harbour & Shore (JSON Feed)"),
    ]


@pytest.mark.rule("F7")
@pytest.mark.rule("T38")
def test_markup_is_marked_as_html_and_broken_markup_breaks_nothing():
    broken = "<p>a&nbsp;b<br><i>c"
    content = one(html=broken).find(ATOM + "content")
    assert (content.get("type"), content.text) == ("html", broken)


@pytest.mark.rule("F18")
@pytest.mark.rule("T36")
def test_title_and_summary_are_plain_text_escaped_once():
    data = written("atom", entry(title="Fish & <b>", summary="5 < 6"))
    assert b"<title>Fish &amp; &lt;b&gt;</title>" in data
    assert b'<summary type="text">5 &lt; 6</summary>' in data


@pytest.mark.rule("F3")
def test_ids_are_the_permanent_ones():
    assert atom().findtext(ATOM + "id") == FEED.id
    assert one().findtext(ATOM + "id") == PLAIN.id


@pytest.mark.rule("F4")
def test_times_are_the_contents_and_never_the_clocks():
    found = one(updated_at=NOON + timedelta(microseconds=5, hours=1))
    assert found.findtext(ATOM + "published") == "2024-03-02T12:00:00+00:00"
    assert found.findtext(ATOM + "updated") == "2024-03-02T13:00:00+00:00"
    assert atom().findtext(ATOM + "updated") == "2024-03-11T12:00:00+00:00"


@pytest.mark.rule("F4")
def test_entry_is_never_updated_before_it_was_published():
    assert one(updated_at=NOON - timedelta(days=1)).findtext(ATOM + "updated") == "2024-03-02T12:00:00+00:00"


@pytest.mark.rule("F7")
def test_authors_stand_on_their_entries_and_the_feed_has_one_for_the_rest():
    feed = atom(entry(1, authors=(ANN, BO)), entry(2, authors=()))
    first, second = feed.findall(ATOM + "entry")
    assert [name.text for name in first.iter(ATOM + "name")] == ["Ann Lee", "Bo Ek"]
    assert first.findtext(f"{ATOM}author/{ATOM}email") == "bo@harbour.example"
    assert second.find(ATOM + "author") is None
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The Harbour desk"


@pytest.mark.rule("F7")
def test_feed_whose_author_has_no_name_goes_by_its_title():
    assert atom(author=Person(" ")).findtext(f"{ATOM}author/{ATOM}name") == FEED.title


@pytest.mark.parametrize("email", ["", "bo", "@harbour.example", "bo@", "a b@c.example", "Bo <b@c.example>"])
def test_what_is_no_mail_address_is_not_written_as_one(email):
    assert not list(one(authors=(Person("Bo", email),)).iter(ATOM + "email"))


def test_authors_page_on_the_site_is_given_where_they_name_none():
    found = one(authors=(ANN, BO), author_urls={"Ann Lee": SITE + "authors/ann-lee/"})
    assert [uri.text for uri in found.iter(ATOM + "uri")] == [SITE + "authors/ann-lee/", "https://bo.example/"]


def test_tags_and_section_are_categories_each_in_the_scheme_of_their_pages():
    pages = {
        "tag_urls": {"cpp": SITE + "tags/cpp/"},
        "section": "Local news",
        "section_url": SITE + "sections/local-news/",
    }
    found = one(tags=(Tag("cpp", "C++"),), **pages).findall(ATOM + "category")
    assert [dict(each.attrib) for each in found] == [
        {"term": "cpp", "scheme": SITE + "tags/", "label": "C++"},
        {"term": "local-news", "scheme": SITE + "sections/", "label": "Local news"},
    ]


def test_leading_picture_comes_with_its_words_and_who_made_it():
    content = one(image=PICTURE).find(MEDIA + "content")
    assert (content.get("url"), content.findtext(MEDIA + "credit")) == (PICTURE.address, "Harbour Pictures")


@pytest.mark.rule("F21")
def test_language_is_told_by_the_feed_and_by_an_entry_that_differs():
    feed = atom(entry(1), entry(2, language="ar"), entry(3, language="not a tag"))
    assert feed.get(LANG) == "en-GB"
    assert [each.get(LANG) for each in feed.findall(ATOM + "entry")] == [None, "ar", None]


@pytest.mark.rule("F21")
def test_direction_is_inside_the_html_and_on_no_element():
    data = written("atom", entry(direction="rtl", html="<p>صباح</p>"))
    assert '&lt;div dir="rtl"&gt;&lt;p&gt;صباح&lt;/p&gt;&lt;/div&gt;'.encode() in data


@pytest.mark.rule("F21")
def test_direction_that_the_html_tells_already_is_not_told_again():
    html = '<article dir="rtl"><p>صباح</p></article>'
    assert one(direction="rtl", html=html).findtext(ATOM + "content") == html


def test_summary_feed_has_summaries_and_no_content():
    found = atom(PLAIN, full_text=False).find(ATOM + "entry")
    assert found.findtext(ATOM + "summary") == PLAIN.summary
    assert found.find(ATOM + "content") is None
