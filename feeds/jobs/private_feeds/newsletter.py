"""A newsletter as a private feed brings it to one reader in place of mail: the entries that they would be mailed.

What it gave is remembered, so that none is mailed again once the reader goes back. Not here: who goes by it
(jobs.subscribe), printing it (printing).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feeds.config import Config, NewsletterConfig
from feeds.config.feeds import Content, FeedConfig
from feeds.jobs.private_feeds.opened import Fresh, Opened
from feeds.model import Subscription, SubscriptionState
from feeds.model.private_addresses import PrivateAddress
from feeds.rules.fed import LOOKED_AT, fed
from feeds.rules.preferences import read_preferences, topics_of
from feeds.rules.private_tokens import NEWSLETTER, newsletter_in
from feeds.rules.queries import Facts, wanted
from feeds.rules.selecting import MAY_COME_BACK, Candidate, brought_at
from feeds.store import changes, entries, fed_entries, newsletters, subscribers, tags
from feeds.store.engine import Store, Transaction


def open_newsletter(
    tx: Transaction, config: Config, address: PrivateAddress, *, token: str, now: datetime
) -> Opened | None:
    """Return the newsletter that an address brings in place of mail, None where it does so no more."""
    slug = newsletters.current_slug(tx, newsletter_in(address.feed))
    newsletter = next((one for one in config.newsletters if one.slug == slug), None)
    subscription = subscribers.list_subscriptions(tx, [address.subscriber_id]).get((address.subscriber_id, slug))
    if newsletter is None or subscription is None or not _is_good(address, subscription):
        return None
    aliases = tags.list_aliases(tx)
    chosen = read_preferences(subscription.preferences, newsletter.allowed_in(config.site.timezone))
    taste, query = chosen.taste(aliases), wanted(newsletter.query, aliases)
    floor, brought = _brought(tx, newsletter, subscription=subscription, now=now)
    facts = _facts(tx, config, [one.entry_id for one in brought])
    found = [
        one
        for one in brought
        if query.fits(fact := facts[one.entry_id]) and taste.wants(topics_of(fact), fact.language)
    ]
    given = fed_entries.list_of(tx, slug, address.subscriber_id).get(address.subscriber_id, frozenset())
    held, fresh = fed(found, floor=floor, given=given)
    changed = changes.changes_of(tx, held)
    return Opened(
        token=token,
        feed=_feed(config, newsletter),
        held=tuple((entry_id, changed[entry_id]) for entry_id in held),
        fresh=Fresh(subscriber_id=address.subscriber_id, newsletter=slug, entry_ids=tuple(fresh)),
        taste=f"{sorted(taste.follow)} {sorted(taste.mute)} {taste.language}",
    )


def note_given(store: Store, opened: Opened, *, now: datetime) -> None:
    """Remember what a reader was given in place of mail; nothing is written where it is known already."""
    fresh = opened.fresh
    if fresh is None or not fresh.entry_ids:
        return
    with store.writing() as tx:
        fed_entries.add(tx, fresh.subscriber_id, fresh.newsletter, entry_ids=fresh.entry_ids, at=now)
        seen = newsletters.list_seen(tx).get(fresh.newsletter)
        if seen is not None and seen.floor_at is not None:
            fed_entries.drop_before(tx, fresh.newsletter, seen.floor_at - MAY_COME_BACK)


def _is_good(address: PrivateAddress, subscription: Subscription) -> bool:
    since = subscription.by_feed_since
    is_active = subscription.state is SubscriptionState.ACTIVE
    return address.is_open and is_active and since is not None and address.created_at >= since


def _brought(
    tx: Transaction, newsletter: NewsletterConfig, *, subscription: Subscription, now: datetime
) -> tuple[datetime, list[Candidate]]:
    """Return the reader's floor, and the entries of lately and from above it, newest first."""
    seen = newsletters.list_seen(tx).get(newsletter.slug)
    first_seen_at = seen.first_seen_at if seen else now
    own = subscription.floor_at or subscription.confirmed_at or now
    floor = max(own, seen.floor_at or first_seen_at) if seen else own
    lately = {one.id: one for one in entries.list_latest(tx, LOOKED_AT)}
    since = {one.id: one for one in entries.list_brought(tx, floor, first_seen_at=first_seen_at)}
    newest_first = sorted((lately | since).values(), key=lambda one: one.published_at, reverse=True)
    return floor, [
        Candidate(one.id, one.revision, brought_at(one.live_at, one.published_at, first_seen_at=first_seen_at))
        for one in newest_first
    ]


def _facts(tx: Transaction, config: Config, entry_ids: Sequence[str]) -> dict[str, Facts]:
    """Return what query and taste ask of entries, by id."""
    named, press = tags.by_entry(tx, entry_ids), config.site.press
    return {one.id: press.facts_of(one, named.get(one.id, ())) for one in entries.list_with(tx, entry_ids)}


def _feed(config: Config, newsletter: NewsletterConfig) -> FeedConfig:
    """Return the feed that it is printed as: as much of each entry as the site's first feed gives everybody."""
    return FeedConfig.model_construct(
        slug=f"{NEWSLETTER}{newsletter.slug}/entries",  # by which it is known: that of the editions is another feed
        title=newsletter.title,
        description=newsletter.description,
        language=newsletter.language,
        path=".",
        private=True,
        content=config.feeds[0].content if config.feeds else Content.FULL,
    )
