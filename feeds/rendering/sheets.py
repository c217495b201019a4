"""The digest's three stylesheets in the colours of a theme, and what is wrong in them, at its line of the file.

Not here: what a sheet may hold (css_lint), inlining (inlining), what a theme comes to (palette).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup

from feeds.errors import TemplateInvalid
from feeds.rendering.css_lint import Fault, lint_client_css, lint_css, without_comments
from feeds.rendering.environment import Templates
from feeds.rendering.palette import dark_palette, faces_of, light_palette
from feeds.rendering.views import Theme

_LINTS: Mapping[str, Callable[[str], list[Fault]]] = {
    "digest/style.css": lint_css,
    "digest/client.css": lint_client_css,
    "digest/dark.css": lint_client_css,
}
# A line of these leaves none behind.
_ONLY_BLOCKS = re.compile(r"\s*(?:\{%.*?%\}|\{#.*?#\})+\s*")
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheet that is inlined, and the two that stay in the mail's head, as they stand there."""

    style: str
    client: Markup
    dark: Markup


def sheets_of(theme: Theme, templates: Templates) -> Sheets:
    """Return the digest's sheets; raise TemplateInvalid with the first fault that they have."""
    made = {name: _rendered(name, theme, templates) for name in _LINTS}
    for name, css in made.items():
        for fault in _faults(name, css, templates):
            raise TemplateInvalid(_place(name, fault, templates), fault.what)
    style, client, dark = made.values()
    # The lint let nothing through that could end the style element they stand in.
    return Sheets(style, Markup(without_comments(client)), Markup(without_comments(dark)))


def sheet_mistakes(theme: Theme, templates: Templates) -> Iterator[str]:
    """Yield every fault of the digest's sheets, with file and line; raise TemplateInvalid where one cannot be read."""
    for name in _LINTS:
        css = _rendered(name, theme, templates)
        yield from (f"{_place(name, fault, templates)}: {fault.what}" for fault in _faults(name, css, templates))


def line_of(source: str, made: str, line: int) -> int:
    """Return the line of a template that a line of what it made comes from."""
    lines = [(n, text) for n, text in enumerate(source.splitlines(), 1) if not _ONLY_BLOCKS.fullmatch(text)]
    wanted = made.splitlines()[line - 1 : line]
    likely = _aligned(lines, made.splitlines(), line)
    alike = [n for n, text in lines if wanted and _is_made_of(text, wanted[0])]
    return min(alike, key=lambda n: abs(n - likely), default=likely)


def _aligned(lines: list[tuple[int, str]], made: list[str], line: int) -> int:
    matcher = SequenceMatcher(None, [text for _, text in lines], made, autojunk=False)
    for _, start, end, made_start, made_end in matcher.get_opcodes():
        if made_start < line <= made_end and lines:
            nearest = min(start + line - 1 - made_start, max(start, end - 1), len(lines) - 1)
            return lines[nearest][0]
    return line


def _is_made_of(template: str, made: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, _EXPRESSION.split(template))), made))


def _rendered(name: str, theme: Theme, templates: Templates) -> str:
    light, dark, faces = light_palette(theme), dark_palette(theme), faces_of(theme)
    return templates.render(name, theme=theme, colours=light, dark=dark, faces=faces)


def _faults(name: str, css: str, templates: Templates) -> Iterator[Fault]:
    for fault in _LINTS[name](css):
        yield Fault(line_of(templates.text(name), css, fault.line), fault.what)


def _place(name: str, fault: Fault, templates: Templates) -> str:
    return f"{templates.path(name)}:{fault.line}"
