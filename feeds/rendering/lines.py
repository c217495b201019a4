"""Whole lines of a message's body, as they are sent and as they are hashed.

Not here: what stands in them (mime, quoted), hashing them (galley).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds.rendering.dkim.relaxing import relaxed_lines
from feeds.rendering.fields import Field
from feeds.rendering.message import require_sound_body


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a body, and the same in the form in which they are hashed."""

    sent: bytes
    hashed: bytes


Pieces = list[Lines | Field]


def lines_of(data: bytes) -> Lines:
    """Return lines in both forms; raise MessageUnbuildable unless they are such as SMTP carries."""
    require_sound_body(data)
    return Lines(data, relaxed_lines(data))


def joined(pieces: Iterable[Lines | Field]) -> Pieces:
    """Return the same pieces with those that stand beside one another made one."""
    found: Pieces = []
    run: list[Lines] = []
    for piece in pieces:
        if isinstance(piece, Lines):
            run.append(piece)
        else:
            found += [*_one(run), piece]
            run = []
    return found + _one(run)


def _one(run: Sequence[Lines]) -> Pieces:
    if len(run) < 2:
        return [*run]
    sent = b"".join([lines.sent for lines in run])
    is_same = all(lines.hashed is lines.sent for lines in run)  # one copy is enough
    return [Lines(sent, sent if is_same else b"".join([lines.hashed for lines in run]))]
