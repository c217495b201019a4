"""The ledger: one row for each promise to bring an edition to a subscriber, and every step of it.

A function per statement; a step is made only by the worker that holds the row, from the state that it says. Not here:
what a reply means (rules), who is alive (locking), what a person asks (delivery_lists) or changes (delivery_changes).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, select, update
from sqlalchemy.engine import Row

from feeds.model import (
    Access,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Edition,
    EditionState,
    Notice,
    Reply,
    State,
    SubscriptionState,
)
from feeds.store.engine import Transaction
from feeds.store.schema import (
    DEFERRED,
    HELD,
    QUEUED,
    deliveries,
    editions,
    entries,
    selection_corrections,
    selection_entries,
    selections,
    subscribers,
    subscriptions,
)
from feeds.store.subscribers import is_suppressed

_FIELDS = tuple(Delivery.__dataclass_fields__)
_state, _worker = deliveries.c.state, deliveries.c.worker
_IN_HAND = _state.in_((DeliveryState.CLAIMED, DeliveryState.SENDING))
_HOLDING = (selection_entries, selection_corrections)
_HIDDEN = (entries.c.state != State.LIVE) | (entries.c.access != Access.PUBLIC)
_REFUSED = frozenset({DeliveryState.BOUNCED, DeliveryState.EXPIRED, DeliveryState.DEFERRED})
# What a server refuses before the message is handed over was an attempt too: by their number the waits grow.
_TRIED = case((_state == DeliveryState.CLAIMED, deliveries.c.attempts + 1), else_=deliveries.c.attempts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery in a worker's hands, with what decides whether it still may go, where to, and which links are good.

    ``address_key`` is that of ``address``. ``notice`` is what it brings, None where that is an edition.
    """

    delivery: Delivery
    newsletter: str
    address: str
    address_key: str
    name: str
    is_forgotten: bool
    is_suppressed: bool
    subscription: SubscriptionState | None
    paused_until: datetime | None
    subscription_generation: int
    notice: Notice | None = None
    is_by_feed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Where an attempt has left a delivery; ``until`` is when a deferred one is due again."""

    delivery_id: int
    state: DeliveryState
    reply: Reply | None = None
    until: datetime | None = None


# ---- what there is to do ----


def requeue_deferred(tx: Transaction, now: datetime) -> int:
    """Queue again what was deferred until now. Served by the partial index of deferred rows."""
    due = update(deliveries).where(DEFERRED, deliveries.c.due_at <= now)
    return tx.execute(due.values(state=DeliveryState.QUEUED)).rowcount


def count_queued(tx: Transaction, now: datetime) -> dict[str, int]:
    """Return edition id → how many of its deliveries are queued and due. Served by the partial index of queued rows."""
    ours = (deliveries.c.kind == DeliveryKind.EDITION, deliveries.c.due_at <= now)
    query = select(deliveries.c.about, func.count()).where(QUEUED, *ours)
    return {about: number for about, number in tx.execute(query.group_by(deliveries.c.about))}  # noqa: C416


def has_due(tx: Transaction, now: datetime) -> bool:
    """Tell whether a worker would find something to do: what is queued or deferred and due, or was left behind.

    What a person holds back is nothing to do.
    """
    due = (deliveries.c.due_at <= now) & deliveries.c.about.not_in(paused_editions())
    parts = (exists().where(QUEUED, due), exists().where(DEFERRED, due), exists().where(_worker.is_not(None)))
    return any(tx.execute(select(part)).scalar() for part in parts)


# ---- a worker's steps ----


def claim(
    tx: Transaction, edition: Edition, *, worker: str, now: datetime, limit: int, but_for: Collection[str] = ()
) -> list[Claimed]:
    """Take up to ``limit`` queued deliveries into a worker's hands.

    Those that were tried before come last, and last of all those that crashed a worker: what is wrong with one of them
    holds up no other. None is taken that would bring what was withdrawn: it waits until that is taken out; none of an
    edition that was paused or cancelled since, and none for these destinations.
    """
    goes_on = exists().where(editions.c.id == edition.id, editions.c.state == EditionState.COMPOSED)
    ours: list[Any] = [
        QUEUED,
        deliveries.c.kind == DeliveryKind.EDITION,
        deliveries.c.about == edition.id,
        deliveries.c.due_at <= now,
        goes_on,
    ]
    ours += [deliveries.c.domain.not_in(but_for)] if but_for else []
    ids = take(tx, ours, worker=worker, limit=limit)
    if _bring_stale(tx, ids):  # seldom: so the whole edition is asked about only then
        give_back(tx, ids, worker=worker)
        of_it = select(selections.c.id).where(selections.c.edition_id == edition.id)
        whole = [deliveries.c.selection_id.not_in(stale) for stale in stale_selections(of_it)]
        ids = take(tx, [*ours, *whole], worker=worker, limit=limit)
    return _claimed(tx, ids, edition.newsletter) if ids else []


def take(tx: Transaction, ours: Sequence[Any], *, worker: str, limit: int) -> list[int]:
    """Take deliveries of which these conditions hold into a worker's hands, in the order of :func:`claim`."""
    is_fresh = (deliveries.c.crashes == 0) & (deliveries.c.attempts == 0)
    troubled = (deliveries.c.crashes, deliveries.c.attempts, deliveries.c.id)
    for part, order in ((is_fresh, (deliveries.c.id,)), (~is_fresh, troubled)):
        free = select(deliveries.c.id).where(*ours, part).order_by(*order).limit(limit)
        # Asked apart: within the update, PostgreSQL may ask once for each row, and so take more than the limit.
        apart = free.with_for_update(skip_locked=True).cte("free")
        taken = update(deliveries).where(deliveries.c.id.in_(select(apart.c.id)))
        values = {"state": DeliveryState.CLAIMED, "worker": worker, "begun_at": None}
        ids = list(tx.execute(taken.values(**values).returning(deliveries.c.id)).scalars())
        if ids:
            return ids
    return []


