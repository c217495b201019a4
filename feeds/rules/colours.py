"""Colours as numbers: how well one reads on another, what lies between two, what a client makes of one that it inverts.

Pure; colours are ``#rrggbb``. Not here: which colours a site has (config), where they are used (rendering).
"""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls

Channels = tuple[int, int, int]
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
DISCERNIBLE = 3.0
_BRIGHTEST = 0.65


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """Return the colour that is ``share`` (0 to 1) of the way from one to the other."""
    return _written(tuple(round(a + (b - a) * share) for a, b in zip(_channels(one), _channels(other), strict=True)))


def inverted(colour: str) -> str:
    """Return what a client that inverts a mail by force makes of a colour: its lightness turned over, its hue kept."""
    channels = _channels(colour)
    shift = 255 - max(channels) - min(channels)
    return _written(tuple(channel + shift for channel in channels))


def softened(ink: str, paper: str, *, share: float, least: float) -> str:
    """Return ink moved towards its paper by ``share``, or by less where that would read worse than ``least``."""
    steps = (mixed(ink, paper, share * step / 20) for step in range(20, -1, -1))
    return next((colour for colour in steps if contrast(colour, paper) >= least), ink)


def shaded(colour: str, paper: str) -> str:
    """Return the shade of a colour, nearest to it and of its hue, that reads on a paper, also where both are inverted.

    Another shade than the colour itself is no brighter than does not glare.
    """
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    steps = sorted((step / 100 for step in range(101)), key=lambda step: abs(step - lightness))
    made = (hls_to_rgb(hue, step, min(saturation, _BRIGHTEST)) for step in steps)
    shades = [colour, *(_written(tuple(round(255 * each) for each in shade)) for shade in made)]
    return next((shade for shade in shades if _reads(shade, paper)), readable_on(paper, "#ffffff", "#000000"))


def readable_on(colour: str, *inks: str) -> str:
    """Return which of the inks reads best on a colour."""
    return max(inks, key=lambda ink: contrast(ink, colour))


def _reads(colour: str, paper: str) -> bool:
    turned = contrast(inverted(colour), inverted(paper))
    return contrast(colour, paper) >= READABLE and turned >= DISCERNIBLE


def _channels(colour: str) -> Channels:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _written(channels: tuple[int, ...]) -> str:
    return "#" + "".join(f"{min(255, max(0, channel)):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
