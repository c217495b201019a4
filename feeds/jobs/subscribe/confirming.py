"""A reader confirms what was asked for in their name, by the link that went to their address.

Not here: asking (asking), what a token stands for (links).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from feeds.jobs.subscribe.desk import Desk, by_web
from feeds.jobs.subscribe.links import Held, find_notice
from feeds.jobs.subscribe.welcoming import welcome
from feeds.model import Notice, Subscriber, SubscriptionState
from feeds.rules.asking import may_confirm
from feeds.rules.reader_tokens import Purpose
from feeds.store import subscribers, suppressions
from feeds.store.engine import Transaction
from feeds.store.subscribers import ConsentEvent, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a link confirms: newsletters by slug, to an address, in the words that were agreed to.

    ``said`` is newsletter → what was chosen of it, in words.
    """

    address: str
    newsletters: tuple[str, ...]
    wording: str
    language: str
    said: Mapping[str, str] = field(default_factory=dict)


def offered(desk: Desk, text: str, *, now: datetime) -> Offer | None:
    """Return what a link would confirm; nothing changes. None where the link is not good."""
    with desk.store.reading() as tx:
        found = _find(tx, desk, text, now=now)
        return _offer(*found) if found else None


def confirm(desk: Desk, text: str, *, network: str, now: datetime) -> Offer | None:
    """Make the subscriptions active that a link confirms, and welcome the reader; again it changes nothing.

    None where the link is not good: it is too old, or the reader has left since.
    """
    with desk.store.writing() as tx:
        subscribers.hold(tx)
        found = _find(tx, desk, text, now=now)
        if found is None:
            return None
        fresh = _activate(tx, desk, found, network=network, now=now)
        _welcome(tx, desk, found, fresh=fresh, now=now)
        return _offer(*found)


_Found = tuple[Notice, tuple[str, ...], Subscriber]


def _find(tx: Transaction, desk: Desk, text: str, *, now: datetime) -> _Found | None:
    """Return the notice of a link, the newsletters that it still confirms, and whose it is."""
    notice = find_notice(tx, desk, text, purpose=Purpose.CONFIRM, now=now)
    who = subscribers.find(tx, notice.subscriber_id) if notice else None
    if notice is None or who is None or who.forgotten_at or suppressions.find(tx, who.address_key):
        return None
    there = subscribers.list_subscriptions(tx, [who.id])
    slugs = tuple(
        slug
        for slug in notice.facts["newsletters"]
        if desk.newsletter(slug) and may_confirm(there.get((who.id, slug)), asked_at=notice.created_at)
    )
    return (notice, slugs, who) if slugs else None


def _activate(tx: Transaction, desk: Desk, found: _Found, *, network: str, now: datetime) -> list[str]:
    """Make subscriptions active; return the newsletters of those that were not."""
    notice, slugs, who = found
    there = subscribers.list_subscriptions(tx, [who.id])
    states = {slug: there[who.id, slug].state if (who.id, slug) in there else None for slug in slugs}
    fresh = [slug for slug, state in states.items() if state is not SubscriptionState.ACTIVE]
    floors = desk.floors(fresh, now)
    subscribers.add_active(tx, [(who.id, slug) for slug in fresh if states[slug] is None], at=now, floors=floors)
    subscribers.mark_active(tx, [(who.id, slug) for slug in fresh if states[slug]], at=now, floors=floors)
    step = ConsentEvent(
        subscriber_id=who.id,
        newsletter="",
        event=Step.CONFIRMED,
        at=now,
        origin=by_web(network),
        wording=notice.facts["wording"],
    )
    subscribers.add_consent_events(tx, [replace(step, newsletter=slug) for slug in fresh])
    if fresh:
        facts = notice.facts
        zone = facts["timezone"] or who.timezone
        subscribers.set_locale(tx, who.id, language=facts["language"], timezone=zone)
        for slug in fresh:  # whatever was chosen in a subscription of before ended with it
            subscribers.set_preferences(tx, (who.id, slug), facts["preferences"].get(slug, {}))
    return fresh


def _welcome(tx: Transaction, desk: Desk, found: _Found, *, fresh: list[str], now: datetime) -> None:
    notice, _, who = found
    there = subscribers.list_subscriptions(tx, [who.id]) if fresh else {}
    for slug in fresh:
        held = Held(subscriber=who, subscription=there[who.id, slug])
        welcome(tx, desk, held, language=notice.facts["language"], said=notice.facts.get("said", {}), now=now)


def _offer(notice: Notice, slugs: tuple[str, ...], who: Subscriber) -> Offer:
    facts = notice.facts
    return Offer(
        address=who.address,
        newsletters=slugs,
        wording=facts["wording"],
        language=facts["language"],
        said=facts.get("said", {}),
    )
