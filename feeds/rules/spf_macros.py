"""The macros in SPF records, such as ``%{i}._spf.gazette.example``, replaced (RFC 7208 section 7).

Not here: reading a record (spf), evaluating it (spf_check).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote

from feeds.model.names import IpAddress

LONGEST_NAME = 253  # characters: what is longer loses labels from the left (section 7.3)
# What may stand in a modifier's value; and in a domain, where c, r and t may not (section 7.2).
_LETTERS = r"(?:%\{{[{}][0-9]*r?[.+,/_=-]*\}}|%%|%_|%-|[\x21-\x24\x26-\x7e])*"
MACRO_STRING = re.compile(_LETTERS.format("slodiphvcrt"), re.IGNORECASE)
DOMAIN_SPEC = re.compile(_LETTERS.format("slodiphv"), re.IGNORECASE)
_MACRO = re.compile(r"%\{([a-z])([0-9]*)(r?)([.+,/_=-]*)\}|%([%_-])", re.IGNORECASE)
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is evaluated: the address that sends, as whom, greeting how, and whose record is read. The address may be
    None, for one that nothing matches."""

    address: IpAddress | None
    sender: str
    domain: str

    @property
    def letters(self) -> dict[str, str]:
        """Return what each macro stands for."""
        local, _, of = self.sender.rpartition("@")
        return {
            "s": self.sender,
            "l": local or "postmaster",
            "o": of,
            "d": self.domain,
            "i": _dotted(self.address),
            "p": "unknown",  # what a receiver finds there may not be relied on (section 7.2)
            "h": of,
            "v": "ip6" if isinstance(self.address, IPv6Address) else "in-addr",
        }


def expand(text: str, about: Circumstances) -> str:
    """Return a domain with its macros replaced, cut from the left to the length of a name."""
    letters = about.letters
    name = _MACRO.sub(lambda found: _ESCAPES[found[5]] if found[5] else _expanded(found, letters), text).rstrip(".")
    return name if len(name) <= LONGEST_NAME else name[-LONGEST_NAME - 1 :].partition(".")[2]


def _expanded(found: re.Match[str], letters: dict[str, str]) -> str:
    value = letters.get(found[1].lower(), "unknown")
    labels = re.split(f"[{re.escape(found[4] or '.')}]", value)
    if found[3]:
        labels.reverse()
    if found[2]:
        labels = labels[-int(found[2]) :] if int(found[2]) else labels
    text = ".".join(labels)
    return quote(text, safe="") if found[1].isupper() else text


def _dotted(address: IpAddress | None) -> str:
    if isinstance(address, IPv6Address):
        return ".".join(address.exploded.replace(":", ""))
    return str(address or "192.0.2.1")
