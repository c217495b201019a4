"""The same folder served by nginx with docs/nginx.conf: it does what ``serve`` does, but for what serving.md names.

Not here: deltas, which it leaves out.
"""

import gzip
import os
import re
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest

from feeds.web.moves import list_moves, map_lines
from tests.judges import judge
from tests.site_fixtures import ROOT
from tests.web.conditions import MATCH, NONE_MATCH, NOT_SINCE, SINCE, TABLE, request_headers
from tests.web.conftest import Client
from tests.web.private_feed_givens import addresses, path
from tests.web.reader_givens import FORM, reading
from tests.web.test_printed_site import serving

CONF, SERVING = ROOT / "docs" / "nginx.conf", ROOT / "docs" / "serving.md"
PROXIED = {"connection": "keep-alive"}
FRAME = """{user}
worker_processes 1;
daemon off;
pid {place}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
    include {place}/site.conf;
}}
"""
# Where nginx departs from RFC 9110: it asks both validators where If-None-Match should win, and both preconditions
# where If-Match should; and a time that it cannot read fails a precondition. It sends more than it must, never less.
DEPARTS = {
    str({NONE_MATCH: "{tag}", SINCE: "{before}"}): 200,
    str({NONE_MATCH: "{tag}", SINCE: "nonsense"}): 200,
    str({NONE_MATCH: "{weak}", SINCE: "{before}"}): 200,
    str({NONE_MATCH: "*", SINCE: "{before}"}): 200,
    str({MATCH: "{tag}", NOT_SINCE: "{before}"}): 412,
    str({NOT_SINCE: "nonsense"}): 412,
}


class Anew(Client):
    """Asks each time on a connection of its own: nginx drops one after a 412 without a word."""

    def ask(self, *what, **headers):
        self.close()
        return super().ask(*what, **headers)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def site_conf(web_site, port: int) -> str:
    conf = CONF.read_text()
    for yours, ours in {
        "/srv/my-site": str(web_site.folder),
        "listen 80;": f"listen 127.0.0.1:{port};",
    }.items():
        assert yours in conf
        conf = conf.replace(yours, ours)
    return conf


