"""Documents of strangers that cannot be read, or are made to harm: each is a finding, soon, and never an exception.

Not here: bombs of compression (tests/outgoing), faults of documents that can be read (test_planted_faults).
"""

import codecs
import json
import random
import socket

import pytest

from feeds.formats import FORMATS
from feeds.formats.check import Kind, Severity, check_document, judge
from tests.formats.check.given_documents import sound

RSS = '<rss version="2.0"><channel><title>{}</title></channel></rss>'
XHTML = "http://www.w3.org/1999/xhtml"


def rules(data):
    return {one.rule for one in judge(data).findings}


def only(data):
    judged = judge(data)
    assert judged.kind is None
    (finding,) = judged.findings
    return finding


def spoken(data):
    return " ".join(one.what for one in judge(data).findings)


@pytest.mark.rule("T44")
def test_external_entity_is_refused_unread():
    data = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
    assert only(data).rule == "T48"
    assert "root:" not in spoken(data)


@pytest.mark.rule("T45")
def test_external_parameter_entity_opens_no_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        place = f"http://127.0.0.1:{server.getsockname()[1]}/"
        for declared in (f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{place}"> %p;]>', f'<!DOCTYPE rss SYSTEM "{place}">'):
            assert only(f"{declared}<rss/>".encode()).rule == "T48"
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.rule("T46")
def test_entity_bombs_are_refused_before_they_grow():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughter = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]>' + RSS.format("&l9;")
    quadratic = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>' + RSS.format("&a;" * 50_000)
    assert [only(data.encode()).rule for data in (laughter, quadratic)] == ["T48", "T48"]


@pytest.mark.rule("T47")
@pytest.mark.parametrize("data", [
    "<rss><channel>" + "<a>" * 5_000, RSS.format("<a>" * 5_000 + "</a>" * 5_000),
    '{"items": ' + "[" * 200_000, '{"items": ' + '{"a":' * 100_000,
])  # fmt: skip
def test_absurd_depth_is_a_finding(data):
    assert only(data.encode()).rule == "T47"


@pytest.mark.rule("T47", "F11")
def test_document_beyond_what_readers_read_is_a_finding():
    assert only(RSS.format("x" * 12_000_000).encode()).rule == "F11"


@pytest.mark.rule("T48")
@pytest.mark.parametrize("before", ["", "<?xml version='1.0'?>\n<!-- <!DOCTYPE no> -->\n<?pi?>", "\n \n"])
@pytest.mark.parametrize("kind", [
    "<!DOCTYPE rss>", "<!doctype rss>", "<!DOCTYPE rss [<!ELEMENT a ANY>]>",
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">',
])  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_type_is_refused(before, kind, encoding):
    assert "T48" in rules((before + kind + "<rss/>").encode(encoding))


@pytest.mark.rule("T50")
@pytest.mark.parametrize(("encoding", "declared", "rule"), [
    ("utf-16", "utf-16", "F1"), ("utf-16-le", "utf-16", "F1"), ("utf-16-be", "utf-16", "F1"),
    ("utf-32", "utf-32", "F1"),
    ("utf-8-sig", "utf-8", "F1"), ("iso-8859-1", "iso-8859-1", "F1"), ("windows-1252", "windows-1252", "F1"),
    ("shift_jis", "shift_jis", "F1"), ("utf-16", "iso-8859-1", "T50"), ("utf-8-sig", "iso-8859-1", "T50"),
    ("utf-8", "utf-16", "T50"), ("iso-8859-1", "utf-8", "F1"), ("utf-8", "utf-7", "T50"), ("utf-8", "rot13", "T50"),
    ("utf-8", "unicode-escape", "T50"), ("utf-8", "hex", "T50"), ("utf-8", "x-unknown", "T50"),
])  # fmt: skip
def test_text_is_decoded_as_declared_or_the_disagreement_is_named(encoding, declared, rule):
    text = f'<?xml version="1.0" encoding="{declared}"?>' + RSS.format("cafe" if "jis" in encoding else "café")
    assert rule in rules(text.encode(encoding))


@pytest.mark.rule("T50")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_text_of_another_encoding_is_not_garbled(encoding):
    declared = encoding.removesuffix("-sig").removesuffix("-be")
    data = f'<?xml version="1.0" encoding="{declared}"?>{RSS.format("café")}'.encode(encoding)
    assert judge(data).document.feed.title.value == "café"


def test_byte_that_is_no_utf8_is_named_with_its_line():
    (finding,) = (one for one in judge(RSS.format("\n\ncaf\xe9").encode("latin-1")).findings if one.rule == "F1")
    assert (finding.line, finding.what) == (3, "the byte 0xe9 there is no UTF-8")


@pytest.mark.parametrize("data", [
    b"", b" \n", b"<rss>", b"<a/>", b"{}", b"[]", b'{"items": 1}', b'{"items": [NaN]}', b"{" * 9999, b"feed", b"<",
    b"\x1f\x8b\x08", b"%PDF-1.7", b"<rss version='2.0'", b"<!--", b"<?xml", b"<!DOCTYPE", b"\0\0\0\0", b"<?xml?>",
    codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, b"\xff" * 99, b"{" + b'"a":1,' * 99,
    b'{"items":[[[[[]]]]]}', b"{",
])  # fmt: skip
@pytest.mark.parametrize("name", FORMATS)
def test_what_is_no_feed_is_a_finding(name, data):
    assert check_document(name, data)
    assert judge(data).errors


