"""Pings: which hubs are to hear that a document changed, and what became of it (WebSub).

A function per statement. Not here: sending them (jobs.announce), when one is tried again (rules.pinging).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from feeds.model.pings import Ping, PingState
from feeds.store.engine import Transaction
from feeds.store.schema import pings

_WAITING = (PingState.QUEUED, PingState.DEFERRED)


def queue(tx: Transaction, topic: str, hub: str, *, now: datetime) -> None:
    """Have a hub hear that the document at an address changed; one that waits already waits anew."""
    tx.execute(delete(pings).where(pings.c.topic == topic, pings.c.hub == hub))
    row = {"topic": topic, "hub": hub, "state": PingState.QUEUED, "attempts": 0, "queued_at": now, "due_at": now}
    tx.execute(insert(pings).values(**row))


def has_due(tx: Transaction, now: datetime) -> bool:
    """Tell whether a ping is due. Served by the index on state and due_at."""
    due = select(pings.c.topic).where(pings.c.state.in_(_WAITING), pings.c.due_at <= now).limit(1)
    return tx.execute(due).first() is not None


def list_due(tx: Transaction, now: datetime) -> list[Ping]:
    """Return the pings that are due, those of one hub together. Served by the index on state and due_at."""
    due = select(pings).where(pings.c.state.in_(_WAITING), pings.c.due_at <= now)
    return [_ping(row) for row in tx.execute(due.order_by(pings.c.hub, pings.c.due_at, pings.c.topic))]


def list_all(tx: Transaction) -> list[Ping]:
    """Return all pings, by address and hub."""
    return [_ping(row) for row in tx.execute(select(pings).order_by(pings.c.topic, pings.c.hub))]


def count_by_state(tx: Transaction) -> dict[str, int]:
    """Return how many pings are in each state."""
    counted = select(pings.c.state, func.count().label("number")).group_by(pings.c.state).order_by(pings.c.state)
    return {row.state: row.number for row in tx.execute(counted)}


def mark_sent(tx: Transaction, ping: Ping, *, reply: str, now: datetime) -> None:
    """Record that the hub took it."""
    _mark(tx, ping, state=PingState.SENT, ended_at=now, reply=reply)


def mark_deferred(tx: Transaction, ping: Ping, *, reply: str, due_at: datetime) -> None:
    """Record that the hub did not take it, and when it is tried again."""
    _mark(tx, ping, state=PingState.DEFERRED, due_at=due_at, reply=reply)


def mark_failed(tx: Transaction, ping: Ping, *, reply: str, now: datetime) -> None:
    """Record that it was given up."""
    _mark(tx, ping, state=PingState.FAILED, ended_at=now, reply=reply)


def drop_of_other_hubs(tx: Transaction, hubs: Collection[str]) -> int:
    """Forget the pings of hubs that the config no longer names; return how many."""
    return tx.execute(delete(pings).where(pings.c.hub.not_in(hubs))).rowcount


def drop_ended_before(tx: Transaction, instant: datetime) -> int:
    """Forget what was sent or given up before an instant; return how many."""
    return tx.execute(delete(pings).where(pings.c.ended_at < instant)).rowcount


def _mark(tx: Transaction, ping: Ping, **values: Any) -> None:
    # Queued anew meanwhile, it is another ping: what became of this one says nothing of that.
    same = (pings.c.topic == ping.topic, pings.c.hub == ping.hub, pings.c.queued_at == ping.queued_at)
    tx.execute(update(pings).where(*same).values(attempts=ping.attempts + 1, **values))


def _ping(row: Any) -> Ping:
    return Ping(**(dict(row._mapping) | {"state": PingState(row.state)}))
