from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from feeds.rendering.opml import Outline, opml
from feeds.rendering.views import FeedLink
from tests.rendering.givens import SITE, URL

HARBOUR = Outline(
    title="Harbour & ferries",
    feeds=(
        FeedLink("H (Atom)", "application/atom+xml", URL + "feeds/harbour/atom.xml"),
        FeedLink("H (RSS)", "application/rss+xml", URL + "feeds/harbour/rss.xml"),
    ),
    html_url=URL + "feeds/harbour/",
    description="On the water",
    language="en-IE",
)


def outlines(*given, site=SITE):
    return ET.fromstring(opml(site, given)).findall("body/outline")


@pytest.mark.rule("F27")
def test_feed_has_its_title_its_address_and_its_page():
    (one,) = outlines(HARBOUR)
    assert one.attrib == {
        "text": "Harbour & ferries",
        "title": "Harbour & ferries",
        "type": "rss",
        "xmlUrl": URL + "feeds/harbour/rss.xml",
        "htmlUrl": URL + "feeds/harbour/",
        "description": "On the water",
        "language": "en-IE",
    }


@pytest.mark.rule("F27")
def test_family_is_a_folder_of_its_members():
    (one,) = outlines(Outline(title="Tags", members=(HARBOUR, replace(HARBOUR, title="Quay"))))
    assert one.attrib == {"text": "Tags", "title": "Tags"}
    assert [member.get("text") for member in one] == ["Harbour & ferries", "Quay"]


def test_address_is_one_that_every_reader_takes():
    atom, _rss = HARBOUR.feeds
    assert outlines(replace(HARBOUR, feeds=(atom,)))[0].get("xmlUrl") == atom.url
    assert outlines(replace(HARBOUR, feeds=(FeedLink("H", "application/feed+json", URL + "feed.json"),))) == []


def test_family_without_members_is_left_out():
    assert outlines(Outline(title="Tags"), HARBOUR)[0].get("text") == "Harbour & ferries"


@pytest.mark.parametrize("title", ["<&>\"'", "a\x00b\x0b", "two\nlines\u2028", "\ud800", "\uffff", "", "x" * 9999])
def test_file_is_well_formed_whatever_a_title_holds(title):
    (one,) = outlines(replace(HARBOUR, title=title), site=replace(SITE, title=title, author=title))
    assert one.get("text")


@pytest.mark.rule("F13")
def test_same_feeds_give_the_same_bytes_and_no_date_of_the_clock():
    assert opml(SITE, [HARBOUR]) == opml(SITE, [HARBOUR])
    assert b"dateCreated" not in opml(SITE, [HARBOUR])


def test_file_says_whose_it_is_and_what_made_it():
    data = opml(replace(SITE, author="The desk"), [])
    assert [node.text for node in ET.fromstring(data).find("head")][:2] == ["The Harbour Gazette", "The desk"]
    assert b"Printed by Pressrun" in data
