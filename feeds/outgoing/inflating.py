"""Undoes compression without trusting it: a small file that grows past its limits is stopped while it grows.

gzip, which is asked for, and deflate, which comes all the same. Not here: fetching (client).
"""

from __future__ import annotations

import zlib

_EITHER = zlib.MAX_WBITS | 32  # with a gzip header or a zlib one
_PIECE = 1 << 16
MOST_RATIO = 200  # text shrinks to a tenth; a thousandth is a bomb
_FREE = 1 << 20  # bytes before the ratio counts: a small feed of one repeated word is no harm


class TooLarge(ValueError):
    """What came is larger than its limit, or grows as no feed does."""


class Inflater:
    """Inflates a stream piece by piece; ``plain`` for one that is not compressed, whose size alone is held."""

    def __init__(self, max_bytes: int, *, plain: bool = False) -> None:
        self._inflate = None if plain else zlib.decompressobj(_EITHER)
        self._max_bytes, self._taken, self._given = max_bytes, 0, 0

    def feed(self, data: bytes) -> bytes:
        """Return what this piece adds. Raises TooLarge past a limit, ValueError where it is not compressed data."""
        self._taken += len(data)
        if self._inflate is None:
            return self._counted(data)
        made = []
        try:
            while data and not self._inflate.eof:
                made.append(self._counted(self._inflate.decompress(data, _PIECE)))
                data = self._inflate.unconsumed_tail
        except zlib.error as error:
            raise ValueError(f"its compression cannot be undone: {error}") from error
        return b"".join(made)

    def _counted(self, made: bytes) -> bytes:
        self._given += len(made)
        if self._given > self._max_bytes:
            raise TooLarge(f"it has over {self._max_bytes:,} bytes")
        if self._given > _FREE and self._given > MOST_RATIO * self._taken:
            raise TooLarge(f"it grows to over {MOST_RATIO} times its size: a compression bomb")
        return made

    def close(self) -> None:
        """Raise ValueError where the stream ended before its end."""
        if self._inflate is not None and not self._inflate.eof:
            raise ValueError("its compressed data ends too early")
