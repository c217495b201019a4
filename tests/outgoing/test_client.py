"""The client: what it sends, what it gives back, and how it fails.

Not here: where it refuses to go (test_guard).
"""

import gzip
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from feeds.errors import AnswerTooLarge, RequestFailed
from feeds.outgoing import ANYWHERE, Client, Limits
from tests.outgoing.web import moves, says, sends, web

ROOT = Path(__file__).parents[2]
SITE = "https://gazette.example/"
IMPATIENT = Limits(seconds=0.3)


def client(**settings):
    return Client(SITE, **({"allowed": ANYWHERE} | settings))


def drips(*pieces):
    """Send the pieces, over and over, with so little between them that no single wait is long."""

    def reply(connection):
        connection.settimeout(0.05)
        for piece in pieces[:-1]:
            connection.sendall(piece)
        while True:
            connection.sendall(pieces[-1])
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    return reply


def test_answer_has_status_headers_and_body():
    with web(says(b"<rss/>", "404 Not Found", content_type="text/xml")) as server:
        answer = client().fetch(server.url())
    assert (answer.status, answer.headers["content-type"], answer.data) == (404, "text/xml", b"<rss/>")


def test_request_says_who_asks_and_carries_no_cookie():
    with web(says(set_cookie="a=b"), says()) as server:
        one = client()
        one.fetch(server.url())
        one.fetch(server.url())
    assert b"\r\nuser-agent: Pressrun/" in server.asked[1].lower().replace(b"pressrun", b"Pressrun")
    assert SITE.encode() in server.asked[1]
    assert b"cookie" not in server.asked[1].lower()


def test_header_that_stands_twice_is_joined():
    with web(sends(b"HTTP/1.1 200 OK\r\nLink: <a>\r\nLink: <b>\r\nContent-Length: 0\r\n\r\n")) as server:
        assert client().fetch(server.url()).headers["link"] == "<a>, <b>"


def test_compressed_answer_is_read():
    packed = gzip.compress(b"<rss/>" * 100)
    with web(says(packed, content_encoding="gzip")) as server:
        answer = client().fetch(server.url())
    assert (answer.data, answer.wire_length) == (b"<rss/>" * 100, len(packed))


def test_form_is_posted():
    with web(says(status="202 Accepted")) as server:
        assert client().post(server.url("/hub"), {"hub.mode": "publish", "hub.url": "https://a.example/?b=c"}).is_good
    assert server.asked[0].startswith(b"POST /hub HTTP/1.1")
    assert server.asked[0].endswith(b"\r\n\r\nhub.mode=publish&hub.url=https%3A%2F%2Fa.example%2F%3Fb%3Dc")


def test_post_follows_no_redirect():
    with web(moves("/elsewhere")) as server:
        assert client().post(server.url(), {}).status == 302
    assert len(server.asked) == 1


def test_redirects_are_followed_and_remembered():
    with web(moves("/b", "301 Moved Permanently"), moves("c"), says(b"here")) as server:
        answer = client().fetch(server.url("/a"))
    assert (answer.data, answer.address) == (b"here", server.url("/c"))
    assert [(move.status, move.address) for move in answer.moves] == [(301, server.url("/b")), (302, server.url("/c"))]


def test_head_is_asked_for_alone_and_follows_redirects():
    with web(moves("/b"), says(content_type="image/png")) as server:
        answer = client().head(server.url("/a"))
    assert [request.split(b" HTTP")[0] for request in server.asked] == [b"HEAD /a", b"HEAD /b"]
    assert (answer.status, answer.headers["content-type"], answer.data) == (200, "image/png", b"")


def test_proxies_of_the_environment_are_not_used():
    asks = "import sys; from feeds.outgoing import *; print(Client(allowed=ANYWHERE).fetch(sys.argv[1]).data)"
    nowhere = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:9")
    with web(says(b"straight")) as server:
        command = [sys.executable, "-c", asks, server.url()]
        done = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "b'straight'\n"


def test_certificate_must_be_of_the_host_asked_for():
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hub.example").configure_cert(serving)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    ours = client(certificates=trusting, resolve=lambda _host, _port: ["127.0.0.1"])
    with web(says(b"safe"), tls=serving) as server:
        assert ours.fetch(server.url(host="hub.example", scheme="https")).data == b"safe"
        with pytest.raises(RequestFailed, match="certificate"):
            ours.fetch(server.url(host="other.example", scheme="https"))


@pytest.mark.parametrize(("reply", "reason"), [
    (sends(b""), "disconnected"),
    (sends(b"220 mail.example ESMTP\r\n\r\n"), "illegal"),
    (sends(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), "closed"),
    (says(b"no gzip", content_encoding="gzip"), "compression"),
    (says(gzip.compress(b"x" * 999, mtime=0)[:-9], content_encoding="gzip"), "too early"),
    (says(b"?", content_encoding="br"), "not asked for"),
])  # fmt: skip
def test_bad_answer_is_named(reply, reason):
    with web(reply) as server, pytest.raises(RequestFailed, match=reason):
        client().fetch(server.url())


def test_nobody_listening_is_named():
    with web(says()) as server:
        pass
    with pytest.raises(RequestFailed, match="refused"):
        client().fetch(server.url())


def test_unknown_host_is_named():
    def unknown(host, port):
        raise OSError("Name or service not known")

    with pytest.raises(RequestFailed, match=r"nowhere\.example is not known"):
        client(resolve=unknown).fetch("http://nowhere.example/")


@pytest.mark.rule("T73")
def test_endless_body_is_cut_by_its_size():
    endless = drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000)
    with web(endless) as server, pytest.raises(AnswerTooLarge, match="over 100,000 bytes"):
        client(limits=Limits(max_bytes=100_000)).fetch(server.url())


@pytest.mark.rule("T73")
@pytest.mark.parametrize("pieces", [
    (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),  # the body comes a byte at a time
    (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),  # the headers never end
    (b"",),  # nothing ever comes
])  # fmt: skip
def test_slow_answer_is_cut_by_one_deadline_for_all_of_it(pieces):
    with web(drips(*pieces)) as server, pytest.raises(RequestFailed, match=r"within 0\.3 seconds"):
        client(limits=IMPATIENT).fetch(server.url())


@pytest.mark.rule("T73")
def test_redirects_share_one_deadline_and_are_at_most_three():
    with web(moves("/again")) as server, pytest.raises(RequestFailed, match="redirects again"):
        client().fetch(server.url())
    assert len(server.asked) == 4


@pytest.mark.rule("T73")
def test_name_server_that_never_answers_is_given_up_on(slow_resolver):
    with pytest.raises(RequestFailed, match="within"):
        client(limits=IMPATIENT, resolve=slow_resolver).fetch("http://slow.example/")


@pytest.mark.rule("T49")
@pytest.mark.parametrize("bomb", [gzip.compress(b" " * 20_000_000), gzip.compress(b"<a>" * 6_000_000)])
def test_compression_bomb_is_stopped(bomb):
    with web(says(bomb, content_encoding="gzip")) as server, pytest.raises(AnswerTooLarge, match="bomb"):
        client().fetch(server.url())


@pytest.mark.rule("T49")
def test_compressed_answer_counts_by_what_it_grows_to():
    packed = gzip.compress(bytes(range(256)) * 40)
    with web(says(packed, content_encoding="gzip")) as server, pytest.raises(AnswerTooLarge, match="over 9,000 bytes"):
        client(limits=Limits(max_bytes=9_000)).fetch(server.url())
