"""What a reply means for a delivery: sent, later, never, or in doubt; and how long to wait before the next attempt.

Pure: replies and times come in, verdicts go out. Not here: SMTP itself (transports), writing verdicts down (store).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feeds.model import Phase, Reply

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)
LIFETIME = timedelta(days=5)  # RFC 5321 section 4.5.4.1 asks for at least 4 to 5 days

_LOGIN_CODES = frozenset({530, 534, 535, 538})  # RFC 4954 section 6: the server wants a login, or another one
_TOO_LARGE = frozenset({"5.3.4", "5.2.3"})  # RFC 3463: larger than the system, or the mailbox, takes
_DOUBLINGS = 6  # 5 minutes so often doubled are more than four hours: more would only make huge numbers


class Outcome(StrEnum):
    """What became of an attempt. IN_DOUBT: the message was handed over whole, and nobody said what became of it."""

    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    EXPIRED = "expired"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What we make of a reply; ``retry_at`` says when a deferred delivery is tried again."""

    outcome: Outcome
    retry_at: datetime | None = None


def verdict(reply: Reply, *, attempt: int, queued_at: datetime, now: datetime) -> Verdict:
    """Decide what becomes of a delivery after its attempt number ``attempt`` (1 is the first)."""
    outcome = _outcome(reply)
    if outcome is not Outcome.DEFERRED:
        return Verdict(outcome)
    if now - queued_at >= LIFETIME:
        return Verdict(Outcome.EXPIRED)
    return Verdict(Outcome.DEFERRED, retry_at=now + wait_after(attempt))


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after a failed attempt: it doubles, up to four hours."""
    doubled: int = 2 ** min(attempt - 1, _DOUBLINGS)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def is_about_us(reply: Reply) -> bool:
    """Tell whether a refusal is about our login or our sender, so that it says nothing about any reader.

    A refused sender is ours to mend, unless only this one message is too large (RFC 1870 section 6.1).
    """
    if reply.code in _LOGIN_CODES:
        return True
    is_too_large = reply.code == 552 or reply.enhanced in _TOO_LARGE
    return reply.phase is Phase.SENDER and reply.code >= 500 and not is_too_large


def _outcome(reply: Reply) -> Outcome:
    if reply.code >= 500:
        return Outcome.DEFERRED if is_about_us(reply) else Outcome.BOUNCED
    if reply.code >= 400 or reply.phase is not Phase.END:
        return Outcome.DEFERRED  # before the final dot silence is harmless: nothing can have been taken
    return Outcome.SENT if 200 <= reply.code < 300 else Outcome.IN_DOUBT
