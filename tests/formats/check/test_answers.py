"""What HTTP says beside a document: a good exchange has no fault, and each planted one is found by its rule.

Not here: real servers (tests/jobs/test_check_feed).
"""

from dataclasses import replace

import pytest

from feeds.formats import FORMATS
from feeds.formats.check import judge
from feeds.formats.check.answers import Exchange, judge_exchange, judge_refusal, links_of
from feeds.model.answers import Answer, Move
from tests.formats.check.given_documents import HUB, address, sound

DATE = "Sat, 02 Mar 2024 12:00:00 GMT"


def headers(name):
    return {
        "content-type": f"{FORMATS[name].media_type}; charset=utf-8",
        "content-encoding": "gzip",
        "etag": '"abc-gzip"',
        "last-modified": DATE,
        "cache-control": "public, max-age=900",
        "vary": "Accept-Encoding",
        "link": f'<{HUB}>; rel="hub", <{address(name)}>; rel="self"',
    }


def answer(name="rss", *, without="", status=200, data=None, **said):
    """Return an answer with these headers, ``a_b`` for a-b, besides those of a good one."""
    told = headers(name) | {key.replace("_", "-"): value for key, value in said.items()}
    told.pop(without, None)
    return Answer(
        address=address(name), status=status, headers=told, data=sound(name) if data is None else data, wire_length=900
    )


def good(name="rss"):
    again = answer(name, status=304, data=b"")
    plain = answer(name, without="content-encoding", etag='"abc"')
    return Exchange(first=answer(name), by_tag=again, by_date=again, plain=plain)


def rules(exchange, name="rss"):
    return {one.rule for one in judge_exchange(exchange, judge(sound(name)))}


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_found_in_a_good_exchange(name):
    assert judge_exchange(good(name), judge(sound(name))) == []


@pytest.mark.rule("F26")
@pytest.mark.parametrize(("rule", "first"), [
    ("F22", answer(content_type="text/html; charset=utf-8")),
    ("F22", answer(content_type="text/xml; charset=utf-8")),
    ("F22", answer(content_type="application/atom+xml; charset=utf-8")),
    ("F22", answer(without="content-type")),
    ("T50", answer(content_type="application/rss+xml; charset=iso-8859-1")),
    ("F9", answer(etag="abc")),
    ("F9", answer(without="etag")),
    ("F9", answer(last_modified="2024-03-02T12:00:00Z")),
    ("F9", answer(last_modified="Sat, 02 Mar 2024 12:00:00 +0000")),
    ("F15", answer(without="cache-control")),
    ("F15", answer(cache_control="no-store")),
    ("F15", answer(cache_control="private")),
    ("F15", answer(cache_control="max-age=60")),
    ("F15", answer(cache_control="max-age=86400")),
    ("F16", answer(without="content-encoding")),
    ("F16", answer(without="vary")),
    ("F16", answer(etag='"abc"')),
    ("F10", answer(set_cookie="session=1")),
    ("F26", answer(without="link")),
    ("F26", answer(link=f'<{HUB}>; rel="hub"')),
    ("F26", answer(link=f'<{HUB}>; rel="hub", <https://harbour.example/rss>; rel="self"')),
    ("F26", answer(link=f'<https://other.example/>; rel="hub", <{address("rss")}>; rel="self"')),
    ("F15", replace(answer(), moves=(Move(302, "https://a.example/"),))),
])  # fmt: skip
def test_fault_of_an_answer_is_found(rule, first):
    assert rules(replace(good(), first=first)) == {rule}


def test_xml_as_text_without_a_charset_is_found():
    assert rules(replace(good(), first=answer(content_type="text/xml"))) == {"F22", "T50"}


@pytest.mark.rule("F9")
@pytest.mark.parametrize("exchange", [
    replace(good(), by_tag=answer()),
    replace(good(), by_date=answer()),
    replace(good(), by_tag=answer(status=304, data=b"", without="etag")),
    replace(good(), first=replace(answer(), headers=headers("rss") | {"etag": "W/abc"})),
])  # fmt: skip
def test_conditional_request_answered_wrong_is_found(exchange):
    assert rules(exchange) == {"F9"}


@pytest.mark.rule("F13")
def test_bytes_that_change_from_one_request_to_the_next_are_found():
    plain = answer(without="content-encoding", etag='"abc"', data=sound("rss") + b"<!-- 17:05 -->")
    assert rules(replace(good(), plain=plain)) == {"F13"}


def test_answer_without_any_validator_is_found():
    bare = replace(answer(), headers={k: v for k, v in headers("rss").items() if k not in {"etag", "last-modified"}})
    assert rules(Exchange(first=bare)) == {"F9"}


@pytest.mark.parametrize(("status", "wait", "rule"), [
    (401, None, "F10"), (403, None, "F10"), (429, None, "F15"), (503, "120", "F15"), (404, None, None),
])  # fmt: skip
def test_refusal_is_named_by_its_rule(status, wait, rule):
    found = judge_refusal(replace(answer(status=status), headers={"retry-after": wait} if wait else {}))
    assert (found.rule if found else None) == rule


@pytest.mark.parametrize(("header", "links"), [
    ("", {}),
    ("<a>; rel=hub", {"hub": {"a"}}),
    ('<a>; rel="hub self", <b,c>; type="x;y"; rel=\'z\'', {"hub": {"a"}, "self": {"a"}, "'z'": {"b,c"}}),
    ("<a>, <b>; rel=self", {"self": {"b"}}),
    ("<" * 50_000, {}),
])  # fmt: skip
def test_link_header_is_read(header, links):
    assert links_of(header) == links
