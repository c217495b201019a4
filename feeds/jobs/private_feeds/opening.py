"""What a reader's own address leads to now: a private feed and the entries in it, or nothing any more.

Not here: printing it (printing), making addresses and revoking them (giving).
"""

from __future__ import annotations

from datetime import UTC, datetime

from feeds.config import Config, FeedConfig
from feeds.jobs.private_feeds.newsletter import open_newsletter
from feeds.jobs.private_feeds.opened import Opened, Standing
from feeds.model.private_addresses import PrivateAddress
from feeds.rules.private_tokens import Token, is_signed, newsletter_in, read_token
from feeds.store import feed_entries, keys, private_addresses
from feeds.store.engine import Store, Transaction

# What a token is compared with where there is no such address: so that it takes as long as where there is one.
_NOBODYS = PrivateAddress(id=0, feed="", subscriber_id="", created_at=datetime(2000, 1, 1, tzinfo=UTC))


def open_feed(config: Config, store: Store, text: str, *, now: datetime) -> Opened | Standing:
    """Return what the address with this token leads to.

    A token that was never made is unknown. One that was made for an address that is revoked, or whose reader was
    forgotten or suppressed, or whose feed is private no more, has ended.
    """
    token = read_token(text)
    with store.reading() as tx:
        address = _vouched(tx, token, now)
        if address is None:
            return Standing.UNKNOWN
        if newsletter_in(address.feed):
            return open_newsletter(tx, config, address, token=text, now=now) or Standing.ENDED
        feed = private_feed(config, address.feed)
        if feed is None or not address.is_open:
            return Standing.ENDED
        newest = feed_entries.list_newest(tx, feed.slug, feed.limit)
        return Opened(
            token=text,
            feed=feed,
            held=tuple((one.entry_id, one.change) for one in newest),
            left=tuple(feed_entries.list_left(tx, feed.slug)),
        )


def private_feed(config: Config, slug: str) -> FeedConfig | None:
    """Return the private feed with this slug, or None."""
    return next((feed for feed in config.feeds if feed.slug == slug and feed.private), None)


def _vouched(tx: Transaction, token: Token, now: datetime) -> PrivateAddress | None:
    """Return the address that a token means, None where the site did not sign it."""
    address, secret = private_addresses.find(tx, token.address), keys.find(tx, token.key, now=now)
    signed = is_signed(token, address or _NOBODYS, secret or b"")
    return address if signed and secret else None
