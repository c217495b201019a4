"""What must be printed again, and the marks that a publish leaves for the next one: it may be killed at any time.

A function per statement. Not here: what touches which document (jobs.publish).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, String, and_, bindparam, delete, exists, insert, select

from feeds.rules.archives import TOMBSTONE_AGE
from feeds.store import entries, feed_entries
from feeds.store.engine import Transaction
from feeds.store.schema import marks, reprints

PLANNED, MATERIALS = "planned", "materials"  # the last change that was planned; what documents are printed by
OPEN = 0  # the part of a feed that is not closed: what people subscribe to
NEWSLETTER = "@newsletters/"  # and a slug: a newsletter on the site; each edition is a part of it, by its number


@dataclass(frozen=True, slots=True, order=True)
class Reprint:
    """A feed (or ``=`` and the id of an entry), and which part of it: OPEN, or the number of an archive."""

    subject: str
    part: int = OPEN


def add(tx: Transaction, due: Iterable[Reprint]) -> None:
    """Note what must be printed again; what is noted already stays so."""
    if rows := _rows(due):
        tx.execute(_ADD, rows)


def remove(tx: Transaction, done: Iterable[Reprint]) -> None:
    """Forget what has been printed."""
    if rows := _rows(done):
        tx.execute(_REMOVE, rows)


def list_all(tx: Transaction) -> list[Reprint]:
    """Return everything that must be printed again, in order."""
    query = select(reprints).order_by(reprints.c.subject, reprints.c.part)
    return [Reprint(subject, part) for subject, part in tx.execute(query).all()]


def list_listed(tx: Transaction) -> list[Reprint]:
    """Return what must be printed again of the subjects that are no single entry's, in order."""
    ours = reprints.c.subject.not_like("=%")
    query = select(reprints).where(ours).order_by(reprints.c.subject, reprints.c.part)
    return [Reprint(row.subject, row.part) for row in tx.execute(query)]


def any_due(tx: Transaction) -> bool:
    """Tell whether something must be printed again."""
    return tx.execute(select(reprints.c.subject).limit(1)).scalar() is not None


def is_idle(tx: Transaction, *, materials: str, now: datetime) -> bool:
    """Tell whether there is nothing to plan and nothing to print: a few statements, however large the store.

    ``materials`` marks the settings and templates of now: by others everything is printed anew.
    """
    left_at, scheduled_at = feed_entries.first_left_at(tx), entries.next_scheduled_at(tx)
    return not (
        any_due(tx)
        or find_mark(tx, MATERIALS) != materials
        or int(find_mark(tx, PLANNED) or 0) < entries.last_change(tx)
        or (scheduled_at is not None and scheduled_at <= now)
        or entries.count_unlaunched(tx)
        or (left_at is not None and left_at < now - TOMBSTONE_AGE)
    )


def find_mark(tx: Transaction, name: str) -> str | None:
    """Return a mark, or None where it was never set."""
    return tx.execute(select(marks.c.value).where(marks.c.name == name)).scalar()


def drop_mark(tx: Transaction, name: str) -> None:
    """Forget a mark."""
    tx.execute(delete(marks).where(marks.c.name == name))


def set_mark(tx: Transaction, name: str, value: str) -> None:
    """Set a mark."""
    drop_mark(tx, name)
    tx.execute(insert(marks).values(name=name, value=value))


_SUBJECT, _PART = bindparam("its_subject", type_=String), bindparam("its_part", type_=Integer)
_SAME = and_(reprints.c.subject == _SUBJECT, reprints.c.part == _PART)
_REMOVE = delete(reprints).where(_SAME)
_ADD = insert(reprints).from_select(["subject", "part"], select(_SUBJECT, _PART).where(~exists().where(_SAME)))


def _rows(due: Iterable[Reprint]) -> list[dict[str, str | int]]:
    wanted = sorted({(one.subject, one.part) for one in due})
    return [{"its_subject": subject, "its_part": part} for subject, part in wanted]
