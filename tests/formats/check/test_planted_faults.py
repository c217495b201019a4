"""Faults planted in sound documents, one at a time: each is found by its rule. And nothing is found in sound ones.

Not here: documents that cannot be read at all (test_hostile_documents).
"""

import pytest

from feeds.formats import FORMATS
from feeds.formats.check import judge
from tests.formats.check.given_documents import FIRST, GONE, HUB, SECOND, address, archive, sound
from tests.formats.givens import SITE, varied, written

NS_DIV = '<content type="xhtml"><p xmlns="http://www.w3.org/1999/xhtml">It waits.</p></content>'
XHTML = '<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml">{}</x:div>'
XHTML_SCRIPT, XHTML_LINK = XHTML.format("<x:script>x()</x:script>"), XHTML.format('<x:a href="/2">2</x:a>')
BODY = "&lt;p&gt;It &lt;em&gt;waits&lt;/em&gt; for the tide.&lt;/p&gt;"
HTML = "<p>It <em>waits</em> for the tide.</p>"
RSS_DATE, LATER_RSS_DATE = "Sat, 02 Mar 2024 12:00:00 +0000", "Fri, 01 Mar 2024 12:00:00 +0000"
ISO_DATE = "2024-03-02T12:00:00+00:00"
ATOM_LINK = f'<link href="{SITE}1/" rel="alternate" type="text/html"/>'
FEED_AUTHOR = "<author>\n    <name>The Harbour desk</name>\n  </author>"

