"""A reader has a newsletter by a private feed of their own in place of mail, and goes back to mail.

What is not sent yet is taken back, so that the feed brings it; what the feed gave is mailed no more. Not here: what
that feed holds (jobs.private_feeds), who is mailed (jobs.compose).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from feeds.formats import FORMATS, KINDS
from feeds.jobs.subscribe.desk import Desk
from feeds.model import Subscription, SubscriptionState
from feeds.model.private_addresses import PrivateAddress
from feeds.rules.private_tokens import NEWSLETTER, newsletter_in, private_token, private_url
from feeds.store import delivery_changes, keys, newsletters, private_addresses, subscribers
from feeds.store.engine import Transaction


class Door(StrEnum):
    """By which way a newsletter comes; ANEW is by the feed, at another address than before."""

    FEED = "feed"
    MAIL = "mail"
    ANEW = "anew"


def change_door(tx: Transaction, subscription: Subscription, door: Door, *, now: datetime) -> bool:
    """Have a newsletter come by another way from now on; again it changes nothing. False where it does not come."""
    if subscription.state is not SubscriptionState.ACTIVE:
        return False
    pair, is_by_feed = (subscription.subscriber_id, subscription.newsletter), subscription.by_feed_since is not None
    if door is Door.FEED and not is_by_feed:
        subscribers.mark_by_feed(tx, pair, since=now)
        delivery_changes.cancel_to(tx, *pair, at=now)
        private_addresses.add(tx, NEWSLETTER + pair[1], pair[0], at=now)
    elif door is not Door.FEED and is_by_feed:
        if (own := own_address(tx, subscription)) is not None:
            private_addresses.mark_revoked(tx, pair[0], feed=own.feed, at=now)
        if door is Door.ANEW:
            private_addresses.add(tx, NEWSLETTER + pair[1], pair[0], at=now)
        else:
            subscribers.mark_by_feed(tx, pair, since=None)
    return True


def feed_urls(tx: Transaction, desk: Desk, subscription: Subscription, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """Return (format's name, address) of the reader's own feed; none where mail brings it, or they were revoked."""
    own = own_address(tx, subscription)
    if own is None:
        return ()
    folder = private_url(desk.config.site.url, private_token(own, keys.current(tx, at=now)))
    return tuple((KINDS[name].label, folder + format.filename) for name, format in FORMATS.items())


def own_address(tx: Transaction, subscription: Subscription) -> PrivateAddress | None:
    """Return the address that brings a subscription in place of mail, whatever the newsletter was called, or None."""
    since = subscription.by_feed_since
    theirs = private_addresses.list_to(tx, subscription.subscriber_id) if since else []
    good = (one for one in reversed(theirs) if one.is_open and since and one.created_at >= since)
    of_it = (one for one in good if newsletter_in(one.feed))
    return next((one for one in of_it if _newsletter(tx, one) == subscription.newsletter), None)


def _newsletter(tx: Transaction, address: PrivateAddress) -> str:
    return newsletters.current_slug(tx, newsletter_in(address.feed))
