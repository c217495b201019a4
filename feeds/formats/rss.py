"""Writes RSS 2.0: the feed that every reader understands.

feedgen builds it, with what it leaves out or misplaces put right here. Not here: cleaning (prepare), size (printing).
"""

from __future__ import annotations

import html
from datetime import datetime
from functools import partial
from typing import Any

from feeds.formats.frame import Unwritten, add, new_entry, new_frame
from feeds.formats.kinds import KINDS
from feeds.formats.linking import is_archive, licence_of, links_of, rights_of
from feeds.formats.media import add_picture
from feeds.formats.names import ATOM, CC, DC, FH, IN_RSS
from feeds.formats.podcast import add_episode, add_podcast
from feeds.formats.shelf import ITEMS
from feeds.formats.subjects import categories
from feeds.model import Feed, Printed

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Rss:
    """RSS 2.0 with content:encoded, Dublin Core creators and Media RSS pictures."""

    name = "rss"
    filename = "rss.xml"
    media_type = KINDS["rss"].media_type
    join = staticmethod(ITEMS.join)
    alone = staticmethod(ITEMS.alone)
    is_whole = staticmethod(ITEMS.is_whole)
    cut = staticmethod(ITEMS.cut)

    def element(self, entry: Printed, *, full_text: bool, language: str) -> bytes:
        """Write one entry as an item."""
        item = new_entry(partial(_mend_item, entry, language))
        item.guid(entry.id, permalink=False)
        item.title(entry.title)
        item.link(href=entry.url, rel="alternate")
        # A description is read as HTML, so the plain summary is written as HTML.
        item.description(html.escape(entry.summary, quote=False), isSummary=True)
        if full_text and entry.html:
            item.content(entry.html, type="html")
        item.category(categories(entry))
        for file in entry.enclosures[:1]:  # RSS readers take one an item
            item.enclosure(file.address, file.length, file.media_type)
        return ITEMS.write(item.rss_entry())

    def frame(self, feed: Feed) -> bytes:
        """Write the document without items; KeyError where the feed has no address for it."""
        frame = new_frame(feed, partial(_mend_channel, feed), IN_RSS)
        frame.link(href=feed.addresses[self.name], rel="self", type=self.media_type)
        frame.link(href=feed.home_url, rel="alternate")  # the last link becomes the channel's own
        frame.updated(Unwritten.fromtimestamp(0, feed.updated_at.tzinfo))
        if feed.icon_url:
            frame.image(url=feed.icon_url)
        if rights_of(feed):
            frame.copyright(feed.rights)
        return bytes(frame.rss_str(pretty=True))


def _mend_channel(feed: Feed, root: Any) -> None:
    channel = root.find("channel")
    for link in links_of(feed, Rss.name):
        add(channel, ATOM + "link", rel=link.rel, type=link.type, title=link.title, href=link.href)
    add(channel, "lastBuildDate", rfc822(feed.updated_at))
    if is_archive(feed):
        add(channel, FH + "archive")
    if licence_of(feed):
        add(channel, CC + "license", licence_of(feed))
    if feed.podcast:
        add_podcast(channel, feed.podcast)


def _mend_item(entry: Printed, language: str, item: Any) -> None:
    ITEMS.hold(item)
    add(item, "pubDate", rfc822(entry.published_at))
    if entry.updated_at != entry.published_at:
        add(item, ATOM + "updated", entry.updated_at.isoformat())
    # Never <author>, which wants an e-mail address: feedparser cuts one whose last label has over four letters in two
    # and takes the rest for the name. Atom has the addresses.
    for author in entry.authors:
        add(item, DC + "creator", author.name)
    if entry.language and entry.language != language:
        add(item, DC + "language", entry.language)
    if entry.rights:
        add(item, CC + "license" if licence_of(entry) else DC + "rights", entry.rights)
    if entry.image:
        add_picture(item, entry.image)
    if entry.episode:
        add_episode(item, entry.episode, entry.image)


def rfc822(at: datetime) -> str:
    """Write a time in UTC as RSS has it: English names whatever the locale, a numeric offset, no fraction."""
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month]} {at.year:04} {at:%H:%M:%S} +0000"
