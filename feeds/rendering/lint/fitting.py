"""Rule M18: nothing wider than a phone, nothing too small to read, nothing too close to touch; as far as code can tell.

Not here: how it looks in a client (a browser tells), the direction of writing (frame).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from feeds.rendering.lint.boxes import Box, style_of
from feeds.rendering.lint.case import PageCheck
from feeds.rendering.lint.findings import Finding, advice, error, warning
from feeds.rendering.lint.markup import Page, at
from feeds.rendering.lint.styles import pixels

WIDEST = 600  # pixels that the sheet has at most
NARROWEST = 320  # pixels of the narrowest phone
SMALLEST_TYPE = 14
LEAST_LEADING = 1.4
LARGEST_BODY_TYPE = 20  # above it text is a heading, and may be set closer
LEAST_TARGET = 44
_BODY_TEXT = frozenset({"p", "li", "td", "div", "blockquote", "dd", "dt", "th", "pre", "figcaption"})
_BLOCKS = frozenset({"block", "inline-block", "table"})
_ZOOM = re.compile(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*[01](\.\d+)?\s*(,|$)", re.IGNORECASE)


def fits_a_phone(page: Page) -> Iterator[Finding]:
    """M18: nothing has a fixed width of more than 600 pixels, nor one that it cannot shrink below 320."""
    for element in page.elements:
        style = style_of(element.get("style", ""))
        width = _fixed_width(element, style.get("width"), style.get("max-width", ""))
        if width and width > WIDEST:
            what = f"it is {width:g} pixels wide, whatever the screen"
            remedy = f"let it shrink: width:100% with max-width:{WIDEST}px at most"
            yield warning("M18", at(element), what, remedy=remedy)
        least = pixels(style.get("min-width", ""))
        if least and least > NARROWEST and "%" not in style["min-width"]:
            what = f"it cannot be narrower than {least:g} pixels"
            yield warning("M18", at(element), what, remedy=f"let min-width be {NARROWEST}px at most")


def can_be_zoomed(page: Page) -> Iterator[Finding]:
    """M18: the page may be zoomed."""
    for meta in page.all("meta"):
        if meta.get("name", "").lower() == "viewport" and _ZOOM.search(meta.get("content", "")):
            yield error("M18", at(meta), "it forbids zooming", remedy="take user-scalable and maximum-scale out")


def has_type_to_read(page: Page) -> Iterator[Finding]:
    """M18: text has at least 14 pixels, told once a size."""
    told: set[float] = set()
    for box in _with_text(page):
        if box.font_size < SMALLEST_TYPE and box.font_size not in told:
            told.add(box.font_size)
            what = f"its type has {box.font_size:g} pixels"
            yield warning("M18", at(box.element), what, remedy=f"set it in {SMALLEST_TYPE} or more")


def has_room_between_lines(page: Page) -> Iterator[Finding]:
    """M18: lines of body text are at least 1.4 times as high as their type, told once a size."""
    told: set[tuple[float, float]] = set()
    for box in _with_text(page):
        size = box.font_size, box.line_height
        if box.tag not in _BODY_TEXT or box.font_size > LARGEST_BODY_TYPE or size in told:
            continue
        if box.line_height < box.font_size * LEAST_LEADING - 0.01:
            told.add(size)
            what = f"its lines are {box.line_height / box.font_size:.2f} times as high as its type"
            yield warning("M18", at(box.element), what, remedy=f"set line-height to {LEAST_LEADING} times or more")


def has_room_to_touch(page: Page) -> Iterator[Finding]:
    """M18: a link that is a box of its own is at least 44 pixels high."""
    for box in page.boxes:
        if box.tag == "a" and "href" in box.element.attrib and not box.is_hidden:
            yield from _touch_faults(box)


def grows_with_its_text(page: Page) -> Iterator[Finding]:
    """M18: no box with text has a fixed height that cuts it when it is zoomed."""
    for box in _with_text(page):
        height = box.pixels("height")
        if height and box.style.get("overflow") == "hidden":
            what = f"it is {height:g} pixels high, and cuts what is more"
            yield warning("M18", at(box.element), what, remedy="leave its height, or what flows over, to the client")


CHECKS: tuple[PageCheck, ...] = (
    fits_a_phone,
    can_be_zoomed,
    has_type_to_read,
    has_room_between_lines,
    has_room_to_touch,
    grows_with_its_text,
)


def _with_text(page: Page) -> Iterator[Box]:
    return (box for box in page.boxes if box.text and not box.is_hidden)


def _fixed_width(element: Any, styled: str | None, most: str) -> float | None:
    """Return the pixels that an element is wide on every screen; None where it shrinks."""
    if most.endswith("%") or (most and (pixels(most) or 0) <= WIDEST):
        return None
    if styled is not None:
        return None if "%" in styled else pixels(styled)
    given = element.get("width", "")
    return None if "%" in given or element.tag not in {"table", "td", "th", "img", "col", "hr"} else pixels(given)


def _touch_faults(box: Box) -> Iterator[Finding]:
    image = next(box.element.iter("img"), None)
    height = max(box.line_height, _height(image)) if image is not None else box.line_height
    if box.style.get("display") in _BLOCKS:
        whole = height + box.padding()
        if whole < LEAST_TARGET - 0.5:
            what = f"it is {whole:g} pixels high, too low to touch safely"
            yield warning("M18", at(box.element), what, remedy=f"give it room: {LEAST_TARGET} pixels with its padding")
    elif _stands_alone(box.element) and height < LEAST_TARGET and image is None:
        what = f"this link stands alone, and is {height:g} pixels high"
        remedy = f"make it a block of {LEAST_TARGET} pixels, with padding"
        yield advice("M18", at(box.element), what, remedy=remedy)


def _height(image: Any) -> float:
    style = style_of(image.get("style", ""))
    return pixels(style.get("height", "")) or pixels(image.get("height", "")) or 0


def _stands_alone(link: Any) -> bool:
    parent = link.getparent()
    if parent is None or parent.tag not in _BODY_TEXT:
        return False
    return len(parent) == 1 and not (parent.text or "").strip() and not (link.tail or "").strip()
