"""What consent that an operator brings does to what is there: who is subscribed, and whom nothing wakes but a person.

Pure. Not here: reading who it is (mailboxes), keeping it (store).
"""

from __future__ import annotations

from enum import StrEnum

from feeds.model import Subscription, SubscriptionState


class Way(StrEnum):
    """How consent came: one reader by hand, or a file of many."""

    ADD = "add"
    IMPORT = "import"


class Outcome(StrEnum):
    """What becomes of one reader and one newsletter."""

    ADDED = "added"
    CONFIRMED = "confirmed"  # it was pending, and consent is what it waited for
    RENEWED = "renewed"  # it had ended, and a person said: again
    ALREADY_THERE = "already_there"
    STAYS_ENDED = "stays_ended"
    SUPPRESSED = "suppressed"


SUBSCRIBES = frozenset({Outcome.ADDED, Outcome.CONFIRMED, Outcome.RENEWED})


def decide(
    existing: Subscription | None, *, suppressed: bool, by: Way, again: bool = False, forgotten: bool = False
) -> Outcome:
    """Decide what consent does to a subscription that may exist.

    A suppressed address is never subscribed. Who left, or asked to be ``forgotten``, comes back by hand only, and only
    ``again``: a file may be older than their wish.
    """
    if suppressed:
        return Outcome.SUPPRESSED
    if forgotten or (existing and existing.state is SubscriptionState.ENDED):
        return Outcome.RENEWED if by is Way.ADD and again else Outcome.STAYS_ENDED
    if existing is None:
        return Outcome.ADDED
    return Outcome.CONFIRMED if existing.state is SubscriptionState.PENDING else Outcome.ALREADY_THERE
