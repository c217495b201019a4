"""Reconciling: what is in doubt is looked up in the mail server's log, and all that is to come in a restored store.

Found is sent, surely absent is queued again, and what the log does not cover stays as it was. Not here: what lines mean
and what they settle (rules), how it is seen that a backup was restored (store.witness).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from itertools import islice
from pathlib import Path

from feeds.config import Config
from feeds.jobs.reconcile import logs
from feeds.jobs.reconcile.report import ReconcileReport, Settled
from feeds.model import DeliveryState
from feeds.rules.delivering import MOST_CRASHES
from feeds.rules.mail_log import Fate, LogReading, Sighting, name_of
from feeds.rules.mail_log_times import Span, joined, missing
from feeds.rules.message_identity import edition_part, edition_part_of, message_id, notice_of
from feeds.rules.reconciling import fault_of_log, forgotten, settled
from feeds.store import delivery_lists, open_deliveries, sent_deliveries
from feeds.store.dead_workers import settle_dead
from feeds.store.engine import Store
from feeds.store.open_deliveries import UNSETTLED, Found, OpenDelivery
from feeds.store.witness import Witness
from feeds.transports import ONCE_ONLY

KNOWN = 500  # messages that were surely sent, by which a log is proved
AROUND = timedelta(hours=1)  # before and behind the time in question, from which such messages are taken
AT_ONCE = 500  # deliveries in one transaction
_TEST = "test"  # what stands for the slot in the name of a test


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The log's files, and until when a person says that they are whole; ``zone`` is that of times without one."""

    files: tuple[Path, ...]
    zone: tzinfo
    complete_until: datetime | None = None


@dataclass(slots=True)
class _Case:
    """What is to be settled ``now``, by the messages' names; what surely was sent; what the log has ``seen`` of both,
    and what else of ours it names.

    ``gap`` is the time in which a restored store may have forgotten sends, ``knows_until`` when it last sent itself.
    """

    open: dict[str, OpenDelivery]
    known: dict[str, OpenDelivery]
    now: datetime
    gap: Span | None = None
    knows_until: datetime | None = None
    seen: dict[str, Sighting] = field(default_factory=dict)
    strangers: Counter[str] = field(default_factory=Counter)


def reconcile(
    config: Config, store: Store, evidence: Evidence, *, now: datetime, dry_run: bool = False
) -> ReconcileReport:
    """Settle by a log what the ledger does not know; raise RequestFailed where a file of it cannot be read."""
    witness = Witness(store, config.store.media.parent)
    files = logs.in_order(evidence.files, evidence.zone)
    standing = witness.standing()
    if not dry_run:
        settle_dead(store, now, most_crashes=MOST_CRASHES)
    case = _open_case(store, now=now, standing=(standing.store, standing.witness) if standing.is_behind else None)
    reading = LogReading({*case.open, *case.known}, lambda name, at: _note_stranger(case, name, at))
    spans = joined(logs.read(log, reading.take) for log in files)
    if evidence.complete_until:
        spans = [Span(spans[0].since, max(evidence.complete_until, spans[0].since))]
    report = ReconcileReport(covered=spans, restored=standing.is_behind)
    case.seen = reading.seen
    _judge_log(report, case)
    _settle(store, report, case, dry_run=dry_run)
    if case.gap:
        report.still_behind = _why_behind(store, report, case)
        if not report.still_behind and not dry_run:
            witness.accept(now)
    return report


# ---- what there is to settle ----


def _open_case(store: Store, *, now: datetime, standing: tuple[datetime | None, datetime | None] | None) -> _Case:
    """Return what is in doubt; where the store may have forgotten sends, all that it would send as well."""
    with store.reading() as tx:
        states = UNSETTLED if standing else (DeliveryState.IN_DOUBT,)
        found = {_name(one): one for one in open_deliveries.list_in(tx, states)}
        first = min((one.due_at for one in found.values()), default=now)
        gap = forgotten(*standing, first=first, now=now) if standing else None
        windows = [_window(one, gap, now) for one in found.values()] + ([gap] if gap else [])
        since = min((window.since for window in windows), default=now) - AROUND
        until = max((window.until for window in windows), default=now) + AROUND
        sent = open_deliveries.list_sent(tx, since=since, until=until, but=ONCE_ONLY, limit=KNOWN)
    known = {_name(one): one for one in sent}
    return _Case(found, known, now, gap=gap, knows_until=standing[0] if standing else None)


def _name(one: OpenDelivery) -> str:
    return name_of(message_id(one.name, one.subscriber_id, generation=one.generation, host=""))


def _window(one: OpenDelivery, gap: Span | None, now: datetime) -> Span:
    """Return the time in which a message was handed over, if it was.

    In doubt, from its Date to when it was given up; in a restored store, in the time that it has forgotten.
    """
    if gap and one.state is not DeliveryState.IN_DOUBT:
        return gap
    since = one.dated_at or one.due_at
    window = Span(since, max(since, one.ended_at or now))
    return Span(min(gap.since, window.since), max(gap.until, window.until)) if gap else window


