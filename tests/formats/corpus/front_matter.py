"""Front matter that is a bomb, malformed, given twice, or no front matter at all.

What might say "not yet" or "not for everyone" is never guessed at: the file is refused. Not here: what single keys
mean (dates, titles, tags, …).
"""

from tests.formats.corpus.cases import Theme, case, md

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "x: " + "[" * 5000 + "]" * 5000
CASES = (
    md("bomb.md", BOMB, refused="aliases"),
    md("alias.md", "a: &a [x]\ntags: *a", refused="aliases"),
    md("anchor.md", "tags: &a [anchored]", tags=["anchored"]),
    md("merge.md", "<<: {draft: true}", refused="'<<'"),
    md("deep.md", DEEP, refused="front matter"),
    md("python.md", "x: !!python/object/apply:os.system ['touch pwned']", refused="malformed"),
    md("python-name.md", "x: !!python/name:os.system", refused="malformed"),
    md("tag-of-own.md", "x: !secret y", refused="malformed"),
    md("binary.md", "x: !!binary AAAA", holds="Some plain words."),
    md("set.md", "x: !!set {a, b}", holds="Some plain words."),
    md("twice.md", "draft: true\ndraft: false", refused="given twice"),
    md("twice-in-capitals.md", "draft: true\nDraft: false", refused="given twice"),
    md("twice-inside.md", "x: {a: 1, a: 2}", refused="given twice"),
    md("unclosed-list.md", "tags: [one", refused="malformed"),
    md("colons.md", "title: one: two: three", refused="malformed"),
    md("tabs.md", "title:\tTabbed\ntags:\n\t- a", refused="malformed"),
    case("unclosed.md", "---\ntitle: Unclosed\ndraft: true\nBody\n", refused="closing ---"),
    case("two-documents.md", "---\ntitle: One\n---\n---\ntitle: Two\n---\nWords.\n", title="One"),
    case("only-fences.md", "---\n---\nThe words make a title.\n", title="The words make a title."),
    case("nothing-but.md", "---\ntitle: Alone\n---\n", title="Alone"),
    case("rule-first.md", "---\n\nThe words make a title.\n\n---\n\nMore.\n", holds="More."),
    case("list-first.md", "---\n- a\n- b\n---\nThe words.\n", holds="The words."),
    case("four-dashes.md", "----\ntitle: Four\n----\nWords.\n"),
    case("spaces-behind.md", "---  \ntitle: Spaced\n---\t\nWords.\n", title="Spaced"),
    case("unseen-before.md", "\u200b\ufeff---\ntitle: Unseen\ndraft: true\n---\nWords.\n", held=True),
    case("not-first.md", "Words.\n\n---\ntitle: Late\n---\n"),
    case("toml.md", '+++\ntitle = "Toml \\u0041"\ntags = ["a"]\n+++\nWords.\n', title="Toml A", tags=["a"]),
    case("toml-broken.md", "+++\ntitle = Toml\n+++\nWords.\n", refused="malformed"),
    case("toml-twice.md", "+++\ndraft = true\ndraft = false\n+++\nWords.\n", refused="malformed"),
    case("toml-date.md", "+++\ntitle = 'T'\ndate = 2024-11-20T10:00:00+02:00\n+++\nWords.\n",
         published="2024-11-20T08:00:00+00:00"),
    case("toml-infinite.md", "+++\ntitle = inf\nweight = nan\n+++\nWords.\n", title="inf"),
    case("json.md", '{"title": "Json", "draft": true}\n\nWords.\n', refused="stands in its text"),
    case("crlf.md", "---\r\ntitle: Windows\r\ntags: [w]\r\n---\r\nWords.\r\n", title="Windows", tags=["w"]),
    md("many-keys.md", "\n".join(f"k{n}: {n}" for n in range(2000)), refused="more than 1,000 keys"),
    md("too-long.md", "x: " + "y" * 70_000, refused="over 65,536 characters"),
    md("unknown-keys.md", "layout: post\nweight: 3\nx-y: {z: [1]}", holds="Some plain words."),
    md("keys-of-any-kind.md", "1: a\nnull: b\n2024-01-01: c\n? [x]\n: d", refused="malformed"),
    md("slip-that-hides.md", "darft: true", refused="may be meant for draft"),
    md("slip-of-access.md", "acces: members", refused="may be meant for access"),
    md("slip-harmless.md", "titel: Other", noted="nearest: title"),
    md("draft-maybe.md", "draft: maybe", refused="draft"),
    md("draft.md", "draft: yes", held=True),
    md("access-unknown.md", "access: friends", refused="access"),
    md("access-members.md", "access: members", held=True),
    md("hidden-in-capitals.md", "DRAFT: True", held=True),
    md("hidden-by-width.md", "ｄｒａｆｔ: true", held=True),
    md("hidden-by-zero-width.md", "dr\u200baft: true", held=True),
    md("in-comment.md", "# draft: true", holds="Some plain words."),
    md("corrections-of-markup.md", "corrections: [{at: 2024-11-21, text: '<b>It</b> & was'}]",
       holds="&lt;b&gt;It&lt;/b&gt; &amp; was"),
    md("corrections-nonsense.md", "corrections: [1, null, {x: y}, [z]]"),
    md("summary-of-markup.md", "summary: '<b>Short</b> & ]]> sweet'", summary="<b>Short</b> & ]]> sweet"),
    md("summary-long.md", f"summary: {'word ' * 5000}", holds="Some plain words."),
    md("published-by-others.md", "published: false", held=True),
)  # fmt: skip
THEME = Theme(cases=CASES)
