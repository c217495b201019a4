"""Who asks: the address that a request comes from, seen past the proxies that the config trusts.

Pure. Not here: how much one client may ask (limits).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from feeds.config.serving import Network

_IPV6_HOME = 64  # bits of an IPv6 address that stand for one home or office: it has all of the others
# What proxies put into a request that they pass on.
_FORWARDED = {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"}


@lru_cache(maxsize=4096)
def client_of(peer: str, forwarded: str, trusted: tuple[Network, ...]) -> str:
    """Return a client's name: its IPv4 address, or the /64 network of its IPv6 address.

    ``forwarded`` is X-Forwarded-For, which anybody can write: it is read from its end, and only so far as those who
    wrote it are trusted proxies.
    """
    address = _address(peer)
    for said in reversed(forwarded.split(",") if forwarded else ()):
        if address is None or not any(address in network for network in trusted):
            break
        address = _address(said) or address
    return _name(address, peer)


def is_this_machine(peer: str, headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether a program on this machine asks, of itself and not for somebody else.

    What bears a sign of a proxy came from elsewhere, whatever it says of whom. One that leaves no sign leaves the name
    that was asked for, and so does a page that has a browser here ask under a name of its own.
    """
    address, host = _address(peer), headers.get(b"host", b"").decode("latin-1")
    if address is None or not address.is_loopback or not _FORWARDED.isdisjoint(headers):
        return False
    named = _address(host)
    return host.partition(":")[0] == "localhost" or (named is not None and named.is_loopback)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:  # some proxies write the port too
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _name(address: IPv4Address | IPv6Address | None, peer: str) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _IPV6_HOME), strict=False))
    return str(address or peer)