def _note_stranger(case: _Case, name: str, at: datetime | None) -> None:
    beginning = edition_part(name)
    is_old = at is not None and case.knows_until is not None and at < case.knows_until
    if beginning and case.gap and not is_old:
        case.strangers[beginning] += 1


# ---- what the log says ----


def _judge_log(report: ReconcileReport, case: _Case) -> None:
    known = [(one.ended_at, case.seen.get(name)) for name, one in case.known.items() if one.ended_at]
    if fault := fault_of_log(known, report.covered):
        report.faults.append(fault)


def _settle(store: Store, report: ReconcileReport, case: _Case, *, dry_run: bool) -> None:
    names = iter(case.open)
    while batch := list(islice(names, AT_ONCE)):
        found, again = [], []
        for name in batch:
            one, sighting = case.open[name], case.seen.get(name)
            lacks = missing(_window(one, case.gap, case.now), report.covered)
            state = settled(sighting, lacks=lacks, is_whole=not report.faults)
            if state is DeliveryState.QUEUED:
                again.append(one)
                now_is = state if one.state is DeliveryState.IN_DOUBT else one.state
                report.note(_told(one, now_is, _absent(one)), is_sure=True)
            elif state is DeliveryState.IN_DOUBT:
                report.note(_told(one, one.state, _unsure(report, sighting, lacks)), is_sure=False)
            elif sighting:
                found.append(_found(one, state, sighting, now=case.now))
                report.note(_told(one, state, found[-1].said), is_sure=True)
        if not dry_run:
            _record(store, found, again, now=case.now)


def _record(store: Store, found: Sequence[Found], again: Sequence[OpenDelivery], *, now: datetime) -> None:
    doubtful = [one.id for one in again if one.state is DeliveryState.IN_DOUBT]
    with store.writing() as tx:
        open_deliveries.mark_found(tx, found)
        delivery_lists.requeue(tx, doubtful, now=now, states=[DeliveryState.IN_DOUBT], again=False)


def _found(one: OpenDelivery, state: DeliveryState, sighting: Sighting, *, now: datetime) -> Found:
    words = f"queued as {sighting.queue_id}, by the mail server's log"
    said = f"{words}: {sighting.said}" if sighting.said else words
    return Found(delivery=one, state=state, at=sighting.at or now, enhanced=sighting.enhanced, said=said)


def _told(one: OpenDelivery, state: DeliveryState, said: str) -> Settled:
    return Settled(one.name, one.address, state, said)


def _absent(one: OpenDelivery) -> str:
    is_doubtful = one.state is DeliveryState.IN_DOUBT
    return "not in the log: queued again, under the same Message-ID" if is_doubtful else "not in the log: to be sent"


def _unsure(report: ReconcileReport, sighting: Sighting | None, lacks: Span | None) -> str:
    if sighting and sighting.fate is Fate.NAMED:
        return f"came in as {sighting.queue_id}, and the log does not say whether it was taken: look into the queue"
    if report.faults:
        return "not in the log, which is not to be trusted"
    assert lacks is not None  # or it would be settled
    return f"not in the log, which lacks {lacks.since:%Y-%m-%d %H:%M:%S} to {lacks.until:%Y-%m-%d %H:%M:%S} UTC"


# ---- after a backup was restored ----


def _why_behind(store: Store, report: ReconcileReport, case: _Case) -> str:
    """Return why it is still not sure what a restored store has forgotten, "" where it is."""
    assert case.gap is not None  # or nobody asks
    strangers = _unknown_editions(store, case)
    if lacks := missing(case.gap, report.covered):
        return f"the log lacks {lacks.since:%Y-%m-%d %H:%M:%S} to {lacks.until:%Y-%m-%d %H:%M:%S} UTC"
    if report.faults:
        return "the log is not to be trusted"
    if strangers:
        named = ", ".join(f"{beginning} ({number} messages)" for beginning, number in strangers.items())
        return f"the log has editions that the store does not know: {named}; compose them, then reconcile once more"
    if not case.strangers and not any(one.was_taken for one in case.seen.values()):
        return "the log has none of our messages: it may be another server's"
    if known := sum(case.strangers.values()):
        settled_before = "are settled already, were sent anew, or went to readers whom the store does not know"
        report.notes.append(f"{known} more messages in it {settled_before}")
    return ""


def _unknown_editions(store: Store, case: _Case) -> dict[str, int]:
    """Return the editions in a log that the store lacks, by what their messages' names begin with."""
    # A test, and a notice of which nobody waits any more, can be composed no more.
    lost = {one for one in case.strangers if one.endswith(f".{_TEST}") or notice_of(one)}
    named = {one: number for one, number in case.strangers.items() if one not in lost}
    with store.reading() as tx:
        ids = [sent_deliveries.list_edition_ids(tx, slug) for slug in {one.partition(".")[0] for one in named}]
    ours = {edition_part_of(one) for some in ids for one in some}
    return {one: number for one, number in named.items() if one not in ours}
