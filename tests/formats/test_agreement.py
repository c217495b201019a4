"""Read back by unrelated parsers, the three documents of a feed say the same of every entry.

Not here: whether they are valid (test_judged_documents).
"""

import html
from datetime import UTC, datetime

import feedparser
import pytest

from tests.formats.givens import json_feed, varied, written


def same(**fields):
    return {name: fields[name] for name in sorted(fields)}


def by_feedparser(name):
    parsed = feedparser.parse(written(name, *varied()), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return [_of_feedparser(dict(one)) for one in parsed.entries]  # a plain dict has no made-up keys


def _of_feedparser(one):
    content = one["content"][0] if "content" in one else one["summary_detail"]
    return same(
        id=one["id"],
        link=one["link"],
        title=_plain(one["title_detail"]),
        published=one["published_parsed"][:6],
        updated=one.get("updated_parsed", one["published_parsed"])[:6],
        authors=[author["name"] for author in one.get("authors", []) if author.get("name")],
        tags=[tag["label"] or tag["term"] for tag in one.get("tags", [])],
        enclosure=[(link["href"], link["type"], int(link["length"])) for link in one["links"] if "length" in link][:1],
        content=content["value"],
        summary=_plain(one["summary_detail"]) if "content" in one and "summary_detail" in one else "",
    )


def _plain(detail):
    return html.unescape(detail["value"]) if detail["type"] == "text/html" else detail["value"]


def by_json():
    return [_of_json(item) for item in json_feed(*varied())["items"]]


def _of_json(item):
    return same(
        id=item["id"],
        link=item["url"],
        title=item["title"],
        published=_time(item["date_published"]),
        updated=_time(item["date_modified"]),
        authors=[author["name"] for author in item.get("authors", [])],
        tags=item.get("tags", []),
        enclosure=[(file["url"], file["mime_type"], file["size_in_bytes"]) for file in item.get("attachments", [])][:1],
        content=item["content_html"],
        summary=item.get("summary", ""),
    )


def _time(text):
    return datetime.fromisoformat(text).astimezone(UTC).timetuple()[:6]


@pytest.mark.rule("F2")
@pytest.mark.rule("F18")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_formats_agree_on_every_entry(name):
    assert by_feedparser(name) == by_json()


@pytest.mark.rule("F2")
def test_parsers_see_what_the_store_holds():
    expected = [(one.id, one.url, one.title, one.published_at.timetuple()[:6]) for one in varied()]
    assert [(one["id"], one["link"], one["title"], one["published"]) for one in by_json()] == expected
