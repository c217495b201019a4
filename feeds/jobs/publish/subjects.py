"""What is printed, by name: the feeds of the config and their members, the listings of the pages, and the rest.

Names, and which entries belong where. Not here: what the documents of one hold (feed_documents, listings, pages).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from feeds.config import Config, FeedConfig, NewsletterConfig
from feeds.model import Access, Entry, State, Tag
from feeds.rendering.wording import language_name
from feeds.rules.families import Each, Feeds, Member
from feeds.rules.series import newsletter_of
from feeds.store.reprints import NEWSLETTER, Reprint

SITE, SITEMAP, INDEX = "@site", "@sitemap", "@index"
FEEDS = "@feeds"
FEED_PAGE = f"{FEEDS}/"  # and the name of a feed that has a page of its own
LISTINGS = {"tags": Each.TAG, "authors": Each.AUTHOR, "sections": Each.SECTION}
DIRECTORIES = frozenset({*(f"@{folder}" for folder in LISTINGS), FEEDS})  # each leads to all below it
IN_SITEMAP = 1000  # entries in one part of the sitemap


def entry_subject(entry_id: str) -> str:
    """Return the name of an entry's own documents: its page, and the redirects to it."""
    return f"={entry_id}"


def sitemap_of(sequence: int) -> Reprint:
    """Return the part of the sitemap in which the entry of this sequence stands."""
    return Reprint(SITEMAP, 1 + sequence // IN_SITEMAP)


def leading_to(name: str) -> tuple[Reprint, ...]:
    """Return what leads to a listing or to a feed's page by its title: its directory, that of feeds, the front page."""
    return Reprint(name.partition("/")[0]), Reprint(FEEDS), Reprint(INDEX)


def is_listed(feed: FeedConfig, slug: str) -> bool:
    """Tell whether a listing stands in a feed's folder: the index, or that of the same tag, author or section."""
    if feed.each is None:
        return feed.path == "."
    folders = (folder for folder, each in LISTINGS.items() if each is feed.each)
    return any(feed.path_for(slug) == f"{folder}/{slug}" for folder in folders)


class Subjects:
    """Everything that the config has printed. A listing is named ``@tags/ferry``, a feed ``site`` or ``tags/ferry``."""

    def __init__(self, config: Config, tag_aliases: Mapping[str, str]) -> None:
        site = config.site
        self._by_slug = {feed.slug: feed for feed in config.feeds}
        self.directories = DIRECTORIES - {
            f"@{feed.path.casefold()}" for feed in config.feeds
        }  # but where a feed stands
        self._newsletters = {one.slug: one for one in config.newsletters}
        self.families = Feeds(
            config.feeds,
            site_language=site.language,
            site_author=site.author or "",
            tag_aliases=tag_aliases,
            language_name=lambda tag: language_name(tag, site.language),
        )

    @property
    def fixed(self) -> Iterator[str]:
        """The names of what is printed whatever entries there are."""
        yield from (SITE, SITEMAP, INDEX, *DIRECTORIES)
        yield from (feed.slug for feed in self._by_slug.values() if feed.each is None)
        yield from (NEWSLETTER + one.slug for one in self._newsletters.values() if one.feed)

    def feeds_of(self, entry: Entry, tags: Sequence[Tag]) -> Iterator[str]:
        """Yield the feeds and listings that hold an entry now: none where it is not live."""
        if entry.state is not State.LIVE:
            return
        yield from (membership.key for membership in self.families.of(entry, tags))
        if entry.article.access is Access.PUBLIC:
            yield INDEX
            for folder, each in LISTINGS.items():
                yield from (f"@{folder}/{member.slug}" for member in self.families.members(each, entry, tags))

    def feed(self, name: str) -> FeedConfig | None:
        """Return the feed of the config that a name is of, None where it is of none any more."""
        slug, _, member = name.partition("/")
        feed = self._by_slug.get(slug)
        return feed if feed and bool(member) == (feed.each is not None) else None

    def newsletter(self, name: str) -> NewsletterConfig | None:
        """Return the newsletter that a series' name is of, None where its editions stand on the site no more."""
        newsletter = self._newsletters.get(newsletter_of(name.removeprefix(NEWSLETTER)))
        return newsletter if newsletter and newsletter.feed else None

    def successor(self, name: str) -> str | None:
        """Return the slug that the config gives a newsletter in place of its own, None where it has no other."""
        old = name.removeprefix(NEWSLETTER)
        found = (slug for slug, one in self._newsletters.items() if one.renamed_from == old)
        return None if old in self._newsletters else next(found, None)

    def each(self, name: str) -> Each | None:
        """Return what a feed or listing is one of a family for, None where it is of no family."""
        slug = name.lstrip("@").partition("/")[0]
        return LISTINGS.get(slug) if name.startswith("@") else self._by_slug[slug].each

    def member(self, name: str, entry: Entry, tags: Sequence[Tag]) -> Member | None:
        """Return which member of its family a feed or listing is, by the name that one of its entries gives it."""
        each, wanted = self.each(name), name.partition("/")[2]
        members = self.families.members(each, entry, tags) if each else []
        return next((member for member in members if member.slug == wanted), None)
