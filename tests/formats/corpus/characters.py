"""Characters that XML, JSON, a database or a reader's screen cannot take: in titles, bodies and names.

Not here: bytes in no known encoding (encodings).
"""

from tests.formats.corpus.cases import Theme, case, html, md

REFERENCES = "&#0; &#1; &#8; &#11; &#31; &#127; &#xD800; &#xDFFF; &#xFFFE; &#xFFFF; &#x110000; &#99999999999;"

CASES = (
    md("nul-raw.md", "title: Nu\0l", "Be\0fore and after.", title="Nul", holds="Before and after."),
    md("nul-escaped.md", 'title: "Nu\\0l and \\x00"', title="Nul and"),
    md("controls-c0.md", "title: C\x01o\x02n\x03t\x04rol", "Ring\x07 the\x08 \x0ebell\x1f.", title="Control"),
    md("vertical-tab.md", "title: Ver\x0btical", "Vertical\x0btab.", title="Vertical", holds="Verticaltab."),
    md("form-feed.md", "title: Form\x0cfeed", "Page one.\x0cPage two.", holds="Page two."),
    md(
        "escape-codes.md",
        "title: Red \x1b[31malarm\x1b[0m",
        "\x1b]0;Owned\x07Words.",
        title="Red [31malarm[0m",
        holds="Words.",
    ),
    md("delete.md", "title: De\x7flete", "De\x7flete.", title="Delete", holds="Delete."),
    md("controls-c1.md", "title: C\x80o\x9fne", "Quote \x91it\x92.", title="Cone", holds="Quote it."),
    md("next-line.md", "title: Next\x85line", "One\x85two.", title="Next line", holds="two."),
    md("line-separator.md", "title: Line\u2028separator", "One\u2028two.", title="Line separator", holds="two."),
    md("paragraph-separator.md", "title: Para\u2029graph", "One\u2029two.", title="Para graph", holds="two."),
    md("tab.md", 'title: "Tab\\tbed"', "A\tb.", title="Tab bed", holds="A\tb."),
    case("carriage-returns.md", "---\rtitle: Old Mac\rdate: 2024-11-20\r---\rOne.\r\rTwo.\r", title="Old Mac"),
    md("escaped-newline.md", 'title: "One\\ntwo\\r\\nthree"', title="One two three"),
    md("surrogate-raw.md", "title: Half \ud83d a pair", "Other \ude00 half.", title="Half \ufffd a pair"),
    md("surrogate-escaped.md", 'title: "Half \\uD83D a pair"', title="Half \ufffd a pair"),
    md("surrogate-pair.md", "title: Smile \ud83d\ude00", "And \ud83d\ude00.", holds="And \U0001f600."),
    md("noncharacter-fffe.md", "title: F\ufffeF\uffff", "a\ufffeb\uffffc", title="FF", holds="abc"),
    md("noncharacter-fdd0.md", "title: N\ufdd0o\ufdefne", "a\ufdd0b\ufdefc", title="None", holds="abc"),
    md("noncharacter-planes.md", "title: P\U0001fffel\U0010ffffane", "a\U0001ffffb", title="Plane", holds="ab"),
    md("replacement.md", "title: Mark \ufffd", "Kept \ufffd.", title="Mark \ufffd", holds="Kept \ufffd."),
    md("byte-order-mark-within.md", "title: In\ufefffix", "In\ufefffix.", title="In fix"),
    md("zero-width.md", "title: Zero\u200bwidth", "Zero\u200bwidth.", title="Zero width"),
    md("only-zero-width.md", "title: '\u200b\u200b'", "The words make a title.", title="The words make a title."),
    md("override-left-open.md", "title: Abc \u202efdp.exe", title="Abc \u202efdp.exe\u202c"),
    md("isolate-left-open.md", "title: Abc \u2067def", title="Abc \u2067def\u2069"),
    md("closers-too-many.md", "title: A\u202cb\u2069c", title="Abc"),
    md("isolates-crossed.md", "title: A\u2067b\u202ac\u2069d\u202ce", title="A\u2067b\u202ac\u2069de"),
    md("embeddings-deep.md", "title: " + "\u202b" * 200 + "deep", title="\u202b" * 200 + "deep" + "\u202c" * 200),
    md("override-in-author.md", "author: Ann\u202e eeL", authors=["Ann eeL"]),
    md("override-in-tag.md", "tags: [fer\u202ery]", tags=["ferry"]),
    md("combining.md", "title: Z" + "\u0301\u0336\u0489" * 60, title="Z" + "\u0301\u0336\u0489" * 60),
    md("combining-alone.md", "title: \u0301", title="\u0301"),
    md("emoji-family.md", "title: Family 👨‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁳󠁣󠁴󠁿", title="Family 👨‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
    md("private-use.md", "title: Priv\ue000ate \U0010fffd", title="Priv\ue000ate \U0010fffd"),
    md("language-tags.md", "title: Tag \U000e0001\U000e0065", title="Tag \U000e0001\U000e0065"),
    md("interlinear.md", "title: A\ufff9b\ufffac\ufffb", title="A\ufff9b\ufffac\ufffb"),
    md("soft-hyphen.md", "title: Harbour\u00admaster", title="Harbour\u00admaster"),
    md("narrow-space.md", "title: Dix\u202fpour cent", title="Dix pour cent"),
    md("right-to-left.md", "title: صباح الخير\nlanguage: ar", "صباح الخير", title="صباح الخير", language="ar"),
    html("references-to-nothing.html", f"<p>Before {REFERENCES} after.</p>", holds=["Before", "after."]),
    html("references-in-attributes.html", f'<p><a href="https://a.example/" title="{REFERENCES}">Here</a> it is.</p>'),
    html("references-of-windows.html", "<p>&#128; 5 &#147;each&#148;</p>", holds="€ 5 “each”"),
    md("references-in-markdown.md", "", f"Before {REFERENCES} after.", holds=["Before", "after."]),
    md("in-every-field.md", 'section: "a\\x01b"\nsummary: "c\\x02d"\nsubtitle: "e\\uFFFFf"', summary="cd"),
)
THEME = Theme(cases=CASES)
