"""A digest as a message: the headers a newsletter owes, text first and HTML after it, the same bytes each time.

Pure. Not here: signing, SMTP and its envelope (transports), whose addresses may be mailed (rules).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.charset import Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy, compat32
from typing import Any

from feeds.errors import PressrunError
from feeds.rendering.text import cut, one_line
from feeds.rendering.views import Digest, Frame, Mailbox

LONGEST_LINE = 998  # octets without the line's end, RFC 5322 section 2.1.1
LONGEST_SUBJECT = 255  # characters as a reader counts them
LONGEST_NAME = 120
LONGEST_LIST_ID = 255  # octets, RFC 2919 section 3

# Values that a client reads by grammar: an encoded-word in one of these hides it, so they stay on one line.
_VERBATIM = frozenset(
    {"date", "message-id", "content-id", "list-id", "list-unsubscribe", "auto-submitted", "precedence", "feedback-id"}
)
_MAILBOXES = frozenset({"from", "to", "reply-to"})
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ONE_TOKEN = re.compile(r"[!-;=?-~]+")  # printable ASCII without white space and angle brackets
# Relays that keep mail in mboxes write ">From", which breaks its signature (RFC 2049 section 3).
_FROM_LINE, _FROM_LINE_CODED = b"\r\nFrom ", b"\r\n=46rom =\r\n"
_MIME_HEADERS = ["mime-version", "content-type"]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture that the message brings along; its HTML shows it as ``cid:`` and this ``cid`` (RFC 2392)."""

    cid: str
    media_type: str
    data: bytes


class MessageUnbuildable(PressrunError):
    """A message cannot be made; ``field`` says which header or part is to blame. Others are not concerned."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"{field}: {reason}")


class _Folding(EmailPolicy):
    """Folds the headers that the standard policy would spoil; the rest as it does."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        kind = name.lower()
        if kind in _VERBATIM:
            return f"{name}: {value}\r\n".encode("ascii")
        if kind in _MAILBOXES:
            return _fold_mailbox(name, value.addresses[0])
        if kind == "subject":
            return f"{name}: {_encoded(str(value), name)}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Folding(linesep="\r\n", max_line_length=78, cte_type="7bit", raise_on_defect=False)


def build_message(
    digest: Digest,
    frame: Frame,
    *,
    recipient: Mailbox,
    date: datetime,
    message_id: str,
    pictures: Sequence[Embedded] = (),
) -> bytes:
    """Build the message that carries a digest to one address (RFC 5322, 2045, 2369, 2387, 2919).

    ``message_id`` comes without angle brackets, ``date`` is aware. Line breaks in the subject and in names become
    spaces; raises MessageUnbuildable where any other field is unfit.
    """
    reply_to = {"Reply-To": _address("Reply-To", frame.reply_to)} if frame.reply_to else {}
    headers: dict[str, Any] = {
        "From": _address("From", frame.sender),
        **reply_to,
        "To": _address("To", recipient),
        "Subject": header_text(digest.subject, LONGEST_SUBJECT),
        "Date": date.replace(microsecond=0),
        "Message-ID": f"<{_token('Message-ID', message_id)}>",
        "List-Id": f"<{_token('List-Id', frame.list_id, LONGEST_LIST_ID)}>",
        "List-Unsubscribe": f"<{_token('List-Unsubscribe', frame.leave_url)}>",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "Feedback-ID": _token("Feedback-ID", frame.feedback_id),
    }
    message = EmailMessage(policy=_POLICY)
    for name, value in headers.items():
        message[name] = value
    _add_body(message, digest, pictures, mark=hashlib.sha256(message_id.encode()).hexdigest()[:32])
    return _checked(message.as_bytes().replace(_FROM_LINE, _FROM_LINE_CODED), [*headers])


def header_text(text: str, most: int) -> str:
    """Return text fit for a header: one line, no controls, nothing like an encoded-word, cut at a whole character."""
    # Python 3.11 and 3.12 decode "=?…?=" inside a value, line breaks and all, and write it out raw.
    return cut(one_line(text).replace("=?", "= ?"), most)


def _address(field: str, mailbox: Mailbox) -> Address:
    address = _token(field, mailbox.address)
    try:
        return Address(display_name=header_text(mailbox.name, LONGEST_NAME), addr_spec=address)
    except (ValueError, MessageError, IndexError) as error:
        raise MessageUnbuildable(field, f"{mailbox.address!r} is no e-mail address: {error}") from error


def _token(field: str, value: str, most: int = LONGEST_LINE - 80) -> str:
    if not _ONE_TOKEN.fullmatch(value) or len(value) > most:
        raise MessageUnbuildable(field, f"{value[:80]!r} is not one word of at most {most} ASCII characters")
    return value


def _add_body(message: EmailMessage, digest: Digest, pictures: Sequence[Embedded], *, mark: str) -> None:
    # Quoted-printable keeps every line short and holds no "=_", nor does base64: the boundary cannot occur in either.
    message.set_content(digest.text, cte="quoted-printable")
    message.add_alternative(digest.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{mark}")
    if pictures:  # neither boundary may begin the other, RFC 2046 section 5.1.1
        _add_pictures(message.get_payload(1), pictures, boundary=f"=_related_{mark}")  # type: ignore[arg-type]
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]


def _add_pictures(html: EmailMessage, pictures: Sequence[Embedded], *, boundary: str) -> None:
    """Put the HTML and the pictures that it shows into one part (RFC 2387)."""
    for picture in pictures:
        kind, _, subkind = picture.media_type.partition("/")
        cid = f"<{_token('Content-ID', picture.cid)}>"
        html.add_related(picture.data, kind, subkind, cid=cid, disposition="inline", filename=_filename(picture))
    html.set_param("type", "text/html")
    html.set_boundary(boundary)


def _filename(picture: Embedded) -> str:
    return f"{picture.cid[:12]}.{picture.media_type.partition('/')[2]}"


def _fold_mailbox(name: str, address: Address) -> bytes:
    shown = address.display_name
    if not shown.isascii():
        shown = _encoded(shown, name)
    elif not _ATOMS.fullmatch(shown):
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    last_line = f"{name}: {shown}".rpartition("\r\n")[2]
    gap = " " if len(last_line) + len(address.addr_spec) < 75 else "\r\n "
    mailbox = f"{shown}{gap}<{address.addr_spec}>" if shown else address.addr_spec
    return f"{name}: {mailbox}\r\n".encode("ascii")


def _encoded(text: str, name: str) -> str:
    charset = Charset("us-ascii" if text.isascii() else "utf-8")
    return Header(text, charset, header_name=name, maxlinelen=76).encode(splitchars=" ", linesep="\r\n")


def _checked(data: bytes, names: list[str]) -> bytes:
    """Return the message if it holds the headers that were meant and no others, in lines that SMTP carries."""
    found = [name.lower() for name in BytesHeaderParser(policy=compat32).parsebytes(data)]
    wanted = [*(name.lower() for name in names), *_MIME_HEADERS]
    if sorted(found) != sorted(wanted):
        raise MessageUnbuildable("headers", f"would be {', '.join(found)} instead of {', '.join(wanted)}")
    lines = data.split(b"\r\n")
    if any(len(line) > LONGEST_LINE or b"\n" in line or b"\r" in line for line in lines):
        raise MessageUnbuildable("body", f"has a line that is longer than {LONGEST_LINE} octets or wrongly ended")
    return data
