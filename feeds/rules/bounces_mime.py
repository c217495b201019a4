"""The parts of a report, whatever its sender made of MIME: read without recursion, in bounds, and without an exception.

Pure. The standard library's parser recurses, and mends or drops what is broken. Not here: what the parts say
(bounces_reading).
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from itertools import islice

MOST_READ = 512 * 1024  # octets of a report that are looked at: what matters stands before the returned body
MOST_RAW = 2 * MOST_READ + 1024  # the same as it came: with line ends of two octets, and a line before the head
MOST_HEAD = 64 * 1024
MOST_VALUE = 4000  # characters of one field's value
MOST_PARTS, MOST_DEPTH = 40, 6
_FIELD = re.compile(r"([!-9;-~]{1,100})[ \t]*:(.*)")  # RFC 5322 section 2.2
_BOUNDARY = re.compile(r"""boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)


class Fields:
    """The fields of a head, by name in lower case; of those that repeat, all are kept in order."""

    def __init__(self, head: str) -> None:
        self._values: dict[str, list[str]] = {}
        name = ""
        for line in head[:MOST_HEAD].split("\n"):
            if line[:1] in {" ", "\t"} and name:
                self._values[name][-1] = f"{self._values[name][-1]} {line.strip()}"[:MOST_VALUE]
            elif found := _FIELD.match(line):
                name = found[1].lower()
                self._values.setdefault(name, []).append(found[2].strip()[:MOST_VALUE])

    def get(self, name: str) -> str:
        """Return the first value of a field, "" where there is none."""
        return self._values.get(name, [""])[0]

    def all(self, *names: str) -> list[str]:
        """Return all values of these fields."""
        return [value for name in names for value in self._values.get(name, [])]

    def __contains__(self, name: str) -> bool:
        return name in self._values


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message that is no multipart: its type in lower case, its fields, its body as it came."""

    media_type: str
    fields: Fields
    body: bytes

    @property
    def content(self) -> bytes:
        """The body without its transfer encoding, where that can be undone."""
        encoding = self.fields.get("content-transfer-encoding").lower()
        try:
            if encoding == "base64":
                return binascii.a2b_base64(self.body).replace(b"\r\n", b"\n")
            if encoding == "quoted-printable":
                return quopri.decodestring(self.body).replace(b"\r\n", b"\n")
        except (binascii.Error, ValueError):
            pass
        return self.body

    @property
    def text(self) -> str:
        """The content as text; what is no UTF-8 in it stands as U+FFFD."""
        return self.content.decode("utf-8", "replace")


def normal(data: bytes) -> bytes:
    """Return a report's beginning as it is the same however it came: LF at line ends, no mbox line before it."""
    data = data[:MOST_RAW].replace(b"\r\n", b"\n")
    if data.startswith(b"From "):  # with the time of this very attempt, as a pipe has it
        data = data.partition(b"\n")[2]
    return data[:MOST_READ]


def split(data: bytes) -> tuple[Fields, bytes]:
    """Return the fields of a message and its body."""
    if data.startswith(b"\n"):
        return Fields(""), data[1:]
    head, _, body = data.partition(b"\n\n")
    return Fields(head.decode("utf-8", "replace")), body


def walk(data: bytes) -> Iterator[Part]:
    """Yield the parts of a message in order; what is nested too deeply, or has no boundary, is one part."""
    waiting, found = [(data, 0)], 0
    while waiting and found < MOST_PARTS:
        piece, depth = waiting.pop()
        fields, body = split(piece)
        media_type = media_type_of(fields)
        pieces = _pieces(body, fields.get("content-type")) if media_type.startswith("multipart/") else []
        if pieces and depth < MOST_DEPTH:
            waiting += [(one, depth + 1) for one in reversed(pieces)]
            continue
        found += 1
        yield Part(media_type, fields, body)


def media_type_of(fields: Fields) -> str:
    """Return the type that a head names, in lower case; text/plain where it names none."""
    return fields.get("content-type").partition(";")[0].strip().lower() or "text/plain"


def decoded(value: str) -> str:
    """Return a field's value with its encoded-words as what they stand for, where they can be read."""
    try:
        pieces = decode_header(value[:1000])
        return "".join(
            text if isinstance(text, str) else text.decode(charset or "ascii", "replace") for text, charset in pieces
        )
    except (ValueError, LookupError, HeaderParseError):
        return value


def _pieces(body: bytes, content_type: str) -> list[bytes]:
    found = _BOUNDARY.search(content_type)
    if not found:
        return []
    boundary = re.escape((found[1] or found[2]).encode("utf-8", "replace"))
    lines = re.finditer(rb"^--" + boundary + rb"(--)?[ \t]*(?:\n|\Z)", body, re.MULTILINE)
    marks = list(islice(lines, MOST_PARTS + 1))
    ends = [mark.start() for mark in marks[1:]] + [len(body)]
    return [body[mark.end() : end].removesuffix(b"\n") for mark, end in zip(marks, ends, strict=False) if not mark[1]]
