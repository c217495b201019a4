"""Who may read an article, and whether it is held back: what its front matter says of that, in whose words soever.

Pure. Nothing is guessed: a value that is not understood refuses the article. Not here: its date (meta), the key that is
misspelt (meta_keys).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from feeds.errors import ArticleRefused
from feeds.model import Access
from feeds.rules.meta_keys import DRAFT_KEYS, MEMBERS_KEYS
from feeds.rules.text import clean_line, cut, scalar

YES = frozenset({"true", "yes", "on", "1", "y"})
NO = frozenset({"false", "no", "off", "0", "n"})
_PUBLIC = frozenset({"public", "published", "publish", "live"})
_NOT_YET = frozenset(
    ["draft", "private", "pending", "scheduled", "future", "hidden", "unlisted", "unpublished", "internal", "trash"]
)
_KINDS = {dict: "table", bool: "yes or no", int: "number"}
_FOR_FEW = frozenset({"members", "member", "paid", "subscribers", "subscriber", "tiers"})
_KEYS = (
    "access|draft|is_?draft|published|publish|status|visibility"
    "|private|unlisted|hidden|members[_-]?only|subscribers_only"
)
_VALUES = "|".join(sorted((YES | NO | _PUBLIC | _NOT_YET | _FOR_FEW) - {"live"}, key=len, reverse=True))
# A line that can only be meant as front matter: a key and one of the words for its value, and nothing behind them.
_STRAY = re.compile(
    rf"(?:^(?:</?[a-z][^<>\n]*>|\W)*+|[{{,][ \t]*[\"'])(?P<key>{_KEYS})[\"']?\s*[:=][ \t]*[\"']?"
    rf"(?P<value>{_VALUES})\b(?:[ -]only)?[\"']?[ \t]*(?:$|[,}}\]<;#]|//|--)",
    re.IGNORECASE | re.MULTILINE,
)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_HEAD_LINES = 10
_HEAD_LENGTH = 4000  # characters


def access_of(given: Mapping[str, Any]) -> Access:
    """Return who may read an article: the fewest, where two of its keys disagree.

    Raises ArticleRefused where one of them is not understood, or has no value.
    """
    found = _access(given["access"]) if "access" in given else Access.PUBLIC
    seen = _word(given.get("visibility"))
    few = [seen in _FOR_FEW, *(_flag(key, given[key]) for key in MEMBERS_KEYS if key in given)]
    return Access.MEMBERS if any(few) else found


def is_held_back(given: Mapping[str, Any]) -> bool:
    """Tell whether an article is a draft: by ``draft``, or as other programs say it (``published: false``).

    Raises ArticleRefused where what might say so is not understood.
    """
    held = [_flag(key, given[key]) for key in DRAFT_KEYS if key in given]
    held += [_is_unpublished(key, given.get(key)) for key in ("published", "publish")]
    held += [_is_embargoed(key, given.get(key)) for key in ("scheduled", "embargo")]
    if _said(given, "status"):
        held.append(_is_one_of("status", given["status"], _NOT_YET, otherwise=_PUBLIC))
    if "visibility" in given:
        held.append(_is_one_of("visibility", given["visibility"], _NOT_YET, otherwise=_PUBLIC | _FOR_FEW))
    return any(held)


def check_head(text: str) -> None:
    """Raise ArticleRefused where a text without front matter begins with a line of it (``draft: true``)."""
    body = _BODY.search(text)
    stray = _STRAY.search(_head_of(text)) or (_STRAY.search(_head_of(text[body.start() :])) if body else None)
    if stray:
        raise ArticleRefused(
            f"`{stray['key']}: {stray['value']}` stands in its text, where nothing obeys it: put it between two"
            " lines of --- at the very head of the file; if it is prose, put two such lines above it",
            hides=True,
        )


def _head_of(text: str) -> str:
    lines = [line.strip() for line in text[:_HEAD_LENGTH].splitlines() if line.strip()]
    return "\n".join(lines[:_HEAD_LINES])


def is_yes_or_no(value: Any) -> bool:
    """Tell whether a value is a plain yes or no, and so no date."""
    return isinstance(value, bool) or _word(value) in YES | NO


def _access(value: Any) -> Access:
    if _word(value) not in set(Access):
        raise _refusal("access", value, "is unknown and may be meant for few: say public or members")
    return Access(_word(value))


def _flag(key: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str | int) and is_yes_or_no(value):
        return _word(value) in YES
    raise _refusal(key, value, "is neither true nor false")


def _is_unpublished(key: str, value: Any) -> bool:
    if is_yes_or_no(value):
        return not _flag(key, value)
    # With a figure in it, it is meant as a date.
    if _says_without(r"\d", value):
        raise _refusal(key, value, "is neither true nor false, nor a date")
    return False


def _is_embargoed(key: str, value: Any) -> bool:
    if is_yes_or_no(value):
        return _flag(key, value)
    if _says_without(r"\d{4}", value):
        raise _refusal(key, value, "is no date: write it as 2024-03-02 or 2024-03-02 14:39")
    return False


def _says_without(figures: str, value: Any) -> bool:
    said = "" if value is None else scalar(value).strip()
    return said != "" and re.search(figures, said) is None


def _is_one_of(key: str, value: Any, words: frozenset[str], *, otherwise: frozenset[str]) -> bool:
    if _word(value) not in words | otherwise:
        raise _refusal(key, value, "is unknown and may be meant to hold it back: say `draft`, or take the line out")
    return _word(value) in words


def _said(given: Mapping[str, Any], key: str) -> bool:
    return given.get(key) not in (None, "")


def _word(value: Any) -> str:
    """Return a value as one lower-case word or line, "" where it is no scalar."""
    if value is None or isinstance(value, bool | list | dict | set | tuple):
        return ""
    return clean_line(scalar(value)).lower()


def _refusal(key: str, value: Any, problem: str) -> ArticleRefused:
    if value in (None, ""):
        return ArticleRefused(f"{key}: has no value; write one, or take the line out", hides=True)
    shown = clean_line(scalar(value)) if _word(value) else ""
    return ArticleRefused(f"{key}: {repr(cut(shown, 40)) if shown else _kind(value)} {problem}", hides=True)


def _kind(value: Any) -> str:
    return f"a {_KINDS.get(type(value), type(value).__name__)}"
