"""Conditional requests: a poller never gets what it has, and always what it has not.

Not here: how coded forms are chosen (test_codings), deltas (test_deltas).
"""

import pytest

from tests.site_fixtures import NOON as EARLIER
from tests.web.conditions import TABLE, request_headers

REPEATED = ("etag", "last-modified", "cache-control", "vary")


def test_table_has_at_least_forty_requests():
    assert len({str(row) for row in TABLE}) == len(TABLE) >= 40


@pytest.mark.rule("F9")
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_each_conditional_request_is_answered_as_http_asks(client, public, coding):
    public.put("rss.xml", "<rss/>" * 99, coded=True)
    whole = client.ask("/rss.xml", accept_encoding=coding)
    for row, status in TABLE:
        headers = request_headers(row, tag=whole["etag"], date=whole["last-modified"])
        for method in ("GET", "HEAD"):
            answer = client.ask("/rss.xml", method, accept_encoding=coding, **headers)
            assert (answer.status, row, method) == (status, row, method)
            assert status == 412 or answer.body == (whole.body if (status, method) == (200, "GET") else b"")


@pytest.mark.rule("F9")
def test_304_repeats_what_a_200_says_and_has_no_body(client, public):
    public.put("atom.xml", "<feed/>")
    whole = client.ask("/atom.xml")
    kept = client.ask("/atom.xml", If_None_Match=whole["etag"])
    assert (kept.status, kept.body, kept["content-length"]) == (304, b"", None)
    assert {name: kept[name] for name in REPEATED} == {name: whole[name] for name in REPEATED}


@pytest.mark.rule("F9")
def test_head_has_the_headers_of_get_and_no_body(client, public):
    public.put("feed.json", "{}" * 99, coded=True)
    for coding in ("identity", "gzip"):
        got, asked = (client.ask("/feed.json", method, accept_encoding=coding) for method in ("GET", "HEAD"))
        assert (asked.status, asked.body) == (200, b"")
        assert {**asked.headers, "date": ""} == {**got.headers, "date": ""}
        assert int(asked["content-length"]) == len(got.body)


@pytest.mark.rule("F9")
def test_swapped_document_has_another_tag_at_the_next_request_though_its_time_and_size_are_the_same(client, public):
    public.put("rss.xml", "<rss>one</rss>")
    first = client.ask("/rss.xml")
    public.put("rss.xml", "<rss>two</rss>")
    second = client.ask("/rss.xml", If_None_Match=first["etag"])
    assert (second.status, second.body) == (200, b"<rss>two</rss>")
    assert second["etag"] != first["etag"]


@pytest.mark.rule("F9")
def test_document_that_comes_back_as_it_was_has_the_tag_that_it_had(client, public):
    tags = []
    for words, at in (("one", EARLIER), ("two", EARLIER), ("one", None)):
        public.put("rss.xml", words, **({"at": at} if at else {}))
        tags.append(client.ask("/rss.xml")["etag"])
    assert tags[0] == tags[2] != tags[1]


def test_condition_on_several_lines_is_read_as_one_list(client, public):
    public.put("rss.xml", "<rss/>")
    tag = client.ask("/rss.xml")["etag"]
    assert client.ask("/rss.xml", If_None_Match='"x"', if_none_match=tag).status == 304
