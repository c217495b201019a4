"""Rule M15: the style elements: two, the risky rules in the second, each of which can be read.

Not here: what the rules come to (boxes, contrast), style attributes (inline).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, advice, error, warning
from feeds.rendering.lint.markup import Page, at_line
from feeds.rendering.lint.styles import Rule

LARGEST_STYLE = 16 * 1024  # characters in all: Gmail drops the style element that passes it
# What some webmail does not understand, and drops the whole element for.
_RISKY_SELECTOR = re.compile(r"\[|::?(?!hover\b)[\w-]+|~|\+")
_RISKY_AT = re.compile(r"@(supports|font-face|keyframes|layer|container|property|namespace)", re.IGNORECASE)
_GMAIL = ("Gmail",)


def stands_in_two_blocks(page: Page) -> Iterator[Finding]:
    """M15: what is risky stands in a later style element than what is safe."""
    for sheet in page.sheets[:1]:
        risky = [(rule.selector, rule.line) for rule in sheet.rules if _is_risky(rule)]
        risky += [(name, line) for name, line in sheet.at_rules if _RISKY_AT.match(name)]
        if risky and any(not _is_risky(rule) for rule in sheet.rules):
            name, line = risky[0]
            what = f"{' '.join(name.split())[:60]!r} stands among the safe rules, and may take them with it"
            remedy = "put it into a second style element"
            yield warning("M15", at_line(line, "<style>"), what, remedy=remedy, seen_by=_GMAIL)


def can_be_parsed(page: Page) -> Iterator[Finding]:
    """M15: no rule is broken: Gmail throws the whole element away for one."""
    for sheet in page.sheets:
        for what, line in sheet.faults:
            remedy = "mend it: the whole style element is dropped for it"
            yield warning("M15", at_line(line, "<style>"), what, remedy=remedy, seen_by=_GMAIL)


def loads_nothing(page: Page) -> Iterator[Finding]:
    """M15: a style element fetches no other."""
    for sheet in page.sheets:
        for name, line in sheet.at_rules:
            if name.lower().startswith("@import"):
                what = "it fetches a stylesheet, which most clients do not do"
                yield error("M15", at_line(line, "<style>"), what, remedy="write the rules themselves")
        if "url(" in sheet.text.replace(" ", "").lower():
            what = "it fetches from an address, which tells who opened the mail, and Gmail drops the element for it"
            yield warning("M15", at_line(sheet.line, "<style>"), what, remedy="take url(…) out", seen_by=_GMAIL)


def stands_in_the_head(page: Page) -> Iterator[Finding]:
    """M15: style elements stand in the head, and are not too long."""
    for element in page.all("style"):
        if not any(above.tag == "head" for above in element.iterancestors()):
            what = "it stands outside the head"
            remedy = "put it into the head"
            yield warning("M15", at_line(element.sourceline, "<style>"), what, remedy=remedy, seen_by=_GMAIL)
    length = sum(len(sheet.text) for sheet in page.sheets)
    if length > LARGEST_STYLE:
        what = f"the style elements have {length:,} characters, more than {LARGEST_STYLE:,}"
        yield warning("M15", at_line(None, "<style>"), what, remedy="shorten them", seen_by=_GMAIL)
    if not page.sheets:
        what = "it has no style element: nothing fits it to phones"
        yield advice("M15", at_line(None, "<style>"), what, remedy="write one for narrow screens, one for dark")


CHECKS: tuple[PageCheck, ...] = (stands_in_two_blocks, can_be_parsed, loads_nothing, stands_in_the_head)


def _is_risky(rule: Rule) -> bool:
    return "prefers-color-scheme" in rule.media or bool(_RISKY_SELECTOR.search(rule.selector))
