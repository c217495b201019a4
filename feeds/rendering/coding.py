"""The parts of a message coded piece by piece, so that a piece that many messages have is coded once.

A part is coded the same whether its pieces were coded before or not. Not here: how one text is coded (quoted), what
stands around the parts (mime).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable, MutableMapping, Sequence

from feeds.model import Part
from feeds.rendering.fields import Field, divided
from feeds.rendering.lines import Lines, Pieces, joined, lines_of
from feeds.rendering.mime import Embedded, picture_lines
from feeds.rendering.quoted import quoted

Coded = tuple[Lines | Field, ...]
Kept = MutableMapping[Hashable, Coded]


def coded_text(part: Part, mark: str, kept: Kept) -> Pieces:
    """Return the text part of a message, with its fields."""
    return _coded(part, kept, mark=mark, escape=str)


def coded_html(part: Part, mark: str, kept: Kept) -> Pieces:
    """Return the HTML of a message, with its fields."""
    return _coded(part, kept, mark=mark, escape=html.escape)


def coded_picture(picture: Embedded, kept: Kept) -> Lines:
    """Return a picture that a message brings along."""
    found = kept.get(picture)
    if found is None:
        found = kept[picture] = (picture_lines(picture),)
    (made,) = found
    assert isinstance(made, Lines)
    return made


def coded_value(field: Field, value: str) -> Lines:
    """Return what stands in the place of a field, behind which the part goes on."""
    return lines_of(quoted(field.escape(value).encode(), goes_on=True))


def size_of(coded: Coded) -> int:
    """Return how many bytes some pieces take, both forms of theirs."""
    return sum(2 * len(piece.sent) for piece in coded if isinstance(piece, Lines))


def _coded(part: Part, kept: Kept, *, mark: str, escape: Callable[[str], str]) -> Pieces:
    coded: Pieces = []
    pieces = _lined(part)
    for place, piece in enumerate(pieces, 1):
        goes_on = place < len(pieces)
        key = piece, mark, escape, goes_on
        found = kept.get(key)
        if found is None:
            found = kept[key] = _piece(piece, mark, escape, goes_on=goes_on)
        coded += found
    return joined(coded)


def _piece(piece: bytes, mark: str, escape: Callable[[str], str], *, goes_on: bool) -> Coded:
    texts = divided(piece.decode(), mark, escape)
    return tuple(
        text if isinstance(text, Field) else lines_of(quoted(text.encode(), goes_on=goes_on or place < len(texts)))
        for place, text in enumerate(texts, 1)
        if text
    )


def _lined(part: Part) -> Sequence[bytes]:
    """Return a part's pieces with each line ended by LF, the last one too."""
    pieces = [part] if isinstance(part, bytes) else [piece for piece in part if piece] or [b""]
    if any(b"\r" in piece for piece in pieces):
        pieces = [b"".join(pieces)]
        pieces = [b"".join(line + b"\n" for line in pieces[0].splitlines())]
    if pieces[-1] and not pieces[-1].endswith(b"\n"):
        pieces[-1] += b"\n"
    return pieces
