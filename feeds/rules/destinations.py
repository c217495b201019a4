"""How much a destination is sent at once, and when one that takes nothing is left alone for a while.

A destination is a domain that readers have their mailboxes at. As Postfix has it: a window that grows with what is
taken and shrinks with what is not. Pure. Not here: what a reply means for one delivery (replies), storing (store).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.model import Phase, Reply
from feeds.rules.replies import is_about_domain, wait_after

FIRST_WINDOW, MOST_WINDOW = 1, 100  # messages under way at once
MOST_FAILURES = 5  # in a row, after which a destination rests
SLOW = timedelta(seconds=10)  # for one message: such a destination has one connection, and the others the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A domain by one transport: how many messages may be under way, failures in a row, until when it rests."""

    domain: str
    window: int = FIRST_WINDOW
    failures: int = 0
    retry_at: datetime | None = None

    def rests(self, now: datetime) -> bool:
        """Tell whether nothing is to be sent there yet."""
        return self.retry_at is not None and self.retry_at > now


def after(destination: Destination, reply: Reply, *, took: timedelta, now: datetime) -> Destination:
    """Return how a destination stands after an answer that took so long.

    A mailbox that is full or unknown says nothing against its domain, nor does what the mail server says before it has
    heard of the reader; silence says something only where it was long, since any connection may break.
    """
    if reply.phase is Phase.SENDER or (reply.code in {0, 421} and took < SLOW):
        return destination
    if reply.code >= 500:
        return replace(destination, failures=0, retry_at=None)
    if 200 <= reply.code < 400:
        window = 1 if took >= SLOW else min(destination.window + 1, MOST_WINDOW)
        return replace(destination, window=window, failures=0, retry_at=None)
    if destination.rests(now):  # what was under way when it came to rest says nothing new
        return destination
    failures = destination.failures + 1
    if reply.code and is_about_domain(reply):
        failures = max(failures, MOST_FAILURES)
    rests = failures >= MOST_FAILURES
    return replace(
        destination,
        window=max(1, destination.window // 2),
        failures=failures,
        retry_at=now + wait_after(failures - MOST_FAILURES + 1) if rests else None,
    )
