"""What everything of one publish is printed with.

A value only. Not here: what is printed (entry_pages, listings, feed_documents, fixed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feeds.config import Config
from feeds.jobs.publish.elements import ElementStock
from feeds.jobs.publish.stock import Stock
from feeds.jobs.publish.subjects import Subjects
from feeds.rendering.environment import Templates
from feeds.rendering.views import SiteView
from feeds.rules.families import Member
from feeds.store import feed_entries
from feeds.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The settings, the store, what is printed by name, entries and their elements, how pages look.

    ``tag_aliases`` maps old slugs of tags to those of now.
    """

    config: Config
    store: Store
    subjects: Subjects
    stock: Stock
    elements: ElementStock
    site: SiteView
    templates: Templates
    tag_aliases: Mapping[str, str]

    def member(self, name: str) -> Member | None:
        """Return whose feed or listing it is, as the newest of its entries spells it, None where it has none."""
        with self.store.reading() as tx:
            newest = [one.entry_id for one in feed_entries.list_newest(tx, name, 1)]
        items = self.stock.items(newest)
        return self.subjects.member(name, items[0].entry, items[0].tags) if items else None
