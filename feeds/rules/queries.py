"""Which entries a feed or a newsletter holds, and in which order.

Pure. Not here: the wording of queries (config), families of feeds (families), reading entries (store).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol, TypeVar

from feeds.model import Entry
from feeds.rules.slugs import author_slug, slug_of

_NONE: Mapping[str, str] = {}


class Query(Protocol):
    """Which entries are wanted: one of each list that is not empty, and none of ``not_tags``."""

    @property
    def tags(self) -> Sequence[str]:
        """The tags wanted, in any spelling."""

    @property
    def not_tags(self) -> Sequence[str]:
        """The tags not wanted, in any spelling."""

    @property
    def authors(self) -> Sequence[str]:
        """The authors' names wanted."""

    @property
    def sections(self) -> Sequence[str]:
        """The sections wanted."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages wanted (BCP 47)."""


class Placed(Protocol):
    """What has a place among the entries of a feed; the sequence is the order in which they went live."""

    @property
    def published_at(self) -> datetime:
        """When it was published."""

    @property
    def sequence(self) -> int | None:
        """Its number among all that went live, None before."""


_Placed = TypeVar("_Placed", bound=Placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a query asks of an entry: slugs, and its language in lower case."""

    tags: Collection[str]
    authors: Collection[str]
    section: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A query read once, to be asked of many entries."""

    tags: Set[str]
    not_tags: Set[str]
    authors: Set[str]
    sections: Set[str]
    languages: tuple[str, ...]

    def fits(self, facts: Facts) -> bool:
        """Tell whether an entry is wanted."""
        return (
            (not self.tags or not self.tags.isdisjoint(facts.tags))
            and self.not_tags.isdisjoint(facts.tags)
            and (not self.authors or not self.authors.isdisjoint(facts.authors))
            and (not self.sections or facts.section in self.sections)
            and (not self.languages or any(is_within(facts.language, wanted) for wanted in self.languages))
        )


def wanted(query: Query, tag_aliases: Mapping[str, str] = _NONE) -> Wanted:
    """Read a query; ``tag_aliases`` maps the slug of a tag's old spelling to that of the tag it means now."""
    return Wanted(
        tags=_tag_slugs(query.tags, tag_aliases),
        not_tags=_tag_slugs(query.not_tags, tag_aliases),
        authors=frozenset(author_slug(name) for name in query.authors),
        sections=frozenset(section_slug(section) for section in query.sections),
        languages=tuple(language.lower() for language in query.languages),
    )


def facts_of(entry: Entry, tags: Collection[str], *, site_language: str, site_author: str) -> Facts:
    """Return what a query asks of an entry; ``tags`` are the slugs of its tags as they are called now.

    The site's language and author stand in where an entry names none.
    """
    article = entry.article
    names = [person.name for person in article.authors] or ([site_author] if site_author else [])
    return Facts(
        tags=tags,
        authors=[author_slug(name) for name in names],
        section=section_slug(article.section) if article.section else "",
        language=(article.language or site_language).lower(),
    )


def is_within(language: str, wanted: str) -> bool:
    """Tell whether a language is ``wanted`` or a kind of it: ``de-at`` is within ``de`` (RFC 4647 section 3.3.1)."""
    return language == wanted or language.startswith(f"{wanted}-")


@lru_cache(maxsize=1024)
def section_slug(section: str) -> str:
    """Return the key of a section in addresses."""
    return slug_of(section) or "unnamed"


def newest_first(entries: Iterable[_Placed]) -> list[_Placed]:
    """Return the entries as readers expect them: newest first, and among equals always in the same order."""
    return sorted(entries, key=lambda entry: (entry.published_at, entry.sequence or 0), reverse=True)


def _tag_slugs(tags: Iterable[str], aliases: Mapping[str, str]) -> frozenset[str]:
    slugs = (slug_of(tag, signs=True) for tag in tags)
    return frozenset(aliases.get(slug, slug) for slug in slugs)
