"""Records as they stand in a zone file, to be copied: long texts split, quotes escaped.

Not here: what stands in them (the rules for SPF, DKIM and DMARC).
"""

from __future__ import annotations

from ipaddress import ip_address

LONGEST_STRING = 255  # octets of one string of a text, RFC 1035 section 3.3.14


def txt_line(name: str, text: str) -> str:
    """Return a TXT record, its text in as many strings as it takes."""
    strings = " ".join(f'"{piece}"' for piece in txt_pieces(text))
    return f"{name}. IN TXT {strings}"


def txt_pieces(text: str) -> list[str]:
    """Return a text in pieces that fit into a TXT record's strings, quotes and backslashes escaped."""
    pieces = [text[start : start + LONGEST_STRING] for start in range(0, len(text), LONGEST_STRING)] or [""]
    return [piece.replace("\\", "\\\\").replace('"', '\\"') for piece in pieces]


def mx_line(name: str, host: str) -> str:
    """Return an MX record."""
    return f"{name}. IN MX 10 {host}."


def ptr_line(address: str, host: str) -> str:
    """Return the PTR record of an address."""
    return f"{ip_address(address).reverse_pointer}. IN PTR {host}."


def address_line(host: str, address: str) -> str:
    """Return the A or AAAA record of a host."""
    return f"{host}. IN {'A' if ip_address(address).version == 4 else 'AAAA'} {address}"
