"""Rule M19: the text part says what the HTML says, with the same links in the same order, at 78 columns.

Not here: how either is encoded (octets), the preheader (preheader).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from feeds.rendering.lint.case import Case, Check
from feeds.rendering.lint.findings import Finding, Part, Spot, error, warning
from feeds.rendering.lint.markup import Page, text_of
from feeds.rendering.text import columns

WIDEST = 78
LEAST_SHARED = 0.5  # of the words of the HTML that stand in the text, too
FEW_WORDS = 20
_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}'’”»"
_MARKUP = re.compile(
    r"</?(p|div|br|a|td|tr|table|span|strong|em|img|h[1-6])\b[^<>]*>|&(nbsp|amp|lt|gt|quot|#\d+);", re.I
)
_WORD = re.compile(r"\w{2,}")


def has_text(case: Case) -> Iterator[Finding]:
    """M19: the text part says something, and is no HTML."""
    if case.letter.text is None:
        return
    text = case.letter.text.text
    if not text.strip():
        yield error("M19", Spot(Part.TEXT), "it is empty", remedy="write the edition there as text")
    for found in [_MARKUP.search(text)]:
        if found and not _is_shown(found[0], case.page):
            line = text.count("\n", 0, found.start()) + 1
            what = f"it holds HTML, {found[0][:40]}"
            yield warning("M19", Spot(Part.TEXT, line), what, remedy="write it from the entries, not from the HTML")


def keeps_to_its_columns(case: Case) -> Iterator[Finding]:
    """M19: lines have at most 78 columns; only an address may be longer."""
    if case.letter.text is None:
        return
    for number, line in enumerate(case.letter.text.text.split("\n"), start=1):
        if len(line) * 2 > WIDEST and columns(line) > WIDEST and not _is_one_word(line):
            what = f"the line has {columns(line)} columns"
            yield warning("M19", Spot(Part.TEXT, number), what, remedy=f"wrap it at {WIDEST}")


def has_the_same_links(case: Case) -> Iterator[Finding]:
    """M19: the links of both parts are the same, in the same order; an address that both say as words is none."""
    if case.page is None or case.letter.text is None:
        return
    ours = _html_links(case.page)
    known, text = set(ours), case.letter.text.text
    theirs = [link for link in _text_links(text) if link in known or not _is_shown(link, case.page)]
    lacking = [link for link in dict.fromkeys(ours) if link not in set(theirs)]
    added = [link for link in dict.fromkeys(theirs) if link not in known]
    for links, part, other in ((lacking, Part.TEXT, Part.HTML), (added, Part.HTML, Part.TEXT)):
        if links:
            more = f", and {len(links) - 1} more" if len(links) > 1 else ""
            what = f"it lacks a link of the {other}: {links[0][:120]}{more}"
            yield warning("M19", Spot(part), what, remedy="give both parts the same links")
    if not lacking and not added and ours != theirs:
        first = next((one for one, other in zip(ours, theirs, strict=False) if one != other), ours[-1])
        what = f"its links stand in another order than in the HTML part, from {first[:120]} on"
        yield warning("M19", Spot(Part.TEXT), what, remedy="keep one order in both parts")


def says_the_same(case: Case) -> Iterator[Finding]:
    """M19: most words of the HTML stand in the text part, too: filters of junk compare the two."""
    if case.page is None or case.letter.text is None or not case.letter.text.text.strip():
        return
    shown = set(_WORD.findall(case.page.words.casefold()))
    written = set(_WORD.findall(case.letter.text.text.casefold()))
    if len(shown) >= FEW_WORDS and len(shown & written) < LEAST_SHARED * len(shown):
        share = round(100 * len(shown & written) / len(shown))
        what = f"it has {share} % of the words of the HTML part"
        yield warning("M19", Spot(Part.TEXT), what, remedy="say the same in both parts")


CHECKS: tuple[Check, ...] = (has_text, keeps_to_its_columns, has_the_same_links, says_the_same)


def _is_shown(text: str, page: Page | None) -> bool:
    """Tell whether a reader of the HTML part sees this as words: markup of an article about markup, an address."""
    return page is not None and text in page.words


def _is_one_word(line: str) -> bool:
    words = [word for word in line.split() if columns(word) + 2 < WIDEST]
    return not words or (len(line.split()) <= 2 and len(words) <= 1 and len(words[0]) <= 3)


def _html_links(page: Page) -> list[str]:
    """Return the addresses of the HTML in order; a picture's is passed over where words lead to the same place."""
    found = [(_plain(link.get("href", "").strip()), bool(text_of(link))) for link in page.all("a")]
    by_words = {address for address, has_words in found if has_words}
    links = (address for address, has_words in found if has_words or address not in by_words)
    return [link for link, _ in groupby(link for link in links if _LINK.match(link))]


def _text_links(text: str) -> list[str]:
    return [link for link, _ in groupby(_plain(found) for found in _LINK.findall(text))]


def _plain(link: str) -> str:
    return link.rstrip(_TRAILING)
