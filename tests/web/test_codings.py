"""Content codings: the smallest form that a client takes, each with a validator of its own.

Not here: conditional requests on them (test_conditions).
"""

import gzip

import brotli
import pytest

from feeds.web.codings import wanted
from tests.web.conftest import NOON, Answered

HOUR_LATER = NOON.replace(hour=13)


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("", [""]),
        ("gzip", ["gzip", ""]),
        ("br", ["br", ""]),
        ("gzip, deflate, br, zstd", ["br", "gzip", ""]),
        ("GZIP", ["gzip", ""]),
        ("x-gzip", ["gzip", ""]),
        ("gzip;q=0.5, br;q=0.2", ["gzip", "br", ""]),
        ("gzip ; q=0.5 , br", ["br", "gzip", ""]),
        ("gzip;q=0", [""]),
        ("gzip;q=0, *", ["br", ""]),
        ("*", ["br", "gzip", ""]),
        ("*;q=0", [""]),
        ("identity", [""]),
        ("identity;q=0, gzip", ["gzip", ""]),
        ("identity, gzip;q=0.5", ["", "gzip"]),
        ("identity;q=0", [""]),
        ("gzip;q=2", [""]),
        ("gzip;q=0.0001", [""]),
        ("gzip;q=", [""]),
        ("nonsense;;;, gzip", ["gzip", ""]),
        ("deflate, zstd", [""]),
    ],
)
@pytest.mark.rule("F16")
def test_coding_is_chosen_by_the_weights_of_the_client(accepted, best):
    assert list(wanted(accepted)) == best


@pytest.mark.rule("F16")
def test_each_coding_gives_the_same_words_under_a_tag_of_its_own(client, public):
    words = public.put("rss.xml", "<rss>" + "words " * 500 + "</rss>", coded=True)
    answers = {coding: client.ask("/rss.xml", accept_encoding=coding) for coding in ("identity", "gzip", "br")}
    assert {coding: answer["content-encoding"] for coding, answer in answers.items()} == {
        "identity": None,
        "gzip": "gzip",
        "br": "br",
    }
    assert words == answers["identity"].body
    assert words == gzip.decompress(answers["gzip"].body) == brotli.decompress(answers["br"].body)
    assert len({answer["etag"] for answer in answers.values()}) == 3
    assert {answer["vary"] for answer in answers.values()} == {"Accept-Encoding, A-IM"}


@pytest.mark.rule("F16")
def test_tag_of_one_coding_does_not_fit_another(client, public):
    public.put("page/index.html", "<p>words</p>" * 99, coded=True)
    tag = client.ask("/page/", accept_encoding="gzip")["etag"]
    assert asked(client, "br", tag).status == asked(client, "identity", tag).status == 200
    assert asked(client, "gzip", tag).status == 304


def asked(client, coding: str, tag: str) -> Answered:
    return client.ask("/page/", accept_encoding=coding, if_none_match=tag)


@pytest.mark.rule("F16")
def test_document_whose_coded_form_is_not_made_yet_is_served_plain_and_not_as_it_was(client, public):
    public.put("rss.xml", "the old words", coded=True)
    public.put("rss.xml", "the new words", at=HOUR_LATER)
    answer = client.ask("/rss.xml", accept_encoding="gzip, br")
    assert (answer.body, answer["content-encoding"]) == (b"the new words", None)


def test_answer_varies_by_coding_where_there_is_no_coded_form_too(client, public):
    public.put("a/index.html", "<p>short</p>")
    assert client.ask("/a/", accept_encoding="gzip")["vary"] == "Accept-Encoding"


def test_picture_is_never_coded_and_varies_by_nothing(client, public):
    public.put("media/a.png", b"\x89PNG", coded=True)
    answer = client.ask("/media/a.png", accept_encoding="gzip")
    assert (answer.body, answer["content-encoding"], answer["vary"]) == (b"\x89PNG", None, None)
