"""Writes RSS 2.0: the feed that every reader understands.

feedgen builds it, with what it leaves out or misplaces put right here. Not here: cleaning (prepare), size (printing).
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import partial
from typing import Any

from feeds.formats.frame import Unwritten, add, new_entry, new_frame
from feeds.formats.kinds import KINDS, siblings
from feeds.model import Feed, Image, Printed

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
_NAMESPACES = {"dc": DC.strip("{}"), "media": MEDIA.strip("{}")}


class Rss:
    """RSS 2.0 with content:encoded, Dublin Core creators and Media RSS pictures."""

    name = "rss"
    filename = "rss.xml"
    media_type = KINDS["rss"].media_type

    def render(self, feed: Feed, entries: Sequence[Printed]) -> bytes:
        """Write the document; KeyError where the feed has no address for it."""
        frame = new_frame(feed, partial(_mend_channel, feed), _NAMESPACES)
        frame.link(href=feed.addresses[self.name], rel="self", type=self.media_type)
        frame.link(href=feed.home_url, rel="alternate")  # the last link becomes the channel's own
        frame.updated(Unwritten.fromtimestamp(0, feed.updated_at.tzinfo))
        if feed.icon_url:
            frame.image(url=feed.icon_url)
        for entry in entries:
            _add_item(frame, feed, entry)
        return bytes(frame.rss_str(pretty=True))


def _add_item(frame: Any, feed: Feed, entry: Printed) -> None:
    item = new_entry(frame, partial(_mend_item, feed, entry))
    item.guid(entry.id, permalink=False)
    item.title(entry.title)
    item.link(href=entry.url, rel="alternate")
    # A description is read as HTML, so the plain summary is written as HTML.
    item.description(html.escape(entry.summary, quote=False), isSummary=True)
    if feed.full_text and entry.html:
        item.content(entry.html, type="html")
    for tag in entry.tags:
        item.category(term=tag.slug, label=tag.name, scheme=entry.tag_urls.get(tag.slug))
    for file in entry.enclosures[:1]:  # RSS readers take one an item
        item.enclosure(file.address, file.length, file.media_type)


def _mend_channel(feed: Feed, root: Any) -> None:
    channel = root.find("channel")
    for sibling in siblings(feed, Rss.name):
        add(channel, ATOM + "link", rel="alternate", type=sibling.media_type, title=sibling.title, href=sibling.address)
    add(channel, "lastBuildDate", rfc822(feed.updated_at))


def _mend_item(feed: Feed, entry: Printed, item: Any) -> None:
    add(item, "pubDate", rfc822(entry.published_at))
    if entry.updated_at != entry.published_at:
        add(item, ATOM + "updated", entry.updated_at.isoformat())
    # Never <author>, which wants an e-mail address: feedparser cuts one whose last label has over four letters in two
    # and takes the rest for the name. Atom has the addresses.
    for author in entry.authors:
        add(item, DC + "creator", author.name)
    if entry.language and entry.language != feed.language:
        add(item, DC + "language", entry.language)
    if entry.image:
        _add_picture(item, entry.image)


def _add_picture(item: Any, image: Image) -> None:
    measures = {"width": image.width, "height": image.height, "fileSize": image.length}
    content = add(
        item,
        MEDIA + "content",
        url=image.address,
        medium="image",
        type=image.media_type,
        **{name: str(size) for name, size in measures.items() if size},
    )
    # No media:description: feedparser, and whatever stands on it, takes it for the description of the entry.
    if image.caption or image.alt:
        add(content, MEDIA + "title", image.caption or image.alt, type="plain")
    if image.credit:
        add(content, MEDIA + "credit", image.credit)


def rfc822(at: datetime) -> str:
    """Write a time as RSS has it: English names whatever the locale, a numeric offset, no fraction."""
    return format_datetime(at)
