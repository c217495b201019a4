"""What readers' own requests are dealt with: the settings, the store, how mail to them looks.

Values only. Not here: the requests (asking, confirming, leaving_by_link).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feeds.config import Config, NewsletterConfig
from feeds.jobs.subscribe.topics import TopicMemory
from feeds.rendering.environment import Templates
from feeds.rendering.views import SiteView
from feeds.rules.cadence import length_at
from feeds.rules.text import clean_line
from feeds.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the pages of readers work with."""

    config: Config
    store: Store
    templates: Templates
    site: SiteView
    topics: TopicMemory = field(default_factory=TopicMemory, compare=False)

    def newsletter(self, slug: str) -> NewsletterConfig | None:
        """Return the newsletter of this slug, None where the config has none."""
        return next((each for each in self.config.newsletters if each.slug == slug), None)

    def floors(self, slugs: Sequence[str], now: datetime) -> dict[str, datetime]:
        """Return for each newsletter since when its entries are news to who joins now: for one cadence."""
        zone = self.config.site.timezone
        held = {each.slug: each.cadence_in(zone) for each in self.config.newsletters if each.slug in slugs}
        return {slug: now - length_at(cadence, now) for slug, cadence in held.items()}


def by_web(network: str) -> str:
    """Return how a step of consent came that was taken on our pages, and from where."""
    return clean_line(f"web, from {network}")