@pytest.mark.parametrize(("data", "said"), [
    (b"<opml version='2.0'><body/></opml>", "an OPML list"),
    (b"<entry xmlns='http://www.w3.org/2005/Atom'/>", "an Atom entry by itself"),
    (b"<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>", "Atom 0.3"),
    (b"<html><body><p>Hello</body></html>", "a web page"),
    (b"<!DOCTYPE html><html><p>Hello</html>", "a web page"),
    (f"<html xmlns='{XHTML}'><body/></html>".encode(), "a web page"),
])  # fmt: skip
def test_other_documents_are_named_for_what_they_are(data, said):
    assert said in only(data).what


@pytest.mark.rule("F27")
def test_web_page_is_answered_with_the_feeds_that_it_names():
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    assert only(f"<!DOCTYPE html><html><head>{link}</head></html>".encode()).remedy == "it names these feeds: /rss.xml"


@pytest.mark.parametrize(("version", "kind"), [("0.91", Kind.RSS_0), ("0.92", Kind.RSS_0), ("2.0", Kind.RSS)])
def test_older_rss_is_named_and_judged(version, kind):
    judged = judge(f'<rss version="{version}"><channel><title>T</title><item/></channel></rss>'.encode())
    assert (judged.kind, judged.entries) == (kind, 1)


def test_rss_1_is_named_and_judged():
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    item = '<item rdf:about="https://a.example/1"><title>One</title><link>/1</link></item>'
    channel = "<channel><title>T</title><link>https://a.example/</link><description>D</description></channel>"
    judged = judge(
        f'<r:RDF xmlns:r="{rdf}" xmlns:rdf="{rdf}" xmlns="http://purl.org/rss/1.0/">{channel}{item}</r:RDF>'.encode()
    )
    assert (judged.kind, judged.entries) == (Kind.RSS_1, 1)
    assert {one.rule for one in judged.findings if one.where == "https://a.example/1"} == {"F4", "F23"}


def test_document_in_another_format_than_it_should_be_is_found():
    assert check_document("rss", sound("atom")) == ["the feed: it is Atom, not RSS 2.0"]


@pytest.mark.parametrize("name", FORMATS)
def test_documents_spoilt_at_random_are_judged_without_an_exception(name):
    data, chance = sound(name), random.Random(name)
    for _ in range(150):
        spoilt = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at, size = chance.randrange(len(spoilt)), chance.choice((0, 1, 1, 2, 30))
            spoilt[at : at + size] = chance.choice(
                (b"", b"<", b"\0", b"\xff", b"&", b'"', b"[", b"null", chance.randbytes(3))
            )
        assert "cannot be judged whole" not in spoken(bytes(spoilt))


JUNK = [None, 0, -1, 1.5, True, "", " ", "\ud800", "x" * 5_000, [], [[]], {}, {"a": None}, [None], ["x"], [{}], 10**30]


@pytest.mark.parametrize("junk", JUNK, ids=lambda value: repr(value)[:20])
def test_json_with_any_value_anywhere_is_judged_without_an_exception(junk):
    feed = json.loads(sound("json"))
    for key in feed:
        assert "cannot be judged" not in spoken(json.dumps(feed | {key: junk}).encode())
    for key in feed["items"][0]:
        items = [feed["items"][0] | {key: junk}, junk]
        assert "cannot be judged" not in spoken(json.dumps(feed | {"items": items}).encode())


@pytest.mark.parametrize(
    "piece", ["<a ", "<a b='", "<!--", "</a ", "&", "<![CDATA[", "<script>", "<a/", "\"'", "<a b= "]
)
def test_broken_html_costs_time_in_proportion_to_its_length(piece):
    many = piece * (300_000 // len(piece))
    escaped = many.replace("&", "&amp;").replace("<", "&lt;")
    item = f"<item><title>T</title><description>{escaped}</description></item>"
    # A parser whose time grows with the square of the length would need a quarter of an hour.
    assert judge(RSS.replace("</channel>", f"{item}</channel>").encode()).entries == 1


@pytest.mark.rule("F4")
@pytest.mark.parametrize("date", [
    "Sat, 02 Mar 2024 12:00:00 GMT", "2 Mar 2024 12:00 UT", "Sat, 02 Mar 2024 07:00:00 EST",
    "Sat, 02 Mar 2024 12:00:00 -0000", "Sat, 02 Mar 2024 23:59:59 +1400",
])  # fmt: skip
def test_every_date_of_the_standard_is_read(date):
    assert judge(sound("rss").replace(b"Sat, 02 Mar 2024 12:00:00 +0000", date.encode())).findings == ()


def test_xhtml_that_is_clean_has_no_fault():
    div = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It <em>waits</em>.</p></div></content>'
    data = sound("atom")
    start, end = data.index(b"<content"), data.index(b"</content>") + len(b"</content>")
    assert judge(data[:start] + div.encode() + data[end:]).findings == ()


def test_errors_are_told_from_warnings():
    judged = judge(sound("rss").replace(b"<language>en-GB</language>", b""))
    assert [one.severity for one in judged.findings] == [Severity.WARNING]
    assert judged.errors == ()
