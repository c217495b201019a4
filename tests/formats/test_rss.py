"""RSS documents: what feedgen gets wrong is right in the bytes.

Not here: what all formats share (test_printing, test_agreement).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import pytest

from feeds.formats.names import ATOM, DC, MEDIA
from feeds.model import Person, Tag
from tests.formats.givens import ANN, BO, FEED, MAP, NOON, PICTURE, PLAIN, SITE, SOUND, entry, rss, written


def item(**changes):
    return rss(replace(PLAIN, **changes)).find("item")


@pytest.mark.rule("F5")
def test_channel_link_is_the_site_and_never_the_feed():
    assert [link.text for link in rss(PLAIN).findall("link")] == [SITE]


@pytest.mark.rule("F5")
def test_channel_names_itself_by_its_exact_address():
    links = rss(PLAIN).findall(ATOM + "link[@rel='self']")
    assert [dict(link.attrib) for link in links] == [
        {"href": SITE + "rss.xml", "rel": "self", "type": "application/rss+xml"}
    ]


@pytest.mark.rule("F22")
def test_channel_announces_the_other_formats_with_type_and_title():
    links = rss(PLAIN).findall(ATOM + "link[@rel='alternate']")
    assert [(link.get("href"), link.get("type"), link.get("title")) for link in links] == [
        (SITE + "atom.xml", "application/atom+xml", "Harbour & Shore (Atom)"),
        (SITE + "feed.json", "application/feed+json", "Harbour & Shore (JSON Feed)"),
    ]


@pytest.mark.rule("F4")
def test_channel_time_is_the_feeds_and_never_the_clocks():
    assert rss().findtext("lastBuildDate") == "Mon, 11 Mar 2024 12:00:00 +0000"
    assert len(rss().findall("lastBuildDate")) == 1


@pytest.mark.rule("F4")
def test_dates_have_a_numeric_offset_and_no_fraction():
    east = timezone(timedelta(hours=1, minutes=30))
    at = datetime(2024, 3, 2, 1, 2, 3, 999999, tzinfo=east)
    assert item(published_at=at, updated_at=at).findtext("pubDate") == "Fri, 01 Mar 2024 23:32:03 +0000"


@pytest.mark.rule("F4")
@pytest.mark.parametrize("year", [1000, 1582, 2999])
def test_dates_of_any_year_can_be_read_back(year):
    at = datetime(year, 10, 14, 9, tzinfo=UTC)
    assert parsedate_to_datetime(item(published_at=at, updated_at=at).findtext("pubDate")) == at


def test_update_is_told_where_it_differs_from_the_publication():
    assert item(updated_at=NOON + timedelta(hours=1)).findtext(ATOM + "updated") == "2024-03-02T13:00:00+00:00"
    assert item().find(ATOM + "updated") is None


@pytest.mark.rule("F3")
def test_guid_is_the_id_and_no_permalink():
    guid = item().find("guid")
    assert (guid.text, guid.get("isPermaLink")) == (PLAIN.id, "false")


@pytest.mark.rule("F6")
@pytest.mark.parametrize("authors", [(ANN, Person("Cy Dee")), (BO,), (BO, ANN), ()])
def test_authors_are_creators_by_name_with_or_without_an_address(authors):
    found = item(authors=authors)
    assert [creator.text for creator in found.findall(DC + "creator")] == [author.name for author in authors]
    assert found.find("author") is None


@pytest.mark.rule("F8")
def test_item_has_its_first_enclosure_only_with_its_true_length():
    found = item(enclosures=(SOUND, MAP)).findall("enclosure")
    assert [dict(each.attrib) for each in found] == [
        {"url": SOUND.address, "length": "1234", "type": "audio/mpeg"},
    ]


@pytest.mark.rule("F18")
def test_description_stands_before_the_full_text():
    tags = [child.tag.rpartition("}")[2] for child in item()]
    assert tags.index("description") < tags.index("encoded")


@pytest.mark.rule("F18")
def test_plain_summary_stays_plain_in_a_description_that_is_read_as_html():
    assert item(summary="5 < 6 & <b>").findtext("description") == "5 &lt; 6 &amp; &lt;b&gt;"


@pytest.mark.rule("F18")
@pytest.mark.rule("T36")
def test_markup_in_a_title_is_escaped_once():
    assert b"<title>Fish &amp; &lt;b&gt;chips&lt;/b&gt;</title>" in written("rss", entry(title="Fish & <b>chips</b>"))


def test_summary_feed_has_descriptions_and_no_full_text():
    found = rss(PLAIN, full_text=False).find("item")
    assert found.findtext("description") == PLAIN.summary
    assert found.find("{*}encoded") is None


def test_tags_and_section_are_categories_by_name_each_in_the_domain_of_their_pages():
    pages = {"tag_urls": {"cpp": SITE + "tags/cpp/"}, "section": "News", "section_url": SITE + "sections/news/"}
    found = item(tags=(Tag("cpp", "C++"), Tag("c", "C")), **pages).findall("category")
    assert [(each.text, each.get("domain")) for each in found] == [
        ("C++", SITE + "tags/"),
        ("C", None),
        ("News", SITE + "sections/"),
    ]


@pytest.mark.rule("F21")
def test_language_is_told_by_the_feed_and_by_an_item_that_differs():
    channel = rss(entry(1), entry(2, language="ar"))
    assert channel.findtext("language") == "en-GB"
    assert [each.findtext(DC + "language") for each in channel.findall("item")] == [None, "ar"]


def test_leading_picture_comes_with_its_words_outside_any_group_and_never_as_a_description():
    content = item(image=PICTURE).find(MEDIA + "content")
    words = {child.tag.removeprefix(MEDIA): child.text for child in content}
    assert words == {"title": "The ferry at noon", "credit": "Harbour Pictures"}
    assert (content.get("url"), content.get("width"), content.get("fileSize")) == (PICTURE.address, "800", "4321")


def test_leading_picture_is_the_thumbnail_too():
    thumbnail = item(image=PICTURE).find(MEDIA + "thumbnail")
    assert dict(thumbnail.attrib) == {"url": PICTURE.address, "width": "800", "height": "600"}


def test_generator_is_named_without_a_version_that_would_change_the_bytes():
    assert rss().findtext("generator") == "Pressrun"


def test_feed_with_no_description_has_its_title_there():
    assert rss(description=" ").findtext("description") == FEED.title
