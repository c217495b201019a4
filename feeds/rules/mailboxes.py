"""The one judge of e-mail addresses: which can be written to, how each is spelt on the wire, and what it is known by.

Pure: no DNS is asked. Not here: whether one may be mailed (consent), whether mail to it comes back (replies).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.rules.text import clean_name, cut

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

LONGEST_NAME = 120  # characters; what is longer is cut, as it would be in a header
LONGEST_ADDRESS = 254  # octets, RFC 5321 section 4.5.3.1.3, without the angle brackets
_TEST = "test"  # RFC 6761 section 6.2: for trying things out
# Where no mail goes (RFC 6761, RFC 7686); the library has the same, but takes long to load, and few addresses need it.
SPECIAL_DOMAINS = (".arpa", ".invalid", ".local", ".localhost", ".onion")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAME_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What nearly every address looks like: the full judgement takes fifty times as long, and would say the same.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_]+(?:[.+-][A-Za-z0-9_]+)*"
    r"@(?:[A-Za-z0-9]{1,20}(?:-[A-Za-z0-9]{1,20}){0,2}\.){1,6}[A-Za-z]{2,20}"
)


class BadMailbox(ValueError):
    """An address or a name cannot be used; the text says what is wrong and what is expected."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address with the name shown beside it, which may be empty.

    ``address`` is in ASCII, as it is written to: the part before the @ as it was spelt. ``key`` is what it is known
    by, whatever its letter case.
    """

    name: str
    address: str
    key: str


def read_mailbox(address: str, name: str = "") -> Mailbox:
    """Return the one mailbox that ``address`` is; raise BadMailbox where it is none, or the name could not be shown.

    Marks of direction and blanks around it go; nothing else is mended, since a guess would be somebody else's.
    """
    ascii_address = _ascii_address(_DIRECTION.sub("", address).strip(" \t\u00a0"))
    key = ascii_address.lower()
    return Mailbox(_shown_name(name), ascii_address, ascii_address if key == ascii_address else key)


def _ascii_address(address: str) -> str:
    if len(address) <= LONGEST_ADDRESS and _PLAIN.fullmatch(address):
        local, _, domain = address.partition("@")
        domain = domain.lower()
        if not domain.endswith(SPECIAL_DOMAINS):
            return f"{local}@{domain}"
    _refuse_at_sight(address)
    from email_validator import EmailNotValidError, validate_email

    try:
        # Strict means that the part before the @ has at most 64 octets (RFC 5321 section 4.5.3.1.1).
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
        )
    except EmailNotValidError as error:
        raise BadMailbox(f"{str(error).rstrip('.')}; expected one address such as ann@gazette.example") from None
    _refuse_another_domain(address.rpartition("@")[2], found)
    return found.ascii_email or found.normalized


def _refuse_at_sight(address: str) -> None:
    """Raise BadMailbox for what the library would take, or would name in words that do not help."""
    if not address:
        raise BadMailbox("it is empty; expected an address such as ann@gazette.example")
    if _CONTROLS.search(address):
        raise BadMailbox("it holds a line break or control character; expected one address on one line")
    if len(address) > LONGEST_ADDRESS:
        raise BadMailbox(f"it is longer than {LONGEST_ADDRESS} characters; no mail server takes it")
    local, _, domain = address.rpartition("@")
    strange = "".join(dict.fromkeys(character for character in local if not character.isascii()))
    if strange and "@" not in local:
        raise BadMailbox(
            f"the part before the @ holds {strange!r}; expected ASCII there, "
            "since not every mail server takes more (SMTPUTF8): ask for another address"
        )
    if domain.lower() == _TEST:
        raise BadMailbox("the part after the @ has no period; expected a domain such as gazette.example")


def _refuse_another_domain(domain: str, found: ValidatedEmail) -> None:
    # IDNA's mapping turns the Kelvin sign into k, and full-width letters into plain ones: that is another's mailbox.
    if domain.isascii():
        return
    mapped = any(not sign.isascii() and unicodedata.normalize("NFKC", sign).isascii() for sign in domain)
    plain = "".join(map(str.lower, unicodedata.normalize("NFC", domain)))
    if mapped or plain != found.domain:
        raise BadMailbox(
            f"the domain {domain!r} would be read as another one, {found.ascii_domain}; expected its usual letters"
        )


def _shown_name(name: str) -> str:
    name = name.strip()
    if name.isprintable() and len(name) <= LONGEST_NAME and "  " not in name:
        return name
    if _NAME_CONTROLS.search(name):
        raise BadMailbox("the name holds a line break or control character; expected a name on one line")
    return cut(clean_name(name), LONGEST_NAME)
