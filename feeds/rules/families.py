"""Which feeds an entry belongs to, families unfolded: one feed for each tag, author, section or language.

Pure. Not here: what an entry is asked (queries), where a feed stands (config), the documents of feeds (jobs).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from feeds.model import Access, Entry, Person, Tag
from feeds.rules.queries import Query, Wanted, facts_of, section_slug, wanted
from feeds.rules.slugs import author_slug

_NONE: Mapping[str, str] = {}


class Each(StrEnum):
    """What a family of feeds has one member for."""

    TAG = "tag"
    AUTHOR = "author"
    SECTION = "section"
    LANGUAGE = "language"


class FeedDefinition(Query, Protocol):
    """A feed as the config defines it."""

    @property
    def slug(self) -> str:
        """The feed's short name."""

    @property
    def each(self) -> Each | None:
        """What the family has one member for, None where it is one feed."""

    @property
    def members(self) -> bool:
        """Whether members-only entries belong to it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of a family: the slug that stands in its address, and the name that people see."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Membership:
    """That an entry belongs to a feed; in a family ``member`` says to which one."""

    feed: str
    member: Member | None = None

    @property
    def key(self) -> str:
        """The feed's key among all feeds: its slug, and in a family the member's behind it."""
        return f"{self.feed}/{self.member.slug}" if self.member else self.feed


class Feeds:
    """All feeds of a site, read once, to be asked of many entries.

    ``tag_aliases`` maps old slugs of tags to those of now, ``language_name`` gives a language the name people see.
    """

    def __init__(
        self,
        definitions: Iterable[FeedDefinition],
        *,
        site_language: str,
        site_author: str = "",
        tag_aliases: Mapping[str, str] = _NONE,
        language_name: Callable[[str], str] = str,
    ) -> None:
        self._feeds = [(feed, wanted(feed, tag_aliases)) for feed in definitions]
        self._language, self._author, self._language_name = site_language, site_author, language_name
        self._by_tag: defaultdict[str, list[int]] = defaultdict(list)
        self._by_any: list[int] = []
        for place, (_feed, query) in enumerate(self._feeds):
            self._file(place, query)

    def of(self, entry: Entry, tags: Sequence[Tag]) -> list[Membership]:
        """Return the feeds that an entry belongs to, in the config's order; ``tags`` are its own as called now.

        Whether it is live is not asked. A members-only entry belongs only to feeds that hold such.
        """
        slugs = [tag.slug for tag in tags]
        facts = facts_of(entry, slugs, site_language=self._language, site_author=self._author)
        hidden = entry.article.access is not Access.PUBLIC
        found: list[Membership] = []
        for place in self._asked(slugs):
            feed, query = self._feeds[place]
            if (feed.members or not hidden) and query.fits(facts):
                found += self._memberships(feed, entry, tags)
        return found

    def members(self, each: Each, entry: Entry, tags: Sequence[Tag]) -> list[Member]:
        """Return the members that an entry belongs to of any family of this kind, each once."""
        if each is Each.TAG:
            return [Member(tag.slug, tag.name) for tag in tags]
        if each is Each.AUTHOR:
            return _once(Member(author_slug(person.name), person.name) for person in self._authors(entry))
        if each is Each.SECTION:
            section = entry.article.section
            return [Member(section_slug(section), section)] if section else []
        slug = language_slug(entry.article.language or self._language)
        return [Member(slug, self._language_name(slug))] if slug else []

    def _memberships(self, feed: FeedDefinition, entry: Entry, tags: Sequence[Tag]) -> list[Membership]:
        if feed.each is None:
            return [Membership(feed.slug)]
        return [Membership(feed.slug, member) for member in self.members(feed.each, entry, tags)]

    def _authors(self, entry: Entry) -> Sequence[Person]:
        return entry.article.authors or ((Person(self._author),) if self._author else ())

    def _file(self, place: int, query: Wanted) -> None:
        """Remember by which tags a feed can be found: a site may have a feed of its own for each of 500 tags."""
        for tag in query.tags:
            self._by_tag[tag].append(place)
        if not query.tags:
            self._by_any.append(place)

    def _asked(self, tags: Iterable[str]) -> list[int]:
        by_tag = {place for tag in tags for place in self._by_tag.get(tag, ())}
        return sorted({*by_tag, *self._by_any})


def language_slug(language: str) -> str:
    """Return the member of a family of languages that a tag belongs to: its primary language, ``de`` for ``de-AT``."""
    return language.lower().partition("-")[0]


def _once(members: Iterable[Member]) -> list[Member]:
    found: dict[str, Member] = {}
    for member in members:
        found.setdefault(member.slug, member)
    return list(found.values())
