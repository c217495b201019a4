"""Ids that are no IRIs, hold markup, are taken, or are no words at all.

An absolute IRI is printed as it was written; every other word becomes a URN, always the same. Not here: ids that
entries get by themselves (tests/rules).
"""

from tests.formats.corpus.cases import Theme, md


def kept(name, identifier, written=None, **expected):
    return md(f"{name}.md", f"id: {written or identifier}", id=identifier, **expected)


def replaced(name, written, **expected):
    """Give a case whose id is printed as a URN of our own."""
    return md(f"{name}.md", f"id: {written}", id="urn:uuid:", **expected)


CASES = (
    kept("urn", "urn:uuid:6f1c8a4e-0000-4000-8000-00000000abcd"),
    kept("tag-uri", "tag:gazette.example,2024:ferry"),
    kept("web-address", "https://old.example/?p=123&x=<b>".replace("<b>", "b")),
    kept("web-address-moved", "http://old.example:8080/2024/ferry.html#top"),
    kept("iri", "tag:gäzette.example,2024:fähre-渡船"),
    kept("emoji", "urn:x:🚢"),
    kept("percent", "urn:x:100%25%ZZ%"),
    kept("entity", "urn:x:a&b&amp;c'd"),
    kept("section-end", "urn:x:]]"),
    kept("brackets", "http://[::1]:80/x"),
    kept("small-letters", "urn:x:ferry"),
    kept("capital-letters", "urn:x:FERRY"),
    kept("capital-scheme", "URN:x:ferry"),
    kept("script", "javascript:alert(1)"),
    kept("data", "data:text/plain,x"),
    kept("file", "file:///etc/passwd"),
    kept("query", "tag:a.example,2024:x?y=1&z=2"),
    kept("spaces-around", "urn:x:around", written="'  urn:x:around '"),
    kept("long", "urn:x:" + "a" * 494),
    replaced("too-long", "urn:x:" + "a" * 495),
    replaced("much-too-long", "urn:x:" + "a" * 50_000),
    replaced("word", "ferry"),
    replaced("number", "123"),
    replaced("wordpress", "?p=123"),
    replaced("relative", "/2024/ferry/"),
    replaced("spaces-within", "urn:x:a b c"),
    replaced("newline", '"urn:x:a\\nb"'),
    replaced("tab", '"urn:x:a\\tc"'),
    replaced("less-than", "urn:x:<b>"),
    replaced("closing", "'urn:x:</guid></id>'"),
    replaced("quotes", "'urn:x:\"a\"'"),
    replaced("backslash", "'urn:x:a\\b'"),
    replaced("braces", "'urn:x:{a}'"),
    replaced("scheme-of-digits", "'1x:a'"),
    replaced("scheme-alone", "'urn:'"),
    replaced("non-breaking-space", "'urn:x:a\u00a0d'"),
    kept("nul", "urn:x:nul", written='"urn:x:n\\0ul"'),
    kept("noncharacter", "urn:x:ab", written='"urn:x:a\\uFFFFb"'),
    kept("surrogate", "urn:x:a\ufffdb", written='"urn:x:a\\uD800b"'),
    md("empty.md", "id: ''"),
    md("null.md", "id: null"),
    md("list.md", "id: [urn:x:a]"),
    md("table.md", "id: {urn: x}"),
    kept("same-first", "urn:x:same"),
    md("same-second.md", "id: urn:x:same", refused="its id urn:x:same belongs to"),
    md("same-with-space.md", "id: ' urn:x:same'", refused="its id urn:x:same belongs to"),
    md("same-twice-given.md", "id: urn:x:p\nID: urn:x:q", refused="given twice"),
)
THEME = Theme(cases=CASES)
