"""Newsletters as the store remembers them: when each was first in the config, and which slot was decided last.

A function per statement. Not here: what is due (rules), their editions (editions).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, insert, select, update

from feeds.errors import UsageWrong
from feeds.rules.selecting import brought_at
from feeds.rules.series import renamed
from feeds.store import printed_editions, reprints, turns
from feeds.store.editions import reprints_of
from feeds.store.engine import Transaction
from feeds.store.schema import editions, newsletters_seen, notices, subscriptions
from feeds.store.subscribers import rename_newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A newsletter's memory. ``cadence`` is the text of the one that ``slot_at``, the last decided, was decided by."""

    slug: str
    first_seen_at: datetime
    floor_at: datetime | None
    renamed_to: str | None = None
    gone_at: datetime | None = None
    slot_at: datetime | None = None
    cadence: str | None = None


def list_seen(tx: Transaction) -> dict[str, Seen]:
    """Return every newsletter that was ever in the config, by its slug."""
    rows = tx.execute(select(newsletters_seen).order_by(newsletters_seen.c.slug))
    return {row.slug: Seen(**row._mapping) for row in rows}


def list_bare(tx: Transaction) -> set[str]:
    """Return the newsletters that have neither readers nor editions."""
    slug = newsletters_seen.c.slug
    read = exists().where(subscriptions.c.newsletter == slug)
    printed = exists().where(editions.c.newsletter == slug)
    return set(tx.execute(select(slug).where(~read, ~printed)).scalars())


def get(tx: Transaction, slug: str) -> Seen:
    """Return one newsletter's memory; raise UsageWrong where the store has never seen it."""
    row = tx.execute(select(newsletters_seen).where(newsletters_seen.c.slug == slug)).one_or_none()
    if row is None:
        raise UsageWrong(f"newsletter {slug!r} was never in the config")
    return Seen(**row._mapping)


def add(tx: Transaction, slug: str, *, at: datetime, floor_at: datetime) -> None:
    """Remember a newsletter that is in the config for the first time, under a name that nobody has now."""
    _let_go(tx, slug)
    tx.execute(insert(newsletters_seen).values(slug=slug, first_seen_at=at, floor_at=floor_at))


def rename(tx: Transaction, old: str, new: str) -> None:
    """Give a newsletter's memory, its readers and its editions to its new slug."""
    memory = get(tx, old)
    values = {name: getattr(memory, name) for name in ("first_seen_at", "floor_at", "slot_at", "cadence")}
    tx.execute(delete(newsletters_seen).where(newsletters_seen.c.slug == new))  # a name given away, or a bare one
    tx.execute(insert(newsletters_seen).values(slug=new, **values))
    tx.execute(update(newsletters_seen).where(newsletters_seen.c.slug == old).values(renamed_to=new))
    rename_newsletter(tx, old, new)
    turns.rename(tx, old, new)
    series = new + func.substr(editions.c.series, len(old) + 1)  # each keeps what stands behind the slug
    tx.execute(update(editions).where(editions.c.newsletter == old).values(newsletter=new, series=series))
    tx.execute(update(notices).where(notices.c.newsletter == old).values(newsletter=new))
    printed = [(name, number) for name, number in printed_editions.list_numbers(tx, new)]
    due = {one for name, number in printed for one in (*reprints_of(name, number), *reprints_of(renamed(name, old)))}
    reprints.add(tx, reprints_of(old) | reprints_of(new) | due)


def former_slugs(tx: Transaction, slug: str) -> list[str]:
    """Return the slugs that a newsletter had before and that no other has now, sorted."""
    passed_on = {seen.slug: seen.renamed_to for seen in list_seen(tx).values()}
    found: set[str] = set()
    wanted = {slug}
    while wanted:
        wanted = {old for old, new in passed_on.items() if new in wanted} - found - {slug}
        found |= wanted
    return sorted(found)


def current_slug(tx: Transaction, slug: str) -> str:
    """Return the slug by which a newsletter goes now that was known by this one."""
    passed_on = {row.slug: row.renamed_to for row in tx.execute(_RENAMED)}
    met = {slug}
    while (after := passed_on.get(slug)) and after not in met:
        met.add(after)
        slug = after
    return slug


def mark_gone(tx: Transaction, slug: str, at: datetime | None) -> None:
    """Record that a newsletter is gone from the config, or with None that it is back."""
    tx.execute(update(newsletters_seen).where(newsletters_seen.c.slug == slug).values(gone_at=at))


def raise_floor(tx: Transaction, slug: str, floor_at: datetime) -> None:
    """Record that nobody lacks an entry from before a time; a later floor stays."""
    lower = (newsletters_seen.c.floor_at < floor_at) | newsletters_seen.c.floor_at.is_(None)
    tx.execute(update(newsletters_seen).where(newsletters_seen.c.slug == slug, lower).values(floor_at=floor_at))


def lower_floor(tx: Transaction, slug: str, times: Collection[tuple[datetime | None, datetime]]) -> None:
    """Record that somebody lacks entries, given as (live at, published at): they are looked at again.

    Mail that came back late had raised the floor above what it brought.
    """
    ours = newsletters_seen.c.slug == slug
    first_seen_at = tx.execute(select(newsletters_seen.c.first_seen_at).where(ours)).scalar()
    if first_seen_at is None or not times:
        return
    oldest = min(brought_at(live_at, published_at, first_seen_at=first_seen_at) for live_at, published_at in times)
    floor_at = oldest - timedelta(seconds=1)  # what lies above a floor is looked at, and nothing on it
    tx.execute(update(newsletters_seen).where(ours, newsletters_seen.c.floor_at > floor_at).values(floor_at=floor_at))


def mark_decided(tx: Transaction, slug: str, *, slot: datetime, cadence: str) -> None:
    """Record that a slot was decided, whatever came of it: it is not due again."""
    values = {"slot_at": slot, "cadence": cadence}
    tx.execute(update(newsletters_seen).where(newsletters_seen.c.slug == slug).values(**values))


def _let_go(tx: Transaction, slug: str) -> None:
    """Forget that a name was given away, so that it can be had again."""
    given_away = newsletters_seen.c.renamed_to.is_not(None)
    tx.execute(delete(newsletters_seen).where(newsletters_seen.c.slug == slug, given_away))


_RENAMED = select(newsletters_seen.c.slug, newsletters_seen.c.renamed_to).where(
    newsletters_seen.c.renamed_to.is_not(None)
)
