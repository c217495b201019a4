"""Tells which text, addresses and identifiers may stand in a document, and mends addresses.

Strings in, strings out. Not here: cleaning text (rules), what an entry needs before it is printed (prepare).
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import quote

from feeds.rules.text import clean_line, clean_text, is_settled

# XML 1.0 section 2.2, production Char: one character outside it and no reader can parse the document.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = re.compile(r"<[^>]*>")
_WEB_ADDRESS = re.compile(r"(https?://[\w.~%:\[\]-]+)(?:([/?][^#]*)?(#.*)?)", re.IGNORECASE | re.DOTALL)
_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9/._~-]*)?")  # in which nothing is to be mended
_IRI = re.compile(r"""[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`\x00-\x20\x7f-\x9f]+""", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")  # RFC 4287 appendix B, atomLanguageTag
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*", re.ASCII)  # RFC 6838 section 4.2
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_URI_SAFE = "!$%&'()*+,/:;=?@~-._"  # RFC 3986 section 3.3, and the percent sign of what is encoded already


def is_clean(text: str) -> bool:
    """Tell whether every character may stand in an XML document (XML 1.0 section 2.2)."""
    return is_settled(text) or not ILLEGAL.search(text)


def plain_text(markup: str) -> str:
    """Return the words of clean HTML on one line."""
    return clean_line(html.unescape(_MARKUP.sub(" ", markup)))


@lru_cache(maxsize=4096)  # tags, authors and sections have theirs in every entry
def web_address(value: str) -> str:
    """Return the absolute http(s) address with its path percent-encoded (RFC 3986), or "" where it is none."""
    if _PLAIN_ADDRESS.fullmatch(value):
        return value
    match = _WEB_ADDRESS.fullmatch(clean_text(value).strip())
    if not match:
        return ""
    path, fragment = (_encoded(part or "") for part in match.group(2, 3))
    return match[1] + path + fragment.replace("%23", "#", 1)


def is_iri(value: str) -> bool:
    """Tell whether an identifier is an absolute IRI, as Atom requires (RFC 4287 section 4.2.6)."""
    return is_clean(value) and bool(_IRI.fullmatch(value))


def language_tag(value: str) -> str:
    """Return the language tag, or "" where it has not the form of one (RFC 5646)."""
    return value if _LANGUAGE.fullmatch(value) else ""


def media_type(value: str) -> str:
    """Return the media type, or "" where it has not the form of one (RFC 6838 section 4.2)."""
    return value if _MEDIA_TYPE.fullmatch(value) else ""


def _encoded(part: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_URI_SAFE)
