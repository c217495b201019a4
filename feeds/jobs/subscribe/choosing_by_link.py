"""What one newsletter brings, by the link in its mail: seen and chosen without a login.

A stranger with a forwarded mail can change it too, of that one newsletter. Not here: what may be chosen
(rules.preferences), all that one has (managing).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeds.config import NewsletterConfig
from feeds.jobs.subscribe.choosing import Wish, choose
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.leaving import pause
from feeds.jobs.subscribe.leaving_by_link import LinkStanding, standing_of
from feeds.jobs.subscribe.links import find_subscription
from feeds.model import SubscriptionState, Tag
from feeds.rules.mailboxes import read_mailbox
from feeds.rules.preferences import Preferences, read_preferences
from feeds.rules.reader_tokens import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a reader of a newsletter has chosen, and the topics that there are to choose among."""

    standing: LinkStanding
    newsletter: NewsletterConfig
    address: str
    preferences: Preferences
    timezone: str
    topics: tuple[Tag, ...]


def chosen(desk: Desk, text: str, *, now: datetime) -> Chosen | LinkStanding | None:
    """Return what was chosen of what a link is about; nothing changes. None where the link is not good.

    Of a subscription that has ended, or whose newsletter is gone, only how it stands.
    """
    with desk.store.reading() as tx:
        held = find_subscription(tx, text, purpose=Purpose.PREFERENCES, now=now)
        if held is None:
            return None
        standing, newsletter = standing_of(tx, desk, held, now=now), desk.newsletter(held.subscription.newsletter)
        if newsletter is None or held.subscription.state is not SubscriptionState.ACTIVE:
            return standing
        preferences = read_preferences(held.subscription.preferences, newsletter.allowed_in(desk.config.site.timezone))
        return Chosen(
            standing=standing,
            newsletter=newsletter,
            address=held.subscriber.address,
            preferences=preferences,
            timezone=held.subscriber.timezone or "",
            topics=desk.topics.now(tx).offered((*preferences.follow, *preferences.mute)),
        )


def choose_by_link(desk: Desk, text: str, wish: Wish, *, paused_until: datetime | None, now: datetime) -> bool:
    """Write what a reader wishes, and until when nothing is to come; False where the link is not good.

    Raises UsageWrong where it may not be chosen.
    """
    found = chosen(desk, text, now=now)
    if not isinstance(found, Chosen):
        return False
    mailbox, slug = read_mailbox(found.address), found.newsletter.slug
    choose(desk.config, desk.store, mailbox, newsletter=slug, wish=wish)
    pause(desk.store, mailbox, [slug], until=paused_until or now, now=now)
    return True
