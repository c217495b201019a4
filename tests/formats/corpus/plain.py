"""Plain text as it comes from typewriters, mail and copy desks, and some that is none.

Not here: how raw copy is read block by block (tests/rules).
"""

from tests.formats.corpus.cases import Theme, case

TALE = "The ferry is late\n\nIt waits for the tide, as it always has.\n"


def txt(name, text, **expected):
    return case(f"{name}.txt", text, **expected)


CASES = (
    txt("tale", TALE, title="The ferry is late", holds="It waits for the tide"),
    txt("markup", "On <b>markup</b>\n\nHe wrote <script>alert(1)</script> & left.\n",
        holds="&lt;script&gt;alert(1)&lt;/script&gt; &amp;", lacks="<script>alert(1)</script> &amp;"),
    txt("entities", "Entities\n\nHe wrote &lt;b&gt; and &amp;amp;.\n", holds="&amp;lt;b&amp;gt; and &amp;amp;amp;"),
    txt("section-end", "On sections\n\nIt ends ]]> here.\n", holds="]]&gt; here."),
    txt("template", "On templates\n\n{{ 7*7 }} and {% raw %} stay as they are.\n", holds="{{ 7*7 }} and {% raw %}"),
    txt("markdown", "On marks\n\n**Not bold** and [no link](https://a.example) here.\n", holds="**Not bold** and [no"),
    txt("one-line", "One line only\n", title="One line only"),
    txt("one-letter", "x\n", title="x"),
    txt("blank", " \n\t\n", refused="no text"),
    txt("empty", "", refused="no text"),
    txt("only-controls", "\x01\x02\x03\n", refused="no text"),
    txt("only-zero-width", "\u200b\ufeff\n", refused="no text"),
    txt("no-line-end", "No end\n\nThe last line has no end", holds="has no end"),
    txt("old-mac", "Old Mac\r\rA line that ends as they did.\r", holds="as they did."),
    txt("windows", "Windows\r\n\r\nA line that ends as they do.\r\n", holds="as they do."),
    txt("mixed-ends", "Mixed\r\n\rOne.\n\r\nTwo.\u2028Three.\x85Four", summary="One.", holds=["Two.", "Three", "Four"]),
    txt("rules", "Under rules\n===========\n\n-----\n\nWords.\n\n* * *\n\nMore.\n", summary="Words.", holds="More."),
    txt("mail", "From: a@b.example\nSubject: The ferry\nBcc: c@d.example\n\nWords of mail.\n", holds="Words of mail."),
    txt("fences", "---\ntitle: Fenced\ndate: 2024-11-20\n---\nWords behind fences.\n", title="Fenced"),
    txt("indented", "    All is indented\n\n        Even this is.\n", holds="Even this is."),
    txt("quoted", "> On quotes\n>\n> It is quoted.\n", holds="It is quoted."),
    txt("in-arabic", "العبارة متأخرة\n\nتنتظر المد كما كانت دائما.\n", holds="تنتظر المد"),
    txt("in-chinese", "渡船晚点\n\n它在等待潮水。\n", title="渡船晚点", holds="它在等待潮水。"),
    txt("emoji", "🚢🌊\n\n⚓️ is all it says.\n", holds="⚓️ is all it says."),
    txt("overrides", "Turned \u202egnihtyna\n\nAnd \u2067more of it.\n", holds="more of it."),
    txt("long-line", "Long line\n\n" + "word " * 40_000 + "\n"),
    txt("long-word", "Long word\n\n" + "x" * 100_000 + "\n"),
    txt("many-lines", "Many lines\n\n" + "x\n" * 25_000, refused="lines"),
    txt("many-bylines", "Many\n\n" + "By Ann Lee\n" * 500 + "\nWords.\n", holds="Words."),
    txt("picture-names", "Pictures\n\n../../etc/passwd.jpg\n\nWords.\n", holds="Words."),
    txt("script-address", "See javascript:alert(1)\n\nOr javascript:alert(2) here.\n", lacks='href="javascript'),
    case("word.docx", b"PK\x03\x04", refused="save it as"),
    case("rich.rtf", rb"{\rtf1 Rich words}", refused="save it as"),
)  # fmt: skip
THEME = Theme(cases=CASES)
