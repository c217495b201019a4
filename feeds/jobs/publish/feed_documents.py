"""The feed documents: which feeds there are, which entries each holds, and its bytes in each format.

Not here: pages (pages), writing to disk (output).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from feeds.config import Config, Content, Each, FeedConfig
from feeds.formats import FORMATS, KINDS, render_clean
from feeds.jobs.publish.documents import Document
from feeds.jobs.publish.stock import Group, Stock
from feeds.model import Entry, Feed, Person
from feeds.rendering.views import FeedLink
from feeds.rules.identity import feed_id
from feeds.rules.printing import for_feeds
from feeds.rules.queries import matches

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was updated: no clock, so that it never changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One feed to print: where, and which entries. ``former`` are folders where readers may still look for it."""

    slug: str
    path: str
    title: str
    home_url: str
    entries: tuple[Entry, ...]
    config: FeedConfig
    former: tuple[str, ...] = ()


def feed_documents(config: Config, stock: Stock) -> Iterator[Document]:
    """Yield every document of every feed, rendered."""
    for plan in plans(config, stock):
        feed = _feed(plan, config)
        held = {entry.id: entry.revision for entry in plan.entries}
        printed = [for_feeds(stock.printed(entry)) for entry in plan.entries]
        for name in plan.config.formats:
            format = FORMATS[name]
            rendered = render_clean(format, feed, printed)
            for path in (plan.path, *plan.former):
                yield Document(
                    feed=plan.slug,
                    format=name,
                    part="" if path == plan.path else path,
                    path=_below(path, format.filename),
                    media_type=format.media_type,
                    data=rendered.data,
                    held=tuple((entry.id, held[entry.id]) for entry in rendered.entries),
                    left_out=tuple((error.entry_id, error.reason) for error in rendered.left_out),
                )


def feed_paths(config: Config, stock: Stock) -> Iterator[str]:
    """Yield the path of every feed document, without rendering any."""
    for plan in plans(config, stock):
        for name in plan.config.formats:
            yield from (_below(path, FORMATS[name].filename) for path in (plan.path, *plan.former))


def plans(config: Config, stock: Stock) -> Iterator[Plan]:
    """Yield every feed of the config, families unfolded, with the entries that it holds."""
    for feed in config.feeds:
        if feed.each is None:
            chosen = _chosen(stock.entries, feed, stock)
            yield Plan(
                slug=feed.slug, path=feed.path, title=feed.title, home_url=config.site.url, entries=chosen, config=feed
            )
        else:
            yield from _family(feed, stock)


def links_of(config: Config, feed: FeedConfig, *, slug: str = "", name: str = "") -> tuple[FeedLink, ...]:
    """Return what a page advertises of a feed, or of a family's member for a tag or author."""
    title, path = (feed.title_for(name), feed.path_for(slug)) if feed.each else (feed.title, feed.path)
    return tuple(
        FeedLink(
            title=f"{title} ({KINDS[format].label})",
            media_type=FORMATS[format].media_type,
            url=config.site.url + _below(path, FORMATS[format].filename),
        )
        for format in feed.formats
    )


def _family(feed: FeedConfig, stock: Stock) -> Iterator[Plan]:
    groups = stock.by_tag() if feed.each is Each.TAG else stock.by_author()
    for group in groups:
        former = [old for old, new in stock.tag_aliases.items() if new == group.slug and feed.each is Each.TAG]
        yield Plan(
            slug=f"{feed.slug}/{group.slug}",
            path=feed.path_for(group.slug),
            title=feed.title_for(group.name),
            home_url=_home(feed, group, stock),
            entries=_chosen(group.entries, feed, stock),
            config=feed,
            former=tuple(feed.path_for(old) for old in former),
        )


def _home(feed: FeedConfig, group: Group, stock: Stock) -> str:
    return stock.press.tag_url(group.slug) if feed.each is Each.TAG else stock.press.author_url(group.name)


def _chosen(entries: tuple[Entry, ...], feed: FeedConfig, stock: Stock) -> tuple[Entry, ...]:
    wanted = (e for e in entries if matches(e, feed.query, {tag.slug for tag in stock.tags_of(e)}))
    return tuple(islice(wanted, feed.limit))


def _feed(plan: Plan, config: Config) -> Feed:
    site = config.site
    return Feed(
        id=feed_id(site.id, plan.slug),
        title=plan.title,
        description=site.description or plan.title,
        home_url=plan.home_url,
        language=site.language,
        author=Person(site.author or site.title),
        addresses={name: site.url + _below(plan.path, FORMATS[name].filename) for name in plan.config.formats},
        updated_at=max((entry.updated_at for entry in plan.entries), default=NEVER),
        full_text=plan.config.content is Content.FULL,
    )


def _below(path: str, filename: str) -> str:
    return filename if path == "." else f"{path}/{filename}"
