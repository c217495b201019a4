"""Subscribers, what they are subscribed to, and each step of their consent.

A function per statement. Not here: deciding who is subscribed (rules), who may be mailed an edition (audience), the
addresses that nobody may mail (suppressions).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, insert, select, text, update

from feeds.errors import UsageWrong
from feeds.model import Subscriber, Subscription, SubscriptionState
from feeds.store.engine import Transaction
from feeds.store.schema import consent_events, fed_entries, subscribers, subscriptions, suppressions

AT_ONCE = 500  # rows that a listing holds in memory
Pair = tuple[str, str]
_NO_LONGER = {"ended_at": None, "ended_by": None, "paused_until": None, "by_feed_since": None}


class Step(StrEnum):
    """A step of consent: asked for, given, taken back; RETURNED where that was undone, MOVED to another address."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    ENDED = "ended"
    RETURNED = "returned"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentEvent:
    """One step of consent: ``origin`` says by which way it came, ``wording`` what was agreed to, and where."""

    subscriber_id: str
    newsletter: str
    event: Step
    at: datetime
    origin: str
    wording: str


def hold(tx: Transaction) -> None:
    """Let nobody else change subscribers until this transaction ends, as is the nature of SQLite; reading goes on."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE subscribers IN SHARE ROW EXCLUSIVE MODE"))


# ---- subscribers ----


def get_by_key(tx: Transaction, address_key: str) -> Subscriber:
    """Return a subscriber by the key of their address; raise UsageWrong where there is none."""
    subscriber = find_by_key(tx, address_key)
    if subscriber is None:
        raise UsageWrong(f"no subscriber has the address {address_key!r}; `pressrun subscribers list` shows all")
    return subscriber


def find(tx: Transaction, subscriber_id: str) -> Subscriber | None:
    """Return a subscriber by their id, or None."""
    row = tx.execute(select(*_SUBSCRIBER).where(subscribers.c.id == subscriber_id)).one_or_none()
    return Subscriber(**row._mapping) if row else None


def find_by_key(tx: Transaction, address_key: str) -> Subscriber | None:
    """Return the subscriber with this address key, or None. Served by the index on address_key."""
    return list_known(tx, [address_key]).get(address_key)


def list_known(tx: Transaction, address_keys: Collection[str]) -> dict[str, Subscriber]:
    """Return those who have one of these address keys, by it."""
    rows = tx.execute(select(*_SUBSCRIBER).where(subscribers.c.address_key.in_(address_keys)))
    return {row.address_key: Subscriber(**row._mapping) for row in rows}


def list_all(
    tx: Transaction, *, newsletter: str | None = None, state: SubscriptionState | None = None
) -> Iterator[tuple[Subscriber, Subscription, str]]:
    """Yield (subscriber, subscription, the wording of the last consent) by address, then by newsletter.

    Who was forgotten has no address, and is left out. Narrowed to one newsletter or one state where given; not read at
    once, so that a listing of a million is no burden.
    """
    query = (
        select(*_SUBSCRIBER, *_SUBSCRIPTION, _last_wording().label("wording"))
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscribers.c.forgotten_at.is_(None), *_narrowed(newsletter, state))
        .order_by(subscribers.c.address_key, subscriptions.c.newsletter)
    )
    for row in tx.execute(query.execution_options(yield_per=AT_ONCE)):
        facts = row._mapping
        yield Subscriber(**{name: facts[name] for name in _SUBSCRIBER_FIELDS}), _subscription(facts), facts["wording"]


def count_forgotten(tx: Transaction, *, newsletter: str | None = None, state: SubscriptionState | None = None) -> int:
    """Return how many subscribers were forgotten whose subscriptions :func:`list_all` leaves out."""
    query = (
        select(func.count(subscribers.c.id.distinct()))
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscribers.c.forgotten_at.is_not(None), *_narrowed(newsletter, state))
    )
    return tx.execute(query).scalar_one()


def _narrowed(newsletter: str | None, state: SubscriptionState | None) -> list[ColumnElement[bool]]:
    """Return the conditions that narrow subscriptions to a newsletter and a state, where they are given."""
    wanted = (subscriptions.c.newsletter, newsletter), (subscriptions.c.state, state)
    return [column == value for column, value in wanted if value is not None]


def add(tx: Transaction, new: Sequence[Subscriber]) -> None:
    """Add subscribers whom the store does not have."""
    if new:
        tx.execute(insert(subscribers), [asdict(subscriber) | {"generation": 0} for subscriber in new])


def replace(tx: Transaction, subscriber: Subscriber) -> None:
    """Write the address and the name of a subscriber whom the store has."""
    values = {name: getattr(subscriber, name) for name in ("address", "address_key", "name")}
    tx.execute(update(subscribers).where(subscribers.c.id == subscriber.id).values(**values))


# ---- subscriptions ----


def find_subscription(tx: Transaction, pair: Pair) -> tuple[Subscriber, Subscription] | None:
    """Return a subscription by (subscriber, newsletter), and whose it is, or None. Served by the primary keys."""
    row = tx.execute(_WITH_SUBSCRIBER, dict(zip(("who", "which"), pair, strict=True))).one_or_none()
    if row is None:
        return None
    facts = row._mapping
    return Subscriber(**{name: facts[name] for name in _SUBSCRIBER_FIELDS}), _subscription(facts)


def list_subscriptions(tx: Transaction, subscriber_ids: Collection[str]) -> dict[Pair, Subscription]:
    """Return all subscriptions of some subscribers, by (subscriber, newsletter)."""
    query = select(*_SUBSCRIPTION).where(subscriptions.c.subscriber_id.in_(subscriber_ids))
    rows = tx.execute(query.order_by(subscriptions.c.subscriber_id, subscriptions.c.newsletter))
    return {(row.subscriber_id, row.newsletter): _subscription(row._mapping) for row in rows}


def add_active(tx: Transaction, pairs: Sequence[Pair], *, at: datetime, floors: Mapping[str, datetime]) -> None:
    """Add active subscriptions for (subscriber, newsletter) that the store does not have.

    ``floors`` maps each newsletter to the time from before which its entries are no news to who joins now.
    """
    values = {
        "state": SubscriptionState.ACTIVE,
        "preferences": {},
        "generation": 0,
        "created_at": at,
        "confirmed_at": at,
    }
    if pairs:
        rows = [
            {"subscriber_id": subscriber, "newsletter": newsletter, "floor_at": floors[newsletter]} | values
            for subscriber, newsletter in pairs
        ]
        tx.execute(insert(subscriptions), rows)


def add_pending(tx: Transaction, pairs: Sequence[Pair], *, at: datetime) -> None:
    """Add subscriptions for (subscriber, newsletter) that the store does not have, which wait for consent."""
    values = {"state": SubscriptionState.PENDING, "preferences": {}, "generation": 0, "created_at": at}
    if pairs:
        tx.execute(
            insert(subscriptions), [{"subscriber_id": who, "newsletter": which} | values for who, which in pairs]
        )


def mark_active(tx: Transaction, pairs: Sequence[Pair], *, at: datetime, floors: Mapping[str, datetime]) -> None:
    """Make subscriptions that the store has active from now on; one that had ended revokes the tokens of before."""
    ended = subscriptions.c.state == SubscriptionState.ENDED
    generation = case((ended, subscriptions.c.generation + 1), else_=subscriptions.c.generation)
    statement = (
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == bindparam("who"), subscriptions.c.newsletter == bindparam("which"))
        .values(
            state=SubscriptionState.ACTIVE,
            confirmed_at=at,
            generation=generation,
            floor_at=bindparam("floor", type_=subscriptions.c.floor_at.type),
            **_NO_LONGER,
        )
    )
    if pairs:
        rows = [{"who": who, "which": newsletter, "floor": floors[newsletter]} for who, newsletter in pairs]
        tx.execute(statement, rows)


def mark_ended(tx: Transaction, pair: Pair, *, at: datetime, by: str) -> None:
    """End a subscription; its record stays, so that no import wakes it."""
    values = {"state": SubscriptionState.ENDED, "ended_at": at, "ended_by": by}
    tx.execute(update(subscriptions).where(*_is(pair)).values(**values))


def end(tx: Transaction, pair: Pair, *, at: datetime, by: str, origin: str = "") -> None:
    """End a subscription, and record it as a step of consent: ``by`` whom, and by what way if that says more."""
    mark_ended(tx, pair, at=at, by=by)
    step = ConsentEvent(
        subscriber_id=pair[0], newsletter=pair[1], event=Step.ENDED, at=at, origin=origin or by, wording=""
    )
    add_consent_events(tx, [step])


def end_once(tx: Transaction, subscription: Subscription, *, at: datetime, by: str, origin: str) -> None:
    """End a subscription as :func:`end` does, unless it has ended since it was read, or begun anew."""
    who, which = subscription.subscriber_id, subscription.newsletter
    asked = {"who": who, "which": which, "its": subscription.generation, "at": at, "whom": by}
    if tx.execute(_END_ONCE, asked).rowcount:
        step = ConsentEvent(subscriber_id=who, newsletter=which, event=Step.ENDED, at=at, origin=origin, wording="")
        add_consent_events(tx, [step])


def mark_back(tx: Transaction, pair: Pair) -> None:
    """Undo the end of a subscription: it goes on as it was, and so do its tokens."""
    values = {"state": SubscriptionState.ACTIVE, "ended_at": None, "ended_by": None}
    tx.execute(update(subscriptions).where(*_is(pair)).values(**values))


def mark_paused(tx: Transaction, pair: Pair, *, until: datetime | None) -> None:
    """Let a subscription rest until an instant; None ends the rest."""
    tx.execute(update(subscriptions).where(*_is(pair)).values(paused_until=until))


def mark_by_feed(tx: Transaction, pair: Pair, *, since: datetime | None) -> None:
    """Let a private feed bring a subscription in place of mail; with None mail brings it again."""
    tx.execute(update(subscriptions).where(*_is(pair)).values(by_feed_since=since))


def set_preferences(tx: Transaction, pair: Pair, preferences: Mapping[str, Any]) -> None:
    """Write what a reader chose of a newsletter, in the place of all that they chose before."""
    tx.execute(update(subscriptions).where(*_is(pair)).values(preferences=dict(preferences)))


def set_locale(tx: Transaction, subscriber_id: str, *, language: str | None, timezone: str | None) -> None:
    """Write a subscriber's language and time zone; None where they did not say."""
    ours = subscribers.c.id == subscriber_id
    tx.execute(update(subscribers).where(ours).values(language=language, timezone=timezone))