@contextmanager
def nginx(web_site, conf=site_conf):
    """Run nginx with a configuration that ``conf`` writes; give a client of it."""
    place, port = web_site.folder / "nginx", free_port()
    place.mkdir()
    (place / "site.conf").write_text(conf(web_site, port))
    user = "user root;" if os.getuid() == 0 else ""  # else its workers may not read the tests' folders
    (place / "nginx.conf").write_text(FRAME.format(user=user, place=place))
    command = [judge("nginx"), "-p", str(place), "-c", str(place / "nginx.conf"), "-e", "stderr"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        client = Anew(f"http://127.0.0.1:{port}/")
        try:
            _wait_for(process, port)
            yield client
        finally:
            client.close()
            process.terminate()
            assert process.wait(30) == 0, process.stderr.read().decode()


def _wait_for(process, port) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    pytest.fail(f"nginx does not answer: {process.stderr.read().decode() if process.poll() else ''}")


@pytest.fixture
def served(web_site):
    with nginx(web_site) as client:
        yield client


@pytest.mark.rule("F9")
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_each_conditional_request_is_answered_as_http_asks_or_with_more(served, public, coding):
    public.put("rss.xml", "<rss/>" * 99, coded=True)
    whole = served.ask("/rss.xml", accept_encoding=coding)
    for row, status in TABLE:
        headers = request_headers(row, tag=whole["etag"], date=whole["last-modified"])
        for method in ("GET", "HEAD"):
            answer = served.ask("/rss.xml", method, accept_encoding=coding, **headers)
            assert (answer.status, row, method) == (DEPARTS.get(str(row), status), row, method)


@pytest.mark.rule("F16")
def test_coded_form_is_served_under_a_tag_of_its_own(served, public):
    words = public.put("rss.xml", "<rss>" + "words " * 500 + "</rss>", coded=True)
    plain, coded = (served.ask("/rss.xml", accept_encoding=coding) for coding in ("identity", "gzip"))
    assert (coded["content-encoding"], gzip.decompress(coded.body), plain.body) == ("gzip", words, words)
    assert plain["etag"] != coded["etag"]
    assert plain["vary"] == coded["vary"] == "Accept-Encoding"
    assert plain["content-type"] == coded["content-type"]


@pytest.mark.rule("F9")
def test_304_repeats_what_a_200_says(served, public):
    public.put("atom.xml", "<feed/>")
    whole = served.ask("/atom.xml")
    kept = served.ask("/atom.xml", If_None_Match=whole["etag"])
    names = ("etag", "last-modified", "cache-control", "vary")
    assert (kept.status, kept.body) == (304, b"")
    assert {name: kept[name] for name in names} == {name: whole[name] for name in names}


@pytest.mark.parametrize(
    "path",
    [
        "rss.xml",
        "tags/a/atom.xml",
        "feed.json",
        "archive/1/rss.xml",
        "feeds.opml",
        "sitemap.xml",
        "other.json",
        "a/index.html",
        "assets/style.css",
        "robots.txt",
        "media/a.png",
        "media/a.mp3",
        "media/a.svg",
        "a.unheard",
    ],
)
@pytest.mark.rule("T40")
def test_document_has_the_headers_that_serve_gives_it(served, client, public, path):
    public.put(path, "words")
    names = ("content-type", "x-content-type-options", "referrer-policy", "cache-control", "last-modified")
    names += ("content-length", "content-security-policy")
    ours, theirs = client.ask(f"/{path}"), served.ask(f"/{path}")
    assert {name: theirs[name] for name in names} == {name: ours[name] for name in names}
    assert (theirs["vary"], theirs.body) == ((ours["vary"] or "").removesuffix(", A-IM") or None, ours.body)


@pytest.mark.rule("F26")
def test_feed_names_itself(served, public):
    public.put("tags/a/rss.xml", "<rss/>")
    assert served.ask("/tags/a/rss.xml")["link"] == '<https://gazette.example/tags/a/rss.xml>; rel="self"'


@pytest.mark.rule("F15")
def test_moved_and_ended_feeds_are_told_apart(web_site, public):
    public.put("old/rss.xml.moved", "https://gazette.example/new/rss.xml\n")
    public.put("past/index.html.moved", "https://gazette.example/now/\n")
    public.put("ended/rss.xml", "<rss/>")
    public.put("ended/rss.xml.gone", "")
    public.put("ended/atom.xml.gone", "")
    (web_site.folder / "var" / "moved.map").write_text("".join(map_lines(list_moves(public.place))))
    with nginx(web_site) as served:
        moved = [served.ask(path) for path in ("/old/rss.xml", "/past/", "/past/index.html")]
        assert [answer.status for answer in moved] == [301, 301, 301]
        assert moved[0]["location"] == "https://gazette.example/new/rss.xml"
        assert {answer["location"] for answer in moved[1:]} == {"https://gazette.example/now/"}
        gone = [served.ask(f"/ended/{name}") for name in ("rss.xml", "atom.xml")]
        assert ([answer.status for answer in gone], gone[0].body) == ([410, 410], b"<rss/>")


def test_withdrawn_page_is_gone_with_its_own_words(served, public):
    public.put("ferry/index.html", "<p>Withdrawn on Monday</p>", coded=True)
    public.put("ferry/index.html.gone", "")
    answer = served.ask("/ferry/")
    assert (answer.status, answer.body) == (410, b"<p>Withdrawn on Monday</p>")
    assert answer["content-type"] == "text/html; charset=utf-8"


def test_folder_is_found_without_its_slash_and_without_naming_a_host(served, public):
    public.put("a/index.html", "<p>A</p>")
    answer = served.ask("/a", host="evil.example")
    assert (answer.status, answer["location"], served.ask("/a/").body) == (301, "/a/", b"<p>A</p>")


@pytest.mark.parametrize("path", ["/rss.xml.gone", "/rss.xml.gz", "/rss.xml.br", "/.x", "/a/.x/y", "/media/", "/none"])
def test_what_serve_hides_nginx_hides(served, client, public, path):
    public.put("404.html", "<p>Lost at sea</p>")
    public.put("rss.xml", "<rss/>", coded=True)
    for name in (".x", "a/.x/y", "media/a.png"):
        public.put(name, "x")
    ours, theirs = client.ask(path), served.ask(path)
    assert (ours.status, ours.body) == (theirs.status, theirs.body) == (404, b"<p>Lost at sea</p>")


def test_archive_of_somebody_is_served_though_its_name_ends_as_a_coded_form(served, public):
    public.put("media/songs.tar.gz", b"\x1f\x8b")
    assert served.ask("/media/songs.tar.gz").status == 200


def test_document_can_only_be_read(served, public):
    public.put("rss.xml", "<rss/>")
    answer = served.ask("/rss.xml", "POST")
    assert (answer.status, answer["allow"]) == (405, "GET, HEAD")


@pytest.mark.rule("F15")
def test_folder_that_is_not_there_is_a_passing_fault(served, public):
    public.place.rmdir()
    answer = served.ask("/rss.xml")
    assert (answer.status, answer["retry-after"], answer["cache-control"]) == (503, "120", "no-store")


@pytest.mark.rule("T81")
@pytest.mark.rule("T83")
def test_pages_of_readers_go_through_as_serve_answers_them(site):
    with reading(site) as reader:

        def conf(_site, port):
            return site_conf(site, port).replace("http://127.0.0.1:8000", reader.address.rstrip("/"))

        with nginx(site, conf) as served:
            dated = {"date", "server", "connection"}
            for path in ("/readers/", "/readers/leave/x"):
                ours, theirs = reader.ask(path), served.ask(path)
                assert (theirs.status, theirs.body) == (ours.status, ours.body)
                assert {k: v for k, v in theirs.headers.items() if k not in dated} == {
                    k: v for k, v in ours.headers.items() if k not in dated
                }
            form = b"newsletter=weekly&address=ann@x.example"
            length = {"Content_Type": FORM, "Content_Length": str(len(form))}
            assert served.ask("/readers/subscribe", "POST", body=form, **length).status == 200
            assert reader.mailed() == [("confirm", "ann@x.example")]
            assert served.ask("/rss.xml", "POST").status == served.ask("/x/readers/", "POST").status == 405


def test_private_feeds_go_through_as_serve_answers_them_and_browsers_are_bound_to_https_once(inside):
    with serving(inside) as client:

        def conf(site, port):
            told = site_conf(site, port).replace("http://127.0.0.1:8000", client.address.rstrip("/"))
            assert "#add_header Strict-Transport-Security" in told
            return told.replace("#add_header Strict-Transport-Security", "add_header Strict-Transport-Security")

        with nginx(inside, conf) as served:
            dated = {"date", "server", "connection"}
            for url in addresses(inside).values():
                ours, theirs = client.ask(path(url)), served.ask(path(url))
                assert (theirs.status, theirs.body) == (200, ours.body)
                assert {k: v for k, v in theirs.headers.items() if k not in dated} == {
                    k: v for k, v in ours.headers.items() if k not in dated
                }
                assert served.ask(path(url), if_none_match=ours["etag"]).status == 304
            for where in (path(url), f"{path(url)}x", "/private/", "/readers/", "/rss.xml", "/nothing"):
                assert served.ask(where)["strict-transport-security"] == "max-age=31536000", where


@pytest.mark.rule("T91")
def test_nginx_before_serve_changes_nothing_and_says_who_asks(web_site, public):
    public.put("rss.xml", "<rss/>" * 99, coded=True)
    web_site.configure('requests_per_minute = 4\ntrusted_proxies = ["127.0.0.1"]')
    snippet = re.search(r"```nginx\n(location / .+?)```", SERVING.read_text(), flags=re.DOTALL)[1]
    with web_site.serving() as client:

        def conf(_site, port):
            proxy = snippet.replace("http://127.0.0.1:8000", client.address.rstrip("/"))
            return f"server {{ listen 127.0.0.1:{port}; {proxy} }}"

        with nginx(web_site, conf) as served:
            ours, theirs = (one.ask("/rss.xml", accept_encoding="gzip") for one in (client, served))
            assert {**theirs.headers, "date": "", "server": ""} == {**ours.headers, "date": "", "server": "", **PROXIED}
            assert served.ask("/rss.xml", accept_encoding="gzip", if_none_match=ours["etag"]).status == 304
            stranger = Anew(served.address, "127.0.0.2")
            spoofed = [stranger.ask("/rss.xml", x_forwarded_for=f"192.0.2.{n}").status for n in range(5)]
            assert spoofed == [200, 200, 200, 200, 429]
            stranger.close()
