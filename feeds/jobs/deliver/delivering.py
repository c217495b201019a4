"""A delivery run: settle what dead workers left, queue what is due again, then send notices, and edition by edition.

Not here: a worker's shift (working), several workers (crew), sending one batch (drain).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from feeds.config import Config
from feeds.jobs.deliver.batch import Batch
from feeds.jobs.deliver.crew import work_together
from feeds.jobs.deliver.report import DeliverReport
from feeds.jobs.deliver.working import Shift, Watch, work
from feeds.model import EditionState
from feeds.rules.delivering import MOST_CRASHES, MOST_DOUBTS, InDoubt, workers_for
from feeds.store import deliveries, delivery_changes, delivery_lists, edition_files, editions, notices
from feeds.store.dead_workers import settle_dead
from feeds.store.engine import Store
from feeds.store.witness import Witness
from feeds.transports import ONCE_ONLY


def deliver(
    config: Config, store: Store, *, clock: Callable[[], datetime], watch: Watch, only_notices: bool = False
) -> DeliverReport:
    """Deliver what is queued and due. Where nothing can be handed over, the report says why, and nobody is blamed.

    Notices go first: somebody waits before a mailbox for each. With ``only_notices`` editions are not looked at.
    Raises LedgerBehind where the store may have forgotten what it sent.
    """
    if any(way.kind not in ONCE_ONLY for way in config.transports):
        Witness(store, config.store.media.parent).require()
    report = DeliverReport(recovered=_settle(config, store, clock()))
    due = _due_notices(store, clock())
    if not only_notices:
        due |= _due_editions(config, store, report=report, now=clock())
    if due:
        _send(store, Shift(config, tuple(due), clock, sum(due.values())), report=report, watch=watch)
    with store.reading() as tx:
        report.held = {state.value: number for state, number in delivery_lists.count_held(tx).items()}
    return report


def _settle(config: Config, store: Store, now: datetime) -> int:
    """Settle what dead workers left, and queue again what may be tried again; return how many had died."""
    recovered = settle_dead(store, now, most_crashes=MOST_CRASHES)
    once_only = {way.name for way in config.transports if way.kind in ONCE_ONLY}
    harmless = None if config.transport.in_doubt is InDoubt.RESEND else ONCE_ONLY | once_only
    with store.writing() as tx:
        deliveries.resend_doubtful(tx, transports=harmless, most_attempts=MOST_DOUBTS)
        deliveries.requeue_deferred(tx, now)
        delivery_changes.cancel_of_cancelled(tx, now)
    return recovered


def _due_notices(store: Store, now: datetime) -> dict[Batch, int]:
    """Return the notices as a batch, where some are to be sent, and how many."""
    with store.reading() as tx:
        queued = notices.count_queued(tx, now)
    return {Batch(): queued} if queued else {}


def _due_editions(config: Config, store: Store, *, report: DeliverReport, now: datetime) -> dict[Batch, int]:
    """Return the editions with something to send, oldest first, and how much.

    Those of newsletters that are gone wait, and those whose pictures are not in print.
    """
    configured = {newsletter.slug for newsletter in config.newsletters}
    with store.reading() as tx:
        queued = deliveries.count_queued(tx, now)
        found = editions.list_with(tx, queued.keys())
        # Where the output was emptied, nothing is in print that the store thinks is.
        stands = config.output.front.is_file()
        unshown = edition_files.list_unshown(tx) if stands else edition_files.list_showing(tx, queued.keys())
    report.unshown = {edition.id: queued[edition.id] for edition in found if edition.id in unshown}
    report.waiting = {edition.id: queued[edition.id] for edition in found if edition.newsletter not in configured}
    report.halted = {edition.id: queued[edition.id] for edition in found if edition.state is EditionState.PAUSED}
    due = (edition for edition in found if edition.newsletter in configured and edition.id not in unshown)
    return {Batch(edition): queued[edition.id] for edition in due if edition.state is EditionState.COMPOSED}


def _send(store: Store, shift: Shift, *, report: DeliverReport, watch: Watch) -> None:
    """Send in this process, or in several where there is much to send."""
    transport = shift.config.transport
    workers = workers_for(shift.total, most=min(transport.workers, transport.connections))
    if workers == 1:
        report.add(work(store, shift, watch))
        return

    begun_at, died_before = shift.clock(), report.recovered

    def settle() -> None:
        report.recovered += settle_dead(store, shift.clock(), most_crashes=MOST_CRASHES)

    report.add(work_together(store, shift, workers, watch=watch, settle=settle))
    if report.recovered > died_before:
        with store.reading() as tx:
            ended = delivery_lists.count_ended(tx, [batch.name for batch in shift.batches], since=begun_at)
        report.make_good(ended)
