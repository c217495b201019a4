"""The witness: a small file outside the database that says how far sending has come.

A database that was restored from a backup has forgotten sends and looks like any other; the witness is then ahead of
it. Not here: what is done about that (jobs.reconcile).
"""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import select, text

from feeds.errors import LedgerBehind, StoreUnusable
from feeds.store.engine import Store, Transaction
from feeds.store.schema import marks

MARK = "sending"
FLUSH_SECONDS = 10.0  # a process that is killed loses nothing of what is written, flushed or not; a power cut may
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LENGTH = 20  # digits: always as many, so that the file is written over in one piece
# One statement, so that of two workers each gets a number of its own, larger than any before.
_ADVANCE = text(
    "INSERT INTO marks (name, value) VALUES (:name, :fresh) ON CONFLICT (name) DO UPDATE SET value ="
    " CASE WHEN CAST(marks.value AS BIGINT) < CAST(:fresh AS BIGINT) THEN :fresh"
    " ELSE CAST(CAST(marks.value AS BIGINT) + 1 AS VARCHAR) END RETURNING value"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far sending has come by the store and by its witness, as instants; None where one of them says nothing.

    The witness is written behind the store, and before anything of that block is sent: only a store that has forgotten
    something is behind it.
    """

    store: datetime | None
    witness: datetime | None

    @property
    def is_behind(self) -> bool:
        """Tell whether the store may have forgotten sends: its witness knows of more, or is missing."""
        if self.witness is None:
            return self.store is not None
        return (self.store or _EPOCH) < self.witness


class Witness:
    """The witness of a store. Each block of deliveries that a worker claims is written down, and then told to it.

    ``folder`` is where the file lies for a store that is no file itself.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self.path = store.file.with_name(f"{store.file.name}.witness") if store.file else folder / "pressrun.witness"
        self._untold, self._has_told, self._flush_at = 0, False, 0.0

    def standing(self) -> Standing:
        """Return how far sending has come; raise StoreUnusable where the file cannot be read."""
        told = self._read()  # first: a worker that sends meanwhile is ahead in the store before it is in the file
        with self._store.reading() as tx:
            stored = _stored(tx)
        return Standing(_instant(stored), _instant(told))

    def require(self) -> None:
        """Raise LedgerBehind where the store may have forgotten sends."""
        standing = self.standing()
        if not standing.is_behind:
            return
        stored = f"{standing.store:%Y-%m-%d %H:%M} UTC" if standing.store else "never"
        told = f"tells of mail sent at {standing.witness:%Y-%m-%d %H:%M} UTC" if standing.witness else "is missing"
        raise LedgerBehind(
            f"{self._store}: nothing is sent: the store last sent {stored}, and its witness {self.path} {told}."
            " A backup was restored, or the store was moved: it may have forgotten whom it mailed."
            " Run `pressrun deliveries reconcile --log FILE`"
            " with the mail server's log, or with `--accept` if nothing is missing"
        )

    def advance(self, tx: Transaction, now: datetime) -> None:
        """Write down, with the claim of a block, that it may be sent; :meth:`tell` must follow the commit."""
        if not self.path.exists() and _stored(tx) is None:
            self._write(0, flush=True)  # if we are killed at the first block, no witness seems to be missing
        fresh = (now - _EPOCH) // timedelta(microseconds=1)
        value = tx.execute(_ADVANCE, {"name": MARK, "fresh": str(fresh)}).scalar()
        self._untold = int(str(value))

    def tell(self) -> None:
        """Let the witness know, before anything of the block is sent; raise StoreUnusable where it cannot be told."""
        if self._untold:
            flush = (now := monotonic()) >= self._flush_at
            self._write(self._untold, flush=flush)
            self._untold, self._has_told, self._flush_at = 0, True, now + FLUSH_SECONDS if flush else self._flush_at

    def close_block(self, now: datetime) -> None:
        """Write down that a worker is done: a copy made while it sent its last block is then behind, too."""
        if self._has_told:
            with self._store.writing() as tx:
                self.advance(tx, now)
            self._flush_at = 0.0
            self.tell()

    def accept(self, now: datetime) -> None:
        """Take the store as it is: from here on neither is behind the other."""
        told = _instant(self._read())
        with self._store.writing() as tx:
            self.advance(tx, max(now, told) if told else now)
        self.tell()

    def _read(self) -> int | None:
        try:
            with self.path.open("rb") as file:
                return _number(file.read(_LENGTH))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def _write(self, number: int, *, flush: bool) -> None:
        """Write a number, unless a larger one is there already: workers come here in any order."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "r+b", buffering=0) as witness:
                fcntl.flock(witness, fcntl.LOCK_EX)
                told = _number(witness.read(_LENGTH))
                if told is None or number > told:
                    os.pwrite(file, f"{number:0{_LENGTH}}\n".encode(), 0)
                if flush:
                    os.fdatasync(file)
        except OSError as error:
            raise self._unusable(error.strerror or str(error)) from error

    def _unusable(self, why: str) -> StoreUnusable:
        return StoreUnusable(f"{self.path}: the witness of what was sent: {why}; nothing is sent")


def _stored(tx: Transaction) -> int | None:
    value = tx.execute(select(marks.c.value).where(marks.c.name == MARK)).scalar()
    return None if value is None else int(value)


def _number(said: bytes) -> int | None:
    return int(said) if len(said) == _LENGTH and said.isdigit() else None


def _instant(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + timedelta(microseconds=number)
