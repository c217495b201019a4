"""JSON Feed documents: version 1.1, in the order of its specification.

Not here: what all formats share (test_printing, test_agreement), the schema (test_judged_documents).
"""

import json

import pytest

from tests.formats.givens import BO, MAP, PICTURE, PLAIN, SITE, SOUND, entry, json_feed, written


def test_keys_stand_in_the_order_of_the_specification():
    found = json_feed(entry(image=PICTURE, enclosures=(SOUND,), language="ar"))
    assert list(found) == [
        *("version", "title", "home_page_url", "feed_url", "description", "icon", "authors", "language", "items"),
    ]
    assert list(found["items"][0]) == [
        *("id", "url", "title", "content_html", "summary", "image", "date_published", "date_modified"),
        *("authors", "language", "attachments"),
    ]


def test_text_is_utf8_without_escapes_and_ends_with_a_line():
    data = written("json", entry(title="Café — صباح"))
    assert "Café — صباح".encode() in data
    assert data.endswith(b"}\n")


@pytest.mark.rule("F5")
def test_feed_names_its_page_and_itself():
    found = json_feed()
    assert (found["home_page_url"], found["feed_url"]) == (SITE, SITE + "feed.json")


@pytest.mark.rule("F8")
def test_item_carries_all_its_enclosures_as_attachments():
    assert json_feed(entry(enclosures=(SOUND, MAP)))["items"][0]["attachments"] == [
        {"url": SOUND.address, "mime_type": "audio/mpeg", "title": "Listen", "size_in_bytes": 1234},
        {"url": MAP.address, "mime_type": "application/pdf", "size_in_bytes": 99},
    ]


def test_mail_addresses_of_authors_are_not_given_away():
    assert json_feed(entry(authors=(BO,)))["items"][0]["authors"] == [{"name": "Bo Ek", "url": "https://bo.example/"}]


def test_summary_feed_has_the_summary_as_its_content():
    item = json_feed(PLAIN, full_text=False)["items"][0]
    assert item["content_text"] == PLAIN.summary
    assert "content_html" not in item


def test_item_without_text_still_has_content():
    assert json_feed(entry(html="", summary=""))["items"][0]["content_text"] == PLAIN.title


@pytest.mark.rule("F21")
def test_item_tells_its_language_where_it_differs():
    items = json_feed(entry(1), entry(2, language="ar"))["items"]
    assert [item.get("language") for item in items] == [None, "ar"]


@pytest.mark.rule("F18")
@pytest.mark.rule("T36")
def test_markup_in_a_title_is_plain_text():
    assert json.loads(written("json", entry(title="Fish & <b>")))["items"][0]["title"] == "Fish & <b>"
