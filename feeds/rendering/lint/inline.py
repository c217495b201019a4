"""Rule M13: what matters stands in style attributes, in properties that clients honour.

Which client honours what is told by a table of facts (support). Not here: the style elements (blocks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from feeds.rendering.lint import support
from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, advice, warning
from feeds.rendering.lint.harmless import is_harmless
from feeds.rendering.lint.markup import Page, at, at_line
from feeds.rendering.lint.styles import Declaration, declarations, unreadable

_GROUNDS = frozenset({"css-background-image", "css-linear-gradient", "css-radial-gradient"})


def is_styled_inline(page: Page) -> Iterator[Finding]:
    """M13: all text has its colour, typeface and size from style attributes."""
    bare = [box for box in page.boxes if box.text and not box.is_hidden and not (box.light.is_own and box.has_family)]
    if bare:
        first = bare[0]
        lacking = "colour" if not first.light.is_own else "typeface"
        more = f" (and {len(bare) - 1} more)" if len(bare) > 1 else ""
        what = f"its text has no {lacking} of its own where the style elements are dropped{more}"
        remedy = "write color and font-family into style attributes"
        yield warning("M13", at(first.element), what, remedy=remedy, seen_by=("Gmail",))


def has_readable_styles(page: Page) -> Iterator[Finding]:
    """M13: every style attribute can be read: one mistake takes what follows with it."""
    for element in page.elements:
        bad = unreadable(element.get("style", ""))
        if bad:
            what = f"{bad[:60]!r} is no declaration, and clients drop the rest"
            yield warning("M13", at(element), what, remedy="write property: value, parted by semicolons")


def uses_what_clients_honour(page: Page) -> Iterator[Finding]:
    """M13: what a style attribute uses is honoured by clients; where it is not, that is told once, with who.

    What can be dropped and leaves this mail as good as it was is passed over.
    """
    told: dict[str, tuple[Any, Declaration, int]] = {}
    for fact, element, each in _facts_used(page):
        first, declaration, count = told.get(fact, (element, each, 0))
        told[fact] = first, declaration, count + 1
    for fact, (element, declaration, count) in told.items():
        yield from _unsupported(fact, element, declaration, count=count)


def has_elements_that_clients_show(page: Page) -> Iterator[Finding]:
    """M13: elements, attributes and formats of pictures are known to clients; where not, that is told once."""
    told: set[str] = set()
    for element in page.elements:
        for fact in support.facts_of_element(element.tag, element.attrib):
            if fact not in told:
                told.add(fact)
                entry = support.table()[fact]
                make = warning if entry.breaks else advice
                yield make(
                    "M13", at(element), f"{entry.title}: not shown", remedy=entry.remedy, seen_by=entry.dropped_by
                )


def is_important_in_media(page: Page) -> Iterator[Finding]:
    """M13: each declaration inside @media is important; else the style attribute wins."""
    for sheet in page.sheets:
        for rule in sheet.rules:
            weak = next((each for each in rule.declarations if not each.important), None)
            if rule.media and weak:
                what = f"{weak} lacks !important, so the style attribute wins over it"
                spot = at_line(rule.line, re.sub(r"\s+", " ", rule.selector)[:60])
                yield warning("M13", spot, what, remedy="write !important behind it")


CHECKS: tuple[PageCheck, ...] = (
    is_styled_inline,
    has_readable_styles,
    uses_what_clients_honour,
    has_elements_that_clients_show,
    is_important_in_media,
)


def _facts_used(page: Page) -> Iterator[tuple[str, Any, Declaration]]:
    for element in page.elements:
        style = element.get("style", "")
        if "mso-hide" in style:  # what hides is written several ways
            continue
        for each in declarations(style):
            facts = support.facts_of(each.name, each.value)
            yield from ((fact, element, each) for fact in facts if not is_harmless(fact, element, each, page=page))


def _unsupported(slug: str, element: Any, declaration: Declaration, *, count: int) -> Iterator[Finding]:
    entry = support.table()[slug]
    times = f", {count} times" if count > 1 else ""
    what = f"{declaration} is not honoured{times}"[:160]
    make = warning if entry.breaks and not _has_fallback(slug, element, declaration) else advice
    yield make("M13", at(element), what, remedy=entry.remedy, seen_by=entry.dropped_by)


def _has_fallback(slug: str, element: Any, declaration: Declaration) -> bool:
    """Tell whether a plainer value stands beside it, which a client takes that does not know this one."""
    beside = declarations(element.get("style", ""))
    if slug in _GROUNDS and (element.get("bgcolor") or any(each.name == "background-color" for each in beside)):
        return True
    plain = (each for each in beside[: beside.index(declaration)] if each.name == declaration.name)
    return any(slug not in support.facts_of(each.name, each.value) for each in plain)
