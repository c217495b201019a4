"""Somebody asks to be mailed: one mail with a link goes to the address, and nothing else comes of it.

Whoever asks learns nothing of the address: what is done for one that is known takes as long as for any other. Not
here: what the link does (confirming), reading the form (web).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feeds.jobs.subscribe.desk import Desk, by_web
from feeds.jobs.subscribe.joining import new_subscriber
from feeds.jobs.subscribe.mailing import link_notice
from feeds.model import NoticeKind, Subscriber
from feeds.rendering.reader_choices import choice_words
from feeds.rendering.words import words_for
from feeds.rules.asking import Brake, Brought, brakes, brought, mail_brake
from feeds.rules.mailboxes import Mailbox
from feeds.rules.preferences import fitting_preferences, read_preferences
from feeds.store import asked as counts
from feeds.store import keys, notices, subscribers, suppressions
from feeds.store.engine import Transaction
from feeds.store.subscribers import ConsentEvent, Pair, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for: newsletters by slug, to an address; ``wording`` is what they agree to by it.

    ``network`` is whom the request came from; ``preferences`` is newsletter → what was chosen of it, as a form says it.
    """

    mailbox: Mailbox
    newsletters: tuple[str, ...]
    language: str
    timezone: str | None
    network: str
    wording: str
    preferences: Mapping[str, Any] = field(default_factory=dict)


def ask(desk: Desk, asked: Asked, *, now: datetime) -> bool:
    """Have a link to confirm mailed to an address; where there is nothing to confirm, the link to what there is.

    False only where the network, or all together, asked too often; whatever the address, else True.
    """
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        if not _may_ask(tx, desk, asked.network, now=now):
            return False
        who = subscribers.find_by_key(tx, asked.mailbox.key)
        theirs = subscribers.list_subscriptions(tx, [who.id]) if who else {}
        kind = brought(
            asked.newsletters,
            {newsletter: one for (_, newsletter), one in theirs.items()},
            suppressed=suppressions.find(tx, asked.mailbox.key) is not None,
        )
        if _may_mail(tx, kind, asked.mailbox, now=now):
            who = who or _added(tx, asked.mailbox, now)
            lacking = [slug for slug in asked.newsletters if (who.id, slug) not in theirs]
            subscribers.add_pending(tx, [(who.id, slug) for slug in lacking], at=now)
            if kind is Brought.CONFIRM:
                _record(tx, asked, [(who.id, slug) for slug in asked.newsletters], at=now)
            _mail(tx, desk, kind, who=who, asked=asked, now=now)
        return True


def ask_to_manage(desk: Desk, mailbox: Mailbox, *, language: str, network: str, now: datetime) -> bool:
    """Have the link to all that there is mailed to an address, where it is somebody's; False as in :func:`ask`."""
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        if not _may_ask(tx, desk, network, now=now):
            return False
        who = subscribers.find_by_key(tx, mailbox.key)
        is_barred = suppressions.find(tx, mailbox.key) is not None
        if _may_mail(tx, Brought.MANAGE, mailbox, now=now) and who and not who.forgotten_at and not is_barred:
            notice = link_notice(tx, desk, NoticeKind.MANAGE, who=who, language=language, facts={}, now=now)
            notices.add(tx, notice, transport=desk.config.transport.name)
        return True


def _may_ask(tx: Transaction, desk: Desk, network: str, *, now: datetime) -> bool:
    """Count that a network asks; tell whether it has not asked too often, nor have all together."""
    readers = desk.config.readers
    limits = brakes(network, per_network=readers.asks_per_network, per_hour=readers.asks_per_hour)
    is_free = all(_is_free(tx, brake, now) for brake in limits)
    if is_free:
        counts.add(tx, *(brake.what for brake in limits), at=now)
    return is_free


def _may_mail(tx: Transaction, kind: Brought, mailbox: Mailbox, *, now: datetime) -> bool:
    """Count that an address is to be mailed; tell whether it was not today."""
    _, secret = keys.current(tx, at=now)
    brake = mail_brake("manage" if kind is Brought.MANAGE else "confirm", mailbox.key, secret)
    is_free = _is_free(tx, brake, now)
    if is_free:
        counts.add(tx, brake.what, at=now)
    return is_free and kind is not Brought.NOTHING


def _is_free(tx: Transaction, brake: Brake, now: datetime) -> bool:
    return counts.count(tx, brake.what, since=now - brake.within) < brake.most


def _added(tx: Transaction, mailbox: Mailbox, now: datetime) -> Subscriber:
    who = new_subscriber(mailbox, now)
    subscribers.add(tx, [who])
    return who


def _record(tx: Transaction, asked: Asked, pairs: list[Pair], *, at: datetime) -> None:
    origin = by_web(asked.network)
    steps = [
        ConsentEvent(subscriber_id=who, newsletter=slug, event=Step.ASKED, at=at, origin=origin, wording=asked.wording)
        for who, slug in pairs
    ]
    subscribers.add_consent_events(tx, steps)


def _mail(tx: Transaction, desk: Desk, kind: Brought, *, who: Subscriber, asked: Asked, now: datetime) -> None:
    given = _facts(tx, desk, asked) if kind is Brought.CONFIRM else {}
    notice = link_notice(tx, desk, NoticeKind(kind), who=who, language=asked.language, facts=given, now=now)
    notices.add(tx, notice, transport=desk.config.transport.name)


def _facts(tx: Transaction, desk: Desk, asked: Asked) -> dict[str, Any]:
    """Return what the link will stand for: the choices wait in it until they hold, and are told in words beside."""
    names, words = desk.topics.now(tx).names, words_for(asked.language, desk.templates)
    chosen: dict[str, Any] = {}
    said: dict[str, str] = {}
    for newsletter in (one for one in desk.config.newsletters if one.slug in asked.newsletters):
        allowed = newsletter.allowed_in(desk.config.site.timezone)
        given = fitting_preferences(asked.preferences.get(newsletter.slug, {}), allowed, known=names)
        chosen[newsletter.slug], preferences = given, read_preferences(given, allowed)
        zone = asked.timezone or ""
        said[newsletter.slug] = choice_words(newsletter, preferences, words, names=names, timezone=zone)
    return {
        "newsletters": list(asked.newsletters),
        "wording": asked.wording,
        "language": asked.language,
        "timezone": asked.timezone,
        "preferences": chosen,
        "said": said,
    }
