"""Takes a message apart by its bytes: header fields as they stand, and the parts within one another.

The email package mends what it reads, and hides what is to be found. Not here: any judgement (the checks), decoding
(decoding).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from feeds.rendering.lint.decoding import decode_body, decode_text

LONGEST_VALUE = 8192  # octets of a header that are read: no honest one comes near
DEEPEST = 8  # multiparts within one another
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_PARAMETER = re.compile(r';\s*([!#-\'*+\-.0-9A-Z^-~]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)', re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """A header field: its name, its bytes after the colon with all folds, its first line (from 1)."""

    name: str
    raw: bytes
    line: int

    @cached_property
    def key(self) -> str:
        """Return the name in lower case."""
        return self.name.lower()

    @cached_property
    def value(self) -> str:
        """Return the value unfolded, encoded-words as they stand, bytes beyond ASCII taken for UTF-8."""
        unfolded = re.sub(rb"\r?\n(?=[ \t])", b"", self.raw[:LONGEST_VALUE])
        return decode_text(unfolded, "utf-8")[0].strip(" \t\r\n")


@dataclass(frozen=True)
class Entity:
    """A message or a part of one: its fields, its body as it stands, the line where that begins.

    ``closed`` tells of a multipart whether its closing boundary stands; ``broken`` names lines of its head that are
    no field.
    """

    fields: tuple[Field, ...]
    body: bytes
    line: int
    broken: tuple[int, ...] = ()
    parts: tuple[Entity, ...] = ()
    closed: bool = True

    def all(self, key: str) -> list[Field]:
        """Return the fields of that name, given in lower case."""
        return [each for each in self.fields if each.key == key]

    def value(self, key: str) -> str:
        """Return the first field's value, "" where there is none."""
        return next((each.value for each in self.fields if each.key == key), "")

    @cached_property
    def media_type(self) -> str:
        """Return the type in lower case; plain text where none is named (RFC 2045 section 5.2)."""
        return self.value("content-type").partition(";")[0].strip().lower() or "text/plain"

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of Content-Type."""
        return _parameters(self.value("content-type"))

    @property
    def charset(self) -> str:
        """Return the charset that is named, in lower case; "us-ascii" where none is."""
        return self.parameters.get("charset", "us-ascii").lower()

    @property
    def encoding(self) -> str:
        """Return the transfer encoding in lower case; "7bit" where none is named."""
        return self.value("content-transfer-encoding").lower() or "7bit"

    @cached_property
    def decoded(self) -> tuple[str, tuple[str, ...]]:
        """Return the text of the body, and what is wrong with how it is encoded."""
        data, faults = decode_body(self.body, self.encoding)
        text, more = decode_text(data, self.charset)
        return text.replace("\r\n", "\n"), (*faults, *more)

    @property
    def text(self) -> str:
        """Return the text of the body, its lines ended by LF."""
        return self.decoded[0]

    def leaves(self) -> Iterator[Entity]:
        """Yield the parts that hold no others, in order."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True)
class Letter:
    """A message: all its bytes and what they are made of. ``html`` and ``text`` are None where it has none."""

    data: bytes
    root: Entity
    html: Entity | None = None
    text: Entity | None = None
    leaves: tuple[Entity, ...] = ()


def open_letter(data: bytes) -> Letter:
    """Take a message apart; whatever the bytes are, something comes of it."""
    root = _entity(data, line=1, depth=0)
    leaves = tuple(root.leaves())
    html = next((leaf for leaf in leaves if leaf.media_type == "text/html"), None)
    text = next((leaf for leaf in leaves if leaf.media_type == "text/plain"), None)
    return Letter(data, root, html, text, leaves)


def _entity(data: bytes, *, line: int, depth: int) -> Entity:
    fields, broken, start, body_line = _head(data, line)
    bare = Entity(fields, data[start:], body_line, broken)
    boundary = bare.parameters.get("boundary", "")
    if not bare.media_type.startswith("multipart/") or not boundary or depth == DEEPEST:
        return bare
    pieces, closed = _split(bare.body, boundary, body_line)
    parts = tuple(_entity(piece, line=at, depth=depth + 1) for piece, at in pieces)
    return Entity(fields, bare.body, body_line, broken, parts, closed)


def _head(data: bytes, line: int) -> tuple[tuple[Field, ...], tuple[int, ...], int, int]:
    """Read the fields at the head; return them, the lines that are none, and where the body begins."""
    found: list[tuple[str, list[bytes], int]] = []
    broken: list[int] = []
    position, at = 0, line
    while position < len(data):
        end = data.find(b"\n", position) + 1 or len(data)
        row, position, at = data[position:end], end, at + 1
        if row in {b"\r\n", b"\n"}:
            break
        named = _FIELD.match(row)
        if row[:1] in {b" ", b"\t"} and found:
            found[-1][1].append(row)
        elif named:
            found.append((named[1].decode("ascii"), [named[2]], at - 1))
        else:
            broken.append(at - 1)
    fields = tuple(Field(name, b"".join(rows), first) for name, rows, first in found)
    return fields, tuple(broken), position, at


def _split(body: bytes, boundary: str, line: int) -> tuple[list[tuple[bytes, int]], bool]:
    """Return the pieces between the boundary's lines, each with the line it begins at, and whether it is closed."""
    mark = re.compile(rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?$\n?", re.MULTILINE)
    pieces: list[tuple[bytes, int]] = []
    start: int | None = None
    for found in mark.finditer(body):
        if start is not None:
            piece = body[start : found.start()]
            # The line end before a boundary is the boundary's own (RFC 2046 section 5.1.1).
            pieces.append((re.sub(rb"\r?\n\Z", b"", piece), line + body.count(b"\n", 0, start)))
        if found[1]:
            return pieces, True
        start = found.end()
    if start is not None:
        pieces.append((body[start:], line + body.count(b"\n", 0, start)))
    return pieces, False


def _parameters(value: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in _PARAMETER.findall(value):
        plain = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
        found.setdefault(name.lower(), plain)
    return found