# rule, format, what stands in the sound document, and what is put in its place
PLANTED = [
    ("F1", "rss", "<title>Listen", "<title>Lis\x08ten"),
    ("F1", "rss", "<title>Listen", "<title>Lis&#8;ten"),
    ("F1", "rss", "<title>Listen", "<title>Fish & chips"),
    ("F1", "rss", "<title>Listen", "<title>caf&eacute;"),
    ("F1", "rss", "</channel>", ""),
    ("F1", "rss", "encoding='UTF-8'", "encoding='ISO-8859-1'"),
    ("F1", "atom", "<?xml", "\n<?xml"),
    ("F1", "atom", "<?xml", "\ufeff<?xml"),
    ("F1", "atom", "<title>Listen", "<title>Lis\ufffften"),
    ("F1", "json", '"title": "Listen"', '"title": "Lis\\u0008ten"'),
    ("F1", "json", '"title": "Listen"', '"title": "Lis\\ud800ten"'),
    ("F1", "json", '"title": "Listen"', '"title": "Listen", "title": "Again"'),
    ("F1", "json", '"size_in_bytes": 1234', '"size_in_bytes": NaN'),
    ("F1", "json", '"version"', "// a comment\n\"version\""),
    ("F2", "rss", SECOND, FIRST),
    ("F2", "atom", SECOND, FIRST),
    ("F2", "json", SECOND, FIRST),
    ("F3", "rss", f'<guid isPermaLink="false">{FIRST}</guid>', ""),
    ("F3", "rss", ' isPermaLink="false"', ""),
    ("F3", "rss", 'isPermaLink="false"', 'isPermaLink="no"'),
    ("F3", "atom", f"<id>{FIRST}</id>", "<id></id>"),
    ("F3", "atom", f"<id>{FIRST}</id>", "<id>article-17</id>"),
    ("F3", "atom", f"<id>{FIRST}</id>", f"<id>\n{FIRST}\n</id>"),
    ("F3", "json", f'"id": "{FIRST}"', '"id": 17'),
    ("F3", "json", f'"id": "{FIRST}"', '"id": "17"'),
    ("F4", "rss", RSS_DATE, "Sat, 02 Mar 2024 12:00:00.5 +0000"),
    ("F4", "rss", RSS_DATE, "Mon, 02 Mar 2024 12:00:00 +0000"),
    ("F4", "rss", RSS_DATE, "Sat, 32 Mar 2024 12:00:00 +0000"),
    ("F4", "rss", RSS_DATE, ISO_DATE),
    ("F4", "rss", RSS_DATE, "Sa, 02 März 2024 12:00:00 +0000"),
    ("F4", "rss", RSS_DATE, "02 Mar 24 12:00:00 +0000"),
    ("F4", "rss", f"<pubDate>{RSS_DATE}</pubDate>", ""),
    ("F4", "rss", RSS_DATE, "Fri, 02 Mar 2204 12:00:00 +0000"),
    ("F4", "atom", f"<published>{ISO_DATE}", "<published>2024-03-02"),
    ("F4", "atom", f"<published>{ISO_DATE}", "<published>2024-03-02 12:00:00"),
    ("F4", "atom", f"<published>{ISO_DATE}", "<published>2024-03-03T12:00:00+00:00"),
    ("F4", "json", f'"date_published": "{ISO_DATE}"', '"date_published": "yesterday"'),
    ("F4", "json", f'"date_published": "{ISO_DATE}", ', ""),
    ("F4", "json", f'{ISO_DATE}", "date_modified": "{ISO_DATE}"', '9999-12-31T23:59:59Z"'),
    ("F5", "rss", 'rel="self"', 'rel="related"'),
    ("F5", "rss", f'href="{SITE}rss.xml" rel="self"', 'href="/rss.xml" rel="self"'),
    ("F5", "rss", f'href="{SITE}rss.xml" rel="self"', 'href="http://harbour.example/rss.xml" rel="self"'),
    ("F5", "rss", f"<link>{SITE}</link>", f"<link>{SITE}rss.xml</link>"),
    ("F5", "atom", 'rel="self"', 'rel="related"'),
    ("F5", "atom", 'rel="hub"', 'rel="self"'),
    ("F5", "json", f'"feed_url": "{SITE}feed.json",', ""),
    ("F6", "rss", "<dc:creator>Bo Ek</dc:creator>", "<author>Bo Ek</author>"),
    ("F6", "rss", "<dc:creator>Bo Ek", "<author>bo@harbour.example (Bo Ek)</author><dc:creator>Bo Ek"),
    ("F6", "rss", "<docs>", "<managingEditor>Bo Ek</managingEditor><docs>"),
    ("F7", "atom", f'<content type="html">{BODY}', f"<content>{BODY}"),
    ("F7", "atom", f'<content type="html">{BODY}', f'<content type="CDATA">{BODY}'),
    ("F7", "atom", f'<content type="html">{BODY}', f'<content type="html">{HTML}'),
    ("F7", "atom", f'<content type="html">{BODY}</content>', NS_DIV),
    ("F7", "atom", ATOM_LINK, ATOM_LINK * 2),
    ("F7", "atom", "<name>Bo Ek</name>", ""),
    ("F8", "rss", 'length="1234"', 'length="None"'),
    ("F8", "rss", 'length="1234"', ""),
    ("F8", "rss", 'length="1234"', 'length="0"'),
    ("F8", "rss", 'type="audio/mpeg"', 'type="mp3"'),
    ("F8", "rss", "<enclosure", '<enclosure url="https://a.example/" length="1" type="a/b"/><enclosure'),
    ("F8", "atom", f'href="{SITE}media/a.mp3"', 'href="media/a.mp3"'),
    ("F8", "atom", 'length="1234"', 'length="1.2 kB"'),
    ("F8", "json", '"size_in_bytes": 1234', '"size_in_bytes": "1234"'),
    ("F8", "json", ', "size_in_bytes": 1234', ""),
    ("F8", "json", '"mime_type": "audio/mpeg", ', ""),
    ("F11", "rss", "</rss>", "</rss>" + " " * 1_000_000),
    ("F14", "rss", f"<pubDate>{RSS_DATE}", "<pubDate>Sat, 02 Mar 2019 12:00:00 +0000"),
    ("F14", "json", f'{ISO_DATE}", "date_modified": "{ISO_DATE}"', '2019-03-02T12:00:00Z"'),
    ("F18", "rss", "<title>Listen", "<title>&lt;b&gt;Listen&lt;/b&gt;"),
    ("F18", "rss", "<title>Listen", "<title>Listen &amp;#8211; now"),
    ("F18", "rss", "<description>It waits for the tide.</description>", ""),
    ("F18", "rss", f"<content:encoded>{BODY}", f"<content:encoded>{HTML}"),
    ("F18", "rss", "<description>It", "<description><b>It</b>"),
    ("F19", "atom", f'<content type="html">{BODY}', XHTML_SCRIPT),
    ("F19", "atom", f'<content type="html">{BODY}', XHTML_LINK),
    ("F19", "atom", f'<content type="html">{BODY}</content>', '<content src="a.mp3" type="audio/mpeg"/>'),
    ("F19", "rss", BODY, "&lt;script&gt;x()&lt;/script&gt;"),
    ("F19", "rss", BODY, '&lt;a href="../tide/"&gt;'),
    ("F19", "rss", f'<media:content url="{SITE}media/c.png"', '<media:content url="c.png"'),
    ("F19", "atom", BODY, '&lt;img src="//evil.example/x.png"&gt;'),
    ("F19", "atom", BODY, "&lt;p onclick='x()'&gt;"),
    ("F19", "atom", BODY, "&lt;a href='jAvA&#9;script:x()'&gt;"),
    ("F19", "json", HTML, "<iframe src='https://a.example/'></iframe>"),
    ("F19", "json", HTML, "<p style='position:fixed'>"),
    ("F19", "json", HTML, "<p style='color:red'>"),
    ("F19", "json", HTML, "<form></form>"),
    ("F19", "json", HTML, "<img srcset='https://a.example/1.png 1x, 2.png 2x'>"),
    ("F20", "atom", "<updated>2024-03-02T09:00:00+00:00", f"<updated>{ISO_DATE}"),
    ("F21", "rss", "<language>en-GB</language>", ""),
    ("F21", "rss", "<language>en-GB", "<language>en_GB"),
    ("F21", "atom", ' xml:lang="en-GB"', ""),
    ("F21", "atom", "<title>Listen", '<title dir="ltr">Listen'),
    ("F21", "json", '"language": "en-GB"', '"language": "English, of course"'),
    ("F23", "rss", f"<link>{SITE}1/", f"<link>{SITE}1/?utm_source=rss&amp;utm_medium=feed"),
    ("F23", "rss", f"<link>{SITE}1/", "<link>/1/"),
    ("F23", "json", f'"url": "{SITE}1/"', f'"url": "{SITE}1/?fbclid=abc"'),
    ("F23", "json", f'"url": "{SITE}1/", ', ""),
    ("F24", "rss", f"{SITE}archive/1/rss.xml", f"{SITE}rss.xml"),
    ("F24", "atom", f"{SITE}archive/1/atom.xml", "archive/1/atom.xml"),
    ("F24", "atom", "<entry>", '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/><entry>'),
    ("F24", "atom", 'rel="hub"', 'rel="prev-archive"'),
    ("F24", "json", f"{SITE}archive/1/feed.json", f"{SITE}feed.json"),
    ("F25", "atom", f'ref="{GONE}"', f'ref="{FIRST}"'),
    ("F25", "atom", f'ref="{GONE}"', 'ref="17"'),
    ("F25", "atom", f'ref="{GONE}" when="{ISO_DATE}"', f'ref="{GONE}" when="today"'),
    ("F26", "rss", f'href="{HUB}"', 'href="hub.example"'),
    ("F26", "atom", 'rel="self"', 'rel="related"'),
    ("F26", "json", f'"url": "{HUB}"', '"uri": "hub"'),
    ("F28", "rss", "<rss", "<?xml-stylesheet href='feed.xsl' type='text/xsl'?>\n<rss"),
    ("F28", "atom", f'<link href="{SITE}" rel="alternate" type="text/html"/>', ""),
    ("F28", "json", f'"home_page_url": "{SITE}",', ""),
    ("F29", "rss", "<title>Harbour &amp; Shore</title>", ""),
    ("F29", "rss", f"<link>{SITE}</link>", ""),
    ("F29", "rss", "<description>News from the waterfront</description>", ""),
    ("F29", "rss", ' version="2.0"', ""),
    ("F29", "rss", "<pubDate>", "<pubdate/><pubDate>"),
    ("F29", "rss", "<title>Listen</title>", "<title>Listen</title><title>Listen</title>"),
    ("F29", "rss", f"<url>{SITE}icon.png</url>", ""),
    ("F29", "rss", "<item>", '<item><itunes:explicit>yes</itunes:explicit>'),
    ("F29", "rss", "</channel>", "</channel><item><title>Outside</title></item>"),
    ("F29", "rss", "</channel>", "</channel><channel/>"),
    ("F29", "rss", "<category", "<category> </category><category"),
    ("F29", "rss", "<docs>", "<ttl>an hour</ttl><docs>"),
    ("F29", "rss", "<docs>", "<ttl/><docs>"),
    ("F29", "rss", "<docs>", "<skipHours><hour>24</hour></skipHours><docs>"),
    ("F29", "rss", "<docs>", "<skipHours>7</skipHours><docs>"),
    ("F29", "rss", "<docs>", "<skipDays><day>monday</day></skipDays><docs>"),
    ("F29", "atom", "<title>Listen</title>", ""),
    ("F29", "atom", '<content type="html">', f'<content type="audio/mpeg" src="{SITE}media/a.mp3">'),
    ("F29", "atom", f'<content type="html">{BODY}</content>', f'<content src="{SITE}a.html" type="html"/>'),
    ("F29", "atom", "<category term", "<category/><category term"),
    ("F29", "atom", "<category term", '<category term=""/><category term'),
    ("F29", "atom", "<updated>2024-03-11T12:00:00+00:00</updated>", ""),
    ("F29", "atom", f"<updated>{ISO_DATE}</updated>", f"<updated>{ISO_DATE}</updated>" * 2),
    ("F29", "atom", "<published>", "<issued>2024-03-02T12:00:00Z</issued><published>"),
    ("F29", "atom", ATOM_LINK, '<link rel="alternate" type="text/html"/>'),
    ("F29", "json", '"version": "https://jsonfeed.org/version/1.1"', '"version": "1.1"'),
    ("F29", "json", '"title": "Harbour & Shore",', ""),
    ("F29", "json", '"content_html"', '"content_htm"'),
    ("F29", "json", '"tags": ["C"]', '"tags": "C"'),
    ("F29", "json", '"tags": ["C"]', '"tags": [1]'),
    ("F29", "json", '"tags": ["C"]', '"tags": [" "]'),
    ("F29", "json", '"items": [', '"items": ["first",'),
    ("F29", "json", '"authors": [{"name": "The Harbour desk"}]', '"author": {"name": "The Harbour desk"}'),
    ("T47", "atom", BODY, "<a>" * 300 + "</a>" * 300),
    ("T48", "rss", "<rss", "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>\n<rss"),
    ("T50", "rss", "encoding='UTF-8'", "encoding='UTF-16'"),
    ("T50", "rss", "encoding='UTF-8'", "encoding='UTF-7'"),
]  # fmt: skip


