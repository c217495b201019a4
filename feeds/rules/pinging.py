"""What a hub's answer means for a ping, and when to try again.

Pure: answers and times come in, verdicts go out. Not here: the request (outgoing), writing verdicts down (store).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from feeds.model.pings import PingState

FIRST_WAIT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=6)
LIFETIME = timedelta(hours=24)  # by then readers have polled: news is no news any more
_DOUBLINGS = 9  # a minute so often doubled is more than six hours: more would only make huge numbers


@dataclass(frozen=True, slots=True)
class PingVerdict:
    """What becomes of a ping; ``retry_at`` says when a deferred one is tried again."""

    state: PingState
    retry_at: datetime | None = None


def verdict(status: int | None, *, attempt: int, queued_at: datetime, now: datetime) -> PingVerdict:
    """Decide by the hub's status, None where it did not answer, after attempt number ``attempt`` (1 is the first)."""
    if is_taken(status):
        return PingVerdict(PingState.SENT)
    if now - queued_at >= LIFETIME:
        return PingVerdict(PingState.FAILED)
    return PingVerdict(PingState.DEFERRED, retry_at=now + wait_after(attempt))


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after a failed attempt: it doubles, up to six hours."""
    doubled: int = 2 ** min(attempt - 1, _DOUBLINGS)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def is_taken(status: int | None) -> bool:
    """Tell whether the hub took the ping."""
    return status is not None and 200 <= status < 300


def is_down(status: int | None) -> bool:
    """Tell whether the hub takes no pings at all now, so that the others are not tried in vain.

    Another refusal may be about this document alone.
    """
    return status is None or status >= 500 or status == 429
