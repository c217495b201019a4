"""What comes of it when somebody asks for mail: a link to confirm, a link to what there is, or nothing.

Who asks is not told which: it would tell them whose addresses are known. Pure. Not here: the counts (store), the mail
(jobs).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from feeds.model import Subscription, SubscriptionState

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# An answer to who gives an address takes a whole number of these seconds, whatever there was to do.
STEP = 0.4
ALL = "asks"  # counted of everybody together
BACK_WITHIN = timedelta(days=30)  # so long leaving can be undone


class Brought(StrEnum):
    """What is mailed to who asked."""

    CONFIRM = "confirm"
    MANAGE = "manage"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """A limit: ``what`` was asked at most ``most`` times within a time."""

    what: str
    most: int
    within: timedelta


def brakes(network: str, *, per_network: int, per_hour: int) -> tuple[Brake, ...]:
    """Return the limits on what one network, and all together, may ask for."""
    return (
        Brake(what=f"{ALL}:{network}", most=per_network, within=HOUR),
        Brake(what=ALL, most=per_hour, within=HOUR),
    )


def mail_brake(kind: str, address_key: str, secret: bytes) -> Brake:
    """Return the limit on mail of a kind that one address gets because somebody asked: one a day.

    The address stands in it as a keyed hash: what is counted says nothing of whom.
    """
    hashed = hmac.new(secret, f"asked|{address_key}".encode(), hashlib.sha256).hexdigest()[:32]
    return Brake(what=f"{kind}:{hashed}", most=1, within=DAY)


def brought(newsletters: Sequence[str], existing: Mapping[str, Subscription], *, suppressed: bool) -> Brought:
    """Decide what an address is brought that newsletters were asked for; ``existing`` is by newsletter.

    Who has them all is brought the link to what there is. A suppressed address is brought nothing, ever.
    """
    if suppressed:
        return Brought.NOTHING
    lacking = [one for one in newsletters if one not in existing or not _is_active(existing[one])]
    return Brought.CONFIRM if lacking else Brought.MANAGE


def may_confirm(existing: Subscription | None, *, asked_at: datetime) -> bool:
    """Tell whether a link to confirm still makes a subscription active: who left after it was asked for has left."""
    if existing is None or existing.state is not SubscriptionState.ENDED:
        return True
    return existing.ended_at is not None and existing.ended_at <= asked_at


def may_come_back(existing: Subscription, *, suppressed: bool, now: datetime) -> bool:
    """Tell whether leaving may be undone: for a month, by who left of their own will."""
    is_own = existing.ended_by in {"reader", "mail"}
    return is_own and not suppressed and existing.ended_at is not None and now - existing.ended_at <= BACK_WITHIN


def rest_of_step(seconds: float) -> float:
    """Return how long an answer waits that took so many seconds to find."""
    return STEP - seconds % STEP


def _is_active(subscription: Subscription) -> bool:
    return subscription.state is SubscriptionState.ACTIVE
