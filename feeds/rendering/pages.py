"""The web pages, as bytes: an entry's, the listings, redirects, the sitemap and "not found".

Pure: the same values give the same bytes. Not here: where a page is written (jobs), how it looks (templates/pages).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

from markupsafe import Markup

from feeds.errors import TemplateInvalid
from feeds.model import Printed
from feeds.rendering.anatomy import description, headline, story_of
from feeds.rendering.css_lint import lint_addresses
from feeds.rendering.environment import Templates
from feeds.rendering.views import FeedLink, ListingView, Place, SiteView
from feeds.rules.printing import with_addresses

STYLESHEET_PATH = "assets/style.css"  # under the site's address and under the output folder
SITEMAP_LIMIT = 50_000  # addresses in one sitemap, by the sitemaps protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page's head and frame need. ``url`` None: the page has no address of its own."""

    title: str
    url: str | None
    stylesheet: str
    policy: str
    description: str = ""
    feeds: tuple[FeedLink, ...] = ()


def entry_page(entry: Printed, site: SiteView, templates: Templates) -> bytes:
    """Render the page of an entry; raise TemplateInvalid."""
    frame = _frame(site, title=headline(entry), url=entry.url, about=description(entry), feeds=site.feeds)
    return _render("entry", templates, site=site, page=frame, entry=entry, story=story_of(entry, site))


def listing_page(listing: ListingView, site: SiteView, templates: Templates) -> bytes:
    """Render one page of the index, a tag or an author; raise TemplateInvalid. The index is the site's own address."""
    feeds = tuple(dict.fromkeys((*listing.feeds, *site.feeds)))
    frame = _frame(site, title=listing.title, url=listing.url, about=listing.description, feeds=feeds)
    stories = [story_of(entry, site) for entry in listing.entries]
    front = listing.url == site.url
    return _render("listing", templates, site=site, page=frame, listing=listing, stories=stories, front=front)


def redirect_page(site: SiteView, templates: Templates, *, old_url: str, new_url: str) -> bytes:
    """Render the page left at ``old_url`` that leads to ``new_url``, both absolute; raise TemplateInvalid."""
    frame = _frame(site, title="Moved", url=new_url)
    return _render("redirect", templates, site=site, page=frame, here=old_url)


def not_found_page(site: SiteView, templates: Templates) -> bytes:
    """Render 404.html, which a server shows at any address; raise TemplateInvalid."""
    frame = _frame(site, title="Not found", url=None, feeds=site.feeds)
    return _render("not-found", templates, site=site, page=frame)


def sitemap(places: Iterable[Place], templates: Templates) -> bytes:
    """Render sitemap.xml with the first 50,000 places given; raise TemplateInvalid where it is not well-formed."""
    text = templates.render("pages/sitemap.xml", places=list(islice(places, SITEMAP_LIMIT)))
    data = _marked(text, "<!-- Printed by Pressrun -->").encode()
    try:
        ET.fromstring(data)
    except ET.ParseError as error:
        raise TemplateInvalid("pages/sitemap.xml", f"does not give well-formed XML: {error}") from error
    return data


def stylesheet(templates: Templates) -> bytes:
    """Return the stylesheet of all pages, served at ``STYLESHEET_PATH``; raise TemplateInvalid if it loads more."""
    css = templates.text("pages/style.css")
    mistakes = lint_addresses(css)
    if mistakes:
        raise TemplateInvalid(str(templates.path("pages/style.css")), "; ".join(mistakes))
    return _marked(css, "/* Printed by Pressrun */").encode()


def reference(url: str, *, page_url: str | None, site_url: str) -> str:
    """Shorten an address within the site to one relative to the page, so that the pages work wherever they are served.

    A page without an address gets the path from the server's root. Other addresses stay as they are.
    """
    if not url.startswith(site_url):
        return url
    target = urlsplit(url)
    path = target.path if page_url is None else _relative(target.path, urlsplit(page_url).path)
    return target._replace(scheme="", netloc="", path=path).geturl()


def _relative(path: str, page_path: str) -> str:
    steps = posixpath.relpath(path, posixpath.dirname(page_path))
    slash = "/" if path.endswith("/") else ""
    # "./" keeps a colon in the first step from being read as a scheme.
    return f"{steps}{slash}" if steps.startswith(".") else f"./{steps}{slash}"


def _frame(site: SiteView, *, title: str, url: str | None, about: str = "", feeds: tuple[FeedLink, ...] = ()) -> Page:
    return Page(
        title=title if site.title in title else f"{title} · {site.title}",
        url=url,
        stylesheet=urljoin(site.url, STYLESHEET_PATH),
        policy=_policy(site),
        description=about,
        feeds=feeds,
    )


def _policy(site: SiteView) -> str:
    address = urlsplit(site.url)
    own = f"{address.scheme}://{address.netloc}"
    return f"default-src 'none'; img-src *; media-src *; style-src 'self' {own}; base-uri 'none'; form-action 'none'"


def _render(name: str, templates: Templates, *, site: SiteView, page: Page, **context: object) -> bytes:
    here = context.pop("here", page.url)
    local = _localiser(here if isinstance(here, str) else None, site.url)
    context |= {"local": local, "local_html": lambda html: Markup(with_addresses(html, local))}
    html = templates.render(f"pages/{name}.html", site=site, page=page, **context)
    return _marked(html, "<!-- Printed by Pressrun -->").encode()


def _marked(text: str, mark: str) -> str:
    # A store made anew tells by it what was printed here; a site's own template need not think of that.
    return text if "Pressrun" in text else f"{text.rstrip()}\n{mark}\n"


def _localiser(page_url: str | None, site_url: str) -> Callable[[str], str]:
    return lambda url: reference(url, page_url=page_url, site_url=site_url)
