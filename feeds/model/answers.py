"""What a web server said: its status, its headers, its body, and the moves that led there.

A noun without behaviour. Not here: asking (outgoing), judging it (formats.check).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """A redirect that was followed: its status, and the address that it led to."""

    status: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer over HTTP, read to its end. ``address`` is where it came from, after all moves.

    ``headers`` have lower-case names; one that stood more than once has its values joined by commas (RFC 9110
    section 5.3). ``data`` is the body with its compression undone; ``wire_length`` counts its bytes as they came.
    """

    address: str
    status: int
    headers: Mapping[str, str]
    data: bytes
    wire_length: int = 0
    moves: tuple[Move, ...] = ()

    @property
    def is_good(self) -> bool:
        """Tell whether the request was granted (2xx)."""
        return 200 <= self.status < 300
