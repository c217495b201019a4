"""Where in a template a fault of the digest stands: the lines that hold the text that is told of, or else its element.

Not here: which template brings a fault about (sampling).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feeds.rendering.lint.findings import Finding

MOST_LINES = 3  # that hold the like: of more, none is told
_QUOTED = re.compile(r"'([^']{2,})'")
_ADDRESS = re.compile(r"[^\s'\"<>]*[:/][^\s'\"<>]*[^\s'\"<>:;,.…]")
_ELEMENT = re.compile(r"<(\w+)(?: class=([\w-]+))?[^>]*>")
_PROPERTY = re.compile(r"([a-z-]+): ")


def lines_of(finding: Finding, template: str) -> tuple[int, ...]:
    """Return the lines of a template that hold what a finding is about, () where that cannot be told."""
    for pattern in _patterns(finding):
        starts = (found.start() for found in re.finditer(pattern, template, re.IGNORECASE))
        lines = tuple(dict.fromkeys(template.count("\n", 0, start) + 1 for start in starts))
        if lines:
            return lines if len(lines) <= MOST_LINES else ()
    return ()


def _patterns(finding: Finding) -> Iterator[str]:
    """Yield what to look for, the surest first."""
    yield from (re.escape(text) for text in (*_QUOTED.findall(finding.what), *_ADDRESS.findall(finding.what)))
    element = _ELEMENT.match(finding.spot.name)
    if element and element[2]:
        yield rf"<{element[1]}\b[^>]*\bclass=[\"']{re.escape(element[2])}[\"']"
        yield rf"\.{re.escape(element[2])}(?![\w-])[^{{}}]*\{{"
    elif element:
        yield rf"<{element[1]}\b(?![^>]*\bclass=)"
    if said := _PROPERTY.match(finding.what):
        yield rf"(?<![\w-]){re.escape(said[1])}\s*:"
