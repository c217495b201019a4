"""The settings of what is published as a feed: which entries, under which title, where, in which formats.

Not here: what may not stand beside what (feed_checks), which feeds an entry belongs to (rules.families).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from feeds.config.parts import (
    Category,
    FeedPath,
    FeedPaths,
    Language,
    Languages,
    Mailbox,
    Part,
    Slug,
    Text,
    Texts,
    WebAddress,
)
from feeds.config.places import SLUG_MARK
from feeds.config.podcasts import WITHIN
from feeds.rules.families import Each

NAME_MARK = "{name}"


class Content(StrEnum):
    """How much of an entry a feed holds."""

    FULL = "full"
    SUMMARY = "summary"


class FormatName(StrEnum):
    """The formats that a feed can be written in."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class PodcastType(StrEnum):
    """In which order a podcast is heard: the newest first, or from the beginning."""

    EPISODIC = "episodic"
    SERIAL = "serial"


class Query(Part):
    """Which entries are chosen: one of each list that is given must fit; lists left empty ask nothing."""

    tags: Texts = Field((), description="entries must have one of these tags")
    not_tags: Texts = Field((), description="entries must have none of these tags")
    authors: Texts = Field((), description="entries must be by one of these authors")
    sections: Texts = Field((), description="entries must stand in one of these sections")
    languages: Languages = Field((), description='entries must be in one of these languages; "de" fits "de-AT" too')

    @property
    def query(self) -> Query:
        """Return which entries are asked for, and nothing else."""
        return Query.model_construct(**{key: getattr(self, key) for key in Query.model_fields})


class PodcastConfig(Part):
    """What makes a feed a podcast for the directories."""

    category: Category = Field(description='a category of Apple\'s list: "News", "Arts > Books"')
    explicit: bool = Field(description="true or false: whether it is for adults only")
    image: WebAddress = Field(description="the address of its cover: square, JPEG or PNG")
    author: Text | None = Field(None, description="who makes it, if not the site's author")
    owner_name: Text | None = Field(None, description="who answers for it to the directories")
    owner_email: Mailbox | None = Field(None, description="their e-mail address, which everyone can read")
    type: PodcastType = Field(PodcastType.EPISODIC, strict=False, description="episodic or serial")
    locked: bool | None = Field(None, description="whether other hosts are told not to take it over")

    @property
    def category_steps(self) -> tuple[str, ...]:
        """Return the category as its steps: the main one, and the one below it where there is one."""
        return tuple(self.category.split(WITHIN))


class FeedConfig(Query):
    """A feed, or with ``each`` a family of feeds: one for every tag, author, section or language."""

    slug: Slug = Field(description="the feed's short name")
    title: Text = Field(description="the feed's title; in a family {name} stands for the member's name")
    each: Each | None = Field(None, strict=False, description="one feed for each tag, author, section or language")
    path: FeedPath = Field(description="the feed's folder in the output; in a family it holds {slug}")
    limit: int = Field(50, ge=1, le=100, description="how many entries the feed holds at most")
    content: Content = Field(Content.FULL, strict=False, description="full text or summaries")
    formats: tuple[Annotated[FormatName, Field(strict=False)], ...] = Field(
        tuple(FormatName), strict=False, min_length=1, description="the formats it is written in"
    )
    description: Text | None = Field(None, description="one line on what it is; {name} as in the title")
    language: Language | None = Field(None, description="the feed's language, if not the site's")
    rights: Text | None = Field(None, description="who holds the rights, if not as the site says")
    moved_from: FeedPaths = Field((), description="the folders it had before, which lead to it")
    private: bool = Field(False, description="whether it is only for readers with an address of their own")
    members: bool = Field(False, description="whether it holds members-only entries too; private feeds may")
    podcast: PodcastConfig | None = Field(None, description="what makes it a podcast")

    def title_for(self, name: str) -> str:
        """Return the title of the family's member called ``name``."""
        return self.title.replace(NAME_MARK, name)

    def description_for(self, name: str) -> str:
        """Return the description of the family's member called ``name``, "" where it has none."""
        return (self.description or "").replace(NAME_MARK, name)

    def path_for(self, slug: str) -> str:
        """Return the folder, below the output, of the family's member with ``slug``."""
        return self.path.replace(SLUG_MARK, slug)

    @property
    def top_folders(self) -> frozenset[str]:
        """Return the folders, in lower case, that the feed takes up or took up at the top of the output."""
        paths = (path.casefold().partition("/")[0] for path in (self.path, *self.moved_from))
        return frozenset(paths) - {".", SLUG_MARK}

    def moved_from_for(self, slug: str) -> tuple[str, ...]:
        """Return the folders that the family's member with ``slug`` had before."""
        return tuple(path.replace(SLUG_MARK, slug) for path in self.moved_from)
