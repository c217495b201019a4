"""What came back: each report once, by its hash; and what it makes of its address.

A function per statement. Not here: what a report says and means (rules), the deliveries that it is about
(sent_deliveries).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select

from feeds.errors import UsageWrong
from feeds.model import Delivery, Reply
from feeds.model.bounces import REFUSAL, Bounce, Kind, Reason
from feeds.rules.bounces import Failure, Patience, failure_of, is_enough
from feeds.rules.message_identity import named_after
from feeds.store import suppressions
from feeds.store.engine import Transaction
from feeds.store.schema import bounces
from feeds.store.schema import suppressions as suppressed
from feeds.store.suppressions import Suppression

MOST_KEPT = 16 * 1024  # octets of a report: its own words, and the head of what came back
_SUPPRESS = {Kind.HARD, Kind.COMPLAINT}


def find_kind(tx: Transaction, report_id: str) -> Kind | None:
    """Return what a report was taken for that was taken in before, or None."""
    kind = tx.execute(select(bounces.c.kind).where(bounces.c.report_id == report_id)).scalar()
    return Kind(kind) if kind else None


def get(tx: Transaction, name: str) -> Bounce:
    """Return a report by the beginning of its id; raise UsageWrong where there is none, or more than one."""
    query = select(bounces).where(bounces.c.report_id.startswith(name, autoescape=True)).limit(2)
    found = [_bounce(row) for row in tx.execute(query)]
    if len(found) != 1:
        what = "more than one report" if found else "no report"
        raise UsageWrong(f"{what} has an id that begins with {name!r}; `pressrun bounce list` shows them")
    return found[0]


def add(tx: Transaction, bounce: Bounce) -> None:
    """Record a report that the store does not have."""
    values = {name: getattr(bounce, name) for name in Bounce.__dataclass_fields__ if name not in {"id", "data"}}
    values |= {"reason": bounce.reason or "", "data": bounce.data[:MOST_KEPT]}
    tx.execute(insert(bounces).values(report_id=bounce.id, **values))


def list_all(
    tx: Transaction, *, address_key: str | None = None, kinds: Collection[Kind] = (), limit: int | None = None
) -> list[Bounce]:
    """Return reports, those about an address or of some kinds, or all, the newest first."""
    query = select(bounces).order_by(bounces.c.received_at.desc(), bounces.c.report_id).limit(limit)
    if address_key is not None:
        query = query.where(bounces.c.address_key == address_key)
    if kinds:
        query = query.where(bounces.c.kind.in_(kinds))
    return [_bounce(row) for row in tx.execute(query)]


def list_soft(tx: Transaction, address_key: str, *, since: datetime) -> list[tuple[datetime, Reason | None]]:
    """Return (received at, reason) of an address's soft bounces after an instant. Served by the index on both."""
    ours = (bounces.c.address_key == address_key) & (bounces.c.received_at > since) & (bounces.c.kind == Kind.SOFT)
    rows = tx.execute(select(bounces.c.received_at, bounces.c.reason).where(ours).order_by(bounces.c.received_at))
    return [(row.received_at, Reason(row.reason) if row.reason else None) for row in rows]


def drop_before(tx: Transaction, at: datetime) -> int:
    """Drop reports from before an instant, but for those that are the evidence of a suppression; return how many."""
    evidence = select(suppressed.c.report_id).where(suppressed.c.report_id.is_not(None))
    old = bounces.c.received_at < at, bounces.c.report_id.not_in(evidence)
    return tx.execute(delete(bounces).where(*old)).rowcount


def take(tx: Transaction, bounce: Bounce, *, evidence: str, patience: Patience) -> Suppression | None:
    """Record a bounce, and suppress its address where that is due; return the suppression where it is a new one.

    Soft ones count from the last time that the address was let be mailed again.
    """
    add(tx, bounce)
    if bounce.address_key is None or bounce.reason is None:
        return None
    if bounce.kind is Kind.SOFT:
        known = suppressions.find_any(tx, bounce.address_key)
        since = bounce.received_at - patience.within
        since = max(since, known.lifted_at) if known and known.lifted_at else since
        history = list_soft(tx, bounce.address_key, since=since)
        if not is_enough(history, patience):
            return None
        evidence = f"{len(history)} bounces since {history[0][0]:%Y-%m-%d}, the last: {evidence}"
    elif bounce.kind not in _SUPPRESS:
        return None
    made = Suppression(
        address_key=bounce.address_key,
        reason=bounce.reason,
        evidence=evidence,
        created_at=bounce.received_at,
        report_id=bounce.id,
    )
    return made if suppressions.add(tx, made) else None


def take_refusal(
    tx: Transaction, delivery: Delivery, reply: Reply, *, address_key: str, at: datetime, patience: Patience
) -> Suppression | None:
    """Record what a server's refusal of a delivery says of its address, by the same rules as a report that comes later.

    Nothing is recorded of a refusal that is about us, or that is recorded already. To be called in the transaction
    that ends the delivery.
    """
    failure = failure_of(reply)
    refusal = _refusal(delivery, reply, failure, at=at) if failure else None
    if refusal is None or refusal.kind is Kind.ABOUT_US or find_kind(tx, refusal.id):
        return None
    said = f"{named_after(delivery.kind, delivery.about)}: {reply.code} {reply.text}"
    return take(tx, replace(refusal, address_key=address_key), evidence=said, patience=patience)


def _refusal(delivery: Delivery, reply: Reply, failure: Failure, *, at: datetime) -> Bounce:
    return Bounce(
        id=f"{REFUSAL}{delivery.id}:{delivery.generation}",
        received_at=at,
        kind=failure.kind,
        reason=failure.reason,
        delivery_id=delivery.id,
        data=f"{reply.code} {reply.text}".encode("utf-8", "replace"),
    )


def _bounce(row: Row[Any]) -> Bounce:
    values = {name: row._mapping[name] for name in Bounce.__dataclass_fields__ if name not in {"id", "kind", "reason"}}
    reason = Reason(row.reason) if row.reason else None
    return Bounce(id=row.report_id, kind=Kind(row.kind), reason=reason, **values)
