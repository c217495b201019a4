"""What each element comes to: colours in light and in dark, size of type, room, from the inline styles down the tree.

As a client without style elements shows it, and with the dark rules on top. Not here: any judgement (the checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from feeds.rendering.lint.colours import ground_of, read_colour
from feeds.rendering.lint.styles import ROOT_FONT, Declaration, Sheet, declarations, pixels, sides, targets
from feeds.rendering.mail_html import LONGEST_CODE

LINK_BLUE = "#0000ee"
MOST_BOXES = 20_000
LONGEST_WORD = 30  # characters that a phone shows in one line of body text
SHEET = 544  # pixels between the margins of a mail of 600
# What is no text to read: spaces that do not break or have no width, and joins.
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u034f\u200b\u200c\u200d\ufeff\u00ad"), " ")
# Between these a line may end: spaces, hyphens, and the letters of scripts that are written without spaces.
_WORD = re.compile(r"[^\s\-\u2010\u2013\u2014\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffff]+")
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83, "sub": 0.83, "sup": 0.83}
_SILENT = frozenset({"style", "script", "title", "noscript", "template"})
_COLOURS = frozenset({"color", "background", "background-color"})


@dataclass(frozen=True, slots=True)
class Colours:
    """Ink and ground in one scheme; None where it cannot be told. ``is_own`` tells whether the ink was chosen."""

    ink: str | None
    ground: str | None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """An element as it is shown; ``text`` is its own, without that of the elements in it."""

    element: Any
    style: Mapping[str, str]
    light: Colours
    dark: Colours
    font_size: float
    line_height: float
    text: str
    is_hidden: bool
    has_family: bool

    @property
    def tag(self) -> str:
        """Return the element's name."""
        return str(self.element.tag)

    @property
    def has_wide_word(self) -> bool:
        """Tell whether a word of its text is too wide for a line; a letter is taken for half as wide as high."""
        longest = max((len(word) for word in _WORD.findall(self.text)), default=0)
        if self.is_hidden or longest * self.font_size / 2 > SHEET:
            return not self.is_hidden
        return longest > LONGEST_WORD and (longest > LONGEST_CODE or not self.element.xpath("ancestor-or-self::pre"))

    def pixels(self, name: str) -> float | None:
        """Return a property's length in pixels; None where it has none, or is counted in what is around it."""
        value = self.style.get(name, "")
        return None if "%" in value else pixels(value, of=self.font_size)

    def padding(self) -> float:
        """Return the padding above and below it, together."""
        top, _, bottom, _ = sides(self.style.get("padding", "0"))
        values = (self.style.get("padding-top", top), self.style.get("padding-bottom", bottom))
        return sum(pixels(value, of=self.font_size) or 0 for value in values)


@dataclass(frozen=True, slots=True)
class _Around:
    """What an element takes over from the one around it."""

    light: Colours
    dark: Colours
    font_size: float
    line_height: float | None  # in pixels; None where it is a share of each element's own size
    share: float
    is_hidden: bool
    has_family: bool
    above: frozenset[str]


_OUTSIDE = _Around(
    light=Colours("#000000", "#ffffff"),
    dark=Colours("#000000", "#ffffff"),
    font_size=ROOT_FONT,
    line_height=None,
    share=1.2,
    is_hidden=False,
    has_family=False,
    above=frozenset(),
)


class Scheme:
    """The rules that change colours in the dark: each with what it asks for, weakest first."""

    def __init__(self, sheets: tuple[Sheet, ...]) -> None:
        found = [
            (target, tuple(each for each in rule.declarations if each.name in _COLOURS))
            for sheet in sheets
            for rule in sheet.rules
            if "prefers-color-scheme" in rule.media and "dark" in rule.media
            for target in targets(rule.selector)
        ]
        self._rules = sorted((pair for pair in found if pair[1]), key=lambda pair: pair[0].weight)
        self._known: dict[tuple[str, str, frozenset[str]], tuple[Declaration, ...]] = {}

    def of(self, tag: str, names: str, above: frozenset[str]) -> tuple[Declaration, ...]:
        """Return what is declared for an element with these classes, the strongest last."""
        key = tag, names, above
        if key not in self._known:
            own = frozenset(names.split())
            self._known[key] = tuple(
                declaration
                for target, declared in self._rules
                if target.classes <= own and target.tag in {"", tag} and target.above <= above
                for declaration in declared
            )
        return self._known[key]


