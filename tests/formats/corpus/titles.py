"""Titles that are markup, too long, empty, or written to break out of where they stand.

A title is plain text: what looks like markup is shown as it was typed. Not here: odd characters (characters).
"""

from tests.formats.corpus.cases import Theme, case, html, md


def titled(name, written, title=None, **expected):
    return md(f"{name}.md", f"title: {written}", title=written if title is None else title, **expected)


LONG = "A headline that goes on and on, " * 40
CASES = (
    titled("bold", "Fish & <b>chips</b>"),
    titled("script", "<script>alert(1)</script>"),
    titled("entities", "A &lt;b&gt; &amp;amp; &eacute; &#60;"),
    titled("double-escaped", "A &amp;lt;b&amp;gt;"),
    titled("section-end", "a ]]> b"),
    titled("section-begin", "<![CDATA[ b ]]>"),
    titled("doctype", '<!DOCTYPE rss [<!ENTITY a "b">]>'),
    titled("declaration", '<?xml version="1.0"?>'),
    titled("comment", "<!-- nobody sees this -->"),
    titled("comment-open", "<!-- never closed"),
    titled("tag-open", "One < two, <b"),
    titled("closing-tags", "</title></item></channel></rss>"),
    titled("closing-atom", "</title></entry></feed>"),
    titled("json-quotes", '\'He said "no" \\" and \\u0041\'', 'He said "no" \\" and \\u0041'),
    titled("json-end", '\'"}], "items": []\'', '"}], "items": []'),
    titled("template", "'{{ 7*7 }} {% raw %} {# x #}'", "{{ 7*7 }} {% raw %} {# x #}"),
    titled("percent", "100 % %s %(name)s %n"),
    titled("braces", "'{0} {title} ${HOME} `id`'", "{0} {title} ${HOME} `id`"),
    titled("encoded-word", "'=?utf-8?q?a=0D=0ABcc:_x@y?='", "=?utf-8?q?a=0D=0ABcc:_x@y?="),
    titled("header-within", '"One\\r\\nBcc: x@y.example"', "One Bcc: x@y.example"),
    titled("formula", "'=cmd|calc!A1'", "=cmd|calc!A1"),
    titled("markdown", "'**Not** _bold_ [here](x)'", "**Not** _bold_ [here](x)"),
    titled("yes", "Yes"),
    titled("number", "3.10"),
    titled("year", "1984"),
    titled("octal", "010"),
    titled("only-punctuation", "'!?…'", "!?…"),
    titled("only-emoji", "🚢🌊"),
    titled("in-arabic", "مرحبا بالعالم"),
    titled("in-hebrew-mixed", "שלום hello 123"),
    titled("in-chinese", "渡船晚点"),
    titled("quoted-newlines", '"a\n\n  b"', "a b"),
    md("folded.md", "title: >\n  One\n  two", title="One two"),
    md("kept-lines.md", "title: |\n  One\n  two", title="One two"),
    md("spaces.md", "title: '   '", "The words make a title.", title="The words make a title."),
    md("empty.md", "title: ''", "The words make a title.", title="The words make a title."),
    md("null.md", "title: null", "The words make a title.", title="The words make a title."),
    md("list.md", "title: [a, b]", "The words make a title.", title="The words make a title."),
    md("table.md", "title: {a: b}", "The words make a title.", title="The words make a title."),
    md(
        "flag.md",
        "title: !!bool true",
        "The words make a title.",
        title="The words make a title.",
        noted="true or false",
    ),
    md("none-at-all.md", "title:", "", refused="no text"),
    md("long.md", f"title: {LONG}", holds="Some plain words."),
    md("long-word.md", f"title: {'x' * 5000}", title="x" * 499 + "…"),
    md("long-emoji.md", f"title: {'👩‍👩‍👧‍👦' * 200}", holds="Some plain words."),
    md("front-matter-too-long.md", f"title: {'x' * 70_000}", refused="over 65,536 characters"),
    case("ten-megabytes.md", "---\ntitle: " + "x" * 10_000_000 + "\n---\nWords.\n", refused="bytes long"),
    md(
        "heading-with-markup.md",
        "title:",
        "# A *bold* `<b>` claim &amp; more\n\nWords.",
        title="A bold <b> claim & more",
    ),
    md("heading-with-script.md", "title:", "# A <script>alert(1)</script> claim\n\nWords.", lacks="alert(1)"),
    html("page-title.html", "<title>Another</title><p>Words.</p>", title="Case page-title", lacks="another"),
    case("two-headings.html", "<h1>One <em>of</em> two</h1><h1>Two</h1><p>Words.</p>", title="One of two"),
    case("heading-empty.html", "<h1> </h1><p>The words make a title.</p>", title="The words make a title."),
    case("heading-cut.html", "<h1>Never &lt;closed <p>Words.</p>", title="Never <closed Words."),
)
THEME = Theme(cases=CASES)
