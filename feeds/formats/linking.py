"""Where a document leads: to the same feed in other formats, its page, its hubs, its archives, its licence.

The links that RSS and Atom share; JSON has keys of its own for some. Not here: the link to itself and to the home page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feeds.formats.kinds import KINDS
from feeds.formats.text import web_address
from feeds.model import Feed, Printed


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a document: what it is to it, and where it leads."""

    rel: str
    href: str
    type: str = ""
    title: str = ""


def links_of(feed: Feed, name: str) -> Iterator[Link]:
    """Give the links of the document in the format ``name``, in an order that is always the same."""
    for other, address in feed.addresses.items():
        if other != name and other in KINDS:
            yield Link("alternate", address, KINDS[other].media_type, f"{feed.title} ({KINDS[other].label})")
    if feed.page_url and feed.page_url != feed.home_url:
        yield Link("related", feed.page_url, "text/html", feed.title)
    yield from (Link("hub", hub) for hub in feed.hubs)
    # RFC 5005 section 4: from the newest document back to the oldest, and from each archive to the newest.
    for rel, addresses in (("prev-archive", feed.previous), ("current", feed.current)):
        if name in addresses:
            yield Link(rel, addresses[name], KINDS[name].media_type)


def is_archive(feed: Feed) -> bool:
    """Tell whether the document is an archive, which says where the one is that people subscribe to."""
    return bool(feed.current)


def licence_of(subject: Feed | Printed) -> str:
    """Return the address of a licence where one is all that is said of the rights, else ""."""
    return web_address(subject.rights)


def rights_of(subject: Feed | Printed) -> str:
    """Return what is said of the rights in words, "" where it is the address of a licence."""
    return "" if licence_of(subject) else subject.rights
