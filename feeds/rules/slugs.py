"""Slugs: the parts of addresses made from words, safe in every file system and every URL.

Pure. Not here: whether a slug may change (standing), redirects from old ones (documents).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

LONGEST = 80
# Folders and files of our own at the top of the site, and names that Windows keeps for devices.
_OURS = (
    *("404", "archive", "assets", "authors", "feeds", "index", "languages", "media", "newsletters", "page", "private"),
    *("sections", "sitemap", "sitemaps", "tags"),
)
_DEVICES = ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
RESERVED = frozenset((*_OURS, *_DEVICES))
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_SIGNS = str.maketrans({"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent "})


def slug_of(text: str, *, signs: bool = False) -> str:
    """Return ``text`` as ``[a-z0-9-]{1,80}``, or "" where it holds no letter or digit at all.

    Letters that Latin script cannot spell leave a short hash of the whole text, so that two such texts stay two.
    With ``signs``, ``C`` and ``C++`` stay two as well: signs are spelt out.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    if signs:
        folded = folded.translate(_SIGNS)
    plain = unicodedata.normalize("NFKD", folded)
    lost = any(character.isalnum() and not character.isascii() for character in plain)
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    words = re.sub(r"['’`]", "", letters)
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-")
    if lost:
        mark = hashlib.sha256(unicodedata.normalize("NFC", folded).encode("utf-8", "replace")).hexdigest()[:8]
        slug = f"{_shortened(slug, LONGEST - 9)}-{mark}".strip("-")
    return _shortened(slug, LONGEST)


@lru_cache(maxsize=4096)  # every document asks for those of its entries
def author_slug(name: str) -> str:
    """Return the key of an author in addresses."""
    return slug_of(name) or "unnamed"


def free_slug(wanted: str, taken: Container[str]) -> str:
    """Return ``wanted``, or with the first of ``-2``, ``-3`` … behind it that is neither taken nor reserved."""
    wanted = wanted or "untitled"
    if wanted not in taken and wanted not in RESERVED:
        return wanted
    stem, number = _shortened(wanted, LONGEST - 7), 2
    while (slug := f"{stem}-{number}") in taken:
        number += 1
    return slug


def _shortened(slug: str, limit: int) -> str:
    if len(slug) <= limit:
        return slug
    head = slug[:limit]
    whole_words = head.rpartition("-")[0] if slug[limit] != "-" else head
    return (whole_words if len(whole_words) > limit // 2 else head).strip("-")
