"""What the settings say of a feed: the frame that its documents have, whatever entries they hold.

Not here: where its documents stand (jobs), which entries it holds (rules.families), writing them (formats).
"""

from __future__ import annotations

from datetime import UTC, datetime

from feeds.config.feeds import Content, FeedConfig, PodcastType
from feeds.config.schema import SiteConfig
from feeds.model import Feed, Person, Podcast
from feeds.rules.families import Each, Member
from feeds.rules.identity import feed_id, podcast_guid

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed without entries was updated: no clock, so that it never changes


def frame_of(site: SiteConfig, feed: FeedConfig, member: Member | None = None) -> Feed:
    """Return a feed, or a family's member, as it is printed; its addresses and hubs are still to come."""
    slug, called = (member.slug, member.name) if member else ("", "")
    name = f"{feed.slug}/{slug}" if slug else feed.slug
    title = feed.title_for(called)
    return Feed(
        id=feed_id(site.id, name),
        title=title,
        description=feed.description_for(called) or site.description or title,
        home_url=site.url,
        language=feed.language or (slug if feed.each is Each.LANGUAGE else site.language),
        author=Person(site.author or site.title),
        addresses={},
        updated_at=NEVER,
        full_text=feed.content is Content.FULL,
        icon_url=site.icon,
        rights=feed.rights or site.rights or "",
        podcast=_podcast(site, feed, name),
    )


def _podcast(site: SiteConfig, feed: FeedConfig, name: str) -> Podcast | None:
    given = feed.podcast
    if given is None:
        return None
    owner = given.owner_email
    return Podcast(
        guid=podcast_guid(site.id, name),
        author=given.author or site.author or site.title,
        image_url=given.image,
        categories=(given.category_steps,),
        explicit=given.explicit,
        owner=Person(given.owner_name or site.title, owner.email) if owner else None,
        serial=given.type is PodcastType.SERIAL,
        locked=given.locked,
    )
