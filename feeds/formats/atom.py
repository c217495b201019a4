"""Writes Atom 1.0 (RFC 4287): the feed that says most precisely what it means.

feedgen builds it, with its links and languages put right here. Not here: cleaning (prepare), size (printing).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from feeds.formats.frame import add, new_entry, new_frame
from feeds.formats.kinds import KINDS
from feeds.formats.linking import is_archive, licence_of, links_of, rights_of
from feeds.formats.media import add_picture
from feeds.formats.names import AT, FH, IN_ATOM, LANG
from feeds.formats.shelf import ENTRIES
from feeds.formats.subjects import categories
from feeds.model import Feed, Person, Printed


class Atom:
    """Atom 1.0; all content as escaped HTML, which no unclosed tag can break."""

    name = "atom"
    filename = "atom.xml"
    media_type = KINDS["atom"].media_type
    join = staticmethod(ENTRIES.join)
    alone = staticmethod(ENTRIES.alone)
    is_whole = staticmethod(ENTRIES.is_whole)
    cut = staticmethod(ENTRIES.cut)

    def element(self, entry: Printed, *, full_text: bool, language: str) -> bytes:
        """Write one entry as an Atom entry."""
        element = new_entry(partial(_mend_entry, entry, language))
        element.id(entry.id)
        element.title(entry.title)
        element.link(href=entry.url, rel="alternate")
        element.published(entry.published_at)
        element.updated(entry.updated_at)
        element.author([_person(author) for author in entry.authors])
        element.category(categories(entry))
        if entry.summary:
            element.summary(entry.summary, type="text")
        if full_text and entry.html:
            element.content(entry.html, type="html")
        if rights_of(entry):
            element.rights(entry.rights)
        return ENTRIES.write(element.atom_entry())

    def frame(self, feed: Feed) -> bytes:
        """Write the document without entries; KeyError where the feed has no address for it."""
        frame = new_frame(feed, partial(_mend_feed, feed), IN_ATOM)
        frame.updated(feed.updated_at)
        frame.author(**_person(feed.author))
        frame.link(href=feed.addresses[self.name], rel="self", type=self.media_type)
        frame.link(href=feed.home_url, rel="alternate", type="text/html")
        if feed.icon_url:
            frame.icon(feed.icon_url)
        if rights_of(feed):
            frame.rights(feed.rights)
        return bytes(frame.atom_str(pretty=True))


def _mend_feed(feed: Feed, root: Any) -> None:
    for link in links_of(feed, Atom.name):
        add(root, "link", rel=link.rel, type=link.type, title=link.title, href=link.href)
    if licence_of(feed):
        add(root, "link", rel="license", href=licence_of(feed))  # RFC 4946
    if is_archive(feed):
        add(root, FH + "archive")
    for stone in feed.tombstones:
        deleted = add(root, AT + "deleted-entry", ref=stone.entry_id, when=stone.at.isoformat())
        if stone.comment:
            add(deleted, AT + "comment", stone.comment)


def _mend_entry(entry: Printed, language: str, element: Any) -> None:
    ENTRIES.hold(element)
    if entry.language and entry.language != language:
        element.set(LANG, entry.language)
    # feedgen writes entry links without rel and type, so that an enclosure would be a second alternate.
    link = element.find("link")
    link.set("rel", "alternate")
    link.set("type", "text/html")
    for file in entry.enclosures:
        length, title = str(file.length), file.title or None
        add(element, "link", rel="enclosure", type=file.media_type, length=length, title=title, href=file.address)
    if licence_of(entry):
        add(element, "link", rel="license", href=entry.rights)
    if entry.image:
        add_picture(element, entry.image)


def _person(author: Person) -> dict[str, str]:
    fields = {"name": author.name, "email": author.email, "uri": author.url}
    return {name: value for name, value in fields.items() if value}
