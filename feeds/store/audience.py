"""Who may be mailed a newsletter, and which selections they have had.

A function per statement. Not here: what they get (rules), subscribing and leaving (subscribers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from feeds.model import NOT_HAD, SubscriptionState
from feeds.rules.preferences import EVERYTHING, Taste
from feeds.rules.selecting import Reader
from feeds.rules.series import Turn
from feeds.store.engine import Transaction
from feeds.store.schema import deliveries, subscribers, subscriptions
from feeds.store.subscribers import is_suppressed

READ_AT_ONCE = 1_000  # rows

Chosen = Callable[[str, str | None], tuple[Turn | None, Taste]]  # see rules.preferences.chooser


def _everything(_preferences: str, _timezone: str | None) -> tuple[None, Taste]:
    return None, EVERYTHING


def list_readers(
    tx: Transaction,
    newsletter: str,
    *,
    now: datetime,
    only: str | None = None,
    zone: str | None = None,
    chosen: Chosen = _everything,
) -> Iterator[Reader]:
    """Yield the readers of a newsletter who may be mailed, in the order of their ids, those too who rest now.

    Who gets it by a private feed rests as well.

    ``only`` narrows it to one address key, ``zone`` to those with this time zone. ``chosen`` tells whose turn a reader
    is in, and their taste. Served by the index on (newsletter, state).
    """
    is_paused = func.coalesce(subscriptions.c.paused_until > now, False)
    resting = or_(is_paused, subscriptions.c.by_feed_since.is_not(None)).label("resting")
    floor = func.coalesce(subscriptions.c.floor_at, subscriptions.c.confirmed_at, type_=subscriptions.c.floor_at.type)
    query = (
        select(subscribers.c.id, subscribers.c.address, floor.label("floor"), resting, *_CHOSEN)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscriptions.c.newsletter == newsletter, *_may_be_mailed())
        .order_by(subscribers.c.id)
    )
    if only is not None:
        query = query.where(subscribers.c.address_key == only)
    if zone is not None:
        query = query.where(subscribers.c.timezone == zone)
    for row in tx.execute(query.execution_options(yield_per=READ_AT_ONCE)):
        turn, taste = chosen(row.preferences, row.timezone)
        yield Reader(row.id, row.address, row.floor, is_resting=bool(row.resting), taste=taste, turn=turn)


def list_turns(tx: Transaction, newsletter: str, chosen: Chosen) -> dict[Turn | None, int]:
    """Return how many active readers of a newsletter are in each turn, whoever may be mailed just now."""
    query = (
        select(*_CHOSEN, func.count().label("number"))
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscriptions.c.newsletter == newsletter, subscriptions.c.state == SubscriptionState.ACTIVE)
        .group_by(*_CHOSEN)
    )
    found: defaultdict[Turn | None, int] = defaultdict(int)
    for row in tx.execute(query):
        turn, _ = chosen(row.preferences, row.timezone)
        found[turn] += row.number
    return dict(found)


def list_given(tx: Transaction, edition_id: str) -> set[str]:
    """Return the subscribers for whom there is a delivery of an edition, whatever became of it."""
    return set(tx.execute(select(deliveries.c.subscriber_id).where(deliveries.c.about == edition_id)).scalars())


def list_had(tx: Transaction, selections: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return subscriber id → which of these selections (id → its edition's id) that reader has had."""
    # By edition, since that is what the index is on: (about, state).
    ours = deliveries.c.about.in_(set(selections.values())) & deliveries.c.selection_id.in_(selections)
    query = select(deliveries.c.subscriber_id, deliveries.c.selection_id)
    found: defaultdict[str, set[str]] = defaultdict(set)
    query = query.where(ours, deliveries.c.state.not_in(NOT_HAD)).execution_options(yield_per=READ_AT_ONCE)
    for subscriber_id, selection_id in tx.execute(query):
        found[subscriber_id].add(selection_id)
    alike: dict[frozenset[str], frozenset[str]] = {}  # most readers have had the same: one set serves them all
    return {subscriber: alike.setdefault(frozenset(had), frozenset(had)) for subscriber, had in found.items()}


def _may_be_mailed() -> tuple[ColumnElement[bool], ...]:
    return (
        subscriptions.c.state == SubscriptionState.ACTIVE,
        subscriptions.c.confirmed_at.is_not(None),
        subscribers.c.forgotten_at.is_(None),
        ~is_suppressed(),
    )


# As text: databases cannot group by JSON, and most readers chose the same.
_CHOSEN = (cast(subscriptions.c.preferences, Text).label("preferences"), subscribers.c.timezone)
