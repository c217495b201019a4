"""Cut raw copy into pieces: a paragraph per line, or hard-wrapped lines joined up to the next blank one.

Pieces are spans of the text, so that nothing can be lost or reordered. Not here: what a piece is (raw_copy).
"""

from __future__ import annotations

import re
from itertools import pairwise

from feeds.rules.dates import is_date_line
from feeds.rules.raw_copy_people import is_byline, is_credit
from feeds.rules.raw_copy_shapes import ends_sentence, is_picture_name, list_marker

NARROWEST, WIDEST = 35, 130  # characters: between these a line may have been broken by a machine, at its margin
SURE = 55  # a narrower margin than this could also be verse or a list: then every line has to fill it

Span = tuple[int, int]


def split_copy(text: str) -> list[str]:
    """Cut a text into its pieces, in order; between them stands only white space, and none has any at its borders."""
    groups = _groups(text)
    lines = [[text[start:end] for start, end in group] for group in groups]
    margin = _margin(lines)
    wrapped = _is_hard_wrapped(lines, margin)
    spans: list[Span] = []
    for number, group in enumerate(groups):
        has_title = number == 0 and _opens_with_title(lines[0])
        spans += _joined(text, group, margin, has_title=has_title) if wrapped else group
    return [text[start:end].strip() for start, end in _with_invisible_ones(text, spans)]


def _groups(text: str) -> list[list[Span]]:
    """Gather the lines that no blank line and no indentation divides."""
    groups: list[list[Span]] = [[]]
    before = ""
    for match in re.finditer(r"[^\n]*\n?", text):
        line = match.group()
        if not line.strip() or _is_indented_after(before, line):
            groups.append([])
        if line.strip():
            groups[-1].append(match.span())
        before = line
    return [group for group in groups if group]


def _is_indented_after(before: str, line: str) -> bool:
    """Tell whether a line opens a paragraph as typescripts do; below a list's item it only hangs there."""
    hangs = list_marker(before) is not None or line.lstrip()[:1].islower()
    return line[0].isspace() and not before[:1].isspace() and not hangs


def _margin(groups: list[list[str]]) -> int:
    """Judge at which column lines were broken: few of those that another line follows reach beyond it."""
    inner = [len(line.rstrip()) for group in groups for line in group[:-1] if not _is_a_line_of_its_own(line.strip())]
    return sorted(inner)[(len(inner) - 1) * 9 // 10] if inner else 0


def _is_hard_wrapped(groups: list[list[str]], margin: int) -> bool:
    lines = [line.strip() for group in groups for line in group]
    too_wide = sum(len(line) > WIDEST and " " in line for line in lines)
    if too_wide * 10 > len(lines) or not NARROWEST <= margin <= WIDEST:
        return False
    # The headline stands apart even where no blank line follows it, and would blur the picture.
    bodies = [group[1:] if number == 0 and _opens_with_title(group) else group for number, group in enumerate(groups)]
    texts = [[line.rstrip() for line in group if not _is_a_line_of_its_own(line.strip())] for group in bodies]
    several = [group for group in texts if len(group) > 1]
    return 2 * sum(_looks_wrapped(group, margin) for group in several) > len(several)


def _opens_with_title(group: list[str]) -> bool:
    # Where the second line goes on in lower case, both are one headline or one paragraph.
    return len(group) < 2 or not group[1].lstrip()[0].islower()


def _looks_wrapped(group: list[str], margin: int) -> bool:
    inner = group[:-1]
    if margin < SURE and not _fills(group, margin):
        return False
    full = sum(len(line) <= WIDEST and 4 * len(line) >= 3 * min(margin, max(map(len, inner))) for line in inner)
    full = full if max(map(len, inner)) >= NARROWEST else 0
    ended = sum(ends_sentence(line) for line in inner)
    # A margin falls on the end of a sentence about one time in eight; paragraphs end there nearly always.
    return 4 * full >= 3 * len(inner) and 4 * ended <= len(inner)


def _fills(group: list[str], margin: int) -> bool:
    """Tell whether lines go on as prose does: the next word would not have fitted, and is seldom a capital's."""
    going_on = sum(not line.lstrip()[0].isupper() for line in group[1:])
    full = sum(len(line) + len(_first_word(after)) >= margin for line, after in pairwise(group))
    return 2 * going_on >= len(group) - 1 and 10 * full >= 9 * (len(group) - 1)


def _first_word(line: str) -> str:
    return line.split(maxsplit=1)[0]


def _joined(text: str, group: list[Span], margin: int, *, has_title: bool) -> list[Span]:
    spans: list[Span] = []
    for number, (start, end) in enumerate(group):
        under_title = has_title and number == 1
        if number == 0 or under_title or _stands_apart(text, group[number - 1], (start, end), margin=margin):
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], end)
    return spans


def _stands_apart(text: str, before: Span, span: Span, *, margin: int) -> bool:
    previous, line = text[slice(*before)].strip(), text[slice(*span)].strip()
    if any(_is_a_line_of_its_own(each) for each in (previous, line)) or list_marker(line):
        return True
    if line[0].islower() and 2 * len(previous) >= margin:
        return False
    both_indented = text[before[0]].isspace() and text[span[0]].isspace()
    if both_indented and ends_sentence(previous):
        return True
    # A line is broken at the margin only where the next word would not have fitted.
    return len(text[slice(*before)].rstrip()) + len(_first_word(line)) < margin * 3 // 4


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
