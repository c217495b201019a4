"""What is said of a name that a template used and nobody knows: as it was written, where it was looked up, the nearest.

Those who write templates know stories and lists, no classes of ours. Not here: what they are given (views, digest).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext
from jinja2.utils import missing

from feeds.config.words import nearest, suggestion

_LOOKED_AT = 5  # lines of an expression, which may stand on several
CLOSED = ("block", "call", "filter", "for", "if", "macro", "raw", "set", "with")  # tags that an end tag closes
TAGS = (*CLOSED, *(f"end{tag}" for tag in CLOSED), "elif", "else", "extends", "from", "import", "include")
_UNKNOWN_WORD = re.compile(r"(?:No (filter|test) named|Encountered unknown (tag)) '([^']+)'")
_CLASS = re.compile(r"'([A-Z]\w+|str|int|float|list|tuple|dict)'(?: object)?")

# What cannot be told from the name of its class.
_NOUNS = {
    "Printed": "entry",
    "Corrected": "correction",
    "Person": "author",
    "Image": "picture",
    "MailPicture": "picture",
    "LoopContext": "loop",
    "TemplateModule": "imported template",
    "NoneType": "empty value",
    "str": "text",
    "int": "number",
    "tuple": "list",
    "dict": "table",
}
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "text"),
    ((int, float), "number"),
    ((list, tuple), "list"),
    (Mapping, "table"),
    (date, "date"),
)


class NameUnknown(UndefinedError):
    """A template used what it has not: ``name`` of ``owner``, or a name by itself where that is ``missing``."""

    def __init__(self, owner: object, name: object, message: str | None = None) -> None:
        self.owner, self.name = owner, name
        super().__init__(message)


class Unknown(StrictUndefined):
    """What stands for an unknown name until it is used, which is refused."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> None:
        # What the sandbox forbids, or jinja2 has words of its own for, is no matter of spelling.
        is_plain = exc is UndefinedError and hint is None
        super().__init__(hint, obj, name, partial(NameUnknown, obj, name) if is_plain else exc)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a template that was at work, and the values by the names that it could use there."""

    file: str
    line: int
    values: Mapping[str, object]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def unknown_name(error: NameUnknown, places: Sequence[Place]) -> tuple[str, str]:
    """Return where the name was written, and what is wrong with it; ``places`` begin with the outermost.

    A part may be given what another has not: the place is the innermost where the name stands.
    """
    for place in reversed(places):
        for line, written in _written(place, error):
            return f"{place.file}:{line}", _said(error, written, place.values)
    values = places[-1].values if places else {}
    return str(places[-1]) if places else "", _said(error, str(error.name), values)


def unknown_word(message: str, words: Mapping[str, Iterable[str]]) -> str:
    """Return what jinja2 says of an unknown filter, test or tag with the nearest, other messages as they are."""
    found = _UNKNOWN_WORD.match(message)
    if not found:
        return message
    kind, word = found[1] or found[2], found[3]
    return f'there is no {kind} "{word}"' + nearest_of(word, TAGS if kind == "tag" else words[kind])


def without_classes(message: str) -> str:
    """Return what Python says of values that do not fit, with what a template calls them in place of their classes."""
    return _CLASS.sub(lambda found: _called(found[1]), message)


def nearest_of(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that names the nearest known word, "" where none is near."""
    best = nearest(word, known)
    return f'; nearest: "{best}"' if best else ""


def _written(place: Place, error: NameUnknown) -> Iterator[tuple[int, str]]:
    """Yield each line on which the name stands, from the place's own on, and the name as it is written there."""
    name = re.escape(str(error.name))
    if error.owner is missing:
        pattern = rf"(?<![\w.]){name}\b"
    elif isinstance(error.name, str):
        pattern = rf"[\w.\[\]]+(?:\.{name}\b|\[(['\"]){name}\1\])"
    else:
        pattern = rf"[\w.]+\[{name}\]"
    lines: list[str] = []
    with suppress(OSError):  # an editor may just be replacing it
        lines = Path(place.file).read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines[place.line - 1 : place.line - 1 + _LOOKED_AT], place.line):
        if found := re.search(pattern, line):
            yield number, found[0]


def _said(error: NameUnknown, written: str, values: Mapping[str, object]) -> str:
    name, owner = error.name, error.owner
    if owner is missing:
        return f"{written}: there is no such name here; {_elsewhere(str(name), values)}"
    if owner is None:
        before = re.sub(r"(\.\w+|\[[^\]]*\])$", "", written)
        return f'{written}: {before} is empty here, and has no "{name}"; ask first: {{% if {before} %}}'
    if not isinstance(name, str):
        return f"{written}: {_noun(owner)} has no element {name}"
    known = _names_of(owner)
    return f'{written}: {_noun(owner)} has no "{name}"' + (f"; {suggestion(name, known)}" if known else "")


def _elsewhere(name: str, values: Mapping[str, object]) -> str:
    """Say which names there are; where one of them has the name that was asked for, which."""
    named = {word: value for word, value in values.items() if not word.startswith("_") and value is not missing}
    known = sorted(word for word, value in named.items() if not isinstance(value, type))
    having = [f'"{word}.{name}"' for word in known if name in _names_of(values[word])]
    return f"there is {' and '.join(having)}" if having else suggestion(name, known)


def _noun(owner: object) -> str:
    kinds = (noun for kind, noun in _KINDS if isinstance(owner, kind))
    return next((f"a {noun}" for noun in kinds), "") or _called(type(owner).__name__)


def _called(called: str) -> str:
    """Return what a template's writer calls a value of the class of this name."""
    noun = _NOUNS.get(called) or re.sub(r"(?<!^)(?=[A-Z])", " ", called.removesuffix("View")).lower()
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"


def _names_of(owner: object) -> list[str]:
    """Return what a value has that a template can ask for by name."""
    if isinstance(owner, Mapping):
        return sorted(key for key in owner if isinstance(key, str))
    if isinstance(owner, TemplateModule):
        return sorted(name for name in vars(owner) if not name.startswith("_"))
    if not is_dataclass(owner) and not isinstance(owner, LoopContext):
        return []
    kind = type(owner)
    held = [field.name for field in fields(owner)] if is_dataclass(owner) else []
    made = [name for name in dir(kind) if isinstance(getattr(kind, name, None), property)]
    return sorted(name for name in {*held, *made} if not name.startswith("_"))
