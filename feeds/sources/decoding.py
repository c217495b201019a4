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
    if bom is None and _is_binary(data):
        return None
    text, notes = _read(data, bom or (_declared(data) if html else None))
    clean = clean_text(text)
    if len(clean) != len(text.replace("\r\n", "\n").removeprefix("\ufeff")):
        notes = (*notes, "characters that no document may hold were removed")
    return Decoded(clean, notes)


def _read(data: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    if declared:
        try:
            return data.decode(declared), ()
        except (UnicodeDecodeError, LookupError):
            pass
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guess(data)


def _guess(data: bytes) -> tuple[str, tuple[str, ...]]:
    replaced = data.decode("utf-8", "replace")
    wrong = replaced.count("\ufffd")
    if wrong * 20 < sum(1 for character in replaced if ord(character) > 127):
        return replaced, (f"{wrong} bytes that are not UTF-8 were replaced by \ufffd",)
    guess = _detect(data)
    if guess is None:
        return replaced, (f"{wrong} bytes that are not UTF-8 were replaced by \ufffd",)
    encoding, text = guess
    return text, (f"it is not UTF-8: read as {encoding}; save it as UTF-8 to be sure",)


def _detect(data: bytes) -> tuple[str, str] | None:
    from charset_normalizer import from_bytes

    best = from_bytes(
        data[:_SAMPLE],
        cp_isolation=[
            "cp1252",
            "latin_1",
            "cp1250",
            "cp1251",
            "cp1253",
            "cp1254",
            "cp1255",
            "cp1256",
            "shift_jis",
            "euc_jp",
            "gb18030",
            "big5",
            "euc_kr",
            "koi8_r",
            "mac_roman",
            "iso8859_15",
        ],
    ).best()
    if best is None:
        return None
    try:
        return best.encoding, data.decode(best.encoding)
    except UnicodeDecodeError:
        return None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    name = (match.group(1) or match.group(2)).decode("ascii") if match else None
    try:
        known = codecs.lookup(name).name if name else None
    except LookupError:
        return None
    # UTF-7 hides markup from whatever looks at the bytes, and a UTF-16 that ASCII can be read from is none.
    return None if known is None or known.startswith(("utf-7", "utf-16", "utf-32")) else known


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    controls = sum(sample.count(bytes([code])) for code in (*range(9), 11, *range(14, 27), *range(28, 32)))
    return controls > max(8, len(sample) * _BINARY_SHARE)
