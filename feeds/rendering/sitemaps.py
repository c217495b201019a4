"""The sitemap: parts that list pages, and the index of the parts (sitemaps.org).

Pure. Not here: which pages stand in which part (jobs).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice

from feeds.rendering.views import Place
from feeds.rendering.wording import instant

SITEMAP_LIMIT = 50_000  # addresses in one document, by the sitemaps protocol
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Printed by Pressrun -->\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(places: Iterable[Place]) -> bytes:
    """Return a part of the sitemap, with the first 50,000 pages given."""
    return _document("urlset", "url", places)


def sitemap_index(places: Iterable[Place]) -> bytes:
    """Return the index of the sitemap's parts, each with the newest change in it."""
    return _document("sitemapindex", "sitemap", places)


def _document(root: str, element: str, places: Iterable[Place]) -> bytes:
    lines = "".join(f"<{element}>{_place(place)}</{element}>\n" for place in islice(places, SITEMAP_LIMIT))
    return f"{_HEAD}<{root} {_NAMESPACE}>\n{lines}</{root}>\n".encode()


def _place(place: Place) -> str:
    changed = f"<lastmod>{instant(place.updated_at)}</lastmod>" if place.updated_at else ""
    return f"<loc>{escape(place.url, quote=False)}</loc>{changed}"
