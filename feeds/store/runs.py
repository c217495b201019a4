"""Runs: which job ran for which due time, and how it ended.

A function per statement. Not here: what is due (rules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from feeds.store.engine import Transaction
from feeds.store.schema import runs

PRESS_RUN = "run"  # the job that is a whole press run


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a job; ``outcome`` is None while it goes on, or where it was killed."""

    job: str
    subject: str
    due_at: datetime
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    report: Mapping[str, Any]


def begin(tx: Transaction, *, job: str, subject: str, due_at: datetime, now: datetime) -> None:
    """Record that a job begins; a run for the same due time is begun again."""
    key = {"job": job, "subject": subject, "due_at": due_at}
    tx.execute(delete(runs).where(*_is(key)))
    tx.execute(insert(runs).values(**key, started_at=now, report={}))


def end(
    tx: Transaction, key: tuple[str, str, datetime], *, outcome: str, report: Mapping[str, Any], now: datetime
) -> None:
    """Record how the run with ``key`` (job, subject, due_at) ended."""
    where = _is(dict(zip(("job", "subject", "due_at"), key, strict=True)))
    tx.execute(update(runs).where(*where).values(ended_at=now, outcome=outcome, report=dict(report)))


def replace(
    tx: Transaction, *, job: str, subject: str = "", at: datetime, outcome: str, report: Mapping[str, Any]
) -> None:
    """Record that a job ran, in the place of all its runs before: of what comes at every beat only the last matters."""
    tx.execute(delete(runs).where(runs.c.job == job, runs.c.subject == subject))
    key = {"job": job, "subject": subject, "due_at": at}
    tx.execute(insert(runs).values(**key, started_at=at, ended_at=at, outcome=outcome, report=dict(report)))


def find_last(tx: Transaction, job: str, subject: str | None = None) -> Run | None:
    """Return the last run of a job, or None; of one subject if given. Served by the index on started_at."""
    query = select(runs).where(runs.c.job == job)
    if subject is not None:
        query = query.where(runs.c.subject == subject)
    row = tx.execute(query.order_by(runs.c.started_at.desc()).limit(1)).one_or_none()
    return Run(**row._mapping) if row else None


def find_ended(tx: Transaction, job: str, subject: str = "") -> Run | None:
    """Return the newest run of a job on a subject that has come to its end, or None. Served by the primary key."""
    query = select(runs).where(runs.c.job == job, runs.c.subject == subject, runs.c.ended_at.is_not(None))
    row = tx.execute(query.order_by(runs.c.due_at.desc()).limit(1)).one_or_none()
    return Run(**row._mapping) if row else None


def drop_before(tx: Transaction, instant: datetime) -> int:
    """Forget runs that began before an instant; return how many."""
    return tx.execute(delete(runs).where(runs.c.started_at < instant)).rowcount


def _is(key: Mapping[str, Any]) -> list[Any]:
    return [runs.c[name] == value for name, value in key.items()]
