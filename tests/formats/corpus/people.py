"""Authors with headers, markup or nothing in their names, and addresses that are none.

Not here: who an author is by (rules), senders of mail.
"""

from tests.formats.corpus.cases import Theme, md

DESK = ["The desk"]  # the site's author stands in where nobody is named


def by(name, written, authors, key="author", **expected):
    return md(f"{name}.md", f"{key}: {written}", authors=authors, **expected)


CASES = (
    by("plain", "Ann Lee", ["Ann Lee"]),
    by("with-address", "Ann Lee <ann@a.example>", ["Ann Lee"]),
    by("address-alone", "<ann@a.example>", ["ann@a.example"]),
    by("address-broken", "Ann <ann@@a.example>", ["Ann <ann@@a.example>"]),
    by("several", "[Ann Lee, Bo Ek]", ["Ann Lee", "Bo Ek"], key="authors"),
    by("several-in-line", "Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
    by("twice", "[Ann Lee, ann lee]", ["Ann Lee"], key="authors"),
    by("table", "[{name: Bo Ek, email: bo@b.example, url: 'https://b.example/'}]", ["Bo Ek"], key="authors"),
    by("table-without-name", "[{email: bo@b.example}]", DESK, key="authors"),
    by("table-of-nonsense", "[1, null, {x: y}, [z]]", ["1"], key="authors"),
    by("none", "''", DESK),
    by("null", "null", DESK),
    by("spaces", "'  \u200b '", DESK),
    by("header", '"Ann\\r\\nBcc: z@z.example"', ["Ann Bcc: z@z.example"]),
    by("header-encoded", "'=?utf-8?q?=0ABcc:_z@z?='", ["=?utf-8?q?=0ABcc:_z@z?="]),
    by("line-separator", '"Ann\\u2028Lee"', ["Ann Lee"]),
    by("nul", '"An\\0n Lee"', ["Ann Lee"]),
    by("override", '"Ann \\u202Eeel"', ["Ann eel"]),
    by("markup", "'<b>Ann</b>'", ["<b>Ann</b>"]),
    by("script", "'<script>alert(1)</script>'", ["<script>alert(1)</script>"]),
    by("closing", "'</name></author></entry>'", ["</name></author></entry>"]),
    by("entities", "Lee &amp; Ek &eacute;", ["Lee &amp; Ek &eacute;"]),
    by("section-end", "'a ]]> b'", ["a ]]> b"]),
    by("comma", "'Lee, Ann'", ["Lee, Ann"]),
    by("quotes", "'Ann \"the pilot\" Lee'", ['Ann "the pilot" Lee']),
    by("parentheses", "ann@a.example (Ann Lee)", ["ann@a.example (Ann Lee)"]),
    by("in-arabic", "آن لي", ["آن لي"]),
    by("emoji", "🚢", ["🚢"]),
    by("only-signs", "'...'", ["..."]),
    by("number", "42", ["42"]),
    by("surrogate", '"Ann \\uDC00"', ["Ann \ufffd"]),
    by("url-that-runs", "[{name: Cy Day, url: 'javascript:alert(1)'}]", ["Cy Day"], key="authors", lacks="javascript"),
    by("url-with-markup", "[{name: Di Fox, url: 'https://d.example/\"><b>'}]", ["Di Fox"], key="authors", lacks="<b>"),
    by("email-with-header", '[{name: Ed Gil, email: "e@e.example\\nBcc: z@z.example"}]', ["Ed Gil"], key="authors"),
    by("email-of-markup", "[{name: Flo Hay, email: '<x@y>'}]", ["Flo Hay"], key="authors"),
    by("very-long", "x" * 20_000, ["x" * 20_000]),
    by(
        "hundred",
        "[" + ", ".join(f"Person {n} Lee" for n in range(100)) + "]",
        [f"Person {n} Lee" for n in range(100)],
        key="authors",
    ),
)
THEME = Theme(cases=CASES)
