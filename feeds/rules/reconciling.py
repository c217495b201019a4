"""What a mail server's log settles of a delivery: it was taken, it surely was not, or the log does not tell.

Pure. Not here: reading logs (mail_log), what is done about it (jobs.reconcile).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from statistics import median

from feeds.model import DeliveryState
from feeds.rules.mail_log import Fate, Sighting
from feeds.rules.mail_log_times import Span

CLOCKS_APART = timedelta(minutes=10)  # by which the times of a log and ours may differ
AFTER_WITNESS = timedelta(hours=1)  # in which the last block that the witness was told of had surely gone out
_EDGE = timedelta(minutes=1)  # of a log, at which a message may stand in the next file


def settled(sighting: Sighting | None, *, lacks: Span | None, is_whole: bool) -> DeliveryState:
    """Return what a delivery in doubt becomes, by what the log has of it; IN_DOUBT where it stays so.

    ``lacks`` is the time that the log does not cover of that in which it may have been handed over.
    """
    if sighting is not None and sighting.was_taken:
        return DeliveryState.BOUNCED if sighting.fate is Fate.BOUNCED else DeliveryState.SENT
    if sighting is not None and sighting.fate is Fate.NAMED:
        return DeliveryState.IN_DOUBT
    return DeliveryState.QUEUED if is_whole and lacks is None else DeliveryState.IN_DOUBT


def fault_of_log(known: Collection[tuple[datetime, Sighting | None]], spans: Collection[Span]) -> str:
    """Return why a log cannot be trusted to be whole, by when messages that surely were sent were, and what it has.

    Returns "" where nothing speaks against it.
    """
    due = [(at, seen) for at, seen in known if any(s.since + _EDGE <= at <= s.until - _EDGE for s in spans)]
    apart = [(seen.at - at).total_seconds() for at, seen in known if seen is not None and seen.at is not None]
    if apart and abs(off := median(apart)) > CLOCKS_APART.total_seconds():
        return f"its times are {round(off / 60)} minutes off ours: say its --zone"
    lost = sum(seen is None or seen.fate is Fate.BROKEN for _, seen in due)
    return f"{lost} of {len(due)} messages that were surely sent at its time are not in it" if lost else ""


def forgotten(store: datetime | None, witness: datetime | None, *, first: datetime, now: datetime) -> Span:
    """Return the time in which a store that was restored may have forgotten sends.

    ``first`` is when the first edition of what it has yet to send was due.
    """
    since = store or min(first, witness or first)
    until = min(now, witness + AFTER_WITNESS) if witness else now
    return Span(since, max(since, until))
