"""The corrections that a desk writes below raw copy: "Correction (12 November 2026): The ferry leaves at 7, not at 8."

Only what is labelled and dated is one. Not here: corrections in front matter (meta).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from feeds.model import Block, Correction, Role
from feeds.rules.dates import is_date_line, read_date_line
from feeds.rules.raw_copy_leftovers import is_leftover
from feeds.rules.text import clean_line

_CORRECTION = re.compile(
    r"(?:corrections?|clarifications?)"
    r"(?:\s*\((?P<within>[^()\n]{6,60})\)\s*[:–—-]|[,;]?\s+(?P<behind>[^:\n]{6,60}):)\s*(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)


def split_corrections(blocks: Sequence[Block], zone: ZoneInfo) -> tuple[tuple[Block, ...], tuple[Correction, ...]]:
    """Return the blocks without the corrections that close the text, and these, oldest first.

    Credits, notes and what a page left may stand among them; above the last paragraph that is none, nothing is one.
    """
    found: dict[int, Correction] = {}
    for number in range(len(blocks) - 1, 0, -1):
        block = blocks[number]
        correction = _correction(block.content, zone) if block.role is Role.BODY else None
        if correction is not None:
            found[number] = correction
        elif block.role in {Role.BODY, Role.SUBHEADING} and not is_leftover(block.content):
            break
    others = tuple(block for number, block in enumerate(blocks) if number not in found)
    return others, tuple(sorted(found.values(), key=lambda one: one.at))


def _correction(text: str, zone: ZoneInfo) -> Correction | None:
    match = _CORRECTION.fullmatch(text)
    date = (match["within"] or match["behind"]).strip() if match else ""
    if match is None or not is_date_line(date):
        return None
    at = read_date_line(date, zone).at
    return Correction(at, clean_line(match["text"])) if at else None
