"""The ledger of a site, as it lies on the disk: what it says of each reader, and whether that can be.

Not here: what a send must leave in it (the tests).
"""

from contextlib import contextmanager

from sqlalchemy import select

from feeds.model import DeliveryState
from feeds.store.engine import Store
from feeds.store.schema import deliveries, subscribers

HELD = {DeliveryState.CLAIMED, DeliveryState.SENDING}
QUERY = select(deliveries, subscribers.c.address).join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)


@contextmanager
def opened(file):
    """Open a database file."""
    store = Store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


def rows(store, *which):
    """Return the row of each reader's delivery, or of those that meet conditions, by address."""
    with store.reading() as tx:
        return {row.address: row for row in tx.execute(QUERY.where(*which))}


def fault_in(store):
    """Return what is wrong with a database, or with a row of its ledger; "" where nothing is."""
    with store.reading() as tx:
        said = tx.exec_driver_sql("PRAGMA integrity_check").scalar()
    found = (fault for row in rows(store).values() if (fault := _fault(row)))
    return next(found, "") if said == "ok" else said


def _fault(row):
    """Return why a row can be in no ledger."""
    is_held, is_sending = row.state in HELD, row.state == DeliveryState.SENDING
    wrong = {
        "in nobody's hands": is_held and row.worker is None,
        "in somebody's hands": not is_held and row.worker is not None,
        "begun": row.begun_at is not None and row.state != DeliveryState.CLAIMED,
        "without a Date": is_sending and row.dated_at is None,
        "without an attempt": is_sending and row.attempts < 1,
    }
    return next((f"{row.address} is {row.state} and {why}" for why, is_so in wrong.items() if is_so), "")