def found(name, data):
    return judge(data, addresses=(address(name),)).findings


@pytest.mark.rule("F28", "F29")
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("document", [sound, lambda name: written(name, *varied()), written])
def test_nothing_is_found_in_our_own_documents(name, document):
    assert found(name, document(name)) == ()


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_found_in_our_own_archives(name):
    judged = judge(archive(name), addresses=(f"{SITE}archive/1/{FORMATS[name].filename}",))
    assert (judged.findings, judged.entries) == ((), 2)


@pytest.mark.rule("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F11", "F14", "F18", "F19")
@pytest.mark.rule("F20", "F21", "F23", "F24", "F25", "F26", "F28", "F29", "T47", "T48", "T50")
@pytest.mark.parametrize(("rule", "name", "old", "new"), PLANTED)
def test_planted_fault_is_found_by_its_rule(rule, name, old, new):
    data = sound(name)
    assert old.encode() in data
    spoilt = data.replace(old.encode(), new.encode(), 1)
    assert rule in {one.rule for one in found(name, spoilt)}


def test_at_least_120_different_faults_are_planted():
    assert len({(name, old, new) for _, name, old, new in PLANTED}) >= 120


@pytest.mark.rule("F19")
def test_what_stands_behind_a_script_in_xhtml_is_read_too():
    both = XHTML.format('<x:script>x()</x:script><x:a href="/2">2</x:a>')
    spoilt = sound("atom").replace(f'<content type="html">{BODY}'.encode(), both.encode())
    whats = [one.what for one in found("atom", spoilt)]
    assert any("<script>" in what for what in whats)
    assert any("'/2'" in what for what in whats)


