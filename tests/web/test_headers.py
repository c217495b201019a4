"""What an answer says of itself: its type, how long it holds, what it may do, where it announces itself.

Not here: validators (test_conditions), codings (test_codings).
"""

import http.client
from urllib.parse import urlsplit

import pytest

from tests.formats.givens import entry, written
from tests.web.conftest import NOON

PAGE = """<!DOCTYPE html><html><head>
<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src *">
</head><body></body></html>"""
HUBS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<atom:link rel="self" href="https://gazette.example/rss.xml?a=1&amp;b=2"/>
<atom:link rel="hub" href="https://one.example/"/><atom:link rel="hub" href="https://two.example/"/>
<item><atom:link rel="hub" href="https://not.example/"/></item></channel></rss>"""
JSON_HUBS = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "https://gazette.example/feed.json",
"hubs": [{"type": "WebSub", "url": "https://one.example/"}, 7], "items": []}"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("rss.xml", "application/rss+xml; charset=utf-8"),
        ("tags/a/atom.xml", "application/atom+xml; charset=utf-8"),
        ("feed.json", "application/feed+json; charset=utf-8"),
        ("archive/1/rss.xml", "application/rss+xml; charset=utf-8"),
        ("feeds.opml", "text/x-opml; charset=utf-8"),
        ("sitemap.xml", "application/xml; charset=utf-8"),
        ("other.json", "application/json; charset=utf-8"),
        ("a/index.html", "text/html; charset=utf-8"),
        ("assets/style.css", "text/css; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("media/a.png", "image/png"),
        ("media/a.webp", "image/webp"),
        ("media/a.mp3", "audio/mpeg"),
        ("media/a.svg", "image/svg+xml; charset=utf-8"),
        ("media/a.pdf", "application/pdf"),
        ("a.unheard", "application/octet-stream"),
        ("noending", "application/octet-stream"),
    ],
)
@pytest.mark.rule("T40")
def test_document_has_its_registered_type_and_no_browser_guesses_another(client, public, path, kind):
    public.put(path, "words")
    answer = client.ask(f"/{path}")
    assert (answer.status, answer["content-type"], answer["x-content-type-options"]) == (200, kind, "nosniff")


@pytest.mark.rule("T39")
def test_page_carries_its_own_policy_as_a_header_and_no_cookie(client, public):
    public.put("a/index.html", PAGE)
    answer = client.ask("/a/", cookie="a=b")
    assert answer["content-security-policy"] == "default-src 'none'; img-src *"
    assert (answer["set-cookie"], answer["referrer-policy"]) == (None, "strict-origin-when-cross-origin")


@pytest.mark.rule("T39")
@pytest.mark.parametrize("path", ["rss.xml", "feed.json", "media/a.svg", "none"])
def test_what_is_no_page_may_run_nothing(client, public, path):
    public.put(path, "<script>") if path != "none" else None
    assert client.ask(f"/{path}")["content-security-policy"].endswith("sandbox")


def test_own_page_of_somebody_is_served_without_a_policy_that_would_break_it(client, public):
    public.put("mine.html", "<script>1</script>")
    assert client.ask("/mine.html")["content-security-policy"] is None


@pytest.mark.rule("F15")
def test_poller_need_not_ask_again_for_as_long_as_the_config_says(web_site, public):
    web_site.configure("max_age_seconds = 900")
    public.put("rss.xml", "<rss/>")
    with web_site.serving() as client:
        assert client.ask("/rss.xml")["cache-control"] == "max-age=900"


def test_media_hold_for_good_since_their_name_is_their_content(client, public):
    name = "media/" + "0f" * 32 + ".png"
    public.put(name, b"x")
    answer = client.ask(f"/{name}")
    assert answer["cache-control"] == "max-age=31536000, immutable"
    assert answer["etag"] == '"' + "0f" * 16 + '"'


@pytest.mark.rule("F26")
def test_link_header_names_hubs_and_self_as_the_document_does(client, public):
    public.put("rss.xml", HUBS)
    public.put("feed.json", JSON_HUBS)
    own = '<https://gazette.example/rss.xml?a=1&b=2>; rel="self"'
    hubs = '<https://one.example/>; rel="hub", <https://two.example/>; rel="hub"'
    assert client.ask("/rss.xml")["link"] == f"{own}, {hubs}"
    own = '<https://gazette.example/feed.json>; rel="self"'
    assert client.ask("/feed.json")["link"] == f'{own}, <https://one.example/>; rel="hub"'


@pytest.mark.rule("F26")
@pytest.mark.parametrize(("name", "path"), [("rss", "rss.xml"), ("atom", "atom.xml"), ("json", "feed.json")])
def test_each_format_that_is_printed_names_itself(client, public, name, path):
    public.put(path, written(name, entry(1)))
    assert client.ask(f"/{path}")["link"].startswith(f'<https://harbour.example/{path}>; rel="self"')


@pytest.mark.parametrize("address", ["https://a.example/&#10;X: y", "https://a.example/&gt;; rel=x", "/rss.xml", "ü"])
def test_address_that_would_spoil_the_header_is_left_out(client, public, address):
    public.put("rss.xml", HUBS.replace("https://one.example/", address))
    answer = client.ask("/rss.xml")
    assert (answer.status, answer["x"], answer["link"].count("hub")) == (200, None, 1)


def test_feed_that_cannot_be_read_is_served_as_it_is(client, public):
    public.put("rss.xml", "<rss")
    public.put("feed.json", '{"a"')
    assert [client.ask(f"/{path}").status for path in ("rss.xml", "feed.json")] == [200, 200]


def test_part_of_a_sound_can_be_asked_for(client, public):
    public.put("media/a.mp3", bytes(range(200)))
    whole = client.ask("/media/a.mp3")
    part = client.ask("/media/a.mp3", range="bytes=10-19", if_range=whole["etag"])
    assert (part.status, part.body, part["content-range"]) == (206, bytes(range(10, 20)), "bytes 10-19/200")
    changed = client.ask("/media/a.mp3", range="bytes=10-19", if_range='"other"')
    assert (changed.status, changed.body) == (200, whole.body)
    assert client.ask("/media/a.mp3", range="bytes=900-").status == 416


def test_large_file_is_sent_from_the_disk_with_the_hash_of_its_bytes(client, public):
    data = public.put("large.txt", b"x" * 5_000_000)
    first = client.ask("/large.txt")
    assert (first.body == data, first["content-length"]) == (True, "5000000")
    assert client.ask("/large.txt", if_none_match=first["etag"]).status == 304
    public.put("large.txt", b"y" * 5_000_000, at=NOON)
    assert client.ask("/large.txt", if_none_match=first["etag"]).status == 200


def test_file_that_may_not_be_read_or_is_none_is_not_here(client, public):
    (public.place / "folder.txt").mkdir()
    assert client.ask("/folder.txt").status == 404


def test_garbage_on_the_line_costs_only_its_own_connection(client, public):
    public.put("rss.xml", "<rss/>")
    wire = http.client.HTTPConnection(urlsplit(client.address).netloc, timeout=30)
    wire.connect()
    wire.sock.sendall(b"\x16\x03\x01 not http\r\n\r\n")
    assert b"400" in wire.sock.recv(100)
    wire.close()
    assert client.ask("/rss.xml").status == 200


def test_sound_can_be_asked_about_and_held(client, public):
    public.put("media/a.mp3", bytes(200))
    whole, asked = client.ask("/media/a.mp3"), client.ask("/media/a.mp3", "HEAD")
    assert (asked.status, asked.body, asked["content-length"], asked["etag"]) == (200, b"", "200", whole["etag"])
    assert client.ask("/media/a.mp3", if_none_match=whole["etag"]).status == 304
