"""What a page advertises of a newsletter's feed.

Light: most runs print no edition. Not here: its pages and documents (edition_pages, edition_feeds).
"""

from __future__ import annotations

from feeds.config import NewsletterConfig
from feeds.formats import FORMATS, KINDS
from feeds.rendering.views import FeedLink
from feeds.rules.series import folder_of


def feed_links(site_url: str, newsletter: NewsletterConfig) -> tuple[FeedLink, ...]:
    """Return what a page advertises of a newsletter's feed."""
    return tuple(
        FeedLink(
            title=f"{newsletter.title} ({KINDS[name].label})",
            media_type=format.media_type,
            url=f"{site_url}{folder_of(newsletter.slug)}/{format.filename}",
            label=KINDS[name].label,
        )
        for name, format in FORMATS.items()
    )
