"""Checking one feed: from a file, and from a real server over HTTP, in process and by the command line.

Not here: the rules (tests/formats/check), the guard (tests/outgoing).
"""

import gzip

import pytest

from feeds.errors import RequestFailed
from feeds.formats import FORMATS
from feeds.jobs.check_feed import check_feed
from feeds.outgoing import ANYWHERE, Client
from tests.formats.check.given_documents import FIRST, HUB, sound
from tests.formats.givens import SITE
from tests.jobs.feed_server import served
from tests.site_fixtures import pressrun


def check(place):
    return check_feed(str(place), Client(allowed=ANYWHERE).fetch)


def rules(report):
    return {one.rule for one in report.findings}


@pytest.fixture
def server(tmp_path):
    """Serve our own feeds from where they say that they are."""
    with served(tmp_path) as one:
        for name, format in FORMATS.items():
            (tmp_path / format.filename).write_bytes(sound(name).replace(SITE.encode(), one.url.encode()))
        yield one


def linked(server, name):
    return {"link": f'<{HUB}>; rel="hub", <{server.url}{FORMATS[name].filename}>; rel="self"'}


@pytest.mark.parametrize("name", FORMATS)
def test_our_own_feed_served_well_has_no_fault(server, name):
    server.headers = linked(server, name)
    report = check(server.url + FORMATS[name].filename)
    assert (report.findings, report.entries) == ((), 2)


def test_server_is_asked_again_by_each_validator_and_without_gzip(server):
    check(server.url + "rss.xml")
    assert server.asked == [("GET", "/rss.xml")] * 4


@pytest.mark.parametrize(("headers", "found"), [
    ({"etag": ""}, {"F9"}), ({"last-modified": ""}, set()), ({"etag": "", "last-modified": ""}, {"F9"}),
    ({"etag": '"changes-not"'}, {"F9", "F16"}), ({"vary": ""}, {"F16"}),
    ({"content-type": "text/html"}, {"F22", "T50"}),
    ({"set-cookie": "a=b"}, {"F10"}), ({"cache-control": "no-cache"}, {"F15"}),
])  # fmt: skip
def test_fault_of_a_server_is_found(server, headers, found):
    server.headers = linked(server, "rss") | headers
    assert rules(check(server.url + "rss.xml")) == found


@pytest.mark.rule("F5")
def test_feed_at_another_address_than_it_says_is_found(server, tmp_path):
    (tmp_path / "old.xml").write_bytes((tmp_path / "rss.xml").read_bytes())
    server.headers = linked(server, "rss") | {"content-type": "application/rss+xml"}
    assert rules(check(server.url + "old.xml")) == {"F5"}


def test_what_is_not_there_is_an_error_and_no_finding(server, tmp_path):
    for place in (f"{server.url}none.xml", tmp_path / "none.xml", tmp_path, "", "ftp://a.example/", "\0"):
        with pytest.raises(RequestFailed):
            check(place)


@pytest.mark.parametrize("name", FORMATS)
def test_file_is_judged_and_a_compressed_one_too(tmp_path, name):
    (tmp_path / "plain").write_bytes(sound(name))
    (tmp_path / "packed").write_bytes(gzip.compress(sound(name)))
    assert [check(tmp_path / file).findings for file in ("plain", "packed")] == [(), ()]


@pytest.mark.rule("T49")
@pytest.mark.parametrize(
    "bomb", [gzip.compress(b" " * 30_000_000), gzip.compress(b"x", mtime=0)[:-4], b"\x1f\x8bnothing"]
)
def test_compressed_file_that_is_a_bomb_or_broken_is_a_finding(tmp_path, bomb):
    (tmp_path / "bomb.gz").write_bytes(bomb)
    assert rules(check(tmp_path / "bomb.gz")) == {"T49"}


@pytest.mark.rule("T49")
def test_compression_bomb_over_http_is_a_finding(server, tmp_path):
    (tmp_path / "bomb.xml").write_bytes(b" " * 30_000_000)
    assert rules(check(server.url + "bomb.xml")) == {"T49"}


def test_command_tells_line_rule_why_and_remedy(tmp_path):
    file = tmp_path / "feed.xml"
    data = sound("rss").replace(b"<language>en-GB</language>", b"").replace(b'length="1234"', b"")
    line = data[: data.index(b"<enclosure")].count(b"\n") + 1
    file.write_bytes(data)
    ended = pressrun("check", str(file))
    assert ended.code == 1
    assert ended.out.startswith(f"{file}: RSS 2.0, 2 entries: 1 error, 1 warning\n")
    assert f"{file}:{line}: error F8: {FIRST}: an enclosure does not say its length\n" in ended.out
    assert ended.out.count("    why: ") == ended.out.count("    remedy: ") == 2


@pytest.mark.parametrize(("old", "code"), [(b"nothing", 0), (b"<language>en-GB</language>", 0), (b"</channel>", 1)])
def test_command_ends_with_1_for_errors_alone(tmp_path, old, code):
    (tmp_path / "feed.xml").write_bytes(sound("rss").replace(old, b""))
    assert pressrun("check", str(tmp_path / "feed.xml")).code == code


def test_command_ends_with_2_where_nothing_can_be_read(tmp_path):
    ended = pressrun("check", str(tmp_path / "none.xml"))
    assert (ended.code, ended.err) == (
        2,
        f"pressrun: {tmp_path}/none.xml: it cannot be read: No such file or directory\n",
    )


def test_command_tells_machines(tmp_path):
    (tmp_path / "feed.json").write_bytes(sound("json").replace(b'"language": "en-GB",', b""))
    told = pressrun("check", str(tmp_path / "feed.json"), "--json").json
    assert {"kind": told["kind"], "entries": told["entries"]} == {"kind": "JSON Feed", "entries": 2}
    assert told["findings"][0].keys() == {"line", "severity", "rule", "where", "what", "why", "remedy"}


def test_stranger_steers_no_terminal(tmp_path):
    (tmp_path / "feed.xml").write_bytes(sound("rss").replace(b"Sat, 02 Mar", "\x9b31mred\u202e".encode()))
    assert {"\x9b", "\u202e"} & set(pressrun("check", str(tmp_path / "feed.xml")).out) == set()
