"""What leads to listings and to feeds by their titles: a page of all tags, of all authors, sections and feeds.

None says how much there is of anything: it changes only where something is new, gone or renamed. Not here: what the
front page takes of them (front), how the pages look (rendering).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from types import MappingProxyType

from feeds.config import FeedConfig
from feeds.config.places import SLUG_MARK
from feeds.jobs.publish.documents import HTML, Document, Sheet
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.subjects import FEED_PAGE, FEEDS, LISTINGS, is_listed
from feeds.rendering.pages import directory_page
from feeds.rendering.views import Link
from feeds.rendering.words import words_for
from feeds.store import documents
from feeds.store.documents import Titled
from feeds.store.reprints import Reprint

_HEADINGS = MappingProxyType({"tags": "Tags", "authors": "Authors", "sections": "Sections", "feeds": "Feeds"})
_OF_EACH = MappingProxyType(
    {"tags": "A feed for each tag", "authors": "A feed for each author", "sections": "A feed for each section"}
)


class Directories:
    """Prints directories by their names."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield the page of a directory, or what clears it where it would lead to nothing."""
        folder, home = name[1:], f"{self._room.site.url}#follow"
        links = feed_links(self._room, home=home) if name == FEEDS else named_links(self._room, folder)
        links = links if address(self._room, folder) else []
        pages = (self._page(name, folder, links),) if links else ()
        with self._room.store.reading() as tx:
            stale = tuple(one.path for one in documents.list_of(tx, [name]) if not links)
        for part in parts:
            yield Sheet(due=Reprint(name, part), documents=pages, cleared=stale)

    def _page(self, name: str, folder: str, links: list[Link]) -> Document:
        site, templates = self._room.site, self._room.templates
        heading = words_for(site.language, templates).text(_HEADINGS[folder])
        data = directory_page(links, site, templates, heading=heading, url=address(self._room, folder))
        path = f"{folder}/index.html"
        return Document(feed=name, format="html", part="", path=path, media_type=HTML, data=data)


def address(room: Room, folder: str) -> str:
    """Return where a directory is, "" where a feed stands at its place."""
    return f"{room.site.url}{folder}/" if f"@{folder}" in room.subjects.directories else ""


def named_links(room: Room, folder: str) -> list[Link]:
    """Return the listings below a folder, by their names."""
    with room.store.reading() as tx:
        found = documents.list_titled(tx, f"@{folder}/")
    return [link_to(room, one) for one in sorted(found, key=lambda one: (_spelt(one.title), one.feed))]


def feed_links(room: Room, *, home: str) -> list[Link]:
    """Return all public feeds with their pages, as the config has them: single ones first, then families.

    A family whose members stand in listings is one link, to the directory of those. ``home`` is where the front page
    tells of the site's feed.
    """
    with room.store.reading() as tx:
        found = documents.list_titled(tx, FEED_PAGE)
        there = {each for each in LISTINGS if address(room, each) and documents.list_titled(tx, f"@{each}/", limit=1)}
    pages: dict[str, list[Titled]] = {}
    for one in sorted(found, key=lambda one: (_spelt(one.title), one.feed)):
        pages.setdefault(one.feed.removeprefix(FEED_PAGE).partition("/")[0], []).append(one)
    links: list[Link] = []
    for feed in sorted(room.config.feeds, key=lambda feed: feed.each is not None):
        if is_listed(feed, SLUG_MARK):
            links += _listed(room, feed, there, home=home)
        links += [link_to(room, one) for one in pages.get(feed.slug, ())]
    return links


def link_to(room: Room, one: Titled) -> Link:
    """Return a page by its title and its address."""
    return Link(one.title, room.site.url + one.path.removesuffix("index.html"))


def _listed(room: Room, feed: FeedConfig, there: set[str], *, home: str) -> Iterator[Link]:
    """Yield the link to a feed that has no page of its own, or to those of a family: a listing tells of each."""
    if feed.each is None:
        yield Link(feed.title, home)
    words = words_for(room.site.language, room.templates)
    for folder in (folder for folder, each in LISTINGS.items() if each is feed.each and folder in there):
        yield Link(words.text(_OF_EACH[folder]), address(room, folder))


def _spelt(name: str) -> str:
    """Return a name as it is sorted: without case, and an accented letter beside the plain one."""
    folded = name.casefold()
    if folded.isascii():
        return folded
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(character for character in plain if not unicodedata.combining(character))
