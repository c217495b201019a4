"""A delivery run: settle what dead workers left, queue what is due again, then send edition by edition.

Not here: sending one (drain).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from feeds.config import Config
from feeds.errors import TransportUnusable
from feeds.jobs.deliver.drain import Drain, Post
from feeds.jobs.deliver.report import DeliverReport
from feeds.model import Edition, EditionState
from feeds.rendering.edition import host_of
from feeds.rules.delivering import MOST_CRASHES, MOST_DOUBTS, InDoubt
from feeds.store import deliveries, delivery_changes, delivery_lists, edition_files, editions, keys
from feeds.store.engine import Store
from feeds.store.locking import dead_worker, list_lock_files, worker_lock
from feeds.transports import ONCE_ONLY, TRANSPORTS


def deliver(
    config: Config,
    store: Store,
    *,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[str], None] = lambda _address: None,
) -> DeliverReport:
    """Deliver what is queued and due. Where nothing can be handed over, the report says why, and nobody is blamed."""
    report = DeliverReport()
    _settle(config, store, report=report, now=clock())
    due = _due_editions(config, store, report=report, now=clock())
    if due:
        try:
            _send(config, store, due, report=report, clock=clock, should_stop=should_stop, progress=progress)
        except TransportUnusable as error:
            report.unusable = str(error)
    with store.reading() as tx:
        report.held = {state.value: number for state, number in delivery_lists.count_held(tx).items()}
    return report


def _settle(config: Config, store: Store, *, report: DeliverReport, now: datetime) -> None:
    """Settle what dead workers left, and queue again what may be tried again."""
    with store.reading() as tx:
        workers = {*deliveries.list_workers(tx), *list_lock_files(store)}
    for worker in sorted(workers):
        report.recovered += _recover(store, worker, now)
    harmless = None if config.transport.in_doubt is InDoubt.RESEND else ONCE_ONLY
    with store.writing() as tx:
        deliveries.resend_doubtful(tx, transports=harmless, most_attempts=MOST_DOUBTS)
        deliveries.requeue_deferred(tx, now)
        delivery_changes.cancel_of_cancelled(tx, now)


def _recover(store: Store, worker: str, now: datetime) -> bool:
    """Settle what a worker left, if it is dead; tell whether it was."""
    with dead_worker(store, worker) as is_dead:
        if is_dead:
            with store.writing() as tx:
                deliveries.recover(tx, worker, at=now, most_crashes=MOST_CRASHES)
    return is_dead


def _due_editions(config: Config, store: Store, *, report: DeliverReport, now: datetime) -> list[Edition]:
    """Return the editions with something to send, oldest first.

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
    due = (edition for edition in found if edition.newsletter in configured and edition.id not in unshown)
    return [edition for edition in due if edition.state is EditionState.COMPOSED]


def _send(
    config: Config,
    store: Store,
    due: list[Edition],
    *,
    report: DeliverReport,
    clock: Callable[[], datetime],
    should_stop: Callable[[], bool],
    progress: Callable[[str], None],
) -> None:
    with store.writing() as tx:
        key = keys.current(tx, at=clock())
    with worker_lock(store) as worker, closing(TRANSPORTS[config.transport.kind](config.transport)) as transport:
        post = Post(
            worker=worker,
            transport=transport,
            host=host_of(config),
            key=key if config.transport.verp else None,
            in_doubt=config.transport.in_doubt,
            clock=clock,
            should_stop=should_stop,
        )
        for edition in due:
            if report.stopped:
                return
            Drain(store, edition, post, report=report).run(progress)