def boxes_of(body: Any, scheme: Scheme) -> Iterator[Box]:
    """Yield what each element comes to, in order."""
    stack = [(body, _OUTSIDE)]
    for _ in range(MOST_BOXES):
        if not stack:
            return
        element, around = stack.pop()
        box, within = _box(element, around, scheme)
        yield box
        stack += [
            (child, within) for child in reversed(element) if child.tag not in _SILENT and isinstance(child.tag, str)
        ]


def _box(element: Any, around: _Around, scheme: Scheme) -> tuple[Box, _Around]:
    names = element.get("class", "")
    style = style_of(element.get("style", ""))
    size = _font_size(element.tag, style, around.font_size)
    line, share = _line_height(style, around, size)
    light = _light(element, style, around.light)
    dark = _dark(element, style, around, rules=scheme.of(element.tag, names, around.above))
    hidden = around.is_hidden or style.get("display") == "none" or style.get("visibility") == "hidden"
    hidden = hidden or style.get("opacity") == "0" or "mso-hide" in style
    family = around.has_family or "font-family" in style or "font" in style
    text = " ".join(_own_text(element).split())
    box = Box(
        element=element,
        style=style,
        light=light,
        dark=dark,
        font_size=size,
        line_height=size * share if line is None else line,
        text=text,
        is_hidden=hidden or size <= 1,
        has_family=family,
    )
    above = around.above | frozenset(names.split()) if names else around.above
    return box, _Around(light, dark, size, line, share, hidden, family, above)


@lru_cache(maxsize=4096)
def style_of(style: str) -> Mapping[str, str]:
    """Return the properties of a style attribute; of one that stands twice, the last value."""
    return {each.name: each.value.lower() for each in declarations(style)}


def _font_size(tag: str, style: Mapping[str, str], around: float) -> float:
    given = style.get("font-size", "")
    size = pixels(given, of=around) if given else None
    return around * _SIZES.get(tag, 1.0) if size is None else size


def _line_height(style: Mapping[str, str], around: _Around, size: float) -> tuple[float | None, float]:
    """Return the height of a line in pixels, or None and its share of the size of type."""
    given = style.get("line-height", "")
    if not given:
        return around.line_height, around.share
    if given.replace(".", "", 1).isdigit() and given != "0":
        return None, float(given)
    height = pixels(given, of=size)
    return (None, 1.2) if height is None else (height, around.share)


def _light(element: Any, style: Mapping[str, str], around: Colours) -> Colours:
    ground = _ground(element, style, around.ground)
    if given := style.get("color") or element.get("color"):
        return Colours(read_colour(given, ground or "#ffffff") if given != "inherit" else around.ink, ground, True)
    if element.tag == "a" and element.get("href"):
        return Colours(LINK_BLUE, ground, False)
    return Colours(around.ink, ground, around.is_own) if ground != around.ground else around


def _dark(element: Any, style: Mapping[str, str], around: _Around, *, rules: tuple[Declaration, ...]) -> Colours:
    plain = _light(element, style, around.dark)
    if not rules:
        return plain
    ink, ground, own = plain.ink, plain.ground, plain.is_own
    for each in rules:
        if not each.important and each.name in style:
            continue
        if each.name == "color":
            ink, own = read_colour(each.value, ground or "#000000"), True
        else:
            ground = ground_of(each.value, around.dark.ground or "#000000")
    return Colours(ink, ground, own)


def _ground(element: Any, style: Mapping[str, str], around: str | None) -> str | None:
    for name in ("background-color", "background"):
        if name in style:
            return ground_of(style[name], around or "#ffffff")
    given = str(element.get("bgcolor", ""))
    if given:
        return read_colour(given, around or "#ffffff")
    return None if style.get("background-image") or element.get("background") else around


def _own_text(element: Any) -> str:
    pieces = [element.text or ""]
    pieces += [child.tail for child in element if child.tail]
    return "".join(pieces).translate(_BLANKS)
