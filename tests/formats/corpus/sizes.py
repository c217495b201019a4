"""Articles that are too deep, too long, or cheap to write and dear to read.

Refused with a reason, or printed with all of their text; never slow, and never at a neighbour's cost. Not here: long
titles, tags and ids (in their own themes).
"""

from tests.formats.corpus.cases import Theme, case, html, md


def deep(tag, depth, words="deep words"):
    return f"<{tag}>" * depth + words + f"</{tag}>" * depth


CASES = (
    html("depth-99.html", deep("div", 99), holds="deep words"),
    html("depth-300.html", deep("div", 300) + "<p>After.</p>", holds=["deep words", "After."], noted="flattened"),
    html("depth-2000.html", deep("blockquote", 2000), holds="deep words", noted="flattened"),
    html("depth-5000.html", deep("div", 5000), refused="deep"),
    html("depth-never-closed.html", "<div>" * 5000 + "words", refused="deep"),
    html("lists-deep.html", deep("ul><li", 200).replace("</ul><li>", "</li></ul>"), holds="deep words"),
    html("tables-deep.html", deep("table><tr><td", 120).replace("</table><tr><td>", "</td></tr></table>")),
    html("paragraphs-open.html", "<p><b>" * 3000 + "words", refused="open"),
    html("many-tags.html", "<br>" * 160_000, refused="more HTML markup"),
    html("many-references.html", "&eacute;" * 31_000, refused="more HTML markup"),
    html("many-ampersands.html", "& " * 20_000 + "<p>After.</p>", holds="After."),
    html("many-less-than.html", "< " * 10_000 + "<p>After.</p>", holds="After."),
    html("long-attribute.html", f'<p title="{"x" * 500_000}">Words.</p>', holds="Words."),
    html("long-text.html", f"<p>{'word ' * 20_000}</p>", holds="word word"),
    html("long-entry.html", "<p>" + "word " * 60_000 + "</p>"),
    html("many-comments.html", "<!--x-->" * 20_000 + "<p>After.</p>", holds="After."),
    case("five-megabytes.md", "---\ntitle: Five\n---\n" + "word " * 1_100_000, refused="bytes long"),
    case("ten-megabytes.txt", "0123456789\n" * 950_000, refused="bytes long"),
    case("ten-megabytes.html", "<p>" + "x" * 10_000_000, refused="bytes long"),
    md("quotes-deep.md", "", "> " * 300 + "deep words", holds="deep words"),
    md("lists-deep-in-markdown.md", "", "".join("  " * n + "- x\n" for n in range(200))),
    md("emphasis.md", "", "*a **b " * 5000, holds="a"),
    md("emphasis-too-much.md", "", "*" * 120_000, refused="marks"),
    md("brackets.md", "", "[" * 20_000, refused="marks"),
    md("brackets-few.md", "", "[" * 900 + " words", holds="words"),
    md("links-nested.md", "", "[a](" * 900 + " words", holds="words"),
    md("backticks.md", "", " ".join("`" * n for n in range(1, 300)), holds="`"),
    md("references.md", "", "".join(f"[a{n}]: /x\n" for n in range(3000)) + "\nWords.", holds="Words."),
    md("table-wide.md", "", "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n|" + "b|" * 500, holds="a"),
    md("many-lines.md", "", "x\n" * 21_000, refused="lines"),
    md("entity-bomb.md", "", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n\n&b;&b; words', holds="words"),
)  # fmt: skip
THEME = Theme(cases=CASES)
