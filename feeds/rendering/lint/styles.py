"""Reads CSS as far as a mail has it: the declarations of a style attribute, the rules of a style element.

Simple and forgiving: what cannot be read is named and passed over. Not here: any judgement (the checks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# A semicolon in quotes or brackets ends no declaration: url(data:image/png;base64,…).
_PIECE = re.compile(r"(?:\"[^\"]*\"|'[^']*'|\([^()]*\)|[^;\"'()])+|[\"'()]")
_DECLARATION = re.compile(r"\s*(-?[a-zA-Z][\w-]*)\s*:\s*(.+?)\s*", re.DOTALL)
_IMPORTANT = re.compile(r"\s*!\s*important\s*\Z", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%)?", re.IGNORECASE)
_PX_IN = {"px": 1.0, "": 1.0, "pt": 4 / 3, "rem": 16.0}
_BRACE = re.compile(r"[{}]")
_SIMPLE = re.compile(r"([a-zA-Z][\w-]*|\*)?((?:\.[\w-]+)*)")
ROOT_FONT = 16.0


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property and its value; the property in lower case."""

    name: str
    value: str
    important: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a style element: selector, declarations, the ``@media`` that it stands in ("" for none), its line."""

    selector: str
    declarations: tuple[Declaration, ...]
    media: str
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A style element: its text, its rules, its at-rules, the lines that cannot be read, the line it begins at."""

    text: str
    rules: tuple[Rule, ...]
    at_rules: tuple[tuple[str, int], ...]
    faults: tuple[tuple[str, int], ...]
    line: int


@lru_cache(maxsize=4096)
def declarations(style: str) -> tuple[Declaration, ...]:
    """Return the declarations of a style attribute, or of a rule's body."""
    found = (_declaration(piece) for piece in _pieces(style))
    return tuple(each for each in found if each is not None)


@lru_cache(maxsize=4096)
def unreadable(style: str) -> str:
    """Return the first piece of a style that is no declaration, "" where all are."""
    return next((piece.strip() for piece in _pieces(style) if piece.strip() and _declaration(piece) is None), "")


def pixels(value: str, *, of: float = ROOT_FONT) -> float | None:
    """Return a length in pixels, ``of`` being what em and % are counted in; None where it is none."""
    found = _LENGTH.fullmatch(value.strip())
    if not found:
        return None
    unit = (found[2] or "").lower()
    scale = {"em": of, "%": of / 100}.get(unit) or _PX_IN[unit]
    return float(found[1]) * scale


def sides(value: str) -> tuple[str, str, str, str]:
    """Return top, right, bottom and left of a shorthand such as ``padding``."""
    parts = value.split()[:4] or ["0"]
    top = parts[0]
    right = parts[1] if len(parts) > 1 else top
    bottom = parts[2] if len(parts) > 2 else top
    return top, right, bottom, parts[3] if len(parts) > 3 else right


def read_sheet(text: str, line: int) -> Sheet:
    """Read a style element whose text begins at ``line``."""
    reader = _SheetReader(_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text), line)
    reader.read()
    if "/*" in reader.text:
        reader.faults.append(("a comment that is not closed", line))
    return Sheet(text, tuple(reader.rules), tuple(reader.at_rules), tuple(reader.faults), line)


class _SheetReader:
    def __init__(self, text: str, line: int) -> None:
        self.text, self._line = text, line
        self.rules: list[Rule] = []
        self.at_rules: list[tuple[str, int]] = []
        self.faults: list[tuple[str, int]] = []
        self._open: list[tuple[str, int, bool]] = []  # head, line, whether rules stand in it

    def read(self) -> None:
        position = 0
        for brace in _BRACE.finditer(self.text):
            piece = self.text[position : brace.start()]
            if brace[0] == "{":
                self._opened(piece, position)
            else:
                self._closed(piece, position)
            position = brace.end()
        self._rest(self.text[position:], position)
        self.faults += [(f"{head[:40]!r} is not closed", line) for head, line, _ in self._open]

    def _at(self, piece: str, position: int) -> int:
        lead = len(piece) - len(piece.lstrip())
        return self._line + self.text.count("\n", 0, position + lead)

    def _opened(self, piece: str, position: int) -> None:
        *before, head = piece.split(";")
        self._rest(";".join(before), position)
        line, name = self._at(piece, position), head.strip()
        if name.startswith("@"):
            self.at_rules.append((name, line))
        elif not name:
            self.faults.append(("a block without a selector", line))
        self._open.append((name, line, name.startswith(("@media", "@supports"))))

    def _closed(self, piece: str, position: int) -> None:
        if not self._open:
            self.faults.append(("a closing brace too many", self._at(piece, position)))
            return
        head, line, holds_rules = self._open.pop()
        if holds_rules and piece.strip():
            self.faults.append((f"{piece.strip()[:40]!r} stands outside a rule", self._at(piece, position)))
        if holds_rules or head.startswith("@"):
            return
        bad = unreadable(piece)
        if bad:
            self.faults.append((f"{bad[:40]!r} is no declaration", self._at(piece, position)))
        media = next((above for above, _, _ in reversed(self._open) if above.startswith("@media")), "")
        self.rules.append(Rule(head, declarations(piece), media, line))

    def _rest(self, piece: str, position: int) -> None:
        for statement in piece.split(";"):
            if statement.strip().startswith("@"):
                self.at_rules.append((statement.strip(), self._at(piece, position)))
            elif statement.strip():
                self.faults.append((f"{statement.strip()[:40]!r} is no rule", self._at(piece, position)))


@dataclass(frozen=True, slots=True)
class Target:
    """What a selector of elements and classes asks for: of the element itself, and of the classes above it."""

    tag: str
    classes: frozenset[str]
    above: frozenset[str]

    @property
    def weight(self) -> tuple[int, int]:
        """Return its specificity, in classes and elements."""
        return len(self.classes) + len(self.above), int(bool(self.tag))


def targets(selector: str) -> Iterator[Target]:
    """Yield what each selector of a list asks for; those with more than elements and classes are passed over."""
    for one in selector.split(","):
        steps = [_SIMPLE.fullmatch(step) for step in one.replace(">", " ").split()]
        if not steps or None in steps:
            continue
        *above, last = [step for step in steps if step]
        held = frozenset(name for step in above for name in step[2].split(".") if name)
        classes = frozenset(name for name in last[2].split(".") if name)
        tag = "" if last[1] in {None, "*"} else last[1].lower()
        yield Target(tag, classes, held)


def _pieces(style: str) -> list[str]:
    return _PIECE.findall(_COMMENT.sub("", style))


def _declaration(piece: str) -> Declaration | None:
    found = _DECLARATION.fullmatch(piece)
    if not found:
        return None
    value = _IMPORTANT.sub("", found[2])
    return Declaration(found[1].lower(), value, important=value != found[2])
