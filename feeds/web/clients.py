"""Who asks: the address that a request comes from, seen past the proxies that the config trusts.

Pure. Not here: how much one client may ask (limits).
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from feeds.config.serving import Network

_IPV6_HOME = 64  # bits of an IPv6 address that stand for one home or office: it has all of the others


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
