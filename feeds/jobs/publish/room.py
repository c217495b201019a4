"""What everything of one publish is printed with.

A value only. Not here: what is printed (entry_pages, listings, feed_documents, fixed).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feeds.config import Config
from feeds.jobs.publish.elements import ElementStock
from feeds.jobs.publish.stock import Stock
from feeds.jobs.publish.subjects import Subjects
from feeds.model import Tag
from feeds.rendering.environment import Templates
from feeds.rendering.views import SiteView
from feeds.rules.families import Each, Member
from feeds.store import feed_entries
from feeds.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The settings, the store, what is printed by name, entries and their elements, how pages look.

    ``tags`` are all of them by their slugs, ``tag_aliases`` maps old slugs to those of now.
    """

    config: Config
    store: Store
    subjects: Subjects
    stock: Stock
    elements: ElementStock
    site: SiteView
    templates: Templates
    tags: Mapping[str, Tag]
    tag_aliases: Mapping[str, str]

    def member(self, name: str, newest: Sequence[feed_entries.Member]) -> Member | None:
        """Return whose feed or listing it is, as the newest of its entries spells it, None where it has none."""
        slug = name.partition("/")[2]
        if not newest:
            return None
        if self.subjects.each(name) is Each.TAG:
            return Member(slug, self.tags[slug].name) if slug in self.tags else None
        items = self.stock.items([newest[0].entry_id])
        return self.subjects.member(name, items[0].entry, items[0].tags) if items else None
