"""Messages that are hardly any, or mean harm: judged without an exception, in bounded time, and never mended silently.

Not here: single faults in a good message (test_planted_mail_faults).
"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.rendering.lint import Severity, judge_message
from tests.rendering.lint.given_messages import good

HTML = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
ODD = [
    b"",
    b"\r\n",
    b"\x00" * 100,
    b"\xff\xfe\xfd",
    b"no header at all",
    b"From",
    b" folded: first\r\n\r\nbody",
    b"Content-Type: multipart/mixed\r\n\r\n--\r\n--\r\n",
    b'Content-Type: multipart/mixed; boundary=""\r\n\r\n----\r\n',
    b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\n' * 40,
    b"Content-Type: text/html; charset=rot13\r\n\r\n<p>",
    b"Content-Transfer-Encoding: base64\r\nContent-Type: text/html\r\n\r\n!!!!A",
    b"Date: Mon, 99 Nov 99999 99:99:99 +9999\r\n\r\n",
    b"Message-ID: <@>\r\nFrom: <<>>\r\nList-Id: <>\r\nList-Unsubscribe: <>, <\r\n\r\n",
    b"DKIM-Signature: a=;b=;h=;bh=\r\n\r\n",
    HTML + b"<",
    HTML + b"<html><body><style>}}}{{{@media{</style><p style=';;;:;(\"'>x",
    HTML + b"<a href='https://[::1'>x</a><img src='https://[' width=1e999 style='width:1e999px'>",
    HTML + b"<p style='color:#12345; background:rgb(1,2); line-height:-; font-size:1e9rem'>x",
    HTML + b"<div>" * 5000 + b"x",
    HTML + b"<table>" * 500 + b"x",
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_odd_message_is_judged_and_never_found_good(data):
    judged = judge_message(data)
    assert judged.errors
    assert [one.what for one in judged.findings if "judged whole" in one.what] == []


@pytest.mark.parametrize(
    "piece",
    [
        b"=?utf-8?q?a",
        b"<a@",
        b'"\\',
        b"(((",
        b"; a=b",
        b"<!--[if mso]><table",
        b"<p style='a:b;",
        b"/*",
        b"{",
        b"@media ",
    ],
)
@pytest.mark.parametrize(
    "where", [b"Subject: %s\r\n\r\n", b"From: %s\r\n\r\n", HTML + b"%s", HTML + b"<style>%s</style>"]
)
def test_many_openings_without_an_end_take_no_long(where, piece):
    start = time.perf_counter()
    judge_message(where % (piece * 20_000))
    assert time.perf_counter() - start < 5


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40_000), st.binary(min_size=1, max_size=6), st.integers(0, 40))
def test_any_change_of_bytes_is_judged_without_a_check_that_fails(position, change, gone):
    data = good()
    at = position % len(data)
    judged = judge_message(data[:at] + change + data[at + gone :])
    assert [one.what for one in judged.findings if "judged whole" in one.what] == []


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_message_that_was_cut_off_is_an_error(share):
    data = good()
    assert "M6" in {one.rule for one in judge_message(data[: int(len(data) * share)]).errors}


def test_file_with_plain_line_ends_is_told_once_and_is_no_error():
    judged = judge_message(good().replace(b"\r\n", b"\n"))
    assert [one.severity for one in judged.findings if one.rule == "M5"] == [Severity.ADVICE]
    assert judged.errors == ()
