"""A digest compiled once into a message with merge fields, which each reader's own values then fill.

What is the same for all readers is folded, encoded and made ready for signing once; the same values make the same
bytes. Pure. Not here: the parts that are stored (edition), keys (dkim), SMTP and its envelope (transports).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from feeds.model import Part, whole_part
from feeds.rendering.coding import Kept, coded_html, coded_picture, coded_text, coded_value
from feeds.rendering.dkim.relaxing import relaxed_field
from feeds.rendering.dkim.signing import FIELD, Seal, Signer
from feeds.rendering.edition import embedded_from, frame_from, shared_page, shared_pages
from feeds.rendering.fields import EDITION_PAGE, Field, OwnPages, values_of
from feeds.rendering.lines import Lines, Pieces
from feeds.rendering.message import (
    LONGEST_LIST_ID,
    ONE_CLICK_BY,
    date_field,
    leaving_field,
    mailbox_field,
    plain_field,
    require_sound,
    subject_field,
    token_field,
)
from feeds.rendering.mime import body_of
from feeds.rendering.views import Frame, Mailbox

_OWN = ("To", "Date", "Message-ID", "List-Unsubscribe")
# What is signed beside the reader's own fields, in this order; each stands in the head at most once.
_SIGNED = ("From", "Reply-To", "Subject", "List-Id", "List-Unsubscribe-Post", "MIME-Version", "Content-Type")


@dataclass(frozen=True, slots=True)
class Galley:
    """The compiled message of one selection: immutable, the same for all its readers, kept within its process.

    ``names`` are those of all fields in the head. ``head`` is each but the signatures, None where it is the reader's
    own; ``signed`` what the signatures cover of it. ``begun`` has hashed the body up to the first merge field.
    """

    names: tuple[bytes, ...]
    head: tuple[tuple[str, bytes | None], ...]
    body: tuple[Lines | Field, ...]
    signed: bytes
    begun: hashlib._Hash
    seals: tuple[Seal, ...]

    def fill(
        self, *, recipient: Mailbox, date: datetime, message_id: str, leave_url: str, pages: OwnPages | None = None
    ) -> bytes:
        """Build one reader's message at once; as :meth:`begin`."""
        filled = self.begin(recipient=recipient, date=date, message_id=message_id, leave_url=leave_url, pages=pages)
        return b"".join(filled.pieces())

    def begin(
        self, *, recipient: Mailbox, date: datetime, message_id: str, leave_url: str, pages: OwnPages | None = None
    ) -> Filled:
        """Fill in one reader's own values (RFC 5322, 2369, 8058).

        ``message_id`` comes without angle brackets, ``date`` is aware, ``leave_url`` is a mailto link; ``pages`` are
        given where the frame says that there are some. Raises MessageUnbuildable.
        """
        own = {
            "To": mailbox_field("To", recipient),
            "Date": date_field(date),
            "Message-ID": token_field("Message-ID", message_id),
            "List-Unsubscribe": leaving_field(leave_url, pages.leave if pages else ""),
        }
        values = values_of(leave_url, pages)
        coded: dict[Field, Lines] = {}
        body = [piece if isinstance(piece, Lines) else _value(piece, values, coded) for piece in self.body]
        return Filled(self, own, body, int(date.timestamp()))


@dataclass(frozen=True, slots=True)
class Filled:
    """One reader's message but for its signatures; ``at`` is its date, in seconds since 1970."""

    galley: Galley
    own: Mapping[str, bytes]
    body: Sequence[Lines]
    at: int

    def pieces(self) -> tuple[bytes, ...]:
        """Build the message in pieces of whole lines, signed where there are signers (RFC 2045, 2387, 2919, 6376).

        Every line is ASCII, ends in CRLF, begins with no dot and has at most 998 octets, in the body 78. What all
        readers share is the same object in each. Raises MessageUnbuildable.
        """
        galley, own = self.galley, self.own
        fields = [own[name] if field is None else field for name, field in galley.head]
        head = b"".join([*(self._signatures() if galley.seals else ()), *fields])
        require_sound(head, galley.names)
        return (head + b"\r\n", *(lines.sent for lines in self.body))

    def _signatures(self) -> list[bytes]:
        hashed = self.galley.begun.copy()
        for lines in islice(self.body, 1, None):
            hashed.update(lines.hashed)
        own = (relaxed_field(self.own[name]) for name, field in self.galley.head if field is None)
        signed = b"".join([self.galley.signed, *own])
        return [seal.field(signed, at=self.at, body_hash=hashed.digest()) for seal in self.galley.seals]


