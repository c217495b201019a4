"""Documents that lead to others: archives (RFC 5005), withdrawn entries (RFC 6721), hubs (WebSub), the feed's page.

Not here: which entries an archive holds and for how long a withdrawal is told (rules, jobs).
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from feeds.formats import FORMATS, render_clean
from feeds.formats.names import AT, ATOM, FH
from feeds.model import Tombstone
from tests.formats.givens import FEED, NOON, SITE, atom, entry, json_feed, rss
from tests.judges import jing, json_feed_faults

ARCHIVES = {name: f"{SITE}archive/7/{format.filename}" for name, format in FORMATS.items()}
HUB = "https://hub.example/?a=1&b=2"
GONE = Tombstone("urn:uuid:6f1c8a4e-0000-4000-8000-000000000077", NOON + timedelta(microseconds=5), "Withdrawn <b>")
EVERYTHING = {"previous": ARCHIVES, "current": FEED.addresses, "tombstones": (GONE,), "hubs": (HUB,)}


def href(node, rel):
    return [(link.get("href"), link.get("type")) for link in node.findall(f"{ATOM}link[@rel='{rel}']")]


@pytest.mark.rule("F24")
@pytest.mark.parametrize(("read", "name"), [(rss, "rss"), (atom, "atom")])
def test_document_leads_to_the_archive_before_it_in_its_own_format(read, name):
    found = read(entry(), previous=ARCHIVES)
    assert href(found, "prev-archive") == [(ARCHIVES[name], FORMATS[name].media_type)]
    assert found.find(FH + "archive") is None


@pytest.mark.rule("F24")
def test_json_leads_to_the_archive_before_it_by_its_next_address():
    assert json_feed(entry(), previous=ARCHIVES)["next_url"] == ARCHIVES["json"]
    assert "next_url" not in json_feed(entry())


@pytest.mark.rule("F24")
@pytest.mark.parametrize(("read", "name"), [(rss, "rss"), (atom, "atom")])
def test_archive_says_that_it_is_one_and_where_the_document_is_that_people_subscribe_to(read, name):
    found = read(entry(), addresses=ARCHIVES, current=FEED.addresses)
    assert href(found, "current") == [(FEED.addresses[name], FORMATS[name].media_type)]
    assert href(found, "self") == [(ARCHIVES[name], FORMATS[name].media_type)]
    assert len(found.findall(FH + "archive")) == 1
    assert href(found, "prev-archive") == []


@pytest.mark.rule("F25")
def test_withdrawn_entry_is_told_with_its_time_and_a_line():
    (deleted,) = atom(entry(), tombstones=(GONE,)).findall(AT + "deleted-entry")
    assert dict(deleted.attrib) == {"ref": GONE.entry_id, "when": "2024-03-02T12:00:00+00:00"}
    assert deleted.findtext(AT + "comment") == "Withdrawn <b>"


@pytest.mark.rule("F25")
@pytest.mark.parametrize("name", FORMATS)
def test_withdrawn_entries_count_for_none_of_a_document(name):
    rendered = render_clean(FORMATS[name], replace(FEED, tombstones=(GONE,)), [entry(1), entry(2)])
    assert FORMATS[name].cut(rendered.data)[0].count(entry(1).id.encode()) == 1
    assert len(FORMATS[name].cut(rendered.data)) == 2


@pytest.mark.rule("F26")
@pytest.mark.parametrize("read", [rss, atom])
def test_hub_stands_in_the_document_as_it_was_given(read):
    assert href(read(entry(), hubs=(HUB,)), "hub") == [(HUB, None)]


@pytest.mark.rule("F26")
def test_hub_stands_in_json_by_its_protocol():
    assert json_feed(entry(), hubs=(HUB,))["hubs"] == [{"type": "WebSub", "url": HUB}]


@pytest.mark.rule("F28")
@pytest.mark.parametrize("read", [rss, atom])
def test_page_of_the_feed_is_linked_where_it_is_not_its_home(read):
    assert href(read(entry(), page_url=SITE + "feeds/"), "related") == [(SITE + "feeds/", "text/html")]
    assert href(read(entry(), page_url=SITE), "related") == []


@pytest.mark.rule("F24")
@pytest.mark.rule("F25")
def test_atom_with_all_of_it_is_valid_by_the_schema(tmp_path):
    document = tmp_path / "atom.xml"
    feed = replace(FEED, **EVERYTHING, rights="https://creativecommons.org/licenses/by/4.0/", page_url=SITE + "feeds/")
    document.write_bytes(render_clean(FORMATS["atom"], feed, [entry()]).data)
    assert jing(document) == ""


@pytest.mark.rule("F24")
def test_json_with_all_of_it_is_valid_by_the_schema():
    assert json_feed_faults(render_clean(FORMATS["json"], replace(FEED, **EVERYTHING), [entry()]).data) == []


def test_address_that_leads_nowhere_is_not_written():
    odd = {"previous": {"rss": "/x"}, "hubs": ("hub.example",), "page_url": "javascript:x", "rights": " "}
    found = rss(entry(), **odd)
    assert {link.get("rel") for link in found.findall(ATOM + "link")} == {"self", "alternate"}
