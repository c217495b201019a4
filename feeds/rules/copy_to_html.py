"""Write the blocks of raw copy as clean HTML: paragraphs, headings, lists, captions, credits, links.

Everything is escaped here, once. Not here: what a block is (raw_copy), title and standfirst (templates show those).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from feeds.model import Block, Role
from feeds.rules.dates import is_date_line
from feeds.rules.raw_copy_shapes import is_picture_name, list_marker

_SHOWN_ELSEWHERE = frozenset([Role.TITLE, Role.STANDFIRST, Role.BYLINE])
_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_AROUND = {
    Role.SUBHEADING: ("<h2>", "</h2>"),
    Role.CAPTION: ("<p><small>", "</small></p>"),
    Role.CREDIT: ("<p><small>", "</small></p>"),
    Role.AUTHORS_NOTE: ("<p><em>", "</em></p>"),
}
_PARAGRAPH = ("<p>", "</p>")


def copy_to_html(blocks: Sequence[Block]) -> str:
    """Write the body of raw copy as HTML, one element a line, without what a page shows elsewhere.

    Title, standfirst, byline, date line and the bare names of pictures are left out; they stay in the blocks.
    """
    return "\n".join(_elements([block for block in blocks if not _is_left_out(block)]))


def _is_left_out(block: Block) -> bool:
    if block.role is Role.CAPTION:
        return is_picture_name(block.content)
    return block.role in _SHOWN_ELSEWHERE or (block.role is Role.DATELINE and is_date_line(block.content))


def _elements(blocks: list[Block]) -> Iterator[str]:
    number = 0
    while number < len(blocks):
        items, taken = _list_from(blocks, number)
        if len(items) > 1:
            yield _list(items)
        else:
            taken = 2 if _opens_a_paragraph(blocks[number : number + 2]) else 1
            yield _element(blocks[number : number + taken])
        number += taken


def _opens_a_paragraph(pair: list[Block]) -> bool:
    return [block.role for block in pair] == [Role.DATELINE, Role.BODY]


def _element(blocks: list[Block]) -> str:
    before, after = _AROUND.get(blocks[-1].role, _PARAGRAPH)
    return before + " ".join(_inline(block) for block in blocks) + after


def _inline(block: Block) -> str:
    return block.content if block.is_html else _linked(" ".join(block.content.split("\n")))


def _list_from(blocks: list[Block], start: int) -> tuple[list[str], int]:
    """Gather the items of one list, of one kind and numbered in order, and count the blocks that hold them."""
    items: list[str] = []
    taken = 0
    for number in range(start, len(blocks)):
        more = _items(blocks[number])
        if not more or not all(_follows(*pair) for pair in pairwise([*items[-1:], *more])):
            break
        items += more
        taken += 1
    return items, taken


def _items(block: Block) -> list[str]:
    """Take the items out of a block; a line without a marker of its own goes on with the item before."""
    if block.role is not Role.BODY or block.is_html or not list_marker(block.content):
        return []
    items: list[str] = []
    for line in map(str.strip, block.content.split("\n")):
        if list_marker(line):
            items.append(line)
        else:
            items[-1] += " " + line
    return items


def _follows(before: str, after: str) -> bool:
    first, second = list_marker(before), list_marker(after)
    if first is None or second is None:
        return False
    if first["number"] is None or second["number"] is None:
        return first["bullet"] is not None and first["bullet"] == second["bullet"]
    return int(second["number"]) == int(first["number"]) + 1


def _list(items: list[str]) -> str:
    marker = list_marker(items[0])
    start = marker["number"] if marker else None
    inside = "".join(f"<li>{_linked(_unmarked(item))}</li>" for item in items)
    if start is None:
        return f"<ul>{inside}</ul>"
    return f"<ol>{inside}</ol>" if int(start) == 1 else f'<ol start="{int(start)}">{inside}</ol>'


def _unmarked(item: str) -> str:
    marker = list_marker(item)
    return item[marker.end() :] if marker else item


def _linked(text: str) -> str:
    """Escape a text and link its addresses; punctuation that ends a sentence is no part of an address."""
    done, parts = 0, []
    for match in _ADDRESS.finditer(text):
        address = _without_trailing_punctuation(match.group())
        parts += [html.escape(text[done : match.start()], quote=False), _link(address)]
        done = match.start() + len(address)
    return "".join([*parts, html.escape(text[done:], quote=False)])


def _link(address: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(address, quote=False)}</a>'


def _without_trailing_punctuation(address: str) -> str:
    end = len(address)
    excess = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    while end and (address[end - 1] in ".,;:!?…'’*" or excess.get(address[end - 1], 0) > 0):
        # A bracket belongs to the address where it was opened in it, as in /wiki/Ferry_(ship).
        end -= 1
        if address[end] in excess:
            excess[address[end]] -= 1
    return address[:end]
