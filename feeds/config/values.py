"""The small values of the config: what a slug, a language, a time zone, a site's address may look like.

Not here: paths and places (places), secrets (secrets), which key holds which value (schema).
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from feeds.config.words import Wrong, kind_of, nearest, quoted
from feeds.rules.mailboxes import BadMailbox, read_mailbox

LONGEST_SLUG = 80
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# RFC 5646 section 2.1, without grandfathered tags: language, script, region, variants, extensions, private use.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")  # RFC 3986 section 2


class Address(NamedTuple):
    """A mailbox: the name that people see (may be empty) and the address, in ASCII."""

    name: str
    email: str

    def __str__(self) -> str:
        if not self.name:
            return self.email
        plain = re.fullmatch(r"[\w !#$%&'*+/=?^`{|}~-]+", self.name)
        name = self.name if plain else '"' + re.sub(r'(["\\])', r"\\\1", self.name) + '"'
        return f"{name} <{self.email}>"


def as_text(value: object) -> str:
    """Return ``value`` if it is text on one line that says something; else raise Wrong."""
    if not isinstance(value, str):
        raise Wrong(f"{quoted(value)} is {kind_of(value)}; expected text in quotes")
    if not value.strip():
        raise Wrong("is empty; expected some text")
    if _CONTROL.search(value):
        raise Wrong(f"{quoted(value)} holds a line break or control character; expected one line of text")
    return value.strip()


def as_lines(value: object) -> str:
    """Return ``value`` if it is text, which may have several lines; else raise Wrong."""
    if isinstance(value, str):
        lines = (as_text(line) for line in value.splitlines() if line.strip())
        value = "\n".join(lines)
    return value if isinstance(value, str) and value else as_text(value)


def as_slug(value: object) -> str:
    """Return ``value`` if it can stand in an address; else raise Wrong, with what would."""
    text = as_text(value)
    if _SLUG.fullmatch(text) and len(text) <= LONGEST_SLUG:
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    near = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].rstrip("-")
    hint = f'; nearest: "{near}"' if near else ""
    raise Wrong(
        f"{quoted(text)} is no slug; expected lower-case letters, digits and hyphens, at most {LONGEST_SLUG}{hint}"
    )


def as_language(value: object) -> str:
    """Return ``value`` if it has the shape of a language tag (RFC 5646 section 2.1); else raise Wrong."""
    text = as_text(value)
    if _LANGUAGE.fullmatch(text):
        return text
    mended = text.replace("_", "-").partition(".")[0]
    hint = f'; nearest: "{mended}"' if _LANGUAGE.fullmatch(mended) else ', such as "en" or "pt-BR"'
    raise Wrong(f"{quoted(text)} is no language tag; expected one of BCP 47{hint}")


def as_zone_name(value: object) -> str:
    """Return ``value`` if the IANA database knows it as a time zone; else raise Wrong, with the nearest."""
    text = as_text(value)
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):  # OSError: "Europe" is a folder of the database
        near = nearest(text, available_timezones())
    hint = f'nearest: "{near}"' if near else 'expected an IANA name such as "Europe/Dublin"'
    raise Wrong(f"{quoted(text)} is no time zone; {hint}")


def as_uuid(value: object) -> UUID:
    """Return the UUID that ``value`` writes out; else raise Wrong."""
    if isinstance(value, UUID):
        return value
    text = as_text(value)
    try:
        return UUID(text)
    except ValueError:
        raise Wrong(f"{quoted(text)} is no UUID; `pressrun init` mints one for a new site") from None


def as_site_url(value: object) -> str:
    """Return the site's address, ending with "/"; raise Wrong where nothing could be printed below it."""
    text = as_text(value)
    problem = _problem_of_url(text)
    if problem:
        raise Wrong(f'{quoted(text)} {problem}; expected an address such as "https://gazette.example/"')
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}/"


def as_web_address(value: object) -> str:
    """Return ``value`` if it is the absolute address of something on the web; else raise Wrong."""
    text = as_text(value)
    problem = _problem_of_url(text, may_ask=True)
    if problem:
        raise Wrong(f'{quoted(text)} {problem}; expected an address such as "https://gazette.example/icon.png"')
    return text


def _problem_of_url(text: str, *, may_ask: bool = False) -> str | None:
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port  # a bad port is noticed when it is asked for
    except ValueError:
        return "is no address"
    problems = {
        "does not begin with http:// or https://": parts.scheme not in {"http", "https"},
        "names no host": not host,
        "holds characters that must be percent-encoded (in a host: xn--…)": not _URI.fullmatch(text),
        "holds a user name": "@" in parts.netloc,
        "holds a fragment": may_ask and "#" in text,
        "holds a query or a fragment": not may_ask and ("?" in text or "#" in text),
        "goes up with ..": ".." in parts.path.split("/"),
    }
    return next((problem for problem, is_so in problems.items() if is_so), None)


def as_address(value: object) -> Address:
    """Return the mailbox that ``value`` names, as ``address`` or ``Name <address>``; no DNS is asked.

    The part before the @ must be ASCII: not every server on the way speaks RFC 6531.
    """
    text = as_text(value)
    named = _NAMED.fullmatch(text)
    name, email = (_unquoted(named[1].strip()), named[2]) if named else ("", text)
    try:
        return Address(name, read_mailbox(email).address)
    except BadMailbox as error:
        raise Wrong(f"{quoted(text)} is no e-mail address: {error}") from None


def _unquoted(name: str) -> str:
    is_quoted = len(name) > 1 and name.startswith('"') and name.endswith('"')
    return re.sub(r"\\(.)", r"\1", name[1:-1]) if is_quoted else name