def mark_begun(tx: Transaction, ids: Sequence[int], *, worker: str, at: datetime) -> None:
    """Record that a worker takes these in hand next: if it dies before they are sent, one of them may be to blame."""
    if ids:
        tx.execute(_BEGIN, {"of": ids, "by": worker, "at": at})


def mark_sending(tx: Transaction, dated: Mapping[int, datetime], *, worker: str, transport: str) -> set[int]:
    """Record that messages, by their delivery's id and with their Date, are being handed over; return whose.

    Those that the worker holds no longer are not among them.
    """
    held: set[int] = set()
    for at in {*dated.values()}:
        ids = [one for one, date in dated.items() if date == at]
        held |= {*tx.execute(_SEND, {"of": ids, "by": worker, "via": transport, "dated": at}).scalars()}
    return held


def mark_left(tx: Transaction, endings: Sequence[Ending], *, worker: str, at: datetime) -> set[int]:
    """Record where attempts have left deliveries; return the ids of those that the worker still held."""
    if not endings:
        return set()
    ids = {ending.delivery_id for ending in endings}
    held = select(deliveries.c.id).where(deliveries.c.id.in_(ids), _worker == worker, _IN_HAND).with_for_update()
    kept = {*tx.execute(held).scalars()}
    steps: dict[tuple[DeliveryState, bool], list[dict[str, object]]] = {}
    for ending in endings:
        if ending.delivery_id in kept:
            steps.setdefault((ending.state, ending.reply is not None), []).append(_step(ending, at))
    for kind, those in steps.items():
        tx.execute(_LEFT[kind], those)
    return kept


def release(tx: Transaction, worker: str) -> int:
    """Give back what a worker claimed and did not begin to hand over; return how many."""
    mine = update(deliveries).where(_worker == worker, _state == DeliveryState.CLAIMED)
    return tx.execute(mine.values(state=DeliveryState.QUEUED, worker=None, begun_at=None)).rowcount


def give_back(tx: Transaction, ids: Sequence[int], *, worker: str) -> None:
    """Queue again deliveries of which it is certain that nothing was sent."""
    mine = update(deliveries).where(deliveries.c.id.in_(ids), _worker == worker, _IN_HAND)
    tx.execute(mine.values(state=DeliveryState.QUEUED, worker=None, begun_at=None))


# ---- after a crash ----


def list_workers(tx: Transaction) -> list[str]:
    """Return the workers in whose hands something is, dead ones too. Served by the index on worker."""
    return list(tx.execute(select(_worker).where(_worker.is_not(None)).distinct()).scalars())


def recover(tx: Transaction, worker: str, *, at: datetime, most_crashes: int) -> tuple[int, int]:
    """Settle what a dead worker left: claims are queued again, what was being handed over is in doubt.

    The one that it had in hand counts a crash; at ``most_crashes`` it is set aside. Return (in doubt, set aside).
    """
    mine = _worker == worker
    doubt = update(deliveries).where(mine, _state == DeliveryState.SENDING)
    why = "the worker was killed while the message was being handed over"
    doubtful = tx.execute(
        doubt.values(state=DeliveryState.IN_DOUBT, worker=None, begun_at=None, ended_at=at, reply_text=why)
    ).rowcount
    crashes = deliveries.c.crashes + case((deliveries.c.begun_at.is_not(None), 1), else_=0)
    claimed = update(deliveries).where(mine, _state == DeliveryState.CLAIMED)
    tx.execute(claimed.values(state=DeliveryState.QUEUED, worker=None, begun_at=None, crashes=crashes))
    shunted = update(deliveries).where(QUEUED, deliveries.c.crashes >= most_crashes)
    reason = f"the worker crashed {most_crashes} times with it in hand"
    aside = tx.execute(shunted.values(state=DeliveryState.UNBUILDABLE, ended_at=at, reply_text=reason)).rowcount
    return doubtful, aside


