"""Readers leave a newsletter, or rest from it for a while.

Their records stay, so that no import wakes who has left. Not here: subscribing them (joining).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feeds.jobs.subscribe.report import LeaveReport, PauseReport
from feeds.model import Subscription, SubscriptionState
from feeds.rules.mailboxes import Mailbox
from feeds.store import subscribers
from feeds.store.engine import Store, Transaction
from feeds.store.subscribers import Pair


def unsubscribe(store: Store, mailbox: Mailbox, newsletters: Sequence[str], *, now: datetime, by: str) -> LeaveReport:
    """End a reader's subscriptions to some newsletters, to all where none is named; ``by`` says who wanted it.

    Raises UsageWrong where nobody has that address.
    """
    report = LeaveReport(mailbox.address)
    with store.writing() as tx:
        subscribers.hold(tx)
        for pair, existing in _theirs(tx, mailbox, newsletters):
            if existing is None:
                report.absent.append(pair[1])
            elif existing.state is SubscriptionState.ENDED:
                report.had_ended.append(pair[1])
            else:
                subscribers.end(tx, pair, at=now, by=by)
                report.ended.append(pair[1])
    return report


def pause(store: Store, mailbox: Mailbox, newsletters: Sequence[str], *, until: datetime, now: datetime) -> PauseReport:
    """Let a reader's active subscriptions rest until an instant; one that is over ends the rest at once.

    Raises UsageWrong where nobody has that address.
    """
    report = PauseReport(mailbox.address, until if until > now else None)
    with store.writing() as tx:
        subscribers.hold(tx)
        for pair, existing in _theirs(tx, mailbox, newsletters):
            if existing is not None and existing.state is SubscriptionState.ACTIVE:
                subscribers.mark_paused(tx, pair, until=report.until)
                report.paused.append(pair[1])
            else:
                report.inactive.append(pair[1])
    return report


def _theirs(tx: Transaction, mailbox: Mailbox, newsletters: Sequence[str]) -> list[tuple[Pair, Subscription | None]]:
    """Return the reader's subscriptions to these newsletters, None where there is none; all where none is named."""
    subscriber = subscribers.get_by_key(tx, mailbox.key)
    there = subscribers.list_subscriptions(tx, [subscriber.id])
    named = [(subscriber.id, newsletter) for newsletter in newsletters]
    return [(pair, there.get(pair)) for pair in named or there]
