"""What a token in a reader's link stands for, and the links that readers are given.

A token that is forged, cut, of another list, too old or of before is None, and nobody is told which. Not here: what is
done then (confirming, leaving_by_link).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds.jobs.subscribe.desk import Desk
from feeds.model import Notice, NoticeKind, Subscriber, Subscription
from feeds.rules.reader_tokens import (
    Purpose,
    Token,
    is_signed,
    read_token,
    reader_token,
    reader_url,
    selection_in,
)
from feeds.store import keys, newsletters, notices, subscribers
from feeds.store.engine import Transaction

MANAGE_WITHIN = timedelta(days=1)  # it opens all that there is of a reader
_NO_SECRET = bytes(32)  # what is signed with it is good for nothing: it only takes as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A subscription that a link is about, and whose it is."""

    subscriber: Subscriber
    subscription: Subscription


def notice_url(tx: Transaction, desk: Desk, purpose: Purpose, *, notice_id: str, now: datetime) -> str:
    """Return the address of the page that a notice leads to."""
    token = reader_token(purpose, (notice_id,), state="", key=keys.current(tx, at=now))
    return reader_url(desk.config.site.url, purpose, token)


def subscription_url(tx: Transaction, desk: Desk, purpose: Purpose, *, of: Subscription, now: datetime) -> str:
    """Return the address of a page about one subscription."""
    about = (of.subscriber_id, of.newsletter)
    token = reader_token(purpose, about, state=str(of.generation), key=keys.current(tx, at=now))
    return reader_url(desk.config.site.url, purpose, token)


def find_notice(tx: Transaction, desk: Desk, text: str, *, purpose: Purpose, now: datetime) -> Notice | None:
    """Return the notice that a token came with, while its link is good."""
    token = read_token(text)
    if token is None or len(token.about) != 1 or not _is_ours(tx, token, purpose, state="", now=now):
        return None
    notice = notices.find(tx, token.about[0])
    if notice is None or notice.kind != NoticeKind(purpose) or now - notice.created_at > good_for(desk, purpose):
        return None
    return notice


def find_subscription(tx: Transaction, text: str, *, purpose: Purpose, now: datetime) -> Held | None:
    """Return the subscription that a token is about, whatever the newsletter is called by now."""
    token = read_token(text)
    if token is None or len(token.about) != 2:
        return None
    subscriber_id, slug = token.about
    found = subscribers.find_subscription(tx, (subscriber_id, newsletters.current_slug(tx, slug)))
    state = str(found[1].generation) if found else "none"
    if not _is_ours(tx, token, purpose, state=state, now=now) or found is None:
        return None
    subscriber, subscription = found
    return None if subscriber.forgotten_at else Held(subscriber=subscriber, subscription=subscription)


def find_selection(tx: Transaction, text: str, *, now: datetime) -> tuple[str, str] | None:
    """Return the ids of the edition and of the selection that a token shows; it is as long good as there is one."""
    token = read_token(text)
    if token is None or len(token.about) != 3 or not _is_ours(tx, token, Purpose.EDITION, state="", now=now):
        return None
    return selection_in(token.about)


def _is_ours(tx: Transaction, token: Token, purpose: Purpose, *, state: str, now: datetime) -> bool:
    secret = keys.find(tx, token.key, now=now)
    return is_signed(token, purpose, state=state, secret=secret or _NO_SECRET) and secret is not None


def good_for(desk: Desk, purpose: Purpose) -> timedelta:
    """Return how long the link in a notice is good."""
    return MANAGE_WITHIN if purpose is Purpose.MANAGE else timedelta(days=desk.config.readers.confirm_within_days)
