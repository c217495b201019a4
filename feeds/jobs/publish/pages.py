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
from feeds.jobs.publish.feed_documents import feed_paths, links_of
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
OWN_FOLDERS = frozenset({"media", "assets"})  # what stands in them is named by the program alone


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
        self._taken: set[str] = set()  # every path that a document stands at, feeds included
        self._folders: set[str] = set()  # and every folder that one of them stands in
        self._places: list[Place] = []
        self.notes: list[str] = []
        for path in (*self._page_paths(), *feed_paths(config, stock)):
            self._take(path)
        self._moved = list(self._redirects())

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all documents, printed yet or not, feeds included."""
        return frozenset(self._taken)

    def documents(self) -> Iterator[Document]:
        """Yield every page: first what others point to, redirects last."""
        yield self._document(STYLESHEET_PATH, stylesheet(self._templates), media_type="text/css; charset=utf-8")
        for entry in self._stock.entries:
            if entry.article.url is None:
                yield self._entry(entry)
        for listing in self._listings():
            yield from self._listing(listing)
        yield self._document("404.html", not_found_page(self._site, self._templates))
        yield self._document("sitemap.xml", sitemap(self._places, self._templates), media_type="application/xml")
        yield from (self._redirect(path, new_url) for path, new_url in self._moved)

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
        size, pages = self._config.output.page_size, self._count(listing)
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

    def _count(self, listing: _Listing) -> int:
        return max(1, -(-len(listing.entries) // self._config.output.page_size))

    def _page_paths(self) -> Iterator[str]:
        """Yield the path of every page but the redirects, without rendering any."""
        yield from (STYLESHEET_PATH, "404.html", "sitemap.xml")
        yield from (f"{entry.slug}/index.html" for entry in self._stock.entries if entry.article.url is None)
        for listing in self._listings():
            for page in range(1, self._count(listing) + 1):
                yield f"{_page_path(listing.path, page)}index.html"

    def _page_url(self, listing: _Listing, page: int) -> str:
        return self._site.url + _page_path(listing.path, page)

    # ---- redirects ----

    def _redirects(self) -> Iterator[tuple[str, str]]:
        """Yield the path of every redirect that has room, and the address it leads to."""
        for address, to in self._moves():
            path = _safe_path(address)
            problem = "is not an address on this site" if path is None else self._in_the_way(path)
            if path is not None and not problem:
                self._take(path)
                yield path, to if isinstance(to, str) else self._stock.press.page_url(to)
            else:
                whose = "" if isinstance(to, str) else f"{to.source}/{to.key}: "
                self.notes.append(f"{whose}no redirect from {address}: it {problem}")

    def _moves(self) -> Iterator[tuple[str, Entry | str]]:
        by_id = {entry.id: entry for entry in self._stock.entries}
        for alias in self._stock.aliases:
            if alias.kind == "slug" and alias.entry_id in by_id:
                yield f"{alias.value}/", by_id[alias.entry_id]
        for entry in self._stock.entries:
            yield from ((address, entry) for address in entry.article.former_addresses)
        for old, new in self._stock.tag_aliases.items():
            if f"tags/{new}/index.html" in self._taken:
                yield f"tags/{old}/", self._stock.press.tag_url(new)

    def _redirect(self, path: str, new_url: str) -> Document:
        old_url = self._site.url + path.removesuffix("index.html")
        return self._document(path, redirect_page(self._site, self._templates, old_url=old_url, new_url=new_url))

    def _in_the_way(self, path: str) -> str:
        """Say what a redirect at this path would collide with, "" where it may stand there."""
        if PurePosixPath(path).parts[0] in OWN_FOLDERS:
            return "lies in a folder that the site keeps for itself"
        if path in self._taken:
            return "is the address of another page"
        # A file cannot stand where a folder is needed: one alias would then keep a feed from being written for ever.
        over = next((folder for folder in _folders_of(path) if folder in self._taken), None)
        if over is not None:
            return f"would turn {over} into a folder"
        return "is a folder that other documents stand in" if path in self._folders else ""

    def _take(self, path: str) -> None:
        self._taken.add(path)
        self._folders.update(_folders_of(path))

    def _document(self, path: str, data: bytes, *, media_type: str = HTML, held: Iterable[Entry] = ()) -> Document:
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


def _folders_of(path: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(path).parents][:-1]


def _safe_path(address: str) -> str | None:
    """Return the file for an old address on the site, or None where it is none."""
    parts = urlsplit(address)
    path = PurePosixPath(unquote(parts.path).strip("/"))
    if parts.scheme or parts.netloc or parts.query or ".." in path.parts or "\\" in str(path) or not path.parts:
        return None
    if any(part.startswith(".") or len(part.encode()) > 200 for part in path.parts):
        return None
    return str(path) if path.suffix in {".html", ".htm"} else f"{path}/index.html"
