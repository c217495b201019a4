"""What templates made, cut at its marks into pieces: those that show one story, and what stands between them.

Pure. Not here: the marks (marking), pieces with their styles inline (forme).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import escape as escaped

SHORTEST_OWN = 8  # characters: what is shorter stands anywhere by chance


@dataclass(frozen=True, slots=True)
class Own:
    """Words that a selection has alone, such as its subject, where they stand between pieces that others have too.

    In a tag they are an attribute's whole value, with the quotes around it.
    """

    text: str
    is_in_tag: bool

    @property
    def written(self) -> str:
        """The words as they stand in HTML that was read and written again."""
        said = escape(self.text, quote=False)
        if not self.is_in_tag:
            return said
        # The quotes are those that the value has not.
        return f"'{said}'" if '"' in said and "'" not in said else '"' + said.replace('"', "&quot;") + '"'


def cut_text(made: str, mark: str, finish: Callable[[str], str]) -> tuple[str, ...]:
    """Return the pieces of a text part, each finished; those of a story neither begin nor end in a line break."""
    pieces: list[str] = []
    between = ""
    for place, part in enumerate(made.split(mark)):
        words = part.strip("\n") if place % 2 else ""
        before, _, behind = part.partition(words) if words else (part, "", "")
        between += before
        if words:
            pieces += [between, words]
            between = behind
    return tuple(finish(piece) for piece in (*pieces, between) if piece)


def cut_html(made: str, mark: str, own: Sequence[str]) -> list[str | Own]:
    """Return the pieces of an HTML document, with the words between that are its own."""
    pieces: list[str | Own] = []
    said = {str(escaped(text)): text for text in own if len(text) >= SHORTEST_OWN}
    for place, part in enumerate(made.split(mark)):
        pieces += [part] if place % 2 else _told_apart(part, said)
    return [piece for piece in pieces if piece]


def glued(pieces: Sequence[str]) -> tuple[str, ...]:
    """Return the same with what stands several times in it, such as a rule between stories, put before what follows.

    So a story comes in one or two forms, and a digest in half as many pieces.
    """
    found, before, counted = list[str](), "", Counter(pieces)
    for piece in pieces:
        before += piece
        if counted[piece] == 1:
            found.append(before)
            before = ""
    return tuple(found) if not before else (*found, before)


def _told_apart(html: str, said: dict[str, str]) -> Iterator[str | Own]:
    if not said:
        yield html
        return
    # The longer first: one may begin as the other does.
    words = "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
    at = 0
    for found in re.finditer(words, html):
        start, end = found.span()
        is_in_tag = html.rfind("<", 0, start) > html.rfind(">", 0, start)
        if is_in_tag and (html[start - 1], html[end : end + 1]) != ('"', '"'):
            continue
        yield html[at : start - is_in_tag]
        yield Own(said[found[0]], is_in_tag)
        at = end + is_in_tag
    yield html[at:]
