"""An article's own HTML as plain text: paragraphs in columns, each with the addresses that it links to below it.

Not here: the HTML part (mail_html), wrapping (text).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from feeds.rendering.mail_html import is_captioned, parsed
from feeds.rendering.text import columns, wrap

_BLOCKS = frozenset(
    [
        *("p", "div", "section", "figure", "figcaption", "blockquote", "pre", "hr", "details", "summary"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr"),
    ]
)
_TIGHT = frozenset({"li", "tr"})
_BREAK = "\N{LINE SEPARATOR}"


@dataclass(slots=True)
class _Paragraph:
    """Words in the making, what stands before their first line and the others, and the addresses linked from them."""

    first: str = ""
    indent: str = ""
    is_tight: bool = False
    words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def lines(self, width: int) -> Iterator[str]:
        text = "".join(self.words)
        lead = self.first
        for part in text.split(_BREAK):
            if part.strip():
                wrapped = wrap(part, width, self.indent)
                yield lead + wrapped[len(self.indent) :]
                lead = self.indent
        yield from (f"{self.indent}{link}" for link in self.links if link not in text)


def mail_text(html: str, *, width: int = 72) -> str:
    """Return clean HTML as text of at most ``width`` columns, addresses aside; its links come in their order."""
    walk = _Walk(width)
    walk.block(parsed(html))
    parts = walk.done()
    text = parts[0][0] if parts else ""
    for (before, was_tight), (part, is_tight) in pairwise(parts):
        gap = "" if was_tight and is_tight else ">\n" if before.startswith(">") and part.startswith(">") else "\n"
        text += f"\n{gap}{part}"
    return text


class _Walk:
    """Goes through the elements in order; a block ends the paragraph before it."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._parts: list[tuple[str, bool]] = []
        self._open = _Paragraph()

    def done(self) -> list[tuple[str, bool]]:
        """Return the paragraphs, and whether each stands close to one that does so too."""
        self._close(_Paragraph())
        return self._parts

    def block(self, element: Any) -> None:
        """Write down a block and what is in it; what comes after it begins anew."""
        before, number = self._open, len(self._parts)
        first = before.indent if before.words else before.first
        self._close(_Paragraph(*_margins(element, first, before.indent), element.tag in _TIGHT))
        if element.tag == "pre":
            lines = _cut(element.text_content().strip("\n"), self._width - len(before.indent) - 4)
            self._parts.append(("\n".join(f"{before.indent}    {line}" for line in lines), False))
        elif element.tag == "hr":
            self._parts.append((f"{before.indent}* * *", False))
        elif element.tag == "table" and (rows := _aligned(element, self._width - len(before.indent))):
            self._parts.append(("\n".join(f"{before.indent}{row}".rstrip() for row in rows), False))
        else:
            self._inside(element)
        after = _Paragraph(before.indent, before.indent, before.is_tight)
        self._close(after)
        if len(self._parts) == number:
            after.first = before.first

    def _inside(self, element: Any) -> None:
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child)
            self._say(child.tail)

    def _child(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self.block(element)
            return
        if element.tag == "br":
            self._open.words.append(_BREAK)
        elif element.tag == "img":
            self._say(f" [{element.get('alt')}] " if element.get("alt") and not is_captioned(element) else "")
        elif element.tag in {"td", "th"} and element.getprevious() is not None:
            self._open.words = ["".join(self._open.words).rstrip(), "; "]
        self._inside(element)
        if element.tag == "a" and element.get("href"):
            self._open.links.append(element.get("href"))

    def _say(self, text: str | None) -> None:
        if text:
            self._open.words.append(text.replace("\n", " "))

    def _close(self, after: _Paragraph) -> None:
        lines = list(self._open.lines(self._width))
        if lines:
            self._parts.append(("\n".join(lines), self._open.is_tight))
        self._open = after


def _cut(text: str, width: int) -> list[str]:
    """Return the lines of a code, those that are too long cut where they reach the margin."""
    lines = (line.expandtabs(4) for line in text.split("\n"))
    return [line[at : at + width] for line in lines for at in range(0, max(1, len(line)), width)]


def _aligned(table: Any, width: int) -> list[str]:
    """Return a table's rows with their cells below one another, none where they are too wide or hold links."""
    rows = [[" ".join(cell.text_content().split()) for cell in row.iter("td", "th")] for row in table.iter("tr")]
    if not rows or len({len(row) for row in rows}) != 1 or next(table.iter("a"), None) is not None:
        return []
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > width:
        return []
    return ["  ".join(cell + " " * (w - columns(cell)) for cell, w in zip(row, widths, strict=True)) for row in rows]


def _margins(element: Any, first: str, indent: str) -> tuple[str, str]:
    """Return what stands before the first line of a block, and before its others."""
    if element.tag == "blockquote":
        return f"{first}> ", f"{indent}> "
    if element.tag == "li":
        mark = f"{_place(element)}. " if element.getparent().tag == "ol" else "* "
        return first + mark, indent + " " * len(mark)
    return (f"{first}  ", f"{indent}  ") if element.tag == "dd" else (first, indent)


def _place(item: Any) -> int:
    return sum(1 for _ in item.itersiblings("li", preceding=True)) + 1
