"""From bytes on the wire to text: transfer encodings, charsets and encoded-words, each fault named and not mended.

Not here: taking a message apart (opening), what is said of the faults (octets).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

IDENTITIES = frozenset({"7bit", "8bit", "binary"})
_STRAY_EQUALS = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
_WORD = re.compile(r"=\?([^?\s]*)\?([^?\s]*)\?([^?]*)\?=")
# A look-alike that a client does not decode, since it holds white space or lacks a piece, is as bad as a broken one.
_BROKEN_WORD = re.compile(r"=\?[\w-]+\?[BbQq]\?")

_CHARSET = re.compile(
    r"(us-)?ascii|utf-?8|utf-16(le|be)?|iso-8859-\d+|windows-\d+|koi8-[ru]|iso-2022-(jp|kr)|shift_jis|euc-(jp|kr)|gb2312|gbk"
    r"|gb18030|big5|ks_c_5601-1987",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EncodedWord:
    """An encoded-word (RFC 2047): as it stands, its text, and what is wrong with it, "" where nothing is."""

    raw: str
    text: str
    fault: str = ""


def decode_body(data: bytes, encoding: str) -> tuple[bytes, tuple[str, ...]]:
    """Undo a transfer encoding (RFC 2045 section 6); return the bytes, and what is wrong."""
    if encoding in IDENTITIES:
        return data, _identity_faults(data, encoding)
    decode = _DECODERS.get(encoding)
    return decode(data) if decode else (data, (f"its transfer encoding {encoding!r} is none that mail knows",))


def decode_text(data: bytes, charset: str) -> tuple[str, tuple[str, ...]]:
    """Decode bytes by the charset that is named; return the text, and what is wrong."""
    if not _CHARSET.fullmatch(charset):
        return data.decode("utf-8", "replace"), (f"its charset {charset!r} is none that clients know",)
    try:
        return data.decode(charset), ()
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace"), (f"it holds bytes that are no {charset}",)


def encoded_words(value: str) -> Iterator[EncodedWord]:
    """Yield the encoded-words of a header value, and what only looks like one."""
    end = 0
    for found in _WORD.finditer(value):
        yield from (
            EncodedWord(stray[0], "", "it is cut short") for stray in _BROKEN_WORD.finditer(value[end : found.start()])
        )
        yield _encoded_word(found)
        end = found.end()
    yield from (EncodedWord(stray[0], "", "it is cut short") for stray in _BROKEN_WORD.finditer(value[end:]))


def decode_header(value: str) -> str:
    """Return a header value as a reader sees it: encoded-words decoded, those beside one another joined."""
    joined = re.sub(r"(\?=)\s+(?==\?)", r"\1", value)
    return _WORD.sub(lambda found: _encoded_word(found).text, joined)


def _encoded_word(found: re.Match[str]) -> EncodedWord:
    charset, kind, payload = found[1].partition("*")[0], found[2].upper(), found[3]
    if kind not in {"B", "Q"}:
        return EncodedWord(found[0], found[0], f"its encoding {kind!r} is neither B nor Q")
    if re.search(r"\s", payload):
        return EncodedWord(found[0], found[0], "it holds white space")
    try:
        data = base64.b64decode(payload, validate=True) if kind == "B" else _unquoted(payload)
    except (binascii.Error, ValueError):
        return EncodedWord(found[0], found[0], "it cannot be decoded")
    text, faults = decode_text(data, charset)
    return EncodedWord(found[0], text, faults[0].replace("it holds", "it splits a character:") if faults else "")


def _unquoted(payload: str) -> bytes:
    data = payload.encode("ascii").replace(b"_", b" ")
    if re.search(rb"=(?![0-9A-Fa-f]{2})", data):
        raise ValueError("a stray equals sign")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), data)


def _identity_faults(data: bytes, encoding: str) -> tuple[str, ...]:
    return (
        ("it holds bytes beyond ASCII, and says that it has none",) if encoding == "7bit" and not data.isascii() else ()
    )


def _quoted_printable(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    faults = []
    if _STRAY_EQUALS.search(data):
        faults.append("its quoted-printable holds an equals sign that stands for nothing")
    if not data.isascii():
        faults.append("its quoted-printable holds bytes beyond ASCII")
    return binascii.a2b_qp(data), tuple(faults)


def _base64(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    packed = b"".join(data.split())
    try:
        return base64.b64decode(packed, validate=True), ()
    except binascii.Error:
        return _as_far_as_it_goes(packed), ("its base64 is broken",)


def _as_far_as_it_goes(packed: bytes) -> bytes:
    known = re.sub(rb"[^A-Za-z0-9+/]", b"", packed)
    return base64.b64decode(known[: len(known) // 4 * 4])


_DECODERS: Mapping[str, Callable[[bytes], tuple[bytes, tuple[str, ...]]]] = {
    "quoted-printable": _quoted_printable,
    "base64": _base64,
}
