"""Writes Atom 1.0 (RFC 4287): the feed that says most precisely what it means.

feedgen builds it, with its links and languages put right here. Not here: cleaning (prepare), size (printing).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from feeds.formats.frame import add, new_entry, new_frame
from feeds.formats.kinds import KINDS, siblings
from feeds.model import Feed, Person, Printed

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Atom:
    """Atom 1.0; all content as escaped HTML, which no unclosed tag can break."""

    name = "atom"
    filename = "atom.xml"
    media_type = KINDS["atom"].media_type

    def render(self, feed: Feed, entries: Sequence[Printed]) -> bytes:
        """Write the document; KeyError where the feed has no address for it."""
        frame = new_frame(feed, lambda _root: None, {})
        frame.updated(feed.updated_at)
        frame.author(**_person(feed.author))
        frame.link(href=feed.addresses[self.name], rel="self", type=self.media_type)
        for sibling in siblings(feed, self.name):
            frame.link(href=sibling.address, rel="alternate", type=sibling.media_type, title=sibling.title)
        frame.link(href=feed.home_url, rel="alternate", type="text/html")
        if feed.icon_url:
            frame.icon(feed.icon_url)
        for entry in entries:
            _add_entry(frame, feed, entry)
        return bytes(frame.atom_str(pretty=True))


def _add_entry(frame: Any, feed: Feed, entry: Printed) -> None:
    element = new_entry(frame, partial(_mend_entry, feed, entry))
    element.id(entry.id)
    element.title(entry.title)
    element.link(href=entry.url, rel="alternate")
    element.published(entry.published_at)
    element.updated(entry.updated_at)
    for author in entry.authors:
        element.author(**_person(author))
    for tag in entry.tags:
        element.category(term=tag.slug, label=tag.name)
    if entry.summary:
        element.summary(entry.summary, type="text")
    if feed.full_text and entry.html:
        element.content(entry.html, type="html")


def _mend_entry(feed: Feed, entry: Printed, element: Any) -> None:
    if entry.language and entry.language != feed.language:
        element.set(_LANG, entry.language)
    # feedgen writes entry links without rel, type, length or title, which makes an enclosure a second alternate.
    for link in element.findall("link"):
        element.remove(link)
    add(element, "link", rel="alternate", type="text/html", href=entry.url)
    for file in entry.enclosures:
        length, title = str(file.length), file.title or None
        add(element, "link", rel="enclosure", type=file.media_type, length=length, title=title, href=file.address)


def _person(author: Person) -> dict[str, str]:
    fields = {"name": author.name, "email": author.email, "uri": author.url}
    return {name: value for name, value in fields.items() if value}