def galley_from(
    parts: Mapping[str, Part], *, signers: Sequence[Signer] = (), kept: Kept | None = None, page_url: str = ""
) -> Galley:
    """Compile the stored parts of a selection once for all its readers; raise MessageUnbuildable where that fails.

    ``page_url`` is where the selection can be seen as a page of its own, if it says that somewhere.
    Pieces that are ``kept`` are not coded again, and those that are coded are kept. Without merge fields, as in what
    was stored before there were any, the body is the same for all.
    """
    frame, kept = frame_from(parts), {} if kept is None else kept
    page_url = page_url or shared_page(frame)
    described, body = body_of(
        _with_page(coded_text(parts["text"], frame.mark, kept), page_url),
        _with_page(coded_html(parts["html"], frame.mark, kept), page_url),
        [coded_picture(picture, kept) for picture in embedded_from(parts)],
    )
    head = _head(frame, whole_part(parts["subject"]).decode()) | described
    covered = [name for name in _SIGNED if name in head]
    own = [name for name in _OWN if name in head]
    domain = frame.sender.address.rpartition("@")[2]
    names = (*(FIELD for _ in signers), *head)
    return Galley(
        names=tuple(name.encode() for name in names),
        head=tuple(head.items()),
        body=tuple(body),
        signed=b"".join(relaxed_field(head[name] or b"") for name in covered),
        begun=hashlib.sha256(body[0].hashed if isinstance(body[0], Lines) else b""),
        seals=tuple(Seal(signer, domain=domain, names=(*covered, *own)) for signer in signers),
    )


def proof_message(parts: Mapping[str, Part], *, recipient: Mailbox, date: datetime, message_id: str) -> bytes:
    """Build a message to look at: unsigned, and with the link to leave by that all readers share."""
    frame, galley = frame_from(parts), galley_from(parts)
    leave, pages = frame.leave_url, shared_pages(frame)
    return galley.fill(recipient=recipient, date=date, message_id=message_id, leave_url=leave, pages=pages)


def _head(frame: Frame, subject: str) -> dict[str, bytes | None]:
    """Return the fields of a head in their order, None for the reader's own, but for those that describe the body."""
    reply_to = {"Reply-To": mailbox_field("Reply-To", frame.reply_to)} if frame.reply_to else {}
    post = plain_field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
    own: dict[str, bytes | None] = {
        "From": mailbox_field("From", frame.sender),
        **reply_to,
        "To": None,
        "Subject": subject_field(subject),
        "Date": None,
        "Message-ID": None,
    }
    automatic = plain_field("Auto-Submitted", "auto-generated")
    if not frame.list_id:  # a notice that is one person's own affair
        return own | {"Auto-Submitted": automatic}
    return own | {
        "List-Id": token_field("List-Id", frame.list_id, most=LONGEST_LIST_ID),
        "List-Unsubscribe": None,
        **({"List-Unsubscribe-Post": post} if frame.readers_at.startswith(ONE_CLICK_BY) else {}),
        "Auto-Submitted": automatic,
        "Precedence": plain_field("Precedence", "bulk"),
        "Feedback-ID": token_field("Feedback-ID", frame.feedback_id, form="{}"),
    }


def _with_page(coded: Pieces, page_url: str) -> Pieces:
    """Return coded pieces with the one field filled that is the same for all readers, so that it costs none of them."""
    return [
        coded_value(piece, page_url) if isinstance(piece, Field) and piece.name == EDITION_PAGE else piece
        for piece in coded
    ]


def _value(field: Field, values: Mapping[str, str], coded: dict[Field, Lines]) -> Lines:
    """Return a reader's own value as it stands in the body; ``coded`` keeps it, since it may stand there twice."""
    if field not in coded:
        coded[field] = coded_value(field, values[field.name])
    return coded[field]
