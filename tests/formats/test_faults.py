"""Faults that the second look finds in a finished document, each told in words.

Not here: documents of our own making having none of them is also asserted by every test that prints.
"""

import json

import pytest

from feeds.formats import FORMATS, MAX_BYTES, check_document
from tests.formats.givens import PLAIN, SITE, SOUND, entry, varied, written

ENTRY = PLAIN.id.encode()


def spoilt(name, old, new, *entries):
    """Return the faults of a document after one of its parts was replaced."""
    data = written(name, *(entries or [PLAIN]))
    assert old in data
    return check_document(name, data.replace(old, new))


@pytest.mark.parametrize("name", FORMATS)
def test_our_own_documents_have_no_fault(name):
    assert check_document(name, written(name, *varied()), address=SITE + FORMATS[name].filename) == []


@pytest.mark.rule("F5")
@pytest.mark.parametrize("name", FORMATS)
def test_document_served_elsewhere_than_it_says_is_found(name):
    (fault,) = check_document(name, written(name, PLAIN), address=SITE + "elsewhere")
    assert fault.endswith(f"but it is at {SITE}elsewhere")


@pytest.mark.rule("F1")
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("data", [b"", b"<rss>", b"<a/>", b"{}", b'{"items": [NaN]}', b"\xff\xfe", b"[]", b"{" * 9999])
def test_what_is_no_feed_is_one_fault(name, data):
    assert len(check_document(name, data)) == 1


@pytest.mark.rule("F2")
@pytest.mark.parametrize("name", FORMATS)
def test_two_entries_with_one_id_are_found(name):
    faults = spoilt(name, entry(2).id.encode(), entry(1).id.encode(), entry(1), entry(2))
    assert faults == [f"{entry(1).id}: 2 entries have this id"]


@pytest.mark.rule("F3")
@pytest.mark.parametrize(("name", "fault"), [("rss", "no guid"), ("atom", "no id"), ("json", "no id")])
def test_entry_without_an_id_is_found(name, fault):
    assert f"an entry: {fault}" in spoilt(name, ENTRY, b"")


@pytest.mark.parametrize("name", FORMATS)
def test_relative_link_is_found(name):
    assert spoilt(name, PLAIN.url.encode(), b"/ferry/") == [f"{PLAIN.id}: '/ferry/' is not an absolute web address"]


@pytest.mark.rule("F4")
@pytest.mark.parametrize(("name", "old", "new"), [
    ("rss", b"Sat, 02 Mar 2024 12:00:00 +0000", b"Sat, 02 Mar 2024 12:00:00.5 GMT"),
    ("rss", b"Sat, 02 Mar 2024", b"Sat, 32 Mar 2024"),
    ("atom", b"<published>2024-03-02", b"<published>2024-02-30"),
    ("json", b'published": "2024-03-02T12:00:00+00:00', b'published": "yesterday'),
])  # fmt: skip
def test_date_that_is_none_is_found(name, old, new):
    (fault,) = spoilt(name, old, new)
    assert "is not a date of RFC" in fault


@pytest.mark.rule("F5")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_document_without_a_link_to_itself_is_found(name):
    assert "the feed: 0 links to itself instead of one" in spoilt(name, b'rel="self"', b'rel="related"')


@pytest.mark.rule("F6")
def test_name_where_rss_wants_an_address_is_found():
    faults = spoilt("rss", b"<dc:creator>", b"<author>Ann</author><dc:creator>")
    assert [fault.partition(": it")[2][:20] for fault in faults] == ["s author is no e-mai", " has both author and"]


@pytest.mark.rule("F7")
def test_second_alternate_link_of_one_type_is_found():
    (fault,) = spoilt("atom", b"<content", f'<link rel="alternate" type="text/html" href="{SITE}"/><content'.encode())
    assert "two alternate links" in fault


@pytest.mark.rule("F7")
def test_atom_entry_that_nobody_wrote_is_found():
    (fault,) = spoilt("atom", b"author>", b"contributor>")
    assert "has an author" in fault


@pytest.mark.rule("F8")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_enclosure_without_a_true_length_is_found(name):
    (fault,) = spoilt(name, b'length="1234"', b'length="None"', entry(enclosures=(SOUND,)))
    assert "length is 'None'" in fault


@pytest.mark.rule("F11")
@pytest.mark.parametrize("name", ["rss", "atom"])
def test_document_over_its_size_is_found(name):
    faults = check_document(name, written(name) + b" " * MAX_BYTES)
    assert [fault.rpartition(", ")[2] for fault in faults] == ["over 1000000"]


@pytest.mark.rule("F19")
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("html", "fault"), [
    ('<a href="../tide/">', "the relative address '../tide/'"),
    ('<img src="//evil.example/x.png">', "the relative address '//evil.example/x.png'"),
    ('<a href="javascript:x()">', "the relative address 'javascript:x()'"),
    ("<script>x()</script>", "<script>"),
    ('<iframe src="https://a.example/"></iframe>', "<iframe>"),
    ("<form></form>", "<form>"),
    ('<p onclick="x()">', "a onclick attribute"),
    ('<p style="position:fixed">', "a style attribute"),
])  # fmt: skip
def test_content_that_other_sites_cannot_show_is_found(name, html, fault):
    assert check_document(name, written(name, entry(html=html))) == [f"{entry().id}: {fault} in its content"]


def test_json_item_without_content_is_found():
    (fault,) = spoilt("json", b'"content_html"', b'"content_htm"')
    assert "neither content_html nor content_text" in fault


@pytest.mark.parametrize("part", [{"items": [1]}, {"items": [{"attachments": 1}]}, {"items": [{"id": "\ud800"}]}])
def test_json_of_another_shape_is_a_fault_and_no_crash(part):
    assert check_document("json", json.dumps(part).encode())
