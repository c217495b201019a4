"""The body of a message: text first and HTML after it, with the pictures that it shows, in pieces of whole lines.

Pieces are the same for all readers; between them stand merge fields. Pure. Not here: the head (message), coding the
texts (coding), filling the fields (galley).
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from feeds.rendering.fields import Field
from feeds.rendering.lines import Lines, Pieces, joined, lines_of
from feeds.rendering.message import plain_field, token_field
from feeds.rendering.quoted import LONGEST_CODED

_PICTURE_OCTETS = LONGEST_CODED // 4 * 3  # in a line of base64


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture that the message brings along; its HTML shows it as ``cid:`` and this ``cid`` (RFC 2392)."""

    cid: str
    media_type: str
    data: bytes


def body_of(text: Pieces, html: Pieces, pictures: Sequence[Lines]) -> tuple[dict[str, bytes], Pieces]:
    """Return the fields that say what the body is, by name, and the body (RFC 2045, 2046, 2387).

    All comes coded: both parts with fields between, the last piece with a line's end. The boundaries are made of all
    that is the same for all readers.
    """
    plain, shown = _part("plain", text), _part("html", html)
    brought: list[Pieces] = [[picture] for picture in pictures]
    mark = _mark(chain(plain, shown, *brought))
    if brought:  # neither boundary may begin the other, RFC 2046 section 5.1.1
        related = f"=_related_{mark}"
        shown = [
            lines_of(_holds('related; type="text/html"', related) + b"\r\n"),
            *_multipart(related, [shown, *brought]),
        ]
    body = _multipart(f"=_{mark}", [plain, shown])
    return {
        "MIME-Version": plain_field("MIME-Version", "1.0"),
        "Content-Type": _holds("alternative", f"=_{mark}"),
    }, joined(body)


def picture_lines(picture: Embedded) -> Lines:
    """Return a picture as a part of a message."""
    name = f"{picture.cid[:12]}.{picture.media_type.partition('/')[2]}"
    head = plain_field("Content-Type", picture.media_type) + plain_field("Content-Transfer-Encoding", "base64")
    head += plain_field("Content-Disposition", f'inline; filename="{name}"') + token_field("Content-ID", picture.cid)
    data, step = picture.data, _PICTURE_OCTETS
    lines = (binascii.b2a_base64(data[at : at + step], newline=False) for at in range(0, len(data), step))
    return lines_of(head + b"\r\n" + b"".join(line + b"\r\n" for line in lines))


def _part(kind: str, coded: Pieces) -> Pieces:
    head = plain_field("Content-Type", f'text/{kind}; charset="utf-8"')
    head += plain_field("Content-Transfer-Encoding", "quoted-printable") + b"\r\n"
    return [lines_of(head), *coded]


def _holds(kind: str, boundary: str) -> bytes:
    return plain_field("Content-Type", f'multipart/{kind};\r\n boundary="{boundary}"')


def _multipart(boundary: str, parts: Sequence[Pieces]) -> Pieces:
    """Return parts with the boundary around them."""
    # Quoted-printable keeps every line short and holds no "=_", nor does base64: the boundary cannot occur in either.
    dashed = f"--{boundary}".encode()
    pieces: Pieces = []
    for place, part in enumerate(parts):
        pieces += [lines_of((b"\r\n" if place else b"") + dashed + b"\r\n"), *part]
    return [*pieces, lines_of(b"\r\n" + dashed + b"--\r\n")]


def _mark(pieces: Iterable[Lines | Field]) -> str:
    said = hashlib.sha256()
    for piece in pieces:
        said.update(piece.sent if isinstance(piece, Lines) else b"\0" + piece.name.encode())
    return said.hexdigest()[:32]
