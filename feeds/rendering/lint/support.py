"""Which mail clients honour what: facts from caniemail.com, dated in support.json, and what each means for a mail.

A fact is told by its slug there. Not here: where a mail uses it (inline), taking the facts anew (bench/lint/facts.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

# Without these a mail falls apart, or a picture is not seen; without the others it only looks plainer.
BREAKS = frozenset(
    {
        *("css-display-flex", "css-display-grid", "css-float", "css-position", "css-left-right-top-bottom"),
        *("css-grid-template", "css-transform", "css-variables", "css-unit-calc", "css-unit-rem", "css-unit-vh"),
        *("css-unit-vw", "css-function-clamp", "css-function-light-dark", "css-function-max", "css-function-min"),
        *("css-modern-color", "css-rgba", "css-background-image", "css-linear-gradient", "css-radial-gradient"),
        *("css-clip-path", "css-mask-image", "css-visibility", "css-writing-mode", "css-inline-size", "css-filter"),
        *("css-margin-inline-start-end", "css-padding-inline-start-end", "css-mix-blend-mode", "html-svg"),
        *("image-webp", "image-avif", "image-heif", "image-tiff", "image-svg", "image-ico", "image-base64"),
    }
)
_PLAINER = "see that it reads well without"
_SHORTER = "give the long word a place to break, or a link a name in place of its address"
_REMEDIES = {
    "css-display-flex": "lay it out with tables",
    "css-display-grid": "lay it out with tables",
    "css-grid-template": "lay it out with tables",
    "css-float": "lay it out with tables, or with align",
    "css-position": "lay it out with tables",
    "css-left-right-top-bottom": "lay it out with tables, and margins",
    "css-variables": "write the value itself",
    "css-unit-calc": "write the value itself, in pixels",
    "css-unit-rem": "write the size in pixels",
    "css-rgba": "write the colour as #rrggbb",
    "css-modern-color": "write the colour as #rrggbb",
    "css-background-image": "give it a background-color as well",
    "css-linear-gradient": "give it a background-color as well",
    "css-radial-gradient": "give it a background-color as well",
    "css-border-radius": "see that it looks well with square corners",
    "css-word-wrap": _SHORTER,
    "css-overflow-wrap": _SHORTER,
    "css-word-break": _SHORTER,
    "css-white-space": "break lines of code shorter",
    "image-webp": "send it as JPEG or PNG",
    "image-avif": "send it as JPEG or PNG",
    "image-heif": "send it as JPEG or PNG",
    "image-tiff": "send it as JPEG or PNG",
    "image-svg": "send it as PNG",
    "image-ico": "send it as PNG",
    "image-apng": "send it as GIF",
    "image-base64": "link the picture, or give it as a part of the message",
}
# Properties that go with another in the table.
_FAMILIES = (
    ("margin-inline", "css-margin-inline-start-end"),
    ("padding-inline", "css-padding-inline-start-end"),
    ("margin", "css-margin"),
    ("padding", "css-padding"),
    ("grid", "css-grid-template"),
    ("transition", "css-transition"),
    ("animation", "css-animation"),
    ("outline", "css-outline"),
    ("column", "css-column-count"),
    ("mask", "css-mask-image"),
)
_OFFSETS = frozenset({"top", "right", "bottom", "left"})
_FUNCTIONS = (
    ("var(", "css-variables"),
    ("calc(", "css-unit-calc"),
    ("clamp(", "css-function-clamp"),
    ("min(", "css-function-min"),
    ("max(", "css-function-max"),
    ("light-dark(", "css-function-light-dark"),
    ("rgba(", "css-rgba"),
    ("linear-gradient(", "css-linear-gradient"),
    ("radial-gradient(", "css-radial-gradient"),
    ("url(", "css-background-image"),
)
_AS_EVER = frozenset({"auto", "normal", "none", "inherit"})  # a client that drops these shows the same
_MODERN = re.compile(r"\b(oklch|oklab|lab|lch|hwb|color|color-mix)\(")
_UNITS = {"rem": "css-unit-rem", "vw": "css-unit-vw", "vh": "css-unit-vh"}
_UNIT = re.compile(r"\d(rem|vw|vh)\b")
_ELEMENTS = {
    "svg": "html-svg",
    "picture": "html-picture",
    "dialog": "html-dialog",
    "meter": "html-meter",
    "progress": "html-progress",
    "marquee": "html-marquee",
    "map": "html-image-maps",
    "ruby": "html-ruby",
    **dict.fromkeys(
        ("details", "summary", "main", "nav", "article", "aside", "section", "header", "footer"), "html-semantics"
    ),
}
_FORMATS = {
    **{kind: f"image-{kind}" for kind in ("webp", "avif", "svg", "bmp", "ico", "apng", "tiff")},
    "tif": "image-tiff",
    "heic": "image-heif",
    "heif": "image-heif",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What clients make of one feature: which drop it, whether a mail breaks by that, what to do.

    ``partly`` tells of those that honour it in part, with what they do not.
    """

    title: str
    dropped_by: tuple[str, ...]
    partly: Mapping[str, str]
    breaks: bool
    remedy: str


