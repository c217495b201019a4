"""Plain text for people: cut at whole characters, cleaned to one line, wrapped to columns.

Pure functions. Not here: cleaning what sources read (rules), the words themselves (templates).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice

ELLIPSIS = "…"

# str.splitlines breaks at each of these, and so does the header folding of the email package.
_BREAKS = re.compile("[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINS = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_FIRST_MARK = "\u0300"  # below it no character joins the one before
# In Latin letters, dashes and quotes none joins another: there is no need to look at each.
_SINGLE = re.compile("[\0-\u02ff\u2010-\u2027]*")
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def one_line(text: str) -> str:
    """Return text as a single line: line breaks of every kind are one space, other controls and bidi overrides go."""
    if not text.isprintable():  # as every character is that must go
        text = _BIDI.sub("", _CONTROLS.sub("", _BREAKS.sub(" ", text)))
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """Cut text to at most ``most`` characters as a reader counts them (grapheme clusters, UAX 29 in its main rules)."""
    if len(text) <= most:
        return text
    clusters = _first(text, most + 1)
    return text if len(clusters) <= most else "".join(clusters[: most - 1]).rstrip() + ELLIPSIS


def clip(text: str, most: int) -> str:
    """Shorten prose to at most ``most`` characters, at the end of a word where there is one."""
    flat = one_line(text)
    clusters = _first(flat, most + 1) if len(flat) > most else ""
    if len(clusters) <= most:
        return flat
    kept = "".join(clusters[: most - 1])
    if flat[len(kept)] != " ":
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip(" ,;:.·–—-") + ELLIPSIS


def _first(text: str, number: int) -> Sequence[str]:
    if _SINGLE.fullmatch(text, 0, number):
        return text[:number]
    return list(islice(graphemes(text), number))


def graphemes(text: str) -> Iterator[str]:
    """Yield what a reader sees as single characters: accents, joined emoji and flags stay whole."""
    cluster = ""
    for character in text:
        if cluster and not _continues(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def columns(text: str) -> int:
    """Count the terminal columns that a line takes: East Asian wide characters take two, combining marks none."""
    return len(text) if text.isascii() else sum(_column_width(character) for character in text)


def wrap(text: str, width: int = 72, indent: str = "") -> str:
    """Wrap text to lines of at most ``width`` columns. An address is never broken; any other overlong word is."""
    return _wrapped(tuple(text.split()), width, indent)


@lru_cache(maxsize=4096)  # the same words stand in many selections of an edition
def _wrapped(words: tuple[str, ...], width: int, indent: str) -> str:
    lines: list[str] = []
    line = ""
    for word in _words(words, width - columns(indent)):
        longer = f"{line} {word}" if line else word
        if line and columns(indent + longer) > width:
            lines.append(line)
            longer = word
        line = longer
    return "\n".join(indent + each for each in [*lines, line] if each)


def _words(words: Iterable[str], width: int) -> Iterator[str]:
    for word in words:
        is_address = word.lstrip("<(").startswith(("https://", "http://", "mailto:"))
        yield from [word] if is_address or columns(word) <= width else _pieces(word, width)


def _pieces(word: str, width: int) -> Iterator[str]:
    piece = ""
    for cluster in graphemes(word):
        if piece and columns(piece + cluster) > width:
            yield piece
            piece = ""
        piece += cluster
    yield piece


def _continues(cluster: str, character: str) -> bool:
    if character < _FIRST_MARK:
        return cluster.endswith("\u200d")
    if character in _JOINS or unicodedata.category(character).startswith("M") or ord(character) in _SKIN_TONES:
        return True
    if ord(character) in _REGIONAL:
        return len(cluster) == 1 and ord(cluster) in _REGIONAL
    return cluster.endswith("\u200d")


def _column_width(character: str) -> int:
    if unicodedata.combining(character) or character in _JOINS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
