"""What stands once on a site: the stylesheet, the page for what is not found, the sitemap, the list of all feeds.

Not here: pages of entries (entry_pages, listings), feeds (feed_documents), how they look (rendering).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from feeds.config import Config, FeedConfig, NewsletterConfig
from feeds.jobs.publish.documents import HTML, Document, Sheet
from feeds.jobs.publish.feed_documents import links_at, links_of
from feeds.jobs.publish.newsletter_links import feed_links
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.subjects import IN_SITEMAP, INDEX, LISTINGS, SITE, SITEMAP
from feeds.rendering.opml import FAMILY_TITLES, OPML_PATH, OPML_TYPE, Outline, opml
from feeds.rendering.pages import STYLESHEET_PATH, not_found_page, stylesheet
from feeds.rendering.sitemaps import sitemap, sitemap_index
from feeds.rendering.views import Place, SiteView, Theme
from feeds.rules.printing import direction_of
from feeds.rules.reader_tokens import FOLDER
from feeds.rules.series import folder_of
from feeds.store import changes, documents, entries
from feeds.store.reprints import NEWSLETTER, OPEN, Reprint

XML = "application/xml"
SITEMAP_PATH, SITEMAP_LISTINGS = "sitemap.xml", "sitemaps/listings.xml"


class Fixed:
    """Prints what stands once, and the parts of the sitemap."""

    def __init__(self, room: Room) -> None:
        self._room, self._config, self._store = room, room.config, room.store
        self._site, self._templates = room.site, room.templates

    def sheets(self, name: str, parts: Iterable[int]) -> Iterator[Sheet]:
        """Yield what is to be printed of the site's own files, or of its sitemap."""
        for part in sorted(parts, reverse=True):
            due = Reprint(name, part)
            if name == SITE:
                yield Sheet(due=due, documents=tuple(self._files()))
            elif part == OPEN:
                yield Sheet(due=due, documents=tuple(self._index()))
            else:
                yield self._sitemap(due)

    def _files(self) -> Iterator[Document]:
        yield _document(SITE, STYLESHEET_PATH, stylesheet(self._templates), media_type="text/css; charset=utf-8")
        yield _document(SITE, "404.html", not_found_page(self._site, self._templates), media_type=HTML)
        yield _document(SITE, OPML_PATH, opml(self._site, self._outlines()), media_type=OPML_TYPE)

    def _index(self) -> Iterator[Document]:
        with self._store.reading() as tx:
            listings = [name for name in documents.list_feeds(tx) if _is_listing(name)]
            directories = {name.partition("/")[0] for name in listings} & self._room.subjects.directories
            names = [INDEX, *sorted(directories), *listings]
            names += [NEWSLETTER + one.slug for one in self._config.newsletters if one.feed]
            parts = 1 + entries.last_sequence(tx) // IN_SITEMAP
        places = [Place(self._site.url + ("" if name == INDEX else f"{name[1:]}/")) for name in names]
        yield _document(SITEMAP, SITEMAP_LISTINGS, sitemap(places))
        paths = (SITEMAP_LISTINGS, *(_sitemap_path(part) for part in range(1, parts + 1)))
        index = sitemap_index([Place(self._site.url + path) for path in paths])
        yield _document(SITEMAP, SITEMAP_PATH, index)

    def _sitemap(self, due: Reprint) -> Sheet:
        first = (due.part - 1) * IN_SITEMAP
        with self._store.reading() as tx:
            found = changes.list_places(tx, first, first + IN_SITEMAP - 1)
            is_new = documents.find(tx, _sitemap_path(due.part)) is None
        places = [Place(f"{self._site.url}{slug}/", updated_at) for slug, updated_at in found]
        document = _document(SITEMAP, _sitemap_path(due.part), sitemap(places))
        return Sheet(due=due, documents=(document,), then=(Reprint(SITEMAP),) if is_new else ())

    def _outlines(self) -> Sequence[Outline]:
        """Return all public feeds, those of a family under its title."""
        with self._store.reading() as tx:
            titles = documents.list_titles(tx)
        found: list[Outline] = []
        for feed in self._config.feeds:
            if feed.each is None and not feed.private:
                found.append(self._outline(feed, "", feed.title))
            elif feed.each is not None:
                slugs = {name.partition("/")[2]: title for name, title in titles.items() if _is_member(name, feed)}
                members = tuple(self._outline(feed, slug, title) for slug, title in slugs.items())
                found.append(Outline(title=FAMILY_TITLES[feed.each], members=members))
        letters = tuple(self._newsletter(one) for one in self._config.newsletters if one.feed)
        return [*found, Outline(title="Newsletters", members=letters)]

    def _newsletter(self, newsletter: NewsletterConfig) -> Outline:
        return Outline(
            title=newsletter.title,
            feeds=feed_links(self._site.url, newsletter),
            html_url=f"{self._site.url}{folder_of(newsletter.slug)}/",
            description=newsletter.description or "",
            language=newsletter.language or "",
        )

    def _outline(self, feed: FeedConfig, slug: str, title: str) -> Outline:
        path = feed.path_for(slug)
        return Outline(
            title=title,
            feeds=links_at(self._config, feed, path=path, title=title),
            html_url=self._site.url + ("" if path == "." else f"{path}/"),
            description="" if feed.each else feed.description or "",
            language=feed.language or "",
        )


def _is_member(name: str, feed: FeedConfig) -> bool:
    return name.startswith(f"{feed.slug}/")


def site_view(config: Config) -> SiteView:
    """Return the site as every page shows it; a feed that stands in the output folder itself is the whole site's."""
    site = config.site
    own = next((feed for feed in config.feeds if feed.path == "."), None)
    return SiteView(
        title=site.title,
        url=site.url,
        language=site.language,
        direction=direction_of(site.language),
        time_zone=site.timezone,
        description=site.description or "",
        author=site.author or "",
        postal_address=site.postal_address or "",
        feeds=links_of(config, own) if own else (),
        opml_url=site.url + OPML_PATH,
        readers_url=f"{site.url}{FOLDER}/" if config.readers.pages else "",
        icon_url=site.icon or "",
        rights=site.rights or "",
        theme=Theme(**config.theme.model_dump(exclude={"logo"})),
    )


def _document(feed: str, path: str, data: bytes, *, media_type: str = XML) -> Document:
    format = PurePosixPath(path).suffix.removeprefix(".")
    return Document(feed=feed, format=format, part=path, path=path, media_type=media_type, data=data)


def _sitemap_path(part: int) -> str:
    return f"sitemaps/{part}.xml"


def _is_listing(name: str) -> bool:
    return name.startswith("@") and name[1:].partition("/")[0] in LISTINGS and "/" in name
