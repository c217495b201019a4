"""What a reply means for a delivery: sent, later, never, or in doubt; and how long to wait before the next attempt.

Pure: replies and times come in, verdicts go out. Not here: SMTP itself (transports), writing verdicts down (store),
what a refusal says of an address (bounces).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feeds.model import Phase, Reply
from feeds.model.bounces import Reason
from feeds.rules.bounces import failure_of

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=4)
LIFETIME = timedelta(days=5)  # RFC 5321 section 4.5.4.1 asks for at least 4 to 5 days

_LOGIN_CODES = frozenset({530, 534, 535, 538})  # RFC 4954 section 6: the server wants a login, or another one
# Commands that it does not have, or not now (RFC 5321 section 4.2.2), and no mail at all (RFC 7504).
_CODES_ABOUT_US = _LOGIN_CODES | {502, 503, 521}
_TOO_MANY = frozenset({None, "5.5.3"})  # with 552: too many recipients
_TOO_LARGE = frozenset({"5.3.4", "5.2.3"})  # RFC 3463: larger than the system, or the mailbox, takes
_SUBJECTS_OF_DOMAINS = frozenset({"3", "4", "7"})
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
    """Tell whether a refusal is surely about our login or our sender, so that no other message of ours is taken either.

    A refused sender is ours to mend, unless only this one message is too large (RFC 1870 section 6.1).
    """
    if reply.code in _CODES_ABOUT_US:
        return True
    return reply.phase is Phase.SENDER and _is_final(reply) and not _is_too_large(reply)


def is_about_server(reply: Reply) -> bool:
    """Tell whether a reply says nothing of its reader: the server is away or busy, or refuses what is ours.

    Before the recipient is named every refusal is of that kind; behind it 5.7.x is, since many servers say only then
    what they have against a sender.
    """
    if reply.code in {0, 421} or is_about_us(reply) or _is_policy(reply):
        return True
    return reply.phase is Phase.SENDER and reply.code >= 400 and not _is_too_large(reply)


def is_about_domain(reply: Reply) -> bool:
    """Tell whether what puts a message off holds for all of its recipient's domain (RFC 3463 section 3).

    So do mail systems, networks and policies (4.3.x, 4.4.x, 4.7.x), names (4.1.2), and a server that goes away, or
    falls silent, once it has heard the recipient. Never said of a refusal that is final: no waiting mends that.
    """
    if reply.phase is Phase.SENDER or _is_final(reply) or is_about_us(reply) or _outcome(reply) is not Outcome.DEFERRED:
        return False
    if reply.enhanced is None:
        return reply.code == 421 or (reply.code == 0 and reply.phase is Phase.RECIPIENT)
    _, subject, detail = reply.enhanced.split(".")
    return subject in _SUBJECTS_OF_DOMAINS or (subject, detail) == ("1", "2")


def _outcome(reply: Reply) -> Outcome:
    if _is_final(reply):
        return Outcome.DEFERRED if is_about_us(reply) or _is_policy(reply) else Outcome.BOUNCED
    if reply.code >= 400 or reply.phase is not Phase.END:
        return Outcome.DEFERRED  # before the final dot silence is harmless: nothing can have been taken
    return Outcome.SENT if 200 <= reply.code < 300 else Outcome.IN_DOUBT


def _is_final(reply: Reply) -> bool:
    """Tell whether a refusal is for good. Where its two codes contradict each other it is not.

    To wait in vain costs some attempts, to give up in vain a reader's edition.
    """
    # Servers that count recipients in other ways than ours say 552 for 452 (RFC 5321 section 4.5.3.1.10).
    may_be_too_many = reply.code == 552 and reply.phase is Phase.RECIPIENT and reply.enhanced in _TOO_MANY
    return reply.code >= 500 and not may_be_too_many and not (reply.enhanced or "").startswith("4")


def _is_policy(reply: Reply) -> bool:
    """Tell whether a final refusal is about what we are taken for. It waits, since that is mended, and not by a reader.

    5.7.x: we may not relay, nor send as who we say, a record is missing, or we are on somebody's list.
    """
    failure = failure_of(reply) if _is_final(reply) else None
    return failure is not None and failure.reason in {Reason.POLICY, Reason.SPAM}


def _is_too_large(reply: Reply) -> bool:
    return reply.enhanced in _TOO_LARGE or (reply.code == 552 and reply.enhanced is None)
