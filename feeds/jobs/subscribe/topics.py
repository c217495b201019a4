"""The topics that readers are offered to follow or to mute: sections and tags by their names.

Not here: what one chose of them (choosing), counting them (store.topics).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feeds.model import Tag
from feeds.rules.preferences import SECTION
from feeds.store import entries, topics
from feeds.store.engine import Transaction

MOST = 24  # of each kind: those of most entries, and what was chosen


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of what everyone may read, the most used first; ``change`` is the newest that they were counted at."""

    sections: tuple[Tag, ...] = ()
    tags: tuple[Tag, ...] = ()
    change: int = -1

    @property
    def names(self) -> Mapping[str, str]:
        """Return topic → what it is called."""
        return {tag.slug: tag.name for tag in (*self.sections, *self.tags)}

    def offered(self, chosen: Iterable[str] = ()) -> tuple[Tag, ...]:
        """Return the topics to choose among, sections first, each kind by its names; what was chosen is among them."""
        wanted, names = set(chosen), self.names
        offered = {tag.slug for tag in (*self.sections[:MOST], *self.tags[:MOST])} | wanted
        found = [Tag(slug, names.get(slug, slug.removeprefix(SECTION))) for slug in offered]
        return tuple(sorted(found, key=lambda tag: (not tag.slug.startswith(SECTION), tag.name.casefold(), tag.slug)))


@dataclass(slots=True)
class TopicMemory:
    """Remembers the topics until an entry changes: everybody may look at the form, and counting reads all entries."""

    _known: Topics = field(default_factory=Topics)

    def now(self, tx: Transaction) -> Topics:
        """Return the topics that there are now."""
        change = entries.last_change(tx)
        if self._known.change != change:
            self._known = Topics(tuple(topics.list_sections(tx)), tuple(topics.list_tags(tx)), change)
        return self._known
