"""Colours as CSS writes them, read into ``#rrggbb``.

Not here: how they read on one another (rules.colours), what stands on what (boxes).
"""

from __future__ import annotations

import re
from functools import lru_cache

from feeds.rules.colours import mixed

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(([^()]*)\)", re.IGNORECASE)
CLEAR = frozenset({"transparent", "none"})


@lru_cache(maxsize=1024)
def read_colour(value: str, ground: str = "#ffffff") -> str | None:
    """Return a colour as ``#rrggbb``, what shows through it taken for ``ground``; None where it cannot be told."""
    text = value.strip().lower()
    if text in CLEAR:
        return ground
    if found := _HEX.fullmatch(text):
        return _of_hex(found[1], ground)
    if found := _RGB.fullmatch(text):
        return _of_numbers(re.split(r"[\s,/]+", found[1].strip()), ground)
    return _named(text)


@lru_cache(maxsize=1024)
def ground_of(value: str, ground: str) -> str | None:
    """Return the colour of a ``background`` as written on ``ground``; None where a picture or gradient is in it."""
    if "(" in value and not _RGB.fullmatch(value.strip()):
        return None
    colours = [colour for word in _words(value) if (colour := read_colour(word, ground))]
    return colours[0] if colours else ground


def _words(value: str) -> list[str]:
    whole = _RGB.fullmatch(value.strip())
    return [value] if whole else value.split()


def _of_hex(digits: str, ground: str) -> str:
    full = digits if len(digits) > 4 else "".join(digit * 2 for digit in digits)
    colour = f"#{full[:6]}"
    return mixed(ground, colour, int(full[6:8], 16) / 255) if len(full) == 8 else colour


def _of_numbers(numbers: list[str], ground: str) -> str | None:
    try:
        channels = [_share(number, 255) for number in numbers[:3]]
        alpha = _share(numbers[3], 1) if len(numbers) > 3 else 1.0
    except ValueError:
        return None
    if len(channels) < 3:
        return None
    colour = "#" + "".join(f"{round(min(255.0, max(0.0, channel))):02x}" for channel in channels)
    return mixed(ground, colour, min(1.0, max(0.0, alpha)))


def _share(number: str, whole: int) -> float:
    return float(number[:-1]) / 100 * whole if number.endswith("%") else float(number)


def _named(text: str) -> str | None:
    from PIL.ImageColor import getrgb

    try:
        return "#{:02x}{:02x}{:02x}".format(*getrgb(text)[:3])
    except ValueError:
        return None