def count_by_state(tx: Transaction) -> dict[str, dict[str, int]]:
    """Return newsletter → state → how many subscriptions. Served by the index on (newsletter, state)."""
    columns = subscriptions.c.newsletter, subscriptions.c.state
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for newsletter, state, number in tx.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns)):
        found[newsletter][state] = number
    return dict(found)


def count_by_feed(tx: Transaction) -> dict[str, int]:
    """Return newsletter → how many active subscriptions a private feed brings in place of mail."""
    by_feed = subscriptions.c.by_feed_since.is_not(None) & (subscriptions.c.state == SubscriptionState.ACTIVE)
    query = select(subscriptions.c.newsletter, func.count()).where(by_feed).group_by(subscriptions.c.newsletter)
    return {newsletter: number for newsletter, number in tx.execute(query)}  # noqa: C416  (rows are no pairs to mypy)


def rename_newsletter(tx: Transaction, old: str, new: str) -> None:
    """Give a newsletter's subscriptions and their consent its new slug; who has one there already keeps both."""
    theirs = select(subscriptions.c.subscriber_id).where(subscriptions.c.newsletter == new)
    for table in (consent_events, fed_entries, subscriptions):  # in this order: the last changes who has the new one
        moving = table.c.newsletter == old, table.c.subscriber_id.not_in(theirs)
        tx.execute(update(table).where(*moving).values(newsletter=new))


