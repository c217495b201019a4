"""How much markup an article may hold, so that no parser behind can be made to take minutes or gigabytes.

Pure, one pass each, before any parser sees the text. Not here: the size of a file in bytes (sources).
"""

from __future__ import annotations

import re
from collections import Counter

from feeds.errors import ArticleRefused

DEEPEST = 3_000  # elements; html5 parsers take quadratic time below it
MOST_TAGS = 150_000
MOST_LINES = 20_000  # of raw copy or Markdown: a line costs some 50 microseconds, whatever stands in it
MOST_BRACKETS = 15_000  # in Markdown: each may open a link, and is looked at more than once
MOST_BRACKET_WORK = 5_000_000_000  # brackets times characters: each may search all that follows for its end
MOST_LINK_WORK = 10_000_000  # links times the longest word, which may be read anew as the address of each
MOST_MARKS = 100_000  # characters that mean something in Markdown
MOST_REFERENCES = 30_000  # "&eacute;" and its like: after each one the parser moves the rest of the text
MOST_WORK = 400_000  # elements: a paragraph opens again each <b> and <font> that was left open before it
_MOST_ATTRIBUTES = 1_000  # of one tag: they are compared each with each

_VOID = re.findall(r"\w+", "area base br col embed hr img input link meta param source track wbr")
_VOID_OR_OPTIONAL = frozenset([*_VOID, "p", "li", "dt", "dd", "tr", "td", "th", "option"])
_REOPENED = frozenset(re.findall(r"\w+", "b big code em font i nobr s small strike strong tt u"))
_RAW = "script|style|textarea|title|xmp|iframe|noembed|noframes|noscript"
_ATTRIBUTE = r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+"
# A closing tag counts only where a parser must see one; an opening one counts wherever it could be seen.
_TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<!\[CDATA\[.*?(?:\]\]>|\Z)|<[!?][^>]*+|</[^A-Za-z][^>]*+"
    rf"|<(?P<raw>{_RAW})\b.*?(?:</(?P=raw)\b|\Z)"
    rf"|<(?P<closing>/?)(?P<name>[A-Za-z][^\s/>]*+)(?:{_ATTRIBUTE}){{0,{_MOST_ATTRIBUTES}}}+(?P<crowded>{_ATTRIBUTE})?",
    re.IGNORECASE | re.DOTALL,
)
_OPENING = re.compile(r"<([A-Za-z][^\s/>]*+)")
_MARKS = re.compile(r"[!#$%&*+:<=>@\[\]\\^_`{}~|-]")


def check_lines(text: str) -> None:
    """Raise ArticleRefused where a text has more lines than reading them may cost."""
    if text.count("\n") > MOST_LINES:
        raise ArticleRefused(f"it has more than {MOST_LINES:,} lines; split it")


def check_markdown(text: str) -> None:
    """Raise ArticleRefused where Markdown holds more lines, brackets or other marks than an article does."""
    check_lines(text)
    brackets = text.count("[")
    searched = brackets * len(text)
    longest = max(map(len, text.split()), default=0)
    if text.count("](") * longest > MOST_LINK_WORK:
        raise ArticleRefused(
            "it holds a word too long for Markdown among its links; move the data into a file beside it"
        )
    if brackets > MOST_BRACKETS or searched > MOST_BRACKET_WORK or len(_MARKS.findall(text)) > MOST_MARKS:
        raise ArticleRefused("it holds more Markdown marks than any article; split it, or save it as HTML")


def check_html(html: str) -> None:
    """Raise ArticleRefused where HTML is nested absurdly, or holds more markup than an article does."""
    if html.count("<") > MOST_TAGS or html.count("&") > MOST_REFERENCES:
        raise ArticleRefused("it holds more HTML markup than any article; split it")
    opened: Counter[str] = Counter()
    depth = work = 0
    for token in _TOKEN.finditer(html):
        if token["crowded"]:
            raise ArticleRefused(f"a tag in its HTML has more than {_MOST_ATTRIBUTES:,} attributes")
        depth += _count(token, opened)
        work += 1 + sum(opened[name] for name in _REOPENED if opened[name])
        if depth > DEEPEST:
            raise ArticleRefused(
                f"its HTML is nested more than {DEEPEST:,} elements deep; save it again from an editor"
            )
        if work > MOST_WORK:
            raise ArticleRefused("its HTML leaves too many elements open; save it anew in an editor")


def without_stray_ampersands(html: str) -> str:
    """Write out the ampersands that begin no reference at all, which cost the parser most and mean the same."""
    return re.sub(r"&(?![A-Za-z#])", "&amp;", html)


def _count(token: re.Match[str], opened: Counter[str]) -> int:
    """Keep count of the elements open by name; return by how much the depth has changed."""
    if token["closing"]:
        name = token["name"].lower()
        closes = opened[name] > 0
        opened[name] -= closes
        return -int(closes)
    start = 1 if token["raw"] else 0  # what is raw text holds no elements, but may be no raw text in SVG
    names = (name.lower() for name in _OPENING.findall(token[0], start))
    deeper = [name for name in names if name not in _VOID_OR_OPTIONAL]
    opened.update(deeper)
    return len(deeper)
