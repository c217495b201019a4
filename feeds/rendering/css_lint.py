"""What the stylesheets may hold: each mistake named with its line.

The mail's own sheet keeps to what can be inlined as it is meant; no sheet loads anything. Not here: inlining
(inlining), the values of properties (css_values), the sheets of a site (sheets).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from feeds.rendering.css_values import fault_of

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_COMMENT = re.compile(rf"({_STRING})|/\*.*?(?:\*/|\Z)", re.DOTALL)
_MARK = re.compile(rf"{_STRING}|url\([^\"'()\s]*\)|(?P<mark>[{{}};])", re.DOTALL | re.IGNORECASE)
_STRAY = re.compile(rf"{_STRING}|(?P<stray>[\"'\\\x00-\x08\x0b-\x1f\x7f\ufeff])", re.DOTALL)
_FOREIGN = re.compile(rf"{_STRING}|(?P<stray>[^\x00-\x7f])", re.DOTALL)
_PLAIN_SELECTOR = re.compile(r"[a-z][a-z0-9]*|(?:[a-z][a-z0-9]*)?\.[a-zA-Z][a-zA-Z0-9_-]*")
_AT_RULE = re.compile(r"@[\w-]*")
_ADDRESS = re.compile(r"url\(\s*[\"']?\s*([^\"')]*)|image-set\(", re.IGNORECASE)
_IMPORTANT = re.compile(r"!\s*important\s*\Z", re.IGNORECASE)
_STRAYS = {
    "\\": "a backslash, outside of quotes",
    '"': "a quotation mark is not closed in its line",
    "'": "a quotation mark is not closed in its line",
    "\ufeff": "a byte order mark: save the file without it",
}
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong in a sheet, and its line."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands before a ``{``, ``}``, ``;`` or the sheet's end; ``depth`` is how many blocks it stands in."""

    text: str
    line: int
    depth: int
    end: str


def lint_css(css: str) -> list[Fault]:
    """Name what in the mail's stylesheet cannot be inlined as a browser reads it, each with its line.

    Only plain element and class selectors pass, with declarations of which premailer and a browser make the same.
    """
    return list(_of_own_sheet(css))


@lru_cache(maxsize=64)
def _of_own_sheet(css: str) -> tuple[Fault, ...]:
    text = without_comments(css)
    foreign = (
        Fault(_line(text, found.start()), f"{found['stray']!r} may stand only in quotes")
        for found in _FOREIGN.finditer(text)
        if found["stray"]
    )
    return _sorted([*_addresses(text, ""), *_broken(text), *foreign, *_rules(text)])


def lint_client_css(css: str) -> list[Fault]:
    """Name every declaration without ``!important`` in a sheet that stays in the mail's head: it would lose."""
    return list(_of_client_sheet(css))


@lru_cache(maxsize=64)
def _of_client_sheet(css: str) -> tuple[Fault, ...]:
    text = without_comments(css)
    losing = (
        Fault(piece.line, f"{_short(piece.text)}: lacks !important, so the inline style would win over it")
        for piece in _pieces(text)
        if piece.depth and piece.text and piece.end != "{" and not _IMPORTANT.search(piece.text)
    )
    return _sorted([*_addresses(text, ""), *_broken(text), *losing])


def lint_addresses(css: str, own: str = "") -> list[Fault]:
    """Name every ``@import``, and every ``url()`` that is neither under ``own`` nor a data image, with its line."""
    return list(_sorted(_addresses(without_comments(css), own)))


def without_comments(css: str) -> str:
    """Return a stylesheet without its comments; every line keeps its number."""
    return _COMMENT.sub(lambda found: found[1] or " " + "\n" * found[0].count("\n"), css)


def _sorted(found: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(set(found)))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST_SHOWN else flat[: _MOST_SHOWN - 1] + "…"


def _addresses(text: str, own: str) -> Iterator[Fault]:
    for found in re.finditer(r"@import\b", text, re.IGNORECASE):
        yield Fault(_line(text, found.start()), "@import is not allowed: a stylesheet loads nothing")
    for found in _ADDRESS.finditer(text):
        address = (found[1] or "").strip()
        if not address.startswith("data:image/") and not (own and address.startswith(own)):
            yield Fault(_line(text, found.start()), f"{_short(found[0])}: only data images may be loaded")


def _pieces(text: str) -> Iterator[_Piece]:
    start = depth = 0
    ends = [(found.start(), found.end(), found["mark"]) for found in _MARK.finditer(text) if found["mark"]]
    for position, end, mark in [*ends, (len(text), len(text), "")]:
        piece = text[start:position]
        first = start + len(piece) - len(piece.lstrip())
        yield _Piece(piece.strip(), _line(text, first), depth, mark)
        depth = max(0, depth + {"{": 1, "}": -1}.get(mark, 0))
        start = end


def _broken(text: str) -> Iterator[Fault]:
    """Yield what makes browsers and other readers lose their place: each gets over it in its own way."""
    for found in re.finditer("</", text):
        yield Fault(_line(text, found.start()), "</ would end the element that the sheet stands in")
    for found in _STRAY.finditer(text):
        if stray := found["stray"]:
            yield Fault(_line(text, found.start()), _STRAYS.get(stray, f"a control character, {stray!r}"))
    opened = []
    for piece in _pieces(text):
        if piece.end == "{":
            opened.append(piece)
        elif piece.end == "}" and opened:
            opened.pop()
        elif piece.end == "}":
            yield Fault(piece.line, "} closes nothing")
        stands_alone = piece.text + piece.end.replace("}", "")
        if not piece.depth and piece.end != "{" and stands_alone and not stands_alone.startswith("@"):
            yield Fault(piece.line, f"{_short(stands_alone)}: stands in no rule")
    yield from (Fault(piece.line, f"{_short(piece.text)}: its {{ is never closed") for piece in opened)


def _rules(text: str) -> Iterator[Fault]:
    outermost, names = "", Counter[str]()
    for piece in _pieces(text):
        if not piece.depth:
            outermost, names = piece.text, Counter[str]()
            yield from _opening(piece)
        elif not outermost.startswith("@") and piece.depth == 1:
            yield from _content(piece, names)


def _opening(piece: _Piece) -> Iterator[Fault]:
    if at_rule := _AT_RULE.match(piece.text):
        if at_rule[0].lower() != "@import":
            yield Fault(piece.line, f"{at_rule[0]} cannot be inlined: it belongs in client.css")
    elif piece.end == "{":
        for selector in map(_short, piece.text.split(",")):
            if not _PLAIN_SELECTOR.fullmatch(selector):
                yield Fault(piece.line, f"{selector}: {_why_not_plain(selector)}")


def _why_not_plain(selector: str) -> str:
    if _PLAIN_SELECTOR.fullmatch(selector.lower()):
        return "an element is written in small letters"
    return "only an element or a class can be inlined safely"


def _content(piece: _Piece, names: Counter[str]) -> Iterator[Fault]:
    if piece.end == "{":
        yield Fault(piece.line, f"{_short(piece.text)}: a rule inside a rule cannot be inlined")
    elif piece.text:
        name, colon, value = (part.strip() for part in piece.text.partition(":"))
        names[name.lower()] += 1
        if fault := _fault(name.lower(), colon, value, times=names[name.lower()]):
            yield Fault(piece.line, f"{_short(piece.text)}: {fault}")


def _fault(name: str, colon: str, value: str, *, times: int) -> str:
    if not colon:
        return "this is no declaration; is a colon missing?"
    if "!" in value:
        return "!important means nothing once inlined"
    if times > 1:
        return "a second time in one rule: only one of them would be inlined"
    return fault_of(name, value)
