"""The web pages, as bytes: an entry's, the listings, redirects, "withdrawn" and "not found".

Pure: the same values give the same bytes. Not here: where a page is written (jobs), how it looks (templates/pages).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from feeds.errors import TemplateInvalid
from feeds.model import Printed
from feeds.rendering.anatomy import description, story_of, teaser_of
from feeds.rendering.confined import confined
from feeds.rendering.css_lint import lint_addresses
from feeds.rendering.environment import Templates
from feeds.rendering.views import FeedLink, Link, ListingView, SiteView
from feeds.rendering.wording import joined
from feeds.rendering.words import words_for
from feeds.rules.printing import with_addresses

_END_OF_PATH = re.compile(r"[?#]")
STYLESHEET_PATH = "assets/style.css"  # under the site's address and under the output folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page's head and frame need. ``url`` None: the page has no address of its own.

    ``referrer`` is what other sites learn of where a visitor came from.
    """

    title: str
    url: str | None
    stylesheet: str
    policy: str
    description: str = ""
    feeds: tuple[FeedLink, ...] = ()
    referrer: str = "strict-origin-when-cross-origin"


def entry_page(entry: Printed, site: SiteView, templates: Templates) -> bytes:
    """Render the page of an entry; raise TemplateInvalid."""
    story = story_of(entry, site, words_for(site.language, templates))
    frame = page_frame(site, title=story.headline, url=entry.url, about=description(entry), feeds=site.feeds)
    return render_page("entry", templates, site=site, page=frame, entry=entry, story=story)


def listing_page(listing: ListingView, site: SiteView, templates: Templates) -> bytes:
    """Render a page that lists entries; raise TemplateInvalid. The index is the one at the site's own address."""
    feeds = tuple(dict.fromkeys((*listing.feeds, *site.feeds)))
    words = words_for(site.language, templates)
    title = listing.title
    if listing.page:
        title = words.text("{title}, archive page {number}", title=title, number=listing.page)
    frame = page_frame(site, title=title, url=listing.url, about=listing.description, feeds=feeds)
    stories = [teaser_of(entry, words) for entry in listing.entries]
    front = listing.url == site.url
    return render_page("listing", templates, site=site, page=frame, listing=listing, stories=stories, front=front)


def directory_page(links: Sequence[Link], site: SiteView, templates: Templates, *, heading: str, url: str) -> bytes:
    """Render a page of links: all tags, authors, sections or feeds; raise TemplateInvalid."""
    frame = page_frame(site, title=heading, url=url, feeds=site.feeds)
    return render_page("directory", templates, site=site, page=frame, heading=heading, links=links)


def redirect_page(site: SiteView, templates: Templates, *, old_url: str, new_url: str) -> bytes:
    """Render the page left at ``old_url`` that leads to ``new_url``, both absolute; raise TemplateInvalid."""
    frame = page_frame(site, title=words_for(site.language, templates).text("Moved"), url=new_url)
    return render_page("redirect", templates, site=site, page=frame, here=old_url)


def not_found_page(site: SiteView, templates: Templates) -> bytes:
    """Render 404.html, which a server shows at any address; raise TemplateInvalid."""
    title = words_for(site.language, templates).text("Not found")
    frame = page_frame(site, title=title, url=None, feeds=site.feeds)
    return render_page("not-found", templates, site=site, page=frame)


def withdrawn_page(
    site: SiteView, templates: Templates, *, url: str, withdrawn_at: datetime, reason: str = ""
) -> bytes:
    """Render the page left at ``url`` of an entry that an operator withdrew; raise TemplateInvalid.

    It is given nothing of the entry, so that no template can show any of it: when, and the operator's reason.
    """
    title = words_for(site.language, templates).text("Withdrawn")
    frame = page_frame(site, title=title, url=None, feeds=site.feeds)
    said = {"withdrawn_at": withdrawn_at, "reason": reason}
    return render_page("withdrawn", templates, site=site, page=frame, here=url, **said)


