"""SPF records, read: which mechanisms and modifiers one has (RFC 7208 sections 4.6, 5 and 6).

Not here: who may send by one (spf_check), what to say of it (spf_advice).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Network, IPv6Network, NetmaskValueError

from feeds.rules.spf_macros import DOMAIN_SPEC, MACRO_STRING

VERSION = "v=spf1"
NEVER_ASK = frozenset({"all", "ip4", "ip6"})  # mechanisms that need no look-up

_MECHANISM = re.compile(r"([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?![\w.=-])(.*)", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][\w.-]*)=(.*)", re.IGNORECASE)
_LENGTHS = re.compile(r"(?:/(\d{1,2}))?(?://(\d{1,3}))?$", re.ASCII)
_MACRO_LAST = re.compile(r".*%\{[^{}]*\}")
_TOP_LABEL = re.compile(r"(?=.*[A-Za-z-])[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


class SpfInvalid(ValueError):
    """A text is no SPF record; it says which term is wrong, and how."""


class Qualifier(StrEnum):
    """What a mechanism says of the addresses that it matches."""

    PASS = "+"
    FAIL = "-"
    SOFTFAIL = "~"
    NEUTRAL = "?"


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism: ``domain`` is as it was written, "" where it is the record's own.

    ``network`` is that of ip4 and ip6, ``lengths`` the prefixes of a and mx for the two kinds of address.
    """

    text: str
    name: str
    qualifier: Qualifier = Qualifier.PASS
    domain: str = ""
    network: IPv4Network | IPv6Network | None = None
    lengths: tuple[int, int] = (32, 128)


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A record: its mechanisms in order, and the domain whose record stands in when none of them matches, or ""."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""

    @property
    def ending(self) -> Mechanism | None:
        """Return its ``all``, if it has one."""
        return next((one for one in self.mechanisms if one.name == "all"), None)


def spf_texts(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of a domain's texts are SPF records, by their first word."""
    return tuple(text for text in texts if text.split(" ", 1)[0].lower() == VERSION)


@lru_cache(maxsize=64)  # in an evaluation the same record may be come by often
def read_spf(text: str) -> SpfRecord:
    """Read a record; raise SpfInvalid."""
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in text.split(" ")[1:]:
        found = _MECHANISM.fullmatch(term)
        modifier = _MODIFIER.fullmatch(term)
        if found:
            mechanisms.append(_mechanism(term, found))
        elif modifier:
            _take(modifiers, modifier)
        elif term:
            raise SpfInvalid(f"{term!r} is neither mechanism nor modifier")
    return SpfRecord(text, tuple(mechanisms), modifiers.get("redirect", ""))


def _take(modifiers: dict[str, str], found: re.Match[str]) -> None:
    name, value = found[1].lower(), found[2]
    if name in {"redirect", "exp"}:
        if name in modifiers:
            raise SpfInvalid(f"{name}= stands in it twice")
        _require_domain(found.string, value)
    elif not MACRO_STRING.fullmatch(value):
        raise SpfInvalid(f"{found.string!r} holds what is no macro")
    modifiers[name] = value


def _mechanism(term: str, found: re.Match[str]) -> Mechanism:
    name, rest, qualifier = found[2].lower(), found[3], Qualifier(found[1] or "+")
    if name == "all":
        if rest:
            raise SpfInvalid(f"{term!r}: nothing may follow all")
        return Mechanism(term, name, qualifier)
    if name in {"ip4", "ip6"}:
        return Mechanism(term, name, qualifier, network=_network(term, name, rest))
    if name in {"a", "mx"}:
        rest, lengths = _without_lengths(term, rest)
    else:
        lengths = (32, 128)
    if rest or name in {"include", "exists"}:
        if not rest.startswith(":"):
            raise SpfInvalid(f"{term!r}: expected {name}: and a domain")
        _require_domain(term, rest[1:])
    return Mechanism(term, name, qualifier, rest[1:], lengths=lengths)


def _without_lengths(term: str, rest: str) -> tuple[str, tuple[int, int]]:
    found = _LENGTHS.search(rest)
    four, six = (int(length or most) for length, most in zip(found.groups() if found else (), (32, 128), strict=True))
    if four > 32 or six > 128:
        raise SpfInvalid(f"{term!r}: a prefix is longer than an address")
    return rest[: found.start()] if found else rest, (four, six)


def _network(term: str, name: str, rest: str) -> IPv4Network | IPv6Network:
    kind = IPv4Network if name == "ip4" else IPv6Network
    address, slash, length = rest[1:].partition("/")
    if not rest.startswith(":") or (slash and not re.fullmatch(r"0|[1-9]\d{0,2}", length, re.ASCII)):
        raise SpfInvalid(f"{term!r}: expected {name}: and an address or a network")
    try:
        return kind(f"{address}{slash}{length}", strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise SpfInvalid(f"{term!r}: expected {name}: and an address or a network") from None


def _require_domain(term: str, domain: str) -> None:
    _, dot, top = domain.removesuffix(".").rpartition(".")
    ends_well = _MACRO_LAST.fullmatch(domain) or (dot and _TOP_LABEL.fullmatch(top))
    if not ends_well or not DOMAIN_SPEC.fullmatch(domain):
        raise SpfInvalid(f"{term!r}: {domain!r} is no domain")
