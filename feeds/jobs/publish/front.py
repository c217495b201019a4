"""What the front page offers beside its stories: sections, tags, newsletters with their editions, the pages of feeds.

It is read from what is printed, so that it leads to nothing that is not there. Not here: its stories (listings), when
it is due (planning, and whatever it names), how it looks (rendering).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from feeds.config import NewsletterConfig
from feeds.jobs.publish.directories import address, feed_links, link_to, named_links
from feeds.jobs.publish.room import Room
from feeds.rendering.cadences import cadence_words
from feeds.rendering.views import Contents, Link, Offer
from feeds.rendering.words import words_for
from feeds.rules.series import folder_of
from feeds.store import documents, feed_entries
from feeds.store.reprints import NEWSLETTER

SECTIONS, TAGS, FEEDS = 15, 40, 40  # named on the front page; a link leads to the rest
_HERE = "#follow"  # where the front page itself says how to follow the site


def sections(room: Room) -> tuple[Link, ...]:
    """Return the sections by their names."""
    found = named_links(room, "sections")
    words = words_for(room.site.language, room.templates)
    rest = _rest(room, "sections", is_more=len(found) > SECTIONS)
    return (*found[:SECTIONS], *((Link(words.text("All sections"), rest),) if rest else ()))


def contents(room: Room) -> Contents:
    """Return what else there is to lead to."""
    with room.store.reading() as tx:
        used = feed_entries.list_largest(tx, "@tags/", TAGS + 1)
        tags = [link_to(room, one) for one in documents.list_titled_of(tx, used)]
    feeds = feed_links(room, home=_HERE)
    if all(one.url == _HERE for one in feeds):
        feeds = []
    return Contents(
        tags=tuple(tags[:TAGS]),
        tags_url=_rest(room, "tags", is_more=len(tags) > TAGS),
        newsletters=tuple(_offers(room)),
        feeds=tuple(feeds[:FEEDS]),
        feeds_url=_rest(room, "feeds", is_more=len(feeds) > FEEDS),
    )


def _rest(room: Room, folder: str, *, is_more: bool) -> str:
    return address(room, folder) if is_more else ""


def _offers(room: Room) -> Iterator[Offer]:
    """Yield the newsletters that the site shows or takes readers for: of any other nothing is public."""
    words = words_for(room.site.language, room.templates)
    for one in room.config.newsletters:
        if one.feed or room.site.readers_url:
            offer = Offer(title=one.title, when=cadence_words(one.cadence, words), description=one.description or "")
            yield _with_editions(room, one, offer) if one.feed else offer


def _with_editions(room: Room, newsletter: NewsletterConfig, offer: Offer) -> Offer:
    """Return an offer with where its past editions are, and the newest of them; as it is where none is in print."""
    with room.store.reading() as tx:
        newest = documents.find_newest_edition(tx, NEWSLETTER + newsletter.slug)
    if newest is None:
        return offer
    url = f"{room.site.url}{folder_of(newsletter.slug)}/"
    return replace(offer, editions_url=url, newest=link_to(room, newest), number=newest.number)
