"""The store: is it there, of this program, whole, and of a database that keeps what it was given?

Not here: looking into it (store.health), the disk that it lies on (machine).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from feeds.errors import StoreUnusable
from feeds.rules.checkup import Finding, Spot
from feeds.store.engine import SAFE_SQLITE, Store
from feeds.store.health import Health, examine


def examine_store(store: Store) -> tuple[list[Finding], datetime | None]:
    """Judge the store; return the findings, and when its newest run began."""
    spot = Spot("database", str(store))
    try:
        health = examine(store)
    except StoreUnusable as error:
        said = str(error).removeprefix(f"{store}: ")
        return [spot.error(said, remedy="see to it first: nothing is sent without the record of who got what")], None
    return list(_judged(spot, health)), health.newest_run_at


def _judged(spot: Spot, health: Health) -> Iterator[Finding]:
    name = f"{health.kind} {health.version}"
    if health.revision is None:
        yield spot.ok(f"there is none yet; the first run makes it ({name})")
    elif health.revision != health.wanted:
        what = f"it is at schema {health.revision}, and this program at {health.wanted}"
        newer = health.revision > health.wanted
        yield spot.error(what, remedy="upgrade Pressrun" if newer else "run `pressrun migrate`")
    elif health.damage:
        what = f"its pages are damaged: {'; '.join(health.damage)}"
        yield spot.error(what, remedy="stop, and put back a backup; see what is said of its disk")
    else:
        yield spot.ok(f"{name}, at this program's schema, and whole")
    if not health.is_safe:
        least = ".".join(map(str, SAFE_SQLITE))
        remedy = f"install one from {least} on: pip install pysqlite3, or use PostgreSQL"
        yield spot.warning(f"{name} can damage a database when its write-ahead log is reset", remedy=remedy)
    if health.weakness:
        what = f"a power cut can make it forget what was sent: {health.weakness}"
        yield spot.error(what, remedy="move it to a disk of this machine, or mend the database's settings")
