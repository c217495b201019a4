"""Which entries a feed or a newsletter holds, and in which order.

Pure. Not here: the wording of queries (config), reading entries (store).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from feeds.model import Entry
from feeds.rules.meta import author_slug
from feeds.rules.slugs import slug_of


class Query(Protocol):
    """Which entries are wanted: one of each list that is not empty."""

    @property
    def tags(self) -> Sequence[str]:
        """The tags wanted, in any spelling."""

    @property
    def authors(self) -> Sequence[str]:
        """The authors' names wanted."""

    @property
    def sections(self) -> Sequence[str]:
        """The sections wanted."""


def matches(entry: Entry, query: Query, tags: Collection[str]) -> bool:
    """Tell whether an entry is wanted by the query; ``tags`` are the slugs of its tags, aliases resolved."""
    article = entry.article
    wanted_tags = {slug_of(tag, signs=True) for tag in query.tags}
    wanted_authors = {author_slug(name) for name in query.authors}
    wanted_sections = {section.casefold() for section in query.sections}
    return (
        (not wanted_tags or not wanted_tags.isdisjoint(tags))
        and (not wanted_authors or any(author_slug(person.name) in wanted_authors for person in article.authors))
        and (not wanted_sections or article.section.casefold() in wanted_sections)
    )


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries as readers expect them: newest first, and among equals always in the same order."""
    return sorted(entries, key=lambda entry: (entry.published_at, entry.sequence or 0, entry.id), reverse=True)
