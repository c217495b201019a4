"""Take in one report: whose is it, what does it say, and ONE transaction for all that follows from it.

A report that was taken in before changes nothing, so that a killed run and a repeated one do no harm. Not here: where
reports come from (boxes), what proves one (proving).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from feeds.jobs.bounce.proving import prove
from feeds.jobs.bounce.report import Taken
from feeds.model import SubscriptionState
from feeds.model.bounces import Bounce, Kind, Reason
from feeds.rules.bounces import Failure, Patience, judge
from feeds.rules.bounces_mime import normal
from feeds.rules.bounces_reading import Report, Sort, read_report
from feeds.rules.bounces_words import enhanced_codes
from feeds.store import bounces, newsletters, sent_deliveries, subscribers
from feeds.store.engine import Store, Transaction
from feeds.store.sent_deliveries import IN_HAND, SentDelivery

_WORTHLESS = frozenset({Kind.AUTOMATIC, Kind.DELAY, Kind.LEAVE})  # as evidence: only that they came is kept
_COMPLAINT = Failure(Kind.COMPLAINT, Reason.COMPLAINT, "called junk by its reader")


@dataclass(frozen=True, slots=True)
class Desk:
    """What reports are judged with: the domain of our Message-IDs, and how many soft bounces are borne."""

    host: str
    patience: Patience


def take(store: Store, desk: Desk, data: bytes, *, now: datetime) -> Taken:
    """Take in one report, given as it came."""
    report = read_report(data)
    with store.reading() as tx:  # it may have to look through an edition: nobody else waits for that
        known = bounces.find_kind(tx, report.id)
        delivery = None if known else prove(tx, report, host=desk.host, now=now)
    if known is not None:
        return Taken(id=report.id, kind=known, about=report.about, was_known=True)
    failure = _failure(report, delivery)
    kind = failure.kind if failure else _kind(report, delivery)
    is_nobody = delivery is not None and delivery.forgotten_at is not None
    kept = b"" if is_nobody or kind in _WORTHLESS else normal(data)
    bounce = Bounce(id=report.id, received_at=now, kind=kind, data=kept)
    with store.writing() as tx:
        subscribers.hold(tx)  # of two that take in the same report, the second finds it taken
        if bounces.find_kind(tx, report.id) is not None:
            return Taken(id=report.id, kind=kind, about=report.about, was_known=True)
        if delivery is None or kind is Kind.DELAY:
            bounces.add(tx, bounce)
            return Taken(id=report.id, kind=kind, about=report.about)
        if failure is None:
            return _leave(tx, report, delivery, bounce=bounce)
        return _fail(tx, desk, delivery, bounce=bounce, taken=_taken(report, delivery, failure))


def _kind(report: Report, delivery: SentDelivery | None) -> Kind:
    """Return what a report is that tells of no failure, or that nothing proves."""
    if report.sort is Sort.AUTOMATIC:
        return Kind.AUTOMATIC
    if report.sort is Sort.PLAIN:
        return (Kind.LEAVE if delivery else Kind.UNPROVEN) if report.leaving else Kind.UNCLEAR
    return Kind.DELAY if delivery or report.sort is Sort.DELAY else Kind.UNPROVEN


def _failure(report: Report, delivery: SentDelivery | None) -> Failure | None:
    """Return what failed for a reader; None where nothing is proved, or where it failed for others alone."""
    if delivery is None or report.sort is Sort.PLAIN:
        return None
    if report.sort is Sort.COMPLAINT:
        return _COMPLAINT
    found = report.fate_of(delivery.address_key)
    return judge(found[0].said, status=found[0].status, is_theirs=found[1]) if found else None


def _fail(tx: Transaction, desk: Desk, delivery: SentDelivery, *, bounce: Bounce, taken: Taken) -> Taken:
    """Record a failure or complaint: the report, the delivery, the suppression, the end of a subscription."""
    is_complaint = bounce.kind is Kind.COMPLAINT
    now = sent_deliveries.find(tx, delivery.id)
    in_hand = now is not None and now.state in IN_HAND and now.generation == delivery.generation
    if in_hand and not is_complaint:
        return replace(taken, waits=True)  # it came back sooner than its worker could write that it went out
    said = taken.said or str(taken.reason)
    key = None if delivery.forgotten_at else delivery.address_key
    bounce = replace(bounce, reason=taken.reason, delivery_id=delivery.id, address_key=key)
    made = bounces.take(tx, bounce, evidence=f"{delivery.name}: {said}", patience=desk.patience)
    if is_complaint:  # it takes back the consent to this newsletter
        left = _end(tx, delivery, at=bounce.received_at, by="complaint")
        return replace(taken, suppressed=made is not None, left=left)
    code = next((f"{grade}.{detail}" for grade, detail in enhanced_codes(said)), None)
    if sent_deliveries.mark_bounced(tx, delivery, at=bounce.received_at, enhanced=code, said=said):
        newsletters.lower_floor(tx, delivery.newsletter, sent_deliveries.list_entry_times(tx, delivery.id))
    return replace(taken, suppressed=made is not None)


def _leave(tx: Transaction, report: Report, delivery: SentDelivery, *, bounce: Bounce) -> Taken:
    """End the one subscription that a mail to its own address asks to end."""
    bounces.add(tx, replace(bounce, delivery_id=delivery.id))
    left = _end(tx, delivery, at=bounce.received_at, by="mail")
    key, edition = delivery.address_key, delivery.name
    return Taken(id=report.id, kind=Kind.LEAVE, address=key, edition=edition, about=report.about, left=left)


def _end(tx: Transaction, delivery: SentDelivery, *, at: datetime, by: str) -> bool:
    """End the subscription that brought a delivery; one that began after it is another, and stays."""
    pair = (delivery.subscriber_id, delivery.newsletter)
    there = subscribers.list_subscriptions(tx, [delivery.subscriber_id]).get(pair)
    if there is None or there.state is SubscriptionState.ENDED:
        return False
    if there.confirmed_at is not None and there.confirmed_at > delivery.queued_at:
        return False
    subscribers.end(tx, pair, at=at, by=by, origin=f"{by} about {delivery.name}")
    return True


def _taken(report: Report, delivery: SentDelivery, failure: Failure) -> Taken:
    return Taken(
        id=report.id,
        kind=failure.kind,
        reason=failure.reason,
        address=delivery.address_key,
        edition=delivery.name,
        about=report.about,
        said=failure.said,
    )
