"""Gives readers their own addresses of private feeds, and revokes them.

Not here: what an address leads to (opening), mailing it to anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feeds.config import Config, FeedConfig
from feeds.errors import UsageWrong
from feeds.formats import FORMATS
from feeds.jobs.private_feeds.opening import private_feed
from feeds.model import Subscriber
from feeds.model.private_addresses import PrivateAddress
from feeds.rules.mailboxes import BadMailbox, Mailbox, read_mailbox
from feeds.rules.private_tokens import private_token, private_url
from feeds.store import keys, private_addresses, subscribers, suppressions
from feeds.store.engine import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateReport:
    """A reader's own address of a feed, in each of its formats; ``is_new`` where it was made now."""

    reader: str
    feed: str
    is_new: bool
    made_at: datetime
    addresses: Mapping[str, str] = field(repr=False)


def give(config: Config, store: Store, reader: str, *, feed: str, now: datetime, add: bool = False) -> PrivateReport:
    """Return a reader's address of a private feed, made where they have none; the same as long as it is not revoked.

    ``add`` takes in who is no reader yet; they are mailed nothing. Raises UsageWrong where there is no such feed or
    reader, and where the reader is not to have one.
    """
    wanted, mailbox = _private(config, feed), _mailbox(reader)
    with store.writing() as tx:
        subscribers.hold(tx)
        subscriber = _subscriber(tx, mailbox, feed=wanted.slug, add=add, now=now)
        there = private_addresses.find_open(tx, wanted.slug, subscriber.id)
        address = there or private_addresses.add(tx, wanted.slug, subscriber.id, at=now)
        token = private_token(address, keys.current(tx, at=now))
    folder = private_url(config.site.url, token)
    return PrivateReport(
        reader=subscriber.address,
        feed=wanted.slug,
        is_new=there is None,
        made_at=address.created_at,
        addresses={name: folder + FORMATS[name].filename for name in wanted.formats},
    )


def revoke(config: Config, store: Store, reader: str, *, feed: str, now: datetime) -> bool:
    """Revoke a reader's address of a feed; tell whether there was one. Raises UsageWrong as :func:`give` does.

    The address of a feed that the config no longer has can be revoked too.
    """
    mailbox = _mailbox(reader)
    with store.writing() as tx:
        subscriber = subscribers.get_by_key(tx, mailbox.key)
        was_there = private_addresses.mark_revoked(tx, subscriber.id, feed=feed, at=now) > 0
    if not was_there:
        _private(config, feed)
    return was_there


def list_readers(config: Config, store: Store, feed: str) -> Iterator[tuple[str, PrivateAddress]]:
    """Yield (e-mail address, private address) of everybody who has or had one of a private feed."""
    slug = _private(config, feed).slug
    with store.reading() as tx:
        yield from private_addresses.list_of(tx, slug)


def _private(config: Config, slug: str) -> FeedConfig:
    found = private_feed(config, slug)
    if found is not None:
        return found
    if any(feed.slug == slug for feed in config.feeds):
        raise UsageWrong(
            f"{config.file}: the feed {slug!r} is for everyone; only one with private = true has addresses"
        )
    known = ", ".join(feed.slug for feed in config.feeds if feed.private) or "none; give one private = true"
    raise UsageWrong(f"{config.file}: there is no feed {slug!r}; private ones are: {known}")


def _mailbox(address: str) -> Mailbox:
    try:
        return read_mailbox(address)
    except BadMailbox as error:
        raise UsageWrong(f"{address!r}: {error}") from None


def _subscriber(tx: Transaction, mailbox: Mailbox, *, feed: str, add: bool, now: datetime) -> Subscriber:
    """Return the reader who is to have an address; raise UsageWrong for who is unknown, suppressed or forgotten."""
    suppression = suppressions.find(tx, mailbox.key)
    if suppression is not None:
        why = f"{suppression.reason}: {suppression.evidence}"
        raise UsageWrong(f"{mailbox.address} is suppressed ({why}), and no address of {feed!r} opens for them")
    found = subscribers.find_by_key(tx, mailbox.key)
    if found is None and not add:
        raise UsageWrong(
            f"{mailbox.address} is no reader yet; --add takes them in for this feed and mails them nothing"
        )
    if found is not None and found.forgotten_at is not None:
        raise UsageWrong(f"{mailbox.address} asked to be forgotten; they come back by subscribing anew")
    return found or _added(tx, mailbox, now)


def _added(tx: Transaction, mailbox: Mailbox, now: datetime) -> Subscriber:
    made = Subscriber(
        id=secrets.token_hex(8), address=mailbox.address, address_key=mailbox.key, name=mailbox.name, created_at=now
    )
    subscribers.add(tx, [made])
    return made
