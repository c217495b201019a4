"""How the store is: which database, whether it is the schema of this program, whether its pages are whole and last.

Looks, and changes nothing. Not here: bringing it up to date (migrating), what to say of it (jobs.doctor).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text

from feeds.errors import StoreUnusable
from feeds.rules.machine_advice import ELSEWHERE, is_of_network
from feeds.store.engine import SAFE_SQLITE, Store, Transaction, sqlite_module
from feeds.store.schema import REVISION, runs

MOST_DAMAGE = 5  # kinds of damage told of
MOUNTS = Path("/proc/self/mounts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """``kind`` and ``version`` of the database, its schema's revision (None where it is not there) and the program's.

    ``is_safe`` is False for a version known to lose data. ``weakness`` says how a write can be lost that was said to be
    stored, "" where it cannot. ``damage`` is what the database finds wrong with itself; ``newest_run_at`` when the last
    run began.
    """

    kind: str
    version: str
    is_safe: bool
    revision: str | None
    wanted: str = REVISION
    weakness: str = ""
    damage: tuple[str, ...] = ()
    newest_run_at: datetime | None = None


def examine(store: Store) -> Health:
    """Look at a store; raise StoreUnusable where it cannot be opened."""
    revision = store.revision()
    if store.file is not None:
        return _sqlite(store, revision)
    with store.reading() as tx:
        version = str(tx.execute(text("SHOW server_version")).scalar())
        commit = str(tx.execute(text("SHOW synchronous_commit")).scalar())
        weakness = "synchronous_commit is off" if commit == "off" else ""
        return Health(
            kind="PostgreSQL",
            version=version,
            is_safe=True,
            revision=revision,
            weakness=weakness,
            newest_run_at=_newest(tx, revision),
        )


def require_lasting(store: Store, *, mounts: Path = MOUNTS) -> None:
    """Raise StoreUnusable where the store may forget what it said was stored, and so whom it mailed."""
    if store.file is not None:
        kind = file_system_of(store.file, mounts)
        if is_of_network(kind):
            raise StoreUnusable(
                f"{store}: it lies on a file system of the network ({kind}), which may forget what it said was stored:"
                f" {ELSEWHERE}"
            )
        return
    with store.reading() as tx:
        if tx.execute(text("SHOW synchronous_commit")).scalar() == "off":
            role = str(tx.execute(text("SELECT quote_ident(current_user)")).scalar())
            raise StoreUnusable(
                f"{store}: synchronous_commit is off, and so a power cut makes it forget what was sent;"
                f" mend it with: ALTER ROLE {role} SET synchronous_commit = on"
            )


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the kind of file system that a path lies on or would, such as ``ext4``, "" where that is not known.

    Links are followed. Of two at one place the later hides the other: what is mounted on demand comes after ``autofs``.
    """
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # another system than Linux
        return ""
    found, place = [line.split(" ") for line in lines], path.resolve()
    around = [one for one in found if len(one) > 2 and place.is_relative_to(one[1].replace("\\040", " "))]
    return max(reversed(around), key=lambda one: len(one[1]))[2] if around else ""


def _sqlite(store: Store, revision: str | None) -> Health:
    module = sqlite_module()
    kind, version = "SQLite", module.sqlite_version
    is_safe = module.sqlite_version_info >= SAFE_SQLITE
    if revision is None:
        return Health(kind=kind, version=version, is_safe=is_safe, revision=None)
    with store.reading() as tx:
        journal = str(tx.execute(text("PRAGMA journal_mode")).scalar())
        found = [str(one) for one in tx.execute(text(f"PRAGMA quick_check({MOST_DAMAGE})")).scalars()]
        weakness = "" if journal == "wal" else f"its journal is {journal!r}, and cannot be made a write-ahead log"
        return Health(
            kind=kind,
            version=version,
            is_safe=is_safe,
            revision=revision,
            weakness=weakness,
            damage=tuple(one for one in found if one != "ok"),
            newest_run_at=_newest(tx, revision),
        )


def _newest(tx: Transaction, revision: str | None) -> datetime | None:
    if revision != REVISION:
        return None
    return tx.execute(select(runs.c.started_at).order_by(runs.c.started_at.desc()).limit(1)).scalar()
