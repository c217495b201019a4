"""The declarations that can be put into a mail: each property, and what stands in its value.

What is listed means the same to premailer as to a browser; the rest is refused with a reason. Not here: sheets and
their lines (css_lint), which mail programs show what (lint).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches


def _any(*patterns: str) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _words(names: str) -> str:
    return "|".join(names.split())


# premailer's parser rounds to six decimals and drops the unit of a zero: numbers that a sheet needs have fewer.
_DIGITS = r"(?:\d{1,5}(?:\.\d{1,3})?|\.\d{1,3})"
_UNITS = r"(?:px|em|rem|ex|pt|pc|in|cm|mm)"
_LENGTH = rf"{_DIGITS}{_UNITS}|0"
_SIZE = rf"{_DIGITS}(?:{_UNITS}|%)|0"
_ANY_SIZE = rf"[+-]?{_DIGITS}(?:{_UNITS}|%)|0"
_SHIFT = rf"[+-]?{_DIGITS}{_UNITS}|0"
_PART = r"\s*(?:25[0-5]|2[0-4]\d|1?\d?\d)\s*"
_SHARE = r"\s*(?:100|\d?\d)%\s*"
_ALPHA = r"\s*(?:1|0|0?\.\d{1,2})\s*"
_NAMED = _words(
    "aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet brown burlywood "
    "cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue darkcyan darkgoldenrod "
    "darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon "
    "darkseagreen darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue dimgray "
    "dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green "
    "greenyellow grey honeydew hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon "
    "lightblue lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon "
    "lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta "
    "maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue mediumspringgreen "
    "mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive "
    "olivedrab orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru "
    "pink plum powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen "
    "seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal thistle tomato "
    "turquoise violet wheat white whitesmoke yellow yellowgreen transparent currentcolor"
)
_COLOUR = _any(
    "#[0-9a-f]{3}",
    "#[0-9a-f]{6}",
    _NAMED,
    rf"rgb\({_PART},{_PART},{_PART}\)",
    rf"rgba\({_PART},{_PART},{_PART},{_ALPHA}\)",
    rf"hsl\(\s*\d{{1,3}}\s*,{_SHARE},{_SHARE}\)",
    rf"hsla\(\s*\d{{1,3}}\s*,{_SHARE},{_SHARE},{_ALPHA}\)",
)
_EDGE = _words("none hidden solid double dotted dashed groove ridge inset outset")
_THICK = _any(_LENGTH, "thin|medium|thick")
_REACH = _any(_SIZE, "auto")
_MOST = _any(_SIZE, "none")
_FONT_SIZE = _any(_SIZE, _words("xx-small x-small small medium large x-large xx-large smaller larger"))
_WEIGHT = "normal|bold|bolder|lighter|[1-9]00"
_LINE = _any("normal", _DIGITS, _SIZE)
_MARKER = _words(
    "disc circle square decimal decimal-leading-zero lower-roman upper-roman lower-alpha upper-alpha lower-latin "
    "upper-latin lower-greek none"
)
_RESERVED = r"(?:inherit|initial|unset|default|revert|revert-layer)"
_NAME = rf"(?!{_RESERVED}\b)[a-z_][\w-]*(?:[ ]+(?!{_RESERVED}\b)[a-z_][\w-]*)*"
_QUOTED = r"\"[\w +.-]*\w[\w +.-]*\"|'[\w +.-]*\w[\w +.-]*'"
_FACES = rf"(?:{_NAME}|{_QUOTED})(?:\s*,\s*(?:{_NAME}|{_QUOTED}))*"
_OVERFLOW = "visible|hidden|scroll|auto"
_BREAK = "auto|avoid|always"
_FONT = rf"(?P<before>(?:[\w-]+\s+){{0,3}}?)(?:{_FONT_SIZE})(?:\s*/\s*(?:{_LINE}))?\s+{_FACES}"

# One value of the pattern, or up to as many as the number says.
_VALUES: Mapping[str, tuple[str, int]] = {
    "color": (_COLOUR, 1),
    "background-color": (_COLOUR, 1),
    "background": (_any(_COLOUR, "none"), 1),
    "margin": (_any(_ANY_SIZE, "auto"), 4),
    "padding": (_SIZE, 4),
    **{f"margin-{side}": (_any(_ANY_SIZE, "auto"), 1) for side in ("top", "right", "bottom", "left")},
    **{f"padding-{side}": (_SIZE, 1) for side in ("top", "right", "bottom", "left")},
    **{f"border-{side}-width": (_THICK, 1) for side in ("top", "right", "bottom", "left")},
    **{f"border-{side}-style": (_EDGE, 1) for side in ("top", "right", "bottom", "left")},
    **{f"border-{side}-color": (_COLOUR, 1) for side in ("top", "right", "bottom", "left")},
    "border-width": (_THICK, 4),
    "border-style": (_EDGE, 4),
    "border-color": (_COLOUR, 4),
    "border-radius": (_SIZE, 4),
    **{f"border-{corner}-radius": (_SIZE, 2) for corner in ("top-left", "top-right", "bottom-left", "bottom-right")},
    "border-collapse": ("collapse|separate", 1),
    "border-spacing": (_LENGTH, 2),
    **dict.fromkeys(("width", "height", "min-width", "min-height"), (_REACH, 1)),
    **dict.fromkeys(("max-width", "max-height"), (_MOST, 1)),
    "box-sizing": ("content-box|border-box", 1),
    "display": (
        _words("none inline block inline-block list-item table inline-table table-row table-cell table-row-group"),
        1,
    ),
    "float": ("left|right|none", 1),
    "clear": ("left|right|both|none", 1),
    **dict.fromkeys(("overflow", "overflow-x", "overflow-y"), (_OVERFLOW, 1)),
    "visibility": ("visible|hidden|collapse", 1),
    "opacity": (r"1|0|0?\.\d{1,3}", 1),
    "vertical-align": (_any(_ANY_SIZE, _words("baseline sub super top text-top middle bottom text-bottom")), 1),
    "table-layout": ("auto|fixed", 1),
    "caption-side": ("top|bottom", 1),
    "empty-cells": ("show|hide", 1),
    "font-size": (_FONT_SIZE, 1),
    "font-style": ("normal|italic|oblique", 1),
    "font-variant": ("normal|small-caps", 1),
    "font-weight": (_WEIGHT, 1),
    "line-height": (_LINE, 1),
    "letter-spacing": (_any(_SHIFT, "normal"), 1),
    "word-spacing": (_any(_SHIFT, "normal"), 1),
    "text-align": ("left|right|center|justify|start|end", 1),
    "text-indent": (_ANY_SIZE, 1),
    "text-transform": ("none|capitalize|uppercase|lowercase", 1),
    "white-space": ("normal|nowrap|pre|pre-wrap|pre-line", 1),
    "word-wrap": ("normal|break-word", 1),
    "overflow-wrap": ("normal|break-word|anywhere", 1),
    "word-break": ("normal|break-all|keep-all|break-word", 1),
    "hyphens": ("none|manual|auto", 1),
    "direction": ("ltr|rtl", 1),
    "unicode-bidi": ("normal|embed|isolate|bidi-override|isolate-override|plaintext", 1),
    "list-style-type": (_MARKER, 1),
    "list-style-position": ("inside|outside", 1),
    **dict.fromkeys(("page-break-before", "page-break-after"), (_BREAK, 1)),
    "page-break-inside": ("auto|avoid", 1),
    "cursor": ("auto|default|pointer|text", 1),
    "-webkit-text-size-adjust": ("none|auto|100%", 1),
    "-ms-text-size-adjust": ("none|auto|100%", 1),
    "-ms-interpolation-mode": ("bicubic|nearest-neighbor", 1),
}

# Some of these, in any order, each of them once.
_ONCE_EACH: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("border", "border-top", "border-right", "border-bottom"), (_THICK, _EDGE, _COLOUR)),
    "border-left": (_THICK, _EDGE, _COLOUR),
    "outline": (_THICK, _words("none solid double dotted dashed groove ridge inset outset"), _COLOUR),
    "list-style": (_MARKER, "inside|outside"),
    "text-decoration": ("underline", "overline", "line-through"),
}
_WHOLE: Mapping[str, str] = {"font-family": _FACES, "text-decoration": "none"}
_BEFORE_SIZE = ("italic|oblique", "small-caps", "bold|bolder|lighter|[1-9]00")

_TOKEN = re.compile(r"[\w-]+\([^()]*\)|\S+")
_MODERN = re.compile(r"\b(var|calc|min|max|oklch|oklab|lab|lch|hwb|color|color-mix|light-dark|clamp)\(", re.IGNORECASE)
_WORDS_OFFICE = re.compile(r"mso-[a-z-]+")
_OFFICE_VALUE = re.compile(r"[\w.%#-]+(?: [\w.%#-]+)*")


def known_properties() -> frozenset[str]:
    """Return the names of the properties that can be put into a mail, but for those of Word ("mso-…")."""
    return frozenset({*_VALUES, *_ONCE_EACH, *_WHOLE, "font"})


def fault_of(name: str, value: str) -> str:
    """Say why a declaration cannot be put into a mail, "" where it can; ``name`` is in lower case."""
    if _MODERN.search(value):
        return "mail clients do not know this function"
    if not re.fullmatch(r"-?[a-z][a-z-]*", name):
        return "this is no property"
    if not _is_known(name):
        return f"mail clients do not know this property{_nearest(name)}"
    if _fits(name, value.lower()):
        return ""
    return f"mail clients do not take this value{_hint(value)}"


def _is_known(name: str) -> bool:
    return name in known_properties() or bool(_office(name))


def _office(name: str) -> re.Match[str] | None:
    return _WORDS_OFFICE.fullmatch(name)


def _fits(name: str, value: str) -> bool:
    if value == "inherit":
        return True
    if _office(name):
        return bool(_OFFICE_VALUE.fullmatch(value))
    if name in _WHOLE and re.fullmatch(_WHOLE[name], value):
        return True
    if name == "font":
        return _fits_font(value)
    tokens = _TOKEN.findall(value)
    if name in _ONCE_EACH:
        return _fits_once_each(tokens, _ONCE_EACH[name])
    pattern, most = _VALUES.get(name, ("", 0))
    return 1 <= len(tokens) <= most and all(re.fullmatch(pattern, token) for token in tokens)


def _fits_once_each(tokens: Sequence[str], patterns: Sequence[str]) -> bool:
    kinds = [next((n for n, pattern in enumerate(patterns) if re.fullmatch(pattern, t)), -1) for t in tokens]
    return bool(kinds) and -1 not in kinds and len(set(kinds)) == len(kinds)


def _fits_font(value: str) -> bool:
    found = re.fullmatch(_FONT, value)
    before = [token for token in found["before"].split() if token != "normal"] if found else []
    return bool(found) and (not before or _fits_once_each(before, _BEFORE_SIZE))


def _nearest(name: str) -> str:
    near = get_close_matches(name, sorted(known_properties()), n=1, cutoff=0.8)
    return f'; nearest: "{near[0]}"' if near else ""


def _hint(value: str) -> str:
    if ":" in value:
        return "; is a semicolon missing?"
    if "url(" in value.lower():
        return ": a picture stands in an img element"
    if re.search(r"(?<![\w#.-])[+-]?\d*\.?\d+(?![\w%.])", value):
        return "; is a unit missing?"
    return ""
