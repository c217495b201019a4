"""The words of a mistake: what was found, and the nearest thing that would have been right.

Not here: deciding that something is wrong (values, checks), or where it stands (positions).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

LONGEST_SHOWN = 60
_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")

KINDS = {bool: "a boolean", int: "a whole number", float: "a number", str: "text", list: "a list", dict: "a table"}


class Wrong(ValueError):
    """A value is wrong; the text says what was found and what is expected, in one sentence."""


def quoted(value: object) -> str:
    """Return ``value`` as TOML would have it, shortened, without the user name and password of an address."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = _USERINFO.sub("***@", text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def kind_of(value: object) -> str:
    """Return what a TOML value is, in plain words: "text", "a whole number", "a list"."""
    return KINDS.get(type(value), "a date or time")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that ``word`` was probably meant to be, or None where none is near."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the end of a mistake's sentence: ``nearest: "title" (others: id, url)``, or all that is known."""
    names = list(known)
    best = nearest(word, names)
    others = ", ".join(name for name in names if name != best)
    if best is None:
        return f"known: {others}"
    return f'nearest: "{best}"' + (f" (others: {others})" if others else "")


def quietly(read: Callable[[object], T], value: object) -> T | None:
    """Return what ``read`` makes of a value, None where it is wrong: for checks that leave the words to another."""
    try:
        return read(value)
    except Wrong:
        return None
