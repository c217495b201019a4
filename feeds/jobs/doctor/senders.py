"""Which addresses mail leaves from: those that the operator names, else what can be told from here.

No packet is sent to find out. Not here: whether they may send (rules.spf_advice).
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from ipaddress import ip_address

from feeds.config import TransportConfig, TransportKind
from feeds.model.names import IpAddress, Question, RecordKind
from feeds.outgoing.dns import Resolver
from feeds.rules.spf_advice import Senders

# Anything beyond this machine: which of its own addresses would a packet to there bear?
_ELSEWHERE = ((socket.AF_INET, "192.88.99.1"), (socket.AF_INET6, "2001:4860:4860::8888"))


def senders_of(
    transports: Iterable[TransportConfig], named: Sequence[IpAddress], resolver: Resolver
) -> tuple[tuple[Senders, ...], dict[IpAddress, str]]:
    """Return the addresses that send, by each transport, and those among them that are this machine's or were named.

    The latter come each with the name of the mail server there, "" where that is not known.
    """
    if named:
        return (Senders(tuple(named)),), dict.fromkeys(named, "")
    found = [_of_one(transport, resolver) for transport in transports]
    own = {address: senders.host for senders, addresses in found for address in addresses}
    return tuple(dict.fromkeys(senders for senders, _ in found)), own


def _of_one(transport: TransportConfig, resolver: Resolver) -> tuple[Senders, list[IpAddress]]:
    """Return the addresses that one transport sends from, and those among them that are this machine's."""
    if transport.kind is not TransportKind.SMTP or not transport.host:
        return Senders(()), []
    host, own = transport.host.strip("[]").rstrip(".").lower(), own_addresses()
    if is_this_machine(host):
        return Senders(tuple(one for one in own if one.is_global), assumed="this machine's own"), own
    literal = _literal(host)
    addresses = [literal] if literal else _addresses_of(host, resolver)
    assumed = f"that of the mail server {host}"
    return Senders(tuple(addresses), assumed, "" if literal else host), [one for one in addresses if one in own]


def is_this_machine(host: str) -> bool:
    """Tell whether a mail server's name or address is this machine's own, by itself."""
    literal = _literal(host)
    return literal.is_loopback if literal else host == "localhost"


def own_addresses() -> list[IpAddress]:
    """Return the addresses that packets of this machine bear; what stands between it and the world may change them."""
    found = []
    for family, elsewhere in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                sock.connect((elsewhere, 9))
                found.append(ip_address(sock.getsockname()[0].partition("%")[0]))
        except OSError:  # no way out of that kind
            continue
    return found


def _literal(host: str) -> IpAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _addresses_of(host: str, resolver: Resolver) -> list[IpAddress]:
    answers = [resolver.ask(Question(host, kind)) for kind in (RecordKind.A, RecordKind.AAAA)]
    return [ip_address(text) for answer in answers for text in answer.records]