def stylesheet(templates: Templates) -> bytes:
    """Return the stylesheet of all pages, served at ``STYLESHEET_PATH``; raise TemplateInvalid if it loads more."""
    css = templates.text("pages/style.css")
    mistakes = lint_addresses(css)
    if mistakes:
        raise TemplateInvalid(str(templates.path("pages/style.css")), "; ".join(map(str, mistakes)))
    return _marked(css, "/* Printed by Pressrun */").encode()


def localiser(page_url: str | None, *, site_url: str) -> Callable[[str], str]:
    """Return what shortens an address within the site to one relative to the page: pages work wherever they are served.

    On a page without an address it is the path from the server's root. Other addresses stay as they are.
    """
    origin = site_url.index("/", site_url.index("//") + 2)
    here = None if page_url is None else _steps(page_url[origin:])[:-1]

    def local(url: str) -> str:
        if not url.startswith(site_url):
            return url
        path = url[origin:]
        return path if here is None else _relative(path, here)

    return local


def _steps(path: str) -> list[str]:
    return _END_OF_PATH.split(path, maxsplit=1)[0].split("/")[1:]


def _relative(path: str, here: list[str]) -> str:
    """Return the steps from the folder ``here`` to a path with what may follow it; it ends in a file, or in "/"."""
    there, shared = _steps(path), 0
    for one, other in zip(here, there[:-1], strict=False):
        if one != other:
            break
        shared += 1
    steps = "/".join([".."] * (len(here) - shared) + there[shared:])
    rest = path[sum(map(len, there)) + len(there) :]
    # "./" keeps a colon in the first step from being read as a scheme.
    return (steps if steps.startswith(".") else f"./{steps}") + rest


def page_frame(
    site: SiteView, *, title: str, url: str | None, about: str = "", feeds: tuple[FeedLink, ...] = ()
) -> Page:
    """Return what a page's head and frame need; its title names the site too."""
    return Page(
        title=title if site.title in title else f"{title} · {site.title}",
        url=url,
        stylesheet=site.url + STYLESHEET_PATH,
        policy=_policy(site.url),
        description=about,
        feeds=feeds,
    )


@lru_cache(maxsize=8)
def _policy(site_url: str) -> str:
    address = urlsplit(site_url)
    own = f"{address.scheme}://{address.netloc}"
    return f"default-src 'none'; img-src *; media-src *; style-src 'self' {own}; base-uri 'none'; form-action 'none'"


def render_page(name: str, templates: Templates, *, site: SiteView, page: Page, **context: object) -> bytes:
    """Render ``pages/<name>.html`` in the site's frame; raise TemplateInvalid, also where it runs away.

    Addresses are relative to the page's own, or to ``here`` where that is given. What is given can be pickled.
    """
    template, given = f"pages/{name}.html", {"site": site, "page": page, **context}
    if not templates.has_own_pages:
        return _rendered((template, given), templates)
    made: bytes = confined(_rendered, (template, given), templates, name=template)
    return made


def _rendered(asked: tuple[str, dict[str, Any]], templates: Templates) -> bytes:
    template, context = asked
    site, page = context["site"], context["page"]
    here = context.pop("here", page.url)
    local = localiser(here if isinstance(here, str) else None, site_url=site.url)
    words = words_for(site.language, templates)
    context |= {
        "_": words.text,
        "ngettext": words.count,
        "local": local,
        "local_html": lambda html: Markup(with_addresses(html, local)),
        "people": lambda entry: _people(entry, local, site.language),
    }
    html = templates.render_document(template, **context)
    return _marked(html, "<!-- Printed by Pressrun -->").encode()


def _people(entry: Printed, local: Callable[[str], str], language: str) -> Markup:
    """Return the authors of an entry as the language lists them, each with a link to their page if there is one."""
    pages = [(person.name, entry.author_urls.get(person.name) or person.url) for person in entry.authors]
    link, plain = Markup('<a href="{}" rel="author">{}</a>'), Markup("<span>{}</span>")
    return joined((link.format(local(url), name) if url else plain.format(name) for name, url in pages), language)


def _marked(text: str, mark: str) -> str:
    # A store made anew tells by it what was printed here; a site's own template need not think of that.
    return text if "Pressrun" in text else f"{text.rstrip()}\n{mark}\n"
