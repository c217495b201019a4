"""The pages of the site: one for each entry, the index, tags and authors, redirects, the sitemap, the stylesheet.

Not here: feeds (feed_documents), how a page looks (rendering, templates).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from feeds.config import Config, Each
from feeds.jobs.publish.documents import Document
from feeds.jobs.publish.feed_documents import links_of
from feeds.jobs.publish.stock import Group, Stock
from feeds.model import Entry
from feeds.rendering.environment import Templates
from feeds.rendering.pages import (
    STYLESHEET_PATH,
    entry_page,
    listing_page,
    not_found_page,
    redirect_page,
    sitemap,
    stylesheet,
)
from feeds.rendering.views import FeedLink, ListingView, Place, SiteView
from feeds.rules.printing import direction_of

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """A listing of entries, over as many pages as it takes; ``path`` is its folder, "" for the site's own."""

    path: str
    title: str
    heading: str
    kicker: str
    entries: tuple[Entry, ...]
    feeds: tuple[FeedLink, ...]


class Pages:
    """Prints all pages of one stock. Iterate over :meth:`documents` once."""

    def __init__(self, config: Config, stock: Stock, templates: Templates) -> None:
        self._config, self._stock, self._templates = config, stock, templates
        self._site = site_view(config)
        self._taken: set[str] = set()
        self._places: list[Place] = []
        self.notes: list[str] = []

    def documents(self) -> Iterator[Document]:
        """Yield every page: first what others point to, redirects last, so that none takes the place of a page."""
        yield self._document(STYLESHEET_PATH, stylesheet(self._templates), media_type="text/css; charset=utf-8")
        for entry in self._stock.entries:
            if entry.article.url is None:
                yield self._entry(entry)
        for listing in self._listings():
            yield from self._listing(listing)
        yield self._document("404.html", not_found_page(self._site, self._templates))
        yield self._document("sitemap.xml", sitemap(self._places, self._templates), media_type="application/xml")
        yield from self._redirects()

    # ---- entries and listings ----

    def _entry(self, entry: Entry) -> Document:
        printed = self._stock.printed(entry)
        self._places.append(Place(printed.url, printed.updated_at))
        data = entry_page(printed, self._site, self._templates)
        return self._document(f"{entry.slug}/index.html", data, held=[entry])

    def _listings(self) -> Iterator[_Listing]:
        site = self._config.site
        yield _Listing(
            path="",
            title=site.title,
            heading=site.title,
            kicker="",
            entries=self._stock.entries,
            feeds=self._site.feeds,
        )
        for group in self._stock.by_tag():
            yield self._group(group, f"tags/{group.slug}/", kicker="Tag", each=Each.TAG)
        for group in self._stock.by_author():
            yield self._group(group, f"authors/{group.slug}/", kicker="Author", each=Each.AUTHOR)

    def _group(self, group: Group, path: str, *, kicker: str, each: Each) -> _Listing:
        families = (feed for feed in self._config.feeds if feed.each is each)
        return _Listing(
            path=path,
            title=f"{group.name} · {self._config.site.title}",
            heading=group.name,
            kicker=kicker,
            entries=group.entries,
            feeds=tuple(link for f in families for link in links_of(self._config, f, slug=group.slug, name=group.name)),
        )

    def _listing(self, listing: _Listing) -> Iterator[Document]:
        size = self._config.output.page_size
        pages = max(1, -(-len(listing.entries) // size))
        for page in range(1, pages + 1):
            held = listing.entries[(page - 1) * size : page * size]
            view = ListingView(
                title=listing.title,
                heading=listing.heading,
                kicker=listing.kicker,
                url=self._page_url(listing, page),
                entries=tuple(self._stock.printed(entry) for entry in held),
                description=self._site.description if not listing.path else "",
                page=page,
                pages=pages,
                newer_url=self._page_url(listing, page - 1) if page > 1 else None,
                older_url=self._page_url(listing, page + 1) if page < pages else None,
                feeds=listing.feeds,
            )
            if page == 1:
                self._places.append(Place(view.url, max((e.updated_at for e in held), default=None)))
            data = listing_page(view, self._site, self._templates)
            yield self._document(f"{_page_path(listing.path, page)}index.html", data, held=held)

    def _page_url(self, listing: _Listing, page: int) -> str:
        return self._site.url + _page_path(listing.path, page)

    # ---- redirects ----

    def _redirects(self) -> Iterator[Document]:
        by_id = {entry.id: entry for entry in self._stock.entries}
        for alias in self._stock.aliases:
            if alias.kind == "slug" and alias.entry_id in by_id:
                yield from self._redirect(f"{alias.value}/", self._stock.press.page_url(by_id[alias.entry_id]))
        for entry in self._stock.entries:
            for address in entry.article.former_addresses:
                yield from self._redirect(address, self._stock.press.page_url(entry))
        for old, new in self._stock.tag_aliases.items():
            if f"tags/{new}/index.html" in self._taken:
                yield from self._redirect(f"tags/{old}/", self._stock.press.tag_url(new))

    def _redirect(self, address: str, new_url: str) -> Iterator[Document]:
        path = _safe_path(address)
        if path is None or path in self._taken:
            why = "is not an address on this site" if path is None else "is the address of another page"
            self.notes.append(f"no redirect from {address}: it {why}")
            return
        old_url = self._site.url + path.removesuffix("index.html")
        yield self._document(path, redirect_page(self._site, self._templates, old_url=old_url, new_url=new_url))

    def _document(self, path: str, data: bytes, *, media_type: str = HTML, held: Iterable[Entry] = ()) -> Document:
        self._taken.add(path)
        format = PurePosixPath(path).suffix.removeprefix(".")
        holding = tuple((entry.id, entry.revision) for entry in held)
        return Document(
            feed="pages", format=format, part=path, path=path, media_type=media_type, data=data, held=holding
        )


def site_view(config: Config) -> SiteView:
    """Return the site as every page and digest shows it."""
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
    )


def _page_path(path: str, page: int) -> str:
    return path if page == 1 else f"{path}page/{page}/"


def _safe_path(address: str) -> str | None:
    """Return the file for an old address on the site, or None where it is none."""
    parts = urlsplit(address)
    path = PurePosixPath(unquote(parts.path).strip("/"))
    if parts.scheme or parts.netloc or parts.query or ".." in path.parts or "\\" in str(path) or not path.parts:
        return None
    if any(part.startswith(".") or len(part.encode()) > 200 for part in path.parts):
        return None
    return str(path) if path.suffix in {".html", ".htm"} else f"{path}/index.html"
