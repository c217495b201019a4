"""From bytes to clean text: declared encoding or BOM, else UTF-8, else detected; what fits none is replaced, and said.

Not here: what the text means (rules).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from feeds.rules.text import clean_text

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)|<\?xml[^>]+encoding=[\"']([A-Za-z0-9_.-]+)", re.I
)
# What these labels mean on the web (WHATWG Encoding Standard section 4.2): the larger set that was written all along.
_ON_THE_WEB = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
# Each of these hides markup from whatever looks at the bytes; and a UTF-16 that ASCII can be read from is none.
_NEVER = ("utf-7", "utf-16", "utf-32", "unicode-escape", "raw-unicode-escape", "hz", "iso2022-kr", "undefined")
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]")
_GUESSED = [
    *("cp1252", "latin_1", "iso8859_15", "mac_roman", "cp1250", "iso8859_2", "cp1251", "koi8_r"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]
# Line ends to some and not to others: in front matter they would cut a value in two, and cost the article.
_ODD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_FRONT_MATTER = re.compile(r"\A\s*(---|\+\+\+)[ \t]*\r?\n.*?^\1[ \t]*\r?$", re.DOTALL | re.MULTILINE)
# What compressed files begin with: so few of their bytes are controls that a short one may pass for text.
_SIGNATURES = (b"\x1f\x8b", b"PK\x03\x04", b"\xfd7zXZ\0", b"(\xb5/\xfd", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")
_BINARY_SHARE = 0.1  # this share of control bytes, and it is no text
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Decoded:
    """Clean text, and what had to be done to get it."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, *, html: bool = False) -> Decoded | None:
    """Return the text in ``data``, or None where it is no text at all; ``html`` looks for a charset in the markup."""
    bom = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if data.startswith(_SIGNATURES) or (bom is None and _is_binary(data)):
        return None
    text, notes = _decoded(data, bom) if bom else _read(data, _declared(data) if html else None)
    clean = clean_text(_FRONT_MATTER.sub(lambda front: _ODD_LINE_ENDS.sub(" ", front[0]), text, count=1))
    if len(clean) != len(text.replace("\r\n", "\n").removeprefix("\ufeff")):
        notes = (*notes, "characters that no document may hold were removed")
    return Decoded(clean, notes)


def _read(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _as_declared(data, declared) or _guess(data)
    if text.isascii():  # so does ISO-2022-JP look
        return _as_declared(data, declared) or (text, ())
    # Nearly any bytes can be read as windows-1251, but what is valid UTF-8 is hardly ever anything else.
    wrong = declared not in {None, "utf-8"}
    return text, (f"it declares {declared}, but is UTF-8 and was read so",) if wrong else ()


def _as_declared(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]] | None:
    try:
        return (data.decode(declared), ()) if declared else None
    except (UnicodeError, LookupError):
        return None


def _decoded(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    text = data.decode(encoding, "replace")
    wrong = text.count("\ufffd")
    return text, (f"{wrong} characters could not be read and were replaced by \ufffd",) if wrong else ()


def _guess(data: bytes) -> tuple[str, tuple[str, ...]]:
    mended = _SURROGATES.sub(_joined, data)
    text, notes = _decoded(mended, "utf-8")
    wrong = text.count("\ufffd") - mended.count(b"\xef\xbf\xbd")
    right = sum(1 for character in text if ord(character) > 127) - text.count("\ufffd")
    guess = _detect(data) if wrong > right else None
    if guess is None:
        return text, notes or ("it is CESU-8, and was read as such; save it as UTF-8",)
    encoding, text = guess
    return text, (f"it is not UTF-8: read as {encoding}; save it as UTF-8 to be sure",)


def _joined(match: re.Match[bytes]) -> bytes:
    """Return the character that a pair of surrogates stands for, in UTF-8; U+FFFD for one without its half."""
    halves = match.group().decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return halves.decode("utf-16-le", "replace").encode("utf-8")


def _detect(data: bytes) -> tuple[str, str] | None:
    from charset_normalizer import from_bytes

    # What is plain ASCII says nothing of the encoding, and much of it drowns what does.
    telling = b"\n".join(b" ".join(line.split()) for line in data.splitlines() if not line.isascii())
    matches = list(from_bytes(telling[:_SAMPLE], cp_isolation=_GUESSED))
    if not matches:
        return None
    best = matches[0]
    alike = (match for match in matches if match.chaos <= best.chaos and match.coherence >= 0.9 * best.coherence)
    common = any("cp1252" in match.could_be_from_charset for match in alike)  # of equals, the commonest
    encoding = "cp1252" if common else best.encoding
    return encoding, data.decode(encoding, "replace")


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    label = (match.group(1) or match.group(2)).decode("ascii") if match else "utf-8"
    try:
        name = codecs.lookup(label).name.replace("_", "-")
    except LookupError:
        return None
    return None if name.startswith(_NEVER) else _ON_THE_WEB.get(name, name)


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    controls = sum(sample.count(bytes([code])) for code in (*range(9), 11, *range(14, 27), *range(28, 32)))
    return controls > max(8, len(sample) * _BINARY_SHARE)
