"""What a theme comes to in a digest: the colours of its parts in light and in dark, and its typefaces.

Pure. Not here: whether a theme can be read (config), the sheets that use it (templates).
"""

from __future__ import annotations

from dataclasses import dataclass

from feeds.rendering.views import Theme
from feeds.rules.colours import mixed, readable_on, softened

# No stack opens with a name that Word does not know: it would set the text in Times.
STACKS = {
    "serif": "Georgia, Charter, Times New Roman, serif",
    "sans": "Segoe UI, Helvetica Neue, Helvetica, Arial, sans-serif",
}
_MUTED, _MUTED_LEAST = 0.3, 5.0
_LINE = 0.84


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a digest in one scheme, each ``#rrggbb``."""

    paper: str
    canvas: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str


@dataclass(frozen=True, slots=True)
class Faces:
    """The typefaces of a digest, each a list of names as CSS has it; ``small`` is that of bylines and captions."""

    headings: str
    text: str
    small: str


def light_palette(theme: Theme) -> Palette:
    """Return the colours of the light scheme."""
    return _palette(theme.paper, theme.canvas, ink=theme.ink, accent=theme.accent)


def dark_palette(theme: Theme) -> Palette:
    """Return the colours of the dark scheme."""
    return _palette(theme.dark_paper, theme.dark_canvas, ink=theme.dark_ink, accent=theme.dark_accent)


def faces_of(theme: Theme) -> Faces:
    """Return the typefaces of a theme."""
    return Faces(STACKS[theme.headings], STACKS[theme.text], STACKS["sans"])


def _palette(paper: str, canvas: str, *, ink: str, accent: str) -> Palette:
    return Palette(
        paper=paper,
        canvas=canvas,
        ink=ink,
        muted=softened(ink, paper, share=_MUTED, least=_MUTED_LEAST),
        line=mixed(ink, paper, _LINE),
        accent=accent,
        on_accent=readable_on(accent, "#ffffff", paper, canvas, ink),
    )
