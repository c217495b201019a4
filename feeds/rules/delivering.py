"""Whether a claimed delivery may still go, what an outcome makes of it, and when an edition pauses.

Pure. Not here: what a reply means (replies), the steps themselves (store, jobs).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from feeds.model import DeliveryState, NoticeKind, SubscriptionState
from feeds.rules.replies import Outcome

TRIAL_AFTER = 2  # workers that died with it in hand: the third try is made where it harms none, as Mailman shunts it
MOST_CRASHES = 10  # after which it is set aside though the trial went well: a worker may also have been killed
MOST_DOUBTS = 10  # attempts, after which what is in doubt is not re-sent without a person
MOST_SILENCES = 5  # connections lost, or all of us refused, with nothing sent between: the server is taken to be down
MOST_NEW_DOUBTS = 2  # messages in doubt with nothing sent between: as above, and each costs a reader
FEWEST_CLAIMED, MOST_CLAIMED = 20, 500  # deliveries at once
BRISK, SLOW = timedelta(seconds=0.5), timedelta(seconds=2)  # for what was claimed at once to go out
WORTH_A_WORKER = 1000  # deliveries: a process takes a second to start, in which one that runs sends as many


class InDoubt(StrEnum):
    """What to do with a message that may or may not have arrived."""

    HOLD = "hold"
    RESEND = "resend"


_STATES = {
    Outcome.SENT: DeliveryState.SENT,
    Outcome.DEFERRED: DeliveryState.DEFERRED,
    Outcome.BOUNCED: DeliveryState.BOUNCED,
    Outcome.EXPIRED: DeliveryState.EXPIRED,
    Outcome.IN_DOUBT: DeliveryState.IN_DOUBT,
}


def refusal(
    subscription: SubscriptionState | None,
    *,
    paused_until: datetime | None,
    is_forgotten: bool,
    is_suppressed: bool,
    now: datetime,
    is_by_feed: bool = False,
    notice: NoticeKind | None = None,
) -> DeliveryState | None:
    """Return how a delivery ends without being sent, or None where it may go; ``notice`` says what it brings if one.

    Who left, was removed or forgotten after the edition was fixed is not mailed; who paused gets its entries later, and
    to whom a private feed brings them, that does.
    A notice goes to whoever asked for it, paused or not, unless what it says is so no more.
    """
    if is_forgotten or not _still_holds(subscription, notice):
        return DeliveryState.CANCELLED
    if is_suppressed:
        return DeliveryState.SUPPRESSED
    rests = is_by_feed or (paused_until is not None and paused_until > now)
    return DeliveryState.CANCELLED if rests and notice is None else None


def _still_holds(subscription: SubscriptionState | None, notice: NoticeKind | None) -> bool:
    """Tell whether a subscription is such that what is brought says the truth; None where it is of no newsletter."""
    is_active = subscription is SubscriptionState.ACTIVE
    if notice is None:
        return is_active
    if notice is NoticeKind.WELCOME:
        return is_active or subscription is None
    return not (notice is NoticeKind.LEFT and is_active)


def state_after(outcome: Outcome, *, attempt: int, repeats: bool, in_doubt: InDoubt) -> DeliveryState:
    """Return the state that an outcome leaves a delivery in.

    What is in doubt is tried again where the operator says so, or where handing it over twice does not ``repeat`` it;
    but not without end: a server may take each copy and never say so.
    """
    may_repeat = attempt < MOST_DOUBTS and (in_doubt is InDoubt.RESEND or not repeats)
    if outcome is Outcome.IN_DOUBT and may_repeat:
        return DeliveryState.DEFERRED
    return _STATES[outcome]


def needs_trial(crashes: int) -> bool:
    """Tell whether a message is first built in a process of its own, since workers died over it."""
    return crashes >= TRIAL_AFTER


def is_down(*, silences: int, doubts: int) -> bool:
    """Tell whether a server is to be left alone for now: so many silences or doubts since it took one."""
    return silences >= MOST_SILENCES or doubts >= MOST_NEW_DOUBTS


def must_pause(unbuildable: int, total: int) -> bool:
    """Tell whether an edition waits for a person: more than one message, and one in a hundred, cannot be built."""
    return unbuildable > max(1, total / 100)


def claims_after(claims: int, took: timedelta) -> int:
    """Return how many deliveries to claim next, when the last so many took so long.

    Few enough that little is out of date when its turn comes: readers leave and editions are cancelled meanwhile.
    """
    if took < BRISK:
        return min(2 * claims, MOST_CLAIMED)
    return max(claims // 2, FEWEST_CLAIMED) if took > SLOW else claims


def workers_for(queued: int, *, most: int) -> int:
    """Return how many worker processes are worth their start, for so many deliveries."""
    return max(1, min(most, queued // WORTH_A_WORKER))