# ---- consent ----


def add_consent_events(tx: Transaction, events: Sequence[ConsentEvent]) -> None:
    """Record steps of consent, in order."""
    if events:
        tx.execute(insert(consent_events), [asdict(event) for event in events])


def list_consent_events(tx: Transaction, subscriber_id: str) -> list[ConsentEvent]:
    """Return every step of a subscriber's consent, oldest first. Served by the index on subscriber_id."""
    columns = [consent_events.c[name] for name in ConsentEvent.__dataclass_fields__]
    query = select(*columns).where(consent_events.c.subscriber_id == subscriber_id).order_by(consent_events.c.id)
    return [ConsentEvent(**dict(row._mapping) | {"event": Step(row.event)}) for row in tx.execute(query)]


def is_suppressed() -> ColumnElement[bool]:
    """Return the condition that a subscriber's address is not to be mailed, for statements over subscribers."""
    ours = suppressions.c.address_key == subscribers.c.address_key
    return exists().where(ours, suppressions.c.lifted_at.is_(None))


_SUBSCRIBER_FIELDS = tuple(Subscriber.__dataclass_fields__)
_SUBSCRIPTION_FIELDS = tuple(Subscription.__dataclass_fields__)
_SUBSCRIBER = [subscribers.c[name] for name in _SUBSCRIBER_FIELDS]
_SUBSCRIPTION = [subscriptions.c[name] for name in _SUBSCRIPTION_FIELDS]
_WITH_SUBSCRIBER = (  # made once: each link in mail that is followed asks it
    select(*_SUBSCRIBER, *_SUBSCRIPTION)
    .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
    .where(subscriptions.c.subscriber_id == bindparam("who"), subscriptions.c.newsletter == bindparam("which"))
)
_END_ONCE = (
    update(subscriptions)
    .where(
        subscriptions.c.subscriber_id == bindparam("who"),
        subscriptions.c.newsletter == bindparam("which"),
        subscriptions.c.generation == bindparam("its"),
        subscriptions.c.state != SubscriptionState.ENDED,
    )
    .values(
        state=SubscriptionState.ENDED,
        ended_at=bindparam("at", type_=subscriptions.c.ended_at.type),
        ended_by=bindparam("whom"),
    )
)


def _subscription(row: Mapping[Any, Any]) -> Subscription:
    given = {name: row[name] for name in _SUBSCRIPTION_FIELDS}
    return Subscription(**given | {"state": SubscriptionState(row["state"])})


def _is(pair: Pair) -> list[Any]:
    subscriber_id, newsletter = pair
    return [subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.newsletter == newsletter]


def _last_wording() -> Any:
    ours = (
        consent_events.c.subscriber_id == subscriptions.c.subscriber_id,
        consent_events.c.newsletter == subscriptions.c.newsletter,
        consent_events.c.event == Step.CONFIRMED,
    )
    newest = select(consent_events.c.wording).where(*ours).order_by(consent_events.c.id.desc()).limit(1)
    return func.coalesce(newest.scalar_subquery(), "")
