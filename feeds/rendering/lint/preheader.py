"""Rule M16: what a client shows beside the subject: of the right length, hidden in the mail itself, and only there.

Not here: writing it (digest).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from feeds.rendering.lint.boxes import Box, style_of
from feeds.rendering.lint.case import Case, Check
from feeds.rendering.lint.findings import Finding, Part, Spot, advice, warning
from feeds.rendering.lint.markup import Page, at, at_line

SHORTEST, LONGEST = 40, 130
LEAST_WAYS = 3
LEAST_FILLER = 60  # characters without a shape, so that no words of the mail follow
_SHAPELESS = frozenset("\u00a0\u00ad\u034f\u200b\u200c\u200d\u2007\ufeff\u180e ")
# Up to the first character without a width; spaces that do not break may fill a short line up.
_SHAPED = re.compile("[^\u034f\u200b\u200c\u200d\ufeff\u180e\u00ad]*")


def has_preheader(case: Case) -> Iterator[Finding]:
    """M16: the first text of the mail is hidden, and has 40 to 130 characters."""
    box = _preheader(case.page) if case.page else None
    if case.page is None:
        return
    if box is None and (empty := _empty_preheader(case.page)) is not None:
        what = "the preheader is empty, so the mail's first words stand beside the subject"
        yield warning("M16", at(empty), what, remedy=f"write {SHORTEST} to {LONGEST} characters in it")
        return
    if box is None:
        what = "the mail begins with no hidden text, so its first words stand beside the subject"
        yield warning("M16", at_line(None, "<body>"), what, remedy="begin the body with a hidden preheader")
        return
    length = len(_SHAPED.match("".join(box.element.itertext()).lstrip(" \n"))[0])  # type: ignore[index]
    if not SHORTEST <= length <= LONGEST:
        what = f"it has {length} characters"
        yield warning("M16", at(box.element), what, remedy=f"write {SHORTEST} to {LONGEST}")


def is_hidden_three_ways(case: Case) -> Iterator[Finding]:
    """M16: the preheader is hidden in three ways at least, and from voices."""
    box = _preheader(case.page) if case.page else None
    if box is None:
        return
    ways = _ways(style_of(box.element.get("style", "")))
    if ways < LEAST_WAYS:
        what = f"it is hidden in {ways} ways, and some clients show it"
        remedy = "hide it by display:none, max-height:0, overflow:hidden, mso-hide:all and opacity:0"
        yield warning("M16", at(box.element), what, remedy=remedy, seen_by=("Outlook on Windows", "Gmail"))
    if box.element.get("aria-hidden") != "true" and style_of(box.element.get("style", "")).get("display") != "none":
        yield advice("M16", at(box.element), "a voice reads it", remedy='write aria-hidden="true"')


def is_filled_up(case: Case) -> Iterator[Finding]:
    """M16: the preheader is followed by filler, so that the mail's first words do not follow it."""
    box = _preheader(case.page) if case.page else None
    if box is None:
        return
    filler = sum(character in _SHAPELESS and character != " " for character in "".join(box.element.itertext()))
    if filler < LEAST_FILLER:
        what = "nothing fills the line up behind it, and the mail's first words follow"
        yield warning("M16", at(box.element), what, remedy="put zero-width joins and spaces behind it")


def is_not_in_the_text_part(case: Case) -> Iterator[Finding]:
    """M16: the text part does not begin with the preheader."""
    box = _preheader(case.page) if case.page else None
    if box is None or case.letter.text is None:
        return
    said = _said(box.element)
    start = " ".join(case.letter.text.text[: 4 * LONGEST].split())
    if said and start.startswith(said[:SHORTEST]):
        spot = Spot(Part.TEXT, 1)
        yield warning("M16", spot, "it begins with the preheader", remedy="leave that to the HTML part")


CHECKS: tuple[Check, ...] = (has_preheader, is_hidden_three_ways, is_filled_up, is_not_in_the_text_part)


def _preheader(page: Page) -> Box | None:
    """Return the first element of the body with text, if that is hidden."""
    first = next((box for box in page.boxes if box.text), None)
    return first if first is not None and first.is_hidden else None


def _empty_preheader(page: Page) -> Any:
    """Return what hides filler and nothing else in front of the first text of the body; None without one."""
    before = takewhile(lambda box: not box.text, page.boxes)
    return next((box.element for box in before if box.is_hidden and _is_filler(box.element)), None)


def _is_filler(element: Any) -> bool:
    text = "".join(element.itertext())
    return bool(text.strip()) and not _said(element)


def _said(element: Any) -> str:
    text = "".join(element.itertext())
    return " ".join("".join(" " if character in _SHAPELESS else character for character in text).split())


def _ways(style: Mapping[str, str]) -> int:
    ways = (
        style.get("display") == "none",
        style.get("visibility") == "hidden",
        style.get("max-height", "").removesuffix("px") == "0" or style.get("height", "").removesuffix("px") == "0",
        style.get("max-width", "").removesuffix("px") == "0" or style.get("width", "").removesuffix("px") == "0",
        style.get("overflow") == "hidden",
        style.get("mso-hide") == "all",
        style.get("font-size", "").removesuffix("px") in {"0", "1"},
        style.get("opacity") == "0",
    )
    return sum(ways)
