"""Whether every element of a document that a template made is closed where it was opened.

A browser and an inliner mend what is not, each in its own way, and a mail falls apart without a word. Not here: what
elements may stand in a mail (lint).
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(r"<!--.*?-->|<(style|script|title|textarea)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>", re.IGNORECASE)
# HTML lets these end by themselves, and those who write HTML down make use of it.
_OPTIONAL = frozenset({"li", "p", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


def first_imbalance(html: str) -> str:
    """Return what is wrong with the first tag that closes nothing or is never closed, "" where all are in order."""
    seen = _UNSEEN.sub(" ", html)
    opened: list[tuple[str, int]] = []
    for tag in _TAG.finditer(seen):
        closes, name = tag[1], tag[2].lower()
        if name in _VOID or tag[3]:
            continue
        if not closes:
            opened.append((name, tag.start()))
            continue
        while opened and opened[-1][0] != name and opened[-1][0] in _OPTIONAL:
            opened.pop()
        if opened and opened[-1][0] == name:
            opened.pop()
        else:
            where = (
                f"where <{opened[-1][0]}> {_near(seen, opened[-1][1])} is open" if opened else "where nothing is open"
            )
            return f"</{name}> {_near(seen, tag.start())} stands {where}"
    left = [one for one in opened if one[0] not in _OPTIONAL]
    return f"<{left[-1][0]}> {_near(seen, left[-1][1])} is never closed" if left else ""


def open_after(opened: tuple[str, ...], html: str) -> tuple[str, ...] | None:
    """Return the elements that are open behind a piece of a document, None unless each is closed by a tag of its own.

    Where the piece ends within a tag, that stands last, as far as it goes.
    """
    if opened and opened[-1].startswith("<"):
        opened, html = opened[:-1], opened[-1] + html
    seen = _UNSEEN.sub(" ", html)
    at = seen.rfind("<") if seen.rfind("<") > seen.rfind(">") else len(seen)
    left = list(opened)
    for tag in _TAG.finditer(seen, 0, at):
        name = tag[2].lower()
        if name in _VOID or tag[3]:
            continue
        if not tag[1]:
            left.append(name)
        elif not left or left.pop() != name:
            return None
    return (*left, seen[at:]) if at < len(seen) else tuple(left)


def _near(html: str, at: int) -> str:
    """Say where a tag stands, by the words before it: the lines of what was made are not those of the templates."""
    words = " ".join(re.sub(r"<[^>]*>?", " ", html[max(0, at - 600) : at]).split())
    return f"after “…{words[-40:]}”" if words else "at the top"
