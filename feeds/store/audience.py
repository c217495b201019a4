"""Who may be mailed a newsletter, and which selections they have had.

A function per statement. Not here: what they get (rules), subscribing and leaving (subscribers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select

from feeds.model import NOT_HAD, DeliveryKind, SubscriptionState
from feeds.rules.preferences import EVERYTHING, Taste
from feeds.rules.selecting import Reader
from feeds.rules.series import Turn
from feeds.store.engine import Transaction
from feeds.store.schema import BROUGHT, deliveries, subscribers, subscriptions
from feeds.store.subscribers import is_suppressed

READ_AT_ONCE = 1_000  # rows

Chosen = Callable[[str, str | None], tuple[Turn | None, Taste]]  # see rules.preferences.chooser


def _everything(_preferences: str, _timezone: str | None) -> tuple[None, Taste]:
    return None, EVERYTHING


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose readers are asked for: a newsletter's, all of them, or by one address key, or with one time zone.

    ``chosen`` tells whose turn a reader is in, and their taste.
    """

    newsletter: str
    only: str | None = None
    zone: str | None = None
    chosen: Chosen = _everything


def list_readers(tx: Transaction, asked: Asked, *, now: datetime) -> Iterator[Reader]:
    """Yield the readers who may be mailed, in the order of their ids, those too who rest now.

    Who gets it by a private feed rests as well. Served by the index on (newsletter, state).
    """
    is_paused = func.coalesce(subscriptions.c.paused_until > now, False)
    resting = or_(is_paused, subscriptions.c.by_feed_since.is_not(None)).label("resting")
    query = _of(asked, subscribers.c.id, _FLOOR.label("floor"), resting, *_CHOSEN)
    for row in tx.execute(query.order_by(subscribers.c.id).execution_options(yield_per=READ_AT_ONCE)):
        turn, taste = asked.chosen(row.preferences, row.timezone)
        yield Reader(row.id, row.floor, is_resting=bool(row.resting), taste=taste, turn=turn)


def lowest_floor(tx: Transaction, asked: Asked) -> datetime | None:
    """Return the lowest of the floors of those readers, None where there are none."""
    return tx.execute(_of(asked, func.min(_FLOOR))).scalar()


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


def list_given(tx: Transaction, edition_id: str, *, among: Collection[str]) -> set[str]:
    """Return those among some subscribers for whom there is a delivery of an edition, whatever became of it."""
    return set(tx.execute(select(deliveries.c.subscriber_id).where(*_brought([edition_id], among))).scalars())


def list_had(tx: Transaction, selections: Mapping[str, str], *, among: Collection[str]) -> dict[str, frozenset[str]]:
    """Return subscriber id → which of these selections (id → its edition's id) each among some readers has had.

    By an edition, served by the unique index on (kind, about, subscriber_id), or by the notice that carried it.
    """
    if not selections:
        return {}
    query = select(deliveries.c.subscriber_id, deliveries.c.selection_id).where(deliveries.c.state.not_in(NOT_HAD))
    by_edition = query.where(*_brought(set(selections.values()), among))
    by_notice = query.where(BROUGHT, deliveries.c.subscriber_id.in_(among))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for had in (by_edition, by_notice):
        for subscriber_id, selection_id in tx.execute(had):
            if selection_id in selections:
                found[subscriber_id].add(selection_id)
    return {subscriber: frozenset(had) for subscriber, had in found.items()}


def _of(asked: Asked, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(subscribers)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscriptions.c.newsletter == asked.newsletter, *_may_be_mailed())
    )
    if asked.only is not None:
        query = query.where(subscribers.c.address_key == asked.only)
    return query if asked.zone is None else query.where(subscribers.c.timezone == asked.zone)


def _brought(edition_ids: Collection[str], among: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.kind == DeliveryKind.EDITION,
        deliveries.c.about.in_(edition_ids),
        deliveries.c.subscriber_id.in_(among),
    )


def _may_be_mailed() -> tuple[ColumnElement[bool], ...]:
    return (
        subscriptions.c.state == SubscriptionState.ACTIVE,
        subscriptions.c.confirmed_at.is_not(None),
        subscribers.c.forgotten_at.is_(None),
        ~is_suppressed(),
    )


# As text: databases cannot group by JSON, and most readers chose the same.
_CHOSEN = (cast(subscriptions.c.preferences, Text).label("preferences"), subscribers.c.timezone)
_FLOOR = func.coalesce(subscriptions.c.floor_at, subscriptions.c.confirmed_at, type_=subscriptions.c.floor_at.type)
