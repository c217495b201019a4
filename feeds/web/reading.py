"""What a document says of itself that its HTTP headers must repeat: a feed's links, a page's security policy.

Not here: the headers themselves (headers).
"""

from __future__ import annotations

import html
import re

from feeds.formats.parsing import ATOM_ROOT, parse_json, parse_xml
from feeds.web.headers import ADDRESS

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
_POLICY = re.compile(rb"<meta http-equiv=\"Content-Security-Policy\" content=\"([\x20\x21\x23-\x3b\x3d\x3f-\x7e]+)\">")
_HEAD = 4096  # bytes of a page in which its policy must stand, if it has one


def link_header(data: bytes) -> str:
    """Return the value of a feed's Link header (RFC 8288): its own address and its hubs; "" where it names none."""
    try:
        links = _json_links(data) if data[:1] == b"{" else _xml_links(data)
    except ValueError:
        return ""  # no document of ours: it is served as it is
    fit = [(rel, address) for rel, address in links if address and ADDRESS.fullmatch(address)]
    return ", ".join(f'<{address}>; rel="{rel}"' for rel, address in fit)


def page_policy(data: bytes) -> str:
    """Return the content security policy that a page carries in its head, "" where it carries none."""
    found = _POLICY.search(data[:_HEAD])
    return html.unescape(found[1].decode("ascii")) if found else ""


def _xml_links(data: bytes) -> list[tuple[str, str]]:
    root = parse_xml(data)
    frame = root if root.tag == ATOM_ROOT else root.find("channel")
    found = [] if frame is None else frame.findall(_ATOM_LINK)
    return [(rel, link.get("href", "")) for rel in ("self", "hub") for link in found if link.get("rel") == rel]


def _json_links(data: bytes) -> list[tuple[str, str]]:
    document = parse_json(data)
    hubs = document.get("hubs")
    listed = hubs if isinstance(hubs, list) else []
    addresses = [("hub", hub.get("url")) for hub in listed if isinstance(hub, dict)]
    own = [("self", document.get("feed_url")), *addresses]
    return [(rel, address) for rel, address in own if isinstance(address, str)]