@pytest.mark.parametrize("name", FORMATS)
def test_planted_fault_brings_few_others_with_it(name):
    noise = [
        len(found(name, sound(name).replace(old.encode(), new.encode(), 1))) for _, n, old, new in PLANTED if n == name
    ]
    assert max(noise) <= 4


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_fault_is_found_on_its_line(name):
    data = sound(name)
    line = data[: data.index(b"audio/mpeg")].count(b"\n") + 1
    (fault,) = found(name, data.replace(b"audio/mpeg", b"mp3"))
    assert fault.line == line


def test_fault_in_json_is_found_on_its_line():
    data = sound("json")
    line = data[: data.index(SECOND.encode())].count(b"\n") + 1
    (fault,) = found("json", data.replace(b'"The ferry is late"', b"7"))
    assert (fault.line, fault.text) == (line, f"{SECOND}: title is not text")


@pytest.mark.parametrize("name", FORMATS)
def test_every_finding_says_whose_why_and_what_to_do(name):
    data = sound(name).replace(FIRST.encode(), b"17").replace(b"2024-03-02", b"soon").replace(b"02 Mar", b"soon")
    for one in found(name, data):
        assert one.where and one.what and one.why and one.remedy and one.line


@pytest.mark.parametrize("name", FORMATS)
def test_document_of_a_thousand_faults_is_told_whole(name):
    data = sound(name).replace(b"audio/mpeg", b"mp3").replace(SITE.encode(), b"/")
    assert len(found(name, data)) > 5
