"""How digests look: colours, type, corners.

Not here: whether the colours can be read on one another (theme_checks), the sheets that use them (templates).
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from feeds.config.parts import Part, Place
from feeds.config.values import as_text
from feeds.config.words import Wrong, quietly, quoted
from feeds.rules.colours import shaded

_LOGOS = frozenset({".png", ".jpg", ".jpeg", ".gif"})
_COLOUR = re.compile(r"#[0-9a-f]{6}|#[0-9a-f]{3}", re.IGNORECASE)


class Typeface(StrEnum):
    """A family of typefaces that mail programs have."""

    SERIF = "serif"
    SANS = "sans"


def as_colour(value: object) -> str:
    """Return ``value`` as ``#rrggbb`` if it is a colour; else raise Wrong."""
    text = as_text(value)
    if not _COLOUR.fullmatch(text):
        raise Wrong(f'{quoted(text)} is no colour; expected one such as "#0b5563"')
    digits = text[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def as_logo(path: Path) -> Path:
    """Return the path of a logo if its name is that of a picture which every mail program shows; else raise Wrong."""
    if path.suffix.lower() not in _LOGOS:
        raise Wrong(f"{quoted(path.name)} is no picture that every mail program shows; expected PNG, JPEG or GIF")
    return path


def completed(given: dict[str, Any]) -> dict[str, Any]:
    """Return what is given of a theme; where that is an accent and none for the dark, with a shade of it for there."""
    if "accent" not in given or "dark_accent" in given:
        return given
    fields = ThemeConfig.model_fields
    accent, paper = (quietly(as_colour, given.get(key, fields[key].default)) for key in ("accent", "dark_paper"))
    if not (accent and paper) or accent == fields["accent"].default:
        return given
    return {**given, "dark_accent": shaded(accent, paper)}


Colour = Annotated[str, BeforeValidator(as_colour)]
Logo = Annotated[Place, AfterValidator(as_logo)]


class ThemeConfig(Part):
    """How digests look."""

    paper: Colour = Field("#fffefb", description="what the text stands on")
    canvas: Colour = Field("#f1eee6", description="what is around the paper")
    ink: Colour = Field("#191c1e", description="the colour of text")
    accent: Colour = Field("#0b5563", description="the colour of links, labels and buttons")
    dark_paper: Colour = Field("#151b1e", description="the same four where the reader's device is dark")
    dark_canvas: Colour = Field("#0c1012", description="what is around the paper, in the dark")
    dark_ink: Colour = Field("#e9e5dc", description="the colour of text, in the dark")
    dark_accent: Colour = Field("#7fc6d2", description="the colour of links, labels and buttons, in the dark")
    headings: Typeface = Field(Typeface.SERIF, strict=False, description="the type of headlines: serif or sans")
    text: Typeface = Field(Typeface.SERIF, strict=False, description="the type of all else: serif or sans")
    radius: int = Field(0, ge=0, le=24, description="how round corners are, in pixels")
    logo: Logo | None = Field(None, description="a picture above the newsletter's name, twice as large as it is shown")

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        return completed(given) if isinstance(given, dict) else given
