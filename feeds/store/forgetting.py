"""Erase a person: what is left says that somebody was mailed, and not who; and drop who never became a reader.

Not here: whether (jobs), the keyed hash by which nobody brings them back (suppressions).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update

from feeds.model import FINAL, DeliveryState, Subscriber, SubscriptionState
from feeds.store import private_addresses
from feeds.store.batches import batches
from feeds.store.engine import Transaction
from feeds.store.schema import (
    bounces,
    consent_events,
    deliveries,
    fed_entries,
    notices,
    subscribers,
    subscriptions,
    suppressions,
)
from feeds.store.schema import private_addresses as addresses

_NAMELESS = "forgotten "  # and their random id, in place of what they were known by: no address has a space


def erase(tx: Transaction, who: Subscriber, *, at: datetime) -> None:
    """Erase all that says who a subscriber is, end what they were subscribed to, and mail them nothing more.

    Their deliveries stay in the ledger under their random id, without what servers said of the address.
    """
    ours = deliveries.c.subscriber_id == who.id
    _erase_bounces(tx, who)
    tx.execute(delete(notices).where(notices.c.subscriber_id == who.id))
    stops = update(deliveries).where(ours, deliveries.c.state.not_in(FINAL))
    tx.execute(stops.values(state=DeliveryState.CANCELLED, ended_at=at, worker=None, begun_at=None))
    tx.execute(update(deliveries).where(ours).values(domain="", reply_text=None))
    tx.execute(update(consent_events).where(consent_events.c.subscriber_id == who.id).values(origin=""))
    private_addresses.mark_revoked(tx, who.id, at=at)
    tx.execute(delete(fed_entries).where(fed_entries.c.subscriber_id == who.id))
    theirs = update(subscriptions).where(subscriptions.c.subscriber_id == who.id)
    tx.execute(theirs.values(preferences={}))
    ended = {"state": SubscriptionState.ENDED, "ended_at": at, "ended_by": "forgotten"}
    tx.execute(theirs.where(subscriptions.c.state != SubscriptionState.ENDED).values(**ended))
    nobody = {"address": "", "address_key": _NAMELESS + who.id, "name": "", "language": None, "timezone": None}
    again = {"forgotten_at": at, "generation": subscribers.c.generation + 1}
    tx.execute(update(subscribers).where(subscribers.c.id == who.id).values(**nobody, **again))


def drop_unconfirmed(tx: Transaction, before: datetime) -> int:
    """Drop whom somebody asked mail for, and who never confirmed it; return how many.

    They were mailed notices at most. Who was ever a reader, or has an address of a private feed, stays.
    """
    mine = subscribers.c.id
    pending = subscriptions.c.state == SubscriptionState.PENDING
    other = (
        exists().where(subscriptions.c.subscriber_id == mine, ~pending),
        exists().where(subscriptions.c.subscriber_id == mine, pending, subscriptions.c.created_at >= before),
        exists().where(deliveries.c.subscriber_id == mine, deliveries.c.kind == "edition"),
        exists().where(deliveries.c.subscriber_id == mine, deliveries.c.state.not_in(FINAL)),
        exists().where(addresses.c.subscriber_id == mine),
    )
    old = select(mine).where(subscribers.c.created_at < before, ~or_(*other), subscribers.c.forgotten_at.is_(None))
    ids = list(tx.execute(old).scalars())
    for some in batches(ids):
        sent = select(deliveries.c.id).where(deliveries.c.subscriber_id.in_(some))
        tx.execute(update(bounces).where(bounces.c.delivery_id.in_(sent)).values(delivery_id=None))
        for table in (deliveries, notices, consent_events, subscriptions):
            tx.execute(delete(table).where(table.c.subscriber_id.in_(some)))
        tx.execute(delete(subscribers).where(mine.in_(some)))
    return len(ids)


def _erase_bounces(tx: Transaction, who: Subscriber) -> None:
    """Drop the reports about a subscriber; a suppression that rests on one stays without it."""
    sent = select(deliveries.c.id).where(deliveries.c.subscriber_id == who.id)
    about = (bounces.c.address_key == who.address_key) | bounces.c.delivery_id.in_(sent)
    reports = select(bounces.c.report_id).where(about)
    tx.execute(update(suppressions).where(suppressions.c.report_id.in_(reports)).values(report_id=None))
    tx.execute(delete(bounces).where(about))
