"""Tags that are alike, empty, markup, tables, or ten thousand.

Not here: whom an article is by (people), which feed a tag gets (config).
"""

from tests.formats.corpus.cases import Theme, md


def tagged(name, written, tags=None, **expected):
    return md(f"{name}.md", f"tags: {written}", **({} if tags is None else {"tags": tags}), **expected)


CASES = (
    tagged("letter-c", "[C, C++, 'C#']", ["C", "C++", "C#"]),
    tagged("one-line", "ferry, harbour ,, fog", ["ferry", "harbour", "fog"]),
    tagged("alone", "quay", ["quay"]),
    tagged("twice", "[boats, Boats, 'BOATS ']", ["boats"]),
    tagged("empty", "['', ' ', tide]", ["tide"]),
    tagged("nothing", "", []),
    tagged("null", "null", []),
    tagged("only-signs", "['!', '…']", []),
    tagged("only-emoji", "['🚢']"),
    tagged("markup", "['<b>bold</b>']", ["<b>bold</b>"]),
    tagged("script", "['<script>alert(1)</script>']", ["<script>alert(1)</script>"]),
    tagged("entities", "['R&D', 'a &amp; b', '\"q\"']", ["R&D", "a &amp; b", '"q"']),
    tagged("section-end", "['x ]]> y']", ["x ]]> y"]),
    tagged("slashes", "['../../etc', 'u/v\\w']", ["../../etc", "u/v\\w"]),
    tagged("reserved", "[con, index, tags]", ["con", "index", "tags"]),
    tagged("numbers", "[2024, 007, 1.0]", ["2024", "007", "1.0"]),
    tagged("yes-and-no", "[yes, 'no']", ["yes", "no"]),
    tagged("tables", "{a: [b, {c: 1}]}", []),
    tagged("list-in-list", "[[pilot, [crew]], wharf]", ["wharf"]),
    tagged("in-greek", "[πλοίο, Πλοίο]", ["πλοίο"]),
    tagged("in-japanese", "[渡船, 港]", ["渡船", "港"]),
    tagged("accents", "[café, cafe]", ["café"]),
    tagged("newline", '["a\\nb\\tc"]', ["a b c"]),
    tagged("nul", '["d\\0e"]', ["de"]),
    tagged("noncharacter", '["f\\uFFFFg"]', ["fg"]),
    tagged("surrogate", '["h\\uD800i"]', ["h\ufffdi"]),
    tagged("override", '["j\\u202Ek"]', ["jk"]),
    tagged("long", f"['{'l' * 5000}']", ["l" * 99 + "…"]),
    tagged("hundred", "[" + ", ".join(f"h{n}" for n in range(100)) + "]", [f"h{n}" for n in range(100)]),
    md("ten-thousand.md", "tags:\n" + "\n".join(f"- t{n}" for n in range(10_000)), refused="over 65,536 characters"),
    md("section-of-markup.md", "section: <i>News</i> & more", holds="Some plain words."),
    md("category-list.md", "category: [a, b]\ncategories: [m, n]", tags=["m", "n"]),
)
THEME = Theme(cases=CASES)
