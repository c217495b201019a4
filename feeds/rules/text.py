"""Cleaning text once, at the store's door, so that no document can be made ill-formed by it later.

Pure. Not here: cleaning markup (html), decoding bytes (sources).
"""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import category

# XML 1.0 section 2.2 forbids these; PostgreSQL refuses NUL; U+FFFE, U+FFFF and their like are noncharacters.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
# To look for what is rare takes ten times as long as to see that there is none: most texts were cleaned before.
_NOT_SETTLED = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])
_ASCII = bytes(range(0x80))
_DOUBTFUL = re.compile("[\x80-\x9f\u2028\u2029\ufdd0-\ufdef\ufeff\ufffe\uffff\U0001fffe-\U0010ffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u0085|\u2028|\u2029")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_BIDI_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINER = "\u200d"
_JOINED = re.compile("[\u200d\U0001f3fb-\U0001f3ff]")  # what joins emoji, and the tones of skin
_SENTENCE = re.compile(r"(?<=[.!?…。！？؟])[”’\"')\]»]*\s+")

# After these a sentence goes on more often than it ends; single capitals are initials, and the end of "U.S.".
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\b(?:[ap]\.m|e\.g|i\.e|Dr|Mr|Mrs|Ms|Prof|Rev|St|No|Nos|Jr|Sr|vs|cf|approx))\.$")


def is_settled(text: str) -> bool:
    """Tell, quickly, that nothing in a text needs cleaning; False means only that it has to be looked at."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    if len(data.translate(None, _NOT_SETTLED)) != len(data):
        return False
    return text.isascii() or not _DOUBTFUL.search(data.translate(None, _ASCII).decode())


def clean_text(text: str) -> str:
    """Return the text with line ends as LF and without what XML, JSON or a database would choke on.

    Control characters and noncharacters go; a lone surrogate becomes U+FFFD. Tabs and line feeds stay.
    """
    if is_settled(text):
        return text
    text = _SURROGATES.sub("\ufffd", _ILLEGAL.sub("", text))
    return _LINE_ENDS.sub("\n", text.lstrip("\ufeff"))


def clean_line(text: str) -> str:
    """Return the text on one line: control characters and runs of white space become one space."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text  # printable means that its only white space is the plain one, and that nothing in it turns others
    text = _SURROGATES.sub("\ufffd", re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text))
    return close_bidi(_SPACES.sub(" ", _ILLEGAL.sub("", text)).strip())


def clean_name(text: str) -> str:
    """Return a name on one line without any control of direction: it may not turn the text around it."""
    return clean_line(text if text.isprintable() else _BIDI.sub("", text))


def close_bidi(text: str) -> str:
    """Close every embedding, override and isolate left open, so that what follows keeps its direction."""
    if not _BIDI.search(text):
        return text
    opened: list[str] = []
    waiting: Counter[str] = Counter()
    kept: list[str] = []
    for character in text:
        if character in _BIDI_OPENERS:
            opened.append(_BIDI_OPENERS[character])
            waiting[opened[-1]] += 1
        elif character in "\u202c\u2069":
            if not waiting[character]:
                continue
            _close(character, opened, waiting)
        kept.append(character)
    return "".join(kept + opened[::-1])


def cut(text: str, limit: int) -> str:
    """Return the text in at most ``limit`` characters, cut behind a sentence where one ends in time, else at a word."""
    text = clean_line(text)
    if len(text) <= limit:
        return text
    found = (match.start() for match in _SENTENCE.finditer(text) if limit // 3 <= match.start() <= limit)
    ends = [end for end in found if not _ABBREVIATION.search(text[max(0, end - 10) : end])]
    if ends:
        return text[: ends[-1]] + _closing(text, ends[-1])
    words = text[: limit - 1].rpartition(" ")[0] or whole(text, limit - 1)
    return words.rstrip(" ,;:–—-") + "…"


def whole(text: str, end: int) -> str:
    """Return the text up to ``end``, or less where that lies within what people see as one character."""
    start = end
    while start and (_JOINED.match(text, start) or text[start - 1] == _JOINER or category(text[start])[0] == "M"):
        start -= 1
    return text[: start or end]


def alike(one: str, other: str) -> bool:
    """Tell whether two lines say the same, but for letter case, white space and punctuation."""
    words, others = (re.sub(r"\W+", "", text).casefold() for text in (one, other))
    return (words or one) == (others or other)


def scalar(value: object) -> str:
    """Return a value of front matter as text, "" for a number with more digits than Python is willing to write."""
    try:
        return str(value)
    except ValueError:
        return ""


def _close(closer: str, opened: list[str], waiting: Counter[str]) -> None:
    # An inner one left open ends with the outer one (UAX 9), so that a closer takes along all that stand in it.
    while opened:
        last = opened.pop()
        waiting[last] -= 1
        if last == closer:
            return


def _closing(text: str, end: int) -> str:
    match = re.match(r"[”’\"')\]»]+", text[end:])
    return match.group() if match else ""
