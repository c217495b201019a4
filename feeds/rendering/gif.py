"""A moving GIF, cleared of all that is said in it beside the picture.

Pure, block by block, without drawing a frame. Not here: whether it fits into a mail (mail_pictures).
"""

from __future__ import annotations

from dataclasses import dataclass

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_TIMING, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # the applications that say how often it runs; others write what they like


@dataclass(frozen=True, slots=True)
class Gif:
    """The bytes of a GIF with nothing but its frames and their timing; its size in pixels."""

    data: bytes
    width: int
    height: int
    frames: int


def bare_gif(data: bytes) -> Gif | None:
    """Return a GIF without comments, texts, what programs left in it, and what stands behind it (GIF89a).

    None where it is none, or does not reach its end.
    """
    if data[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
    try:
        kept = _kept(data)
    except IndexError:  # it ends where more was to come, or goes on as no GIF does
        return None
    return Gif(b"".join(kept), width, height, frames=sum(block[0] == _IMAGE for block in kept[1:]))


def _kept(data: bytes) -> list[bytes]:
    at = 13 + _table(data[10])
    kept = [data[:at]]
    while data[at] != _END:
        end = _end_of(data, at)
        if data[at] == _IMAGE or _is_of_use(data, at):
            kept.append(data[at:end])
        at = end
    return [*kept, bytes([_END])]


def _end_of(data: bytes, at: int) -> int:
    if data[at] == _IMAGE:
        at += 10 + _table(data[at + 9]) + 1
    elif data[at] == _EXTENSION:
        at += 2
    else:
        raise IndexError(at)
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _is_of_use(data: bytes, at: int) -> bool:
    label, first = data[at + 1], data[at + 3 : at + 3 + data[at + 2]]
    return label == _TIMING or (label == _APPLICATION and first in _LOOPS)


def _table(packed: int) -> int:
    """Return how many bytes of colours follow."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0
