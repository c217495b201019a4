"""What the stylesheets may hold: each mistake named with its line.

The mail's own sheet keeps to what can be inlined; no sheet loads anything. Not here: inlining (inlining).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_AT_RULE = re.compile(r"@[\w-]+")
_PLAIN_SELECTOR = re.compile(r"[a-zA-Z][a-zA-Z0-9]*|[a-zA-Z]*\.[a-zA-Z][\w-]*")
_ADDRESS = re.compile(r"url\(\s*[\"']?\s*([^\"')]*)|image-set\(", re.IGNORECASE)
_MODERN = re.compile(r"\b(var|calc|oklch|oklab|lab|lch|hwb|color|color-mix|light-dark|clamp)\(", re.IGNORECASE)


def lint_css(css: str, own: str = "") -> list[str]:
    """Name what in the mail's stylesheet cannot be inlined as written, each with its line.

    Only plain element and class selectors pass: the inliner weighs others wrongly or drops them. ``own`` is the
    site's address: apart from it, only data images may stand in ``url()``.
    """
    text = without_comments(css)
    found = [*_loads(text, own), *_at_rules(text), *_selectors(text), *_values(text)]
    return [f"line {line}: {what}" for line, what in sorted(set(found))]


def lint_addresses(css: str, own: str = "") -> list[str]:
    """Name every ``@import``, and every ``url()`` that is neither under ``own`` nor a data image, with its line."""
    return [f"line {line}: {what}" for line, what in sorted(set(_loads(without_comments(css), own)))]


def lint_client_css(css: str) -> list[str]:
    """Name every declaration without ``!important`` in the sheet that stays in the mail's head: it would lose."""
    text = without_comments(css)
    return [
        f"line {line}: {declaration}: lacks !important, so the inline style would win over it"
        for line, declaration in _declarations(text)
        if not declaration.endswith("!important")
    ]


def without_comments(css: str) -> str:
    """Return a stylesheet without its comments; every line keeps its number."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), css)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _loads(text: str, own: str) -> Iterator[tuple[int, str]]:
    for found in re.finditer(r"@import\b", text, re.IGNORECASE):
        yield _line(text, found.start()), "@import is not allowed: a stylesheet loads nothing"
    for found in _ADDRESS.finditer(text):
        address = (found[1] or "").strip()
        if not address.startswith("data:image/") and not (own and address.startswith(own)):
            yield _line(text, found.start()), f"{found[0]}: only data images may be loaded"


def _at_rules(text: str) -> Iterator[tuple[int, str]]:
    for found in _AT_RULE.finditer(text):
        yield _line(text, found.start()), f"{found[0]} cannot be inlined: it belongs in client.css"


def _selectors(text: str) -> Iterator[tuple[int, str]]:
    for found in _RULE.finditer(text):
        start = found.start() + len(found[1]) - len(found[1].lstrip())
        for selector in found[1].split(","):
            if not _PLAIN_SELECTOR.fullmatch(selector.strip()):
                yield _line(text, start), f"{selector.strip()}: only an element or a class can be inlined safely"


def _values(text: str) -> Iterator[tuple[int, str]]:
    for line, declaration in _declarations(text):
        if "!important" in declaration:
            yield line, f"{declaration}: !important means nothing once inlined"
        if _MODERN.search(declaration):
            yield line, f"{declaration}: mail clients do not know this function"


def _declarations(text: str) -> Iterator[tuple[int, str]]:
    for found in _RULE.finditer(text):
        position = found.start(2)
        for declaration in found[2].split(";"):
            if declaration.strip():
                lead = len(declaration) - len(declaration.lstrip())
                yield _line(text, position + lead), declaration.strip()
            position += len(declaration) + 1
