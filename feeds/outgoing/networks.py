"""Which network addresses a request may go to: public ones, and what the caller allows beyond them.

Pure. Our own list, because Python's ``is_global`` lets through what leads inside. Not here: finding them (connecting).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

# RFC 6890 and the IANA registries of special purposes; 6to4's relay and all that is multicast or reserved beside them.
_REFUSED_V4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a provider's customers",
    "127.0.0.0/8": "this machine",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved for protocols",
    "192.0.2.0/24": "for documentation",
    "192.88.99.0/24": "a 6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "for measurements",
    "198.51.100.0/24": "for documentation",
    "203.0.113.0/24": "for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
# Of IPv6 only 2000::/3 is public, and in it these lead elsewhere.
_PUBLIC_V6 = ip_network("2000::/3")
_REFUSED_V6 = {
    "2001::/23": "a tunnel, or reserved for protocols",
    "2001:db8::/32": "for documentation",
    "2002::/16": "a 6to4 tunnel",
    "3fff::/20": "for documentation",
}
_REFUSED = {ip_network(network): why for network, why in (_REFUSED_V4 | _REFUSED_V6).items()}


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be reached beyond the public networks."""

    networks: tuple[Network, ...] = ()

    def refusal(self, address: str) -> str:
        """Return why a request may not go to this address, "" where it may."""
        found = _unmapped(ip_address(address))
        if any(found.version == network.version and found in network for network in self.networks):
            return ""
        return _why_refused(found)


PUBLIC = Allowed()
ANYWHERE = Allowed((ip_network("0.0.0.0/0"), ip_network("::/0")))


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    # ::ffff:127.0.0.1 is connected to as 127.0.0.1.
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _why_refused(address: IPv4Address | IPv6Address) -> str:
    for network, why in _REFUSED.items():
        if address.version == network.version and address in network:
            return why
    return "not public" if isinstance(address, IPv6Address) and address not in _PUBLIC_V6 else ""
