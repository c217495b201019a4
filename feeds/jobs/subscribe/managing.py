"""All that a reader has here, by the link that was mailed for it: see it, move to another address, be forgotten.

The link is good for a day. Not here: what one newsletter brings (choosing), leaving one (leaving_by_link).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from feeds.jobs.subscribe.desk import Desk, by_web
from feeds.jobs.subscribe.doors import Door, change_door, feed_urls
from feeds.jobs.subscribe.forgetting import forget, held_of
from feeds.jobs.subscribe.leaving_by_link import LinkStanding, standing_of
from feeds.jobs.subscribe.links import Held, find_notice
from feeds.jobs.subscribe.mailing import link_notice
from feeds.model import Notice, NoticeKind, Subscriber
from feeds.rules.asking import mail_brake
from feeds.rules.mailboxes import Mailbox, read_mailbox
from feeds.rules.reader_tokens import Purpose
from feeds.store import asked as counts
from feeds.store import delivery_changes, keys, notices, subscribers, suppressions
from feeds.store.engine import Transaction
from feeds.store.subscribers import ConsentEvent, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A reader's address and how each of their subscriptions stands."""

    address: str
    standings: tuple[LinkStanding, ...]


def overview(desk: Desk, text: str, *, now: datetime) -> Overview | None:
    """Return what a reader has here; nothing changes. None where the link is not good."""
    with desk.store.reading() as tx:
        found = _find(tx, desk, text, purpose=Purpose.MANAGE, now=now)
        if found is None:
            return None
        _, who = found
        there = subscribers.list_subscriptions(tx, [who.id]).values()
        held = (Held(subscriber=who, subscription=one) for one in there if desk.newsletter(one.newsletter))
        standings = (
            replace(
                standing_of(tx, desk, one, now=now),
                feed_urls=feed_urls(tx, desk, one.subscription, now=now),
            )
            for one in held
        )
        return Overview(address=who.address, standings=tuple(standings))


def change_door_by_link(desk: Desk, text: str, door: Door, *, newsletter: str, now: datetime) -> bool:
    """Have a newsletter come by another way from now on; False where the link is not good, or it does not come."""
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        found = _find(tx, desk, text, purpose=Purpose.MANAGE, now=now)
        if found is None or desk.newsletter(newsletter) is None:
            return False
        who = found[1].id
        there = subscribers.list_subscriptions(tx, [who]).get((who, newsletter))
        return there is not None and change_door(tx, there, door, now=now)


def ask_to_move(desk: Desk, text: str, mailbox: Mailbox, *, language: str, now: datetime) -> bool | None:
    """Have a link mailed to the address that a reader would move to; None where the reader's own link is not good.

    False where that address was mailed today already, or must not be mailed.
    """
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        found = _find(tx, desk, text, purpose=Purpose.MANAGE, now=now)
        if found is None:
            return None
        _, secret = keys.current(tx, at=now)
        brake = mail_brake("move", mailbox.key, secret)
        is_barred = suppressions.find(tx, mailbox.key) is not None
        if is_barred or counts.count(tx, brake.what, since=now - brake.within) >= brake.most:
            return False
        counts.add(tx, brake.what, at=now)
        to = replace(found[1], address=mailbox.address)
        notice = link_notice(tx, desk, NoticeKind.MOVE, who=to, language=language, facts={}, now=now)
        notices.add(tx, notice, transport=desk.config.transport.name)
        return True


@dataclass(frozen=True, slots=True)
class NewAddress:
    """The address that a link moves a reader to; it ``is_taken`` where another reader has it by now."""

    address: str
    is_taken: bool


def new_address(desk: Desk, text: str, *, now: datetime) -> NewAddress | None:
    """Return the address that a link moves a reader to; nothing changes. None where the link is not good."""
    with desk.store.reading() as tx:
        found = _find(tx, desk, text, purpose=Purpose.MOVE, now=now)
        return NewAddress(found[0].address, _is_taken(tx, *found)) if found else None


def move(desk: Desk, text: str, *, network: str, now: datetime) -> str | None:
    """Give a reader the address that they confirmed, with all that they had; return it, also the second time.

    None where the link is not good, or that address is another reader's by now.
    """
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        found = _find(tx, desk, text, purpose=Purpose.MOVE, now=now)
        if found is None:
            return None
        notice, who = found
        mailbox = read_mailbox(notice.address)
        if _is_taken(tx, notice, who):
            return None
        if who.address != mailbox.address:
            _move(tx, who, mailbox, network=network, now=now)
        return mailbox.address


def data_of(desk: Desk, text: str, *, now: datetime) -> dict[str, Any] | None:
    """Return all that is held of a reader; None where the link is not good."""
    with desk.store.reading() as tx:
        found = _find(tx, desk, text, purpose=Purpose.MANAGE, now=now)
    return held_of(desk.store, read_mailbox(found[1].address)) if found else None


def forget_by_link(desk: Desk, text: str, *, now: datetime) -> bool:
    """Forget a reader at their own wish; False where the link is not good."""
    with desk.store.reading() as tx:
        found = _find(tx, desk, text, purpose=Purpose.MANAGE, now=now)
    if found is None:
        return False
    forget(desk.store, read_mailbox(found[1].address), now=now)
    return True


def _is_taken(tx: Transaction, notice: Notice, who: Subscriber) -> bool:
    owner = subscribers.find_by_key(tx, read_mailbox(notice.address).key)
    return owner is not None and owner.id != who.id


def _find(
    tx: Transaction, desk: Desk, text: str, *, purpose: Purpose, now: datetime
) -> tuple[Notice, Subscriber] | None:
    """Return what a link stands for, and whose it is; the one to all that one has ends where they move away."""
    notice = find_notice(tx, desk, text, purpose=purpose, now=now)
    who = subscribers.find(tx, notice.subscriber_id) if notice else None
    if notice is None or who is None or who.forgotten_at:
        return None
    return None if purpose is Purpose.MANAGE and notice.address != who.address else (notice, who)


def _move(tx: Transaction, who: Subscriber, mailbox: Mailbox, *, network: str, now: datetime) -> None:
    subscribers.replace(tx, replace(who, address=mailbox.address, address_key=mailbox.key))
    delivery_changes.readdress(tx, who.id, mailbox.address)
    step = ConsentEvent(
        subscriber_id=who.id, newsletter="", event=Step.MOVED, at=now, origin=by_web(network), wording=mailbox.address
    )
    subscribers.add_consent_events(tx, [step])
