"""Bytes to text, as the document declares or its byte order mark says, with every disagreement named.

Nothing is decoded by a guess in silence. Not here: what the text says (opening).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from feeds.formats.check.findings import Finding, Spot, error
from feeds.formats.text import ILLEGAL

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE_UTF16 = ((b"<\0", "utf-16-le"), (b"{\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"\0{", "utf-16-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
# Encodings of text that readers know. Python knows others, among them some that are no encodings of text at all.
_KNOWN = re.compile(
    r"utf-?8|us-ascii|ascii|utf-?(16|32)([ -]?[lb]e)?|iso[-_]8859[-_]\d{1,2}|latin-?1|windows-125\d|cp125\d|koi8-[ru]|"
    r"shift[-_]jis|euc-(jp|kr)|iso-2022-jp|gb(k|2312|18030)|big5|macintosh",
    re.IGNORECASE,
)
_UTF8 = "save the document as UTF-8 without a byte order mark, and declare it so"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a document, None where it has none that can be trusted, and what was found on the way."""

    text: str | None
    encoding: str
    findings: tuple[Finding, ...]


def decode(data: bytes) -> Decoded:
    """Decode a document."""
    mark, marked = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    bare = "" if marked else next((name for start, name in _BARE_UTF16 if data.startswith(start)), "")
    found = list(_byte_order(marked or bare, is_marked=bool(marked)))
    declared = _declaration(data[len(mark) :], marked or bare)
    encoding = marked or bare or declared or "utf-8"
    found += _declarations(declared, encoding, is_given=bool(marked or bare))
    if not _KNOWN.fullmatch(encoding) or _lookup(encoding) is None:
        what = f"it is declared as {encoding}, which readers do not decode"
        return Decoded(None, encoding, (*found, error("T50", Spot(line=1), what, remedy=_UTF8)))
    if encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")) and not (marked or bare):
        encoding = "utf-8"  # it could be read as far as its declaration, so that it is no UTF-16
    text, broken = _decoded(data[len(mark) :], encoding)
    return _cleaned(text, encoding, [*found, *broken])


def _byte_order(encoding: str, *, is_marked: bool) -> Iterator[Finding]:
    if encoding == "utf-8":
        what = "it begins with a byte order mark"
        yield error("F1", Spot(line=1), what, remedy="save it without a byte order mark")
    elif encoding:
        what = f"it is {encoding.upper()}{'' if is_marked else ' without a byte order mark'}, not UTF-8"
        yield error("F1", Spot(line=1), what, remedy=_UTF8)


def _declaration(data: bytes, wide: str) -> str:
    head = data[:1000]
    if wide and wide != "utf-8":
        head = head.decode(wide, errors="ignore").encode("ascii", errors="ignore")
    match = _DECLARED.match(head)
    return match[1].decode("ascii").lower() if match else ""


def _declarations(declared: str, encoding: str, *, is_given: bool) -> Iterator[Finding]:
    if is_given and declared and _family(declared) != _family(encoding):
        what = f"it is declared as {declared}, but its first bytes are those of {encoding.upper()}"
        yield error("T50", Spot(line=1), what, remedy=_UTF8)
    elif not is_given and _family(declared) in {"utf16", "utf32"}:
        what = f"it is declared as {declared}, but its bytes are not"
        yield error("T50", Spot(line=1), what, remedy=_UTF8)
    elif not is_given and declared and _family(declared) not in {"utf8", "ascii"}:
        what = f"it is declared as {declared}, not UTF-8"
        yield error("F1", Spot(line=1), what, remedy=_UTF8)


def _family(encoding: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", encoding.lower()).removeprefix("us")
    return plain.removesuffix("le").removesuffix("be") if plain.startswith("utf") else plain


def _lookup(encoding: str) -> codecs.CodecInfo | None:
    try:
        return codecs.lookup(encoding)
    except LookupError:
        return None


def _decoded(data: bytes, encoding: str) -> tuple[str, list[Finding]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        shown = data[problem.start : problem.start + 1].hex()
        what = f"the byte 0x{shown} there is no {encoding.upper()}"
        return data.decode(encoding, errors="replace"), [error("F1", Spot(line=line), what, remedy=_UTF8)]


def _cleaned(text: str, encoding: str, found: list[Finding]) -> Decoded:
    """Name the first character that may not stand in any document, and put U+FFFD for them all, to read on."""
    match = ILLEGAL.search(text)
    if match:
        line, number = text.count("\n", 0, match.start()) + 1, len(ILLEGAL.findall(text))
        more = f", and {number - 1} more like it" if number > 1 else ""
        what = f"the character U+{ord(match[0]):04X} may not stand in a document{more}"
        found.append(error("F1", Spot(line=line), what, remedy="remove control characters from the text"))
        text = ILLEGAL.sub("\ufffd", text)
    return Decoded(text, encoding, tuple(found))