def resend_doubtful(tx: Transaction, *, transports: Collection[str] | None, most_attempts: int) -> int:
    """Queue again what is in doubt with these transports, or with any where it is None; return how many.

    What was tried ``most_attempts`` times stays, and so does what is of a cancelled edition.
    """
    doubtful = update(deliveries).where(
        HELD,
        _state == DeliveryState.IN_DOUBT,
        deliveries.c.attempts < most_attempts,
        deliveries.c.about.not_in(cancelled_editions()),
    )
    if transports is not None:
        doubtful = doubtful.where(deliveries.c.transport.in_(transports))
    return tx.execute(doubtful.values(state=DeliveryState.QUEUED, ended_at=None)).rowcount


def _bring_stale(tx: Transaction, ids: Sequence[int]) -> bool:
    """Tell whether one of these deliveries would bring, or tell of, what is public no more.

    What many of them bring is looked at once.
    """
    theirs = select(deliveries.c.selection_id).where(deliveries.c.id.in_(ids))
    held = (select(table.c.entry_id).where(table.c.selection_id.in_(theirs)) for table in _HOLDING)
    return bool(ids) and any(tx.execute(select(exists().where(_HIDDEN, entries.c.id.in_(of)))).scalar() for of in held)


def _claimed(tx: Transaction, ids: Sequence[int], newsletter: str) -> list[Claimed]:
    on_it = and_(subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.newsletter == newsletter)
    query = (
        select(
            deliveries,
            subscribers.c.address,
            subscribers.c.address_key,
            subscribers.c.name,
            subscribers.c.forgotten_at,
            subscriptions.c.state.label("standing"),
            subscriptions.c.paused_until,
            subscriptions.c.by_feed_since,
            subscriptions.c.generation.label("subscription_generation"),
            is_suppressed().label("suppressed"),
        )
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .outerjoin(subscriptions, on_it)
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    )
    return [_in_hands(row, newsletter) for row in tx.execute(query)]


def _in_hands(row: Row[Any], newsletter: str) -> Claimed:
    return Claimed(
        delivery=delivery_of(row),
        newsletter=newsletter,
        address=row.address,
        address_key=row.address_key,
        name=row.name,
        is_forgotten=row.forgotten_at is not None,
        is_suppressed=bool(row.suppressed),
        subscription=SubscriptionState(row.standing) if row.standing else None,
        paused_until=row.paused_until,
        is_by_feed=row.by_feed_since is not None,
        subscription_generation=row.subscription_generation or 0,
    )


def delivery_of(row: Row[Any]) -> Delivery:
    """Return the delivery in a row that holds its columns."""
    found = row._mapping
    values = {name: found[name] for name in _FIELDS}
    values |= {"kind": DeliveryKind(values["kind"]), "state": DeliveryState(values["state"])}
    return Delivery(**values)


def stale_selections(among: Any) -> list[Any]:
    """Return queries for those selections, among these, that hold an entry, or tell of one, which is public no more."""
    return [
        select(table.c.selection_id)
        .join(entries, entries.c.id == table.c.entry_id)
        .where(_HIDDEN, table.c.selection_id.in_(among))
        for table in _HOLDING
    ]


def cancelled_editions() -> Any:
    """Return the query for the ids of cancelled editions."""
    return select(editions.c.id).where(editions.c.state == EditionState.CANCELLED)


def paused_editions() -> Any:
    """Return a query for the ids of the editions that a person holds back."""
    return select(editions.c.id).where(editions.c.state == EditionState.PAUSED)


def _step(ending: Ending, at: datetime) -> dict[str, object]:
    step = {"of": ending.delivery_id, "at": ending.until or at}
    if ending.reply is None:
        return step
    reply = ending.reply
    return step | {"code": reply.code or None, "enhanced": reply.enhanced, "said": reply.text}


def _leaving(state: DeliveryState, *, spoken: bool) -> Any:
    """Return the statement that records how an attempt ended, with a reply or without any."""
    when = deliveries.c.due_at if state is DeliveryState.DEFERRED else deliveries.c.ended_at
    left: dict[Any, Any] = {when: bindparam("at", type_=when.type), _state: state, _worker: None}
    left |= {deliveries.c.begun_at: None} | ({deliveries.c.attempts: _TRIED} if state in _REFUSED else {})
    if spoken:
        left |= {deliveries.c.reply_code: bindparam("code"), deliveries.c.reply_enhanced: bindparam("enhanced")}
        left |= {deliveries.c.reply_text: bindparam("said")}
    return update(deliveries).where(deliveries.c.id == bindparam("of")).values(left)


_CLAIM = (
    deliveries.c.id.in_(bindparam("of", expanding=True)),
    _worker == bindparam("by"),
    _state == DeliveryState.CLAIMED,
)
_BEGIN = update(deliveries).where(*_CLAIM).values(begun_at=bindparam("at", type_=deliveries.c.begun_at.type))
_SEND = (
    update(deliveries)
    .where(*_CLAIM)
    .values(
        state=DeliveryState.SENDING,
        transport=bindparam("via"),
        attempts=deliveries.c.attempts + 1,
        begun_at=None,
        dated_at=func.coalesce(deliveries.c.dated_at, bindparam("dated", type_=deliveries.c.dated_at.type)),
    )
    .returning(deliveries.c.id)
)
_LEFT = {(state, spoken): _leaving(state, spoken=spoken) for state in DeliveryState for spoken in (True, False)}