@cache
def table() -> Mapping[str, Fact]:
    """Return all facts by their slug."""
    return {slug: _fact(slug, told) for slug, told in _data()["facts"].items()}


@cache
def as_of() -> str:
    """Return the day that the facts are of."""
    return str(_data()["date"])


@lru_cache(maxsize=4096)
def facts_of(name: str, value: str) -> tuple[str, ...]:
    """Return the slugs of what a declaration makes use of, of those that some client drops."""
    if value.lower() in _AS_EVER or (name == "border-radius" and value in {"0", "0px"}):
        return ()
    found = dict.fromkeys([*_of_property(name, value.lower()), *_of_value(value.lower())])
    return tuple(slug for slug in found if slug in table() and table()[slug].dropped_by)


def facts_of_element(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield the slugs of what an element makes use of, of those that some client drops."""
    found = [_ELEMENTS.get(tag)]
    if tag == "img":
        found.append(_format_of(attributes.get("src", "")))
        found.append("html-srcset" if "srcset" in attributes else None)
    yield from (slug for slug in found if slug and table()[slug].dropped_by)


def _fact(slug: str, told: Mapping[str, object]) -> Fact:
    no, partly = list(told["no"]), dict(told["partly"])  # type: ignore[call-overload]
    # Where no client drops it altogether, one that does in some of its programs matters for pictures alone.
    if no or slug.startswith("image-"):
        no += [f"{name} ({note[7:]})" for name, note in partly.items() if note.startswith("not in ")]
    remedy = _REMEDIES.get(slug, _PLAINER)
    return Fact(str(told["title"]), tuple(no), partly, slug in BREAKS, remedy)


@cache
def _data() -> dict[str, dict[str, Mapping[str, object]]]:
    file = Path(__file__).with_name("support.json")
    found: dict[str, dict[str, Mapping[str, object]]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _of_property(name: str, value: str) -> Iterator[str]:
    if name == "display":
        shown = value.removeprefix("inline-")
        yield {"flex": "css-display-flex", "grid": "css-display-grid"}.get(shown, "")
    elif name in _OFFSETS:
        yield "css-left-right-top-bottom"
    elif name == "position":
        yield "" if value == "static" else "css-position"
    elif name == "visibility":
        yield "" if value == "visible" else "css-visibility"
    elif name == "float":
        yield "css-float"
    else:
        yield f"css-{name}"
        yield next((slug for start, slug in _FAMILIES if name.startswith(start)), "")


def _of_value(value: str) -> Iterator[str]:
    if "(" in value:
        yield from (slug for start, slug in _FUNCTIONS if re.search(rf"(?<![\w-]){re.escape(start)}", value))
        if _MODERN.search(value):
            yield "css-modern-color"
    yield from (_UNITS[unit] for unit in _UNIT.findall(value))


def _format_of(source: str) -> str | None:
    if source.startswith("data:"):
        return "image-base64"
    try:
        path = urlsplit(source).path
    except ValueError:
        return None
    return _FORMATS.get(path.rpartition(".")[2].lower())
