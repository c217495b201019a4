"""Cut raw copy into pieces: a paragraph per line, or hard-wrapped lines joined up to the next blank one.

Pieces are spans of the text, so that nothing can be lost or reordered. Not here: what a piece is (raw_copy).
"""

from __future__ import annotations

import re

from feeds.rules.dates import is_date_line
from feeds.rules.raw_copy_people import is_byline, is_credit
from feeds.rules.raw_copy_shapes import ends_sentence, is_picture_name, list_marker

NARROWEST, WIDEST = 55, 100  # characters: between these a line may have been broken by a machine, at its margin

Span = tuple[int, int]


def split_copy(text: str) -> list[str]:
    """Cut a text into its pieces, in order; between them stands only white space, and none has any at its borders."""
    groups = _groups(text)
    lines = [[text[start:end] for start, end in group] for group in groups]
    wrapped = _is_hard_wrapped(lines)
    spans: list[Span] = []
    for number, group in enumerate(groups):
        has_title = number == 0 and _opens_with_title(lines[0])
        spans += _joined(text, group, has_title=has_title) if wrapped else group
    return [text[start:end].strip() for start, end in _with_invisible_ones(text, spans)]


def _groups(text: str) -> list[list[Span]]:
    """Gather the lines that no blank line divides."""
    groups: list[list[Span]] = [[]]
    for match in re.finditer(r"[^\n]*\n?", text):
        if match.group().strip():
            groups[-1].append(match.span())
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _is_hard_wrapped(groups: list[list[str]]) -> bool:
    lines = [line.strip() for group in groups for line in group]
    too_wide = sum(len(line) > WIDEST and " " in line for line in lines)
    if too_wide * 10 > len(lines):
        return False
    # The headline stands apart even where no blank line follows it, and would blur the picture.
    bodies = [group[1:] if number == 0 and _opens_with_title(group) else group for number, group in enumerate(groups)]
    texts = [[line for line in map(str.strip, group) if not _is_a_line_of_its_own(line)] for group in bodies]
    several = [group for group in texts if len(group) > 1]
    return 2 * sum(_looks_wrapped(group) for group in several) > len(several)


def _opens_with_title(group: list[str]) -> bool:
    # Where the second line goes on in lower case, both are one headline or one paragraph.
    return len(group) < 2 or not group[1].lstrip()[0].islower()


def _looks_wrapped(group: list[str]) -> bool:
    inner = group[:-1]
    width = max(map(len, inner))
    full = sum(NARROWEST <= len(line) <= WIDEST and 4 * len(line) >= 3 * width for line in inner)
    ended = sum(ends_sentence(line) for line in inner)
    # A margin falls on the end of a sentence about one time in eight; paragraphs end there nearly always.
    return 4 * full >= 3 * len(inner) and 4 * ended <= len(inner)


def _joined(text: str, group: list[Span], *, has_title: bool) -> list[Span]:
    spans: list[Span] = []
    for number, (start, end) in enumerate(group):
        under_title = has_title and number == 1
        if number == 0 or under_title or _stands_apart(text, group[number - 1], (start, end)):
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], end)
    return spans


def _stands_apart(text: str, before: Span, span: Span) -> bool:
    previous, line = text[slice(*before)].strip(), text[slice(*span)].strip()
    if any(_is_a_line_of_its_own(each) for each in (previous, line)) or list_marker(line):
        return True
    # A line is broken at the margin only where the next word would not have fitted.
    return len(previous) + len(line.split(maxsplit=1)[0]) < NARROWEST * 3 // 4


def _is_a_line_of_its_own(line: str) -> bool:
    return is_picture_name(line) or is_date_line(line) or is_byline(line) or is_credit(line)


def _with_invisible_ones(text: str, spans: list[Span]) -> list[Span]:
    """Give lines of zero-width characters alone to the piece before: they are no paragraph, and may not be lost."""
    kept: list[Span] = []
    for start, end in spans:
        if kept and not any(character.isprintable() and not character.isspace() for character in text[start:end]):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept
