"""A reader leaves one newsletter by the link in its mail, and may take that back.

It works without a login, so a stranger with a forwarded mail can do it too: to one newsletter, and the reader hears of
it. Not here: leaving by mail (jobs.bounce), by the operator's hand (leaving).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeds.jobs.subscribe.desk import Desk, by_web
from feeds.jobs.subscribe.links import Held, find_subscription, subscription_url
from feeds.jobs.subscribe.mailing import left_notice
from feeds.model import SubscriptionState
from feeds.rules.asking import mail_brake, may_come_back
from feeds.rules.reader_tokens import Purpose
from feeds.store import asked as counts
from feeds.store import keys, notices, subscribers, suppressions
from feeds.store.engine import Transaction
from feeds.store.subscribers import ConsentEvent, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStanding:
    """How the subscription stands that a link is about; ``title`` is "" where its newsletter is in the config no more.

    ``language`` is the reader's own, "" where it is not known. A private feed brings it where ``is_by_feed``;
    ``feed_urls`` are (format, address) of that, for the reader's eyes alone. ``back_url`` is where leaving is undone,
    "" where it cannot be; ``leave_url`` and ``preferences_url`` are the subscription's own pages.
    """

    newsletter: str
    title: str
    language: str
    is_active: bool
    paused_until: datetime | None
    leave_url: str
    preferences_url: str
    back_url: str
    is_by_feed: bool = False
    is_confirmed: bool = False
    feed_urls: tuple[tuple[str, str], ...] = ()


def standing(desk: Desk, text: str, *, purpose: Purpose, now: datetime) -> LinkStanding | None:
    """Return how what a link is about stands; nothing changes. None where the link is not good."""
    with desk.store.reading() as tx:
        held = find_subscription(tx, text, purpose=purpose, now=now)
        return standing_of(tx, desk, held, now=now) if held else None


def leave(desk: Desk, text: str, *, network: str, now: datetime) -> LinkStanding | None:
    """End the subscription; once it has ended nothing more comes of it. None where the link is not good.

    The reader is told by mail, once a day at most, with a link to undo it.
    """
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        held = find_subscription(tx, text, purpose=Purpose.LEAVE, now=now)
        if held is None:
            return None
        if not _has_ended(held):
            subscribers.end(tx, _pair(held), at=now, by="reader", origin=by_web(network))
            if held.subscription.state is SubscriptionState.ACTIVE:
                _tell(tx, desk, held, now=now)
        return standing_of(tx, desk, _again(tx, held), now=now)


def leave_in_one_click(desk: Desk, text: str, *, network: str, now: datetime) -> bool:
    """End the subscription, as the reader's own mail program asks (RFC 8058); tell whether the link is good.

    Nothing is mailed. Programs click again and again: once it has ended the store is only read.
    """
    with desk.store.reading() as tx:
        held = find_subscription(tx, text, purpose=Purpose.LEAVE, now=now)
    if held and not _has_ended(held):
        origin = f"one click, {by_web(network)}"
        with desk.store.writing() as tx:
            subscribers.hold(tx)
            subscribers.end_once(tx, held.subscription, at=now, by="reader", origin=origin)
    return held is not None


def come_back(desk: Desk, text: str, *, network: str, now: datetime) -> LinkStanding | None:
    """Undo that a reader left, by the link that they got for it; None where it is not good, or it is too late."""
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        held = find_subscription(tx, text, purpose=Purpose.BACK, now=now)
        if held is None:
            return None
        if _has_ended(held):
            if not _may_come_back(tx, held, now):
                return None
            subscribers.mark_back(tx, _pair(held))
            who, slug = _pair(held)
            step = ConsentEvent(
                subscriber_id=who, newsletter=slug, event=Step.RETURNED, at=now, origin=by_web(network), wording=""
            )
            subscribers.add_consent_events(tx, [step])
        return standing_of(tx, desk, _again(tx, held), now=now)


def standing_of(tx: Transaction, desk: Desk, held: Held, *, now: datetime) -> LinkStanding:
    """Return how a subscription stands, and its own pages."""
    subscription = held.subscription
    newsletter = desk.newsletter(subscription.newsletter)

    def url(purpose: Purpose) -> str:
        return subscription_url(tx, desk, purpose, of=subscription, now=now)

    is_ended = subscription.state is SubscriptionState.ENDED
    return LinkStanding(
        newsletter=subscription.newsletter,
        title=newsletter.title if newsletter else "",
        language=held.subscriber.language or "",
        is_active=not is_ended,
        paused_until=subscription.paused_until,
        leave_url=url(Purpose.LEAVE),
        preferences_url=url(Purpose.PREFERENCES),
        is_by_feed=subscription.by_feed_since is not None,
        is_confirmed=subscription.state is SubscriptionState.ACTIVE,
        back_url=url(Purpose.BACK) if is_ended and _may_come_back(tx, held, now) else "",
    )


def _may_come_back(tx: Transaction, held: Held, now: datetime) -> bool:
    is_barred = suppressions.find(tx, held.subscriber.address_key) is not None
    return may_come_back(held.subscription, suppressed=is_barred, now=now)


def _tell(tx: Transaction, desk: Desk, held: Held, *, now: datetime) -> None:
    if suppressions.find(tx, held.subscriber.address_key):
        return
    _, secret = keys.current(tx, at=now)
    brake = mail_brake(f"left {held.subscription.newsletter}", held.subscriber.address_key, secret)
    if counts.count(tx, brake.what, since=now - brake.within) < brake.most:
        counts.add(tx, brake.what, at=now)
        notice = left_notice(tx, desk, held, now=now)
        notices.add(tx, notice, transport=desk.config.transport.name)


def _again(tx: Transaction, held: Held) -> Held:
    there = subscribers.list_subscriptions(tx, [held.subscriber.id])
    return Held(subscriber=held.subscriber, subscription=there[_pair(held)])


def _has_ended(held: Held) -> bool:
    return held.subscription.state is SubscriptionState.ENDED


def _pair(held: Held) -> tuple[str, str]:
    return held.subscriber.id, held.subscription.newsletter
