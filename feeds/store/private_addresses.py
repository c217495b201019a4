"""The readers' own addresses of private feeds: made, found, revoked.

A function per statement. Not here: their tokens (rules.private_tokens), what a feed holds (feed_entries).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, String, cast, func, insert, or_, select, update

from feeds.model.private_addresses import PrivateAddress
from feeds.store.engine import Transaction
from feeds.store.schema import entries, feed_entries, private_addresses, subscribers
from feeds.store.subscribers import is_suppressed

_OPEN = private_addresses.c.revoked_at.is_(None)
_BARRED = or_(subscribers.c.forgotten_at.is_not(None), is_suppressed())


def add(tx: Transaction, feed: str, subscriber_id: str, *, at: datetime) -> PrivateAddress:
    """Make a subscriber's address of a feed."""
    row = {"feed": feed, "subscriber_id": subscriber_id, "created_at": at}
    made = tx.execute(insert(private_addresses).values(row)).inserted_primary_key
    assert made is not None  # one row was inserted
    return PrivateAddress(id=made[0], feed=feed, subscriber_id=subscriber_id, created_at=at)


def find(tx: Transaction, number: int) -> PrivateAddress | None:
    """Return the address of this number, revoked or not, or None."""
    row = tx.execute(_select().where(private_addresses.c.id == number)).one_or_none()
    return _address(row) if row else None


def find_open(tx: Transaction, feed: str, subscriber_id: str) -> PrivateAddress | None:
    """Return a subscriber's address of a feed that is not revoked, or None. Served by the index on both."""
    ours = (private_addresses.c.feed == feed) & (private_addresses.c.subscriber_id == subscriber_id) & _OPEN
    row = tx.execute(_select().where(ours).order_by(private_addresses.c.id.desc()).limit(1)).one_or_none()
    return _address(row) if row else None


def list_of(tx: Transaction, feed: str) -> Iterator[tuple[str, PrivateAddress]]:
    """Yield (e-mail address, private address) of everybody who has or had one of a feed, by their e-mail address."""
    query = _select().add_columns(subscribers.c.address).where(private_addresses.c.feed == feed)
    for row in tx.execute(query.order_by(subscribers.c.address_key, private_addresses.c.id)):
        yield row.address, _address(row)


def list_to(tx: Transaction, subscriber_id: str) -> list[PrivateAddress]:
    """Return all addresses that a subscriber has or had, oldest first."""
    ours = private_addresses.c.subscriber_id == subscriber_id
    return [_address(row) for row in tx.execute(_select().where(ours).order_by(private_addresses.c.id))]


def count_open(tx: Transaction) -> dict[str, int]:
    """Return feed → how many of its addresses are open."""
    query = select(private_addresses.c.feed, func.count()).join(subscribers).where(_OPEN, ~_BARRED)
    rows = tx.execute(query.group_by(private_addresses.c.feed).order_by(private_addresses.c.feed))
    return {feed: number for feed, number in rows}  # noqa: C416  (rows are no pairs to mypy)


def mark_revoked(tx: Transaction, subscriber_id: str, *, at: datetime, feed: str | None = None) -> int:
    """Revoke a subscriber's address of one feed, of all where none is named; return how many there were."""
    ours = (private_addresses.c.subscriber_id == subscriber_id) & _OPEN
    if feed is not None:
        ours &= private_addresses.c.feed == feed
    return tx.execute(update(private_addresses).where(ours).values(revoked_at=at)).rowcount


def list_naming(tx: Transaction, feed: str, name: str) -> Iterator[str]:
    """Yield the ids of a feed's entries that name a file of the media shelf, newest first; read one by one.

    It walks the index on (feed, published_at) to the first that does, which is mostly among the newest.
    """
    names = cast(entries.c.article, String).contains(f'"{name}"', autoescape=True)
    here = (feed_entries.c.feed == feed) & feed_entries.c.left_at.is_(None)
    query = select(feed_entries.c.entry_id).join(entries).where(here, names)
    order = feed_entries.c.published_at.desc(), feed_entries.c.sequence.desc()
    yield from tx.execute(query.order_by(*order).execution_options(yield_per=1)).scalars()


def _select() -> Select[Any]:
    return select(private_addresses, _BARRED.label("is_barred")).join(subscribers)


def _address(row: Row[Any]) -> PrivateAddress:
    return PrivateAddress(**{name: row._mapping[name] for name in PrivateAddress.__dataclass_fields__})
