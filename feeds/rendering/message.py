"""The head of a message: its fields as lines that SMTP carries and clients read, each value fit for its grammar.

Pure. Not here: the body (mime), which fields a digest has (galley), signing (dkim), the envelope (transports).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.charset import Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache

from feeds.errors import PressrunError
from feeds.rendering.text import cut, one_line
from feeds.rendering.views import Mailbox

LONGEST_LINE = 998  # octets without the line's end, RFC 5322 section 2.1.1
LONGEST_BODY_LINE = 78
LONGEST_WHOLE = 76  # octets of a field that is not folded
LONGEST_SUBJECT = 200  # characters as a reader counts them; to spam filters a longer one is a bad sign
LONGEST_NAME = 120
LONGEST_TOKEN = LONGEST_LINE - 80
LONGEST_LIST_ID = 255  # octets, RFC 2919 section 3
ONE_CLICK_BY = "https://"  # no client posts to any other address (RFC 8058 section 3.1)

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ONE_TOKEN = re.compile(r"[!-;=?-~]+")  # printable ASCII without white space and angle brackets
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[BQbq]\?[^?]*\?=")
_NAMES = re.compile(rb"^(?=[^ \r\n])([^:\r\n]*):?", re.MULTILINE)
# What nearly every address looks like: the parser of all others takes fifty times as long.
_PLAIN_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\w-]+(?:\.[\w-]+)*", re.ASCII)


class MessageUnbuildable(PressrunError):
    """A message cannot be made; ``field`` says which header or part is to blame. Others are not concerned."""

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(f"{field}: {reason}")


def header_text(text: str, most: int) -> str:
    """Return text fit for a header: one line, no controls, nothing like an encoded-word, cut at a whole character."""
    # Clients decode "=?…?=" inside a value, line breaks and all.
    return cut(one_line(text).replace("=?", "= ?"), most)


def plain_field(name: str, value: str) -> bytes:
    """Return a field whose value is of our own making, on one line."""
    return f"{name}: {value}\r\n".encode("ascii")


def token_field(name: str, value: str, *, most: int = LONGEST_TOKEN, form: str = "<{}>") -> bytes:
    """Return a field whose value clients read by its grammar: one word, never folded, never an encoded-word."""
    return plain_field(name, form.format(_token(name, value, most)))


def leaving_field(by_mail: str, page: str) -> bytes:
    """Return the List-Unsubscribe: a reader's page, if clients may post to it, before the link by mail (RFC 8058)."""
    name = "List-Unsubscribe"
    addresses = [page, by_mail] if page.startswith(ONE_CLICK_BY) else [by_mail]
    return plain_field(name, ",\r\n ".join(f"<{_token(name, address, LONGEST_TOKEN)}>" for address in addresses))


def date_field(at: datetime) -> bytes:
    """Return the Date; ``at`` is aware, and its microseconds go."""
    return plain_field("Date", format_datetime(at))


@lru_cache(maxsize=1000)  # many selections have the same, and folding one takes as long as signing a message
def subject_field(subject: str) -> bytes:
    """Return the Subject of any text: folded, and encoded where it is not ASCII."""
    return plain_field("Subject", _encoded(header_text(subject, LONGEST_SUBJECT), "Subject"))


def mailbox_field(name: str, mailbox: Mailbox) -> bytes:
    """Return a field that holds one mailbox; line breaks and the like in its name become spaces."""
    address, shown = _address(name, mailbox.address), header_text(mailbox.name, LONGEST_NAME)
    if not shown:
        return plain_field(name, address)
    if not shown.isascii():
        shown = _encoded(shown, name)
    elif not _ATOMS.fullmatch(shown):
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    last_line = f"{name}: {shown}".rpartition("\r\n")[2]
    gap = " " if len(last_line) + len(address) < 75 else "\r\n "
    return plain_field(name, f"{shown}{gap}<{address}>")


def require_sound(head: bytes, names: Sequence[bytes]) -> None:
    """Raise MessageUnbuildable unless a head holds the fields that were meant and no others, in lines for SMTP."""
    is_ended = head.endswith(b"\r\n") and head.count(b"\r\n") == head.count(b"\r") == head.count(b"\n")
    if not is_ended or max(map(len, head.split(b"\r\n"))) > LONGEST_LINE:
        raise MessageUnbuildable("headers", f"one has a line of more than {LONGEST_LINE} octets, or wrongly ended")
    found = _NAMES.findall(head)
    if found != [*names] or not head.isascii() or b"\0" in head:
        said, meant = (b", ".join(each).decode("ascii", "replace") for each in (found, names))
        raise MessageUnbuildable("headers", f"would be {said} instead of {meant}")


def require_sound_body(lines: bytes) -> None:
    """Raise MessageUnbuildable unless whole lines of a body are such as SMTP carries, and begin with no dot."""
    found = lines.split(b"\r\n")
    is_odd = any(len(line) > LONGEST_BODY_LINE or b"\n" in line or b"\r" in line or line[:1] == b"." for line in found)
    if found.pop() or is_odd or not lines.isascii() or b"\0" in lines:
        raise MessageUnbuildable("body", f"has a line of more than {LONGEST_BODY_LINE} octets, or wrongly made")


def _token(field: str, value: str, most: int) -> str:
    if not _ONE_TOKEN.fullmatch(value) or len(value) > most:
        raise MessageUnbuildable(field, f"{value[:80]!r} is not one word of at most {most} ASCII characters")
    if "=?" in value and _ENCODED_WORD.search(value):
        raise MessageUnbuildable(field, f"{value[:80]!r} holds what clients take for an encoded word")
    return value


def _address(field: str, address: str) -> str:
    _token(field, address, LONGEST_TOKEN)
    if not _PLAIN_ADDRESS.fullmatch(address):
        try:
            Address(addr_spec=address)
        except (ValueError, MessageError, IndexError) as error:
            raise MessageUnbuildable(field, f"{address!r} is no e-mail address: {error}") from error
    return address


def _encoded(text: str, name: str) -> str:
    if text.isascii() and len(f"{name}: {text}") <= LONGEST_WHOLE:
        return text  # as it would come out below, which takes a hundred times as long
    charset = Charset("us-ascii" if text.isascii() else "utf-8")
    return Header(text, charset, header_name=name, maxlinelen=76).encode(splitchars=" ", linesep="\r\n")
