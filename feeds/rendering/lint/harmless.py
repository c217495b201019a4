"""What a client may drop and nobody sees it: properties for what is too long, too wide or too round, where nothing is.

Each with when that is so, looked for in the mail itself. Not here: who drops what (support), telling it (inline).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from feeds.rendering.lint.markup import Page
from feeds.rendering.lint.styles import Declaration, pixels
from feeds.rendering.mail_html import LONGEST_CODE
from feeds.rendering.text import columns

LARGEST_CORNER = 24  # pixels; what is rounder is a shape, and square corners make another of it
_CUTTING = frozenset({"break-word", "anywhere"})


def is_harmless(slug: str, element: Any, declaration: Declaration, *, page: Page) -> bool:
    """Tell whether a client that drops a declaration shows this mail no worse."""
    judge = _JUDGES.get(slug)
    return judge is not None and judge(element, declaration, page)


def _cuts_no_word(element: Any, declaration: Declaration, page: Page) -> bool:
    """It cuts words that are too long for a line, and there are none."""
    return declaration.value.lower() in _CUTTING and element not in page.with_wide_words


def _wraps_no_line(element: Any, declaration: Declaration, page: Page) -> bool:  # noqa: ARG001
    """It wraps lines that are too long, in what keeps its lines by itself, and there are none."""
    lines = "".join(element.itertext()).split("\n")
    is_kept = element.tag == "pre" and declaration.value.lower() == "pre-wrap"
    return is_kept and all(columns(line) <= LONGEST_CODE for line in lines)


def _sizes_no_column(element: Any, declaration: Declaration, page: Page) -> bool:  # noqa: ARG001
    """It divides the width among columns, and there is but one, whose table has a width of its own."""
    rows = element.xpath("./tr | ./tbody/tr")
    has_width = "width" in element.attrib
    return has_width and all(len(row.xpath("./td | ./th")) <= 1 for row in rows)


def _rounds_corners_only(element: Any, declaration: Declaration, page: Page) -> bool:  # noqa: ARG001
    """It takes the edge off corners, and what is in them is whole without."""
    radius = None if "%" in declaration.value else pixels(declaration.value)
    return radius is not None and radius <= LARGEST_CORNER


_JUDGES: Mapping[str, Callable[[Any, Declaration, Page], bool]] = {
    "css-word-wrap": _cuts_no_word,
    "css-overflow-wrap": _cuts_no_word,
    "css-word-break": _cuts_no_word,
    "css-white-space": _wraps_no_line,
    "css-table-layout": _sizes_no_column,
    "css-border-radius": _rounds_corners_only,
}
