"""One worker's shift: batch by batch, until nothing of them is queued.

Not here: sending one batch (drain), which batches there are (delivering), several workers (crew).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import Config
from feeds.errors import TransportUnusable
from feeds.jobs.deliver.batch import Batch
from feeds.jobs.deliver.building import Builder, Naming
from feeds.jobs.deliver.drain import Drain, Post
from feeds.jobs.deliver.progress import Sending, Tally
from feeds.jobs.deliver.report import DeliverReport
from feeds.logs import JOBS
from feeds.rendering.dkim import signers_of
from feeds.rendering.edition import host_of
from feeds.store import keys
from feeds.store.engine import Store
from feeds.store.locking import worker_lock
from feeds.store.witness import Witness
from feeds.transports import TRANSPORTS

LOG = logging.getLogger(f"{JOBS}.deliver")


@dataclass(frozen=True, slots=True)
class Shift:
    """What a worker is to do: the batches in their order, and the settings and the clock to do it by.

    ``total`` is how many deliveries there are, for all workers at it.
    """

    config: Config
    batches: tuple[Batch, ...]
    clock: Callable[[], datetime]
    total: int

    def with_connections(self, connections: int) -> Shift:
        """Return this shift for a worker that may open so many connections."""
        transport = self.config.transport.model_copy(update={"connections": connections})  # fallbacks go by it
        return replace(self, config=self.config.model_copy(update={"transport": transport}))


@dataclass(frozen=True, slots=True)
class Watch:
    """How whoever started a run follows it: whether it is to stop, and what to call with how far it is."""

    should_stop: Callable[[], bool] = lambda: False
    progress: Callable[[Sending], None] = lambda _sending: None


def work(store: Store, shift: Shift, watch: Watch) -> DeliverReport:
    """Do a shift as one worker; the report says why nothing can be handed over, where that is so."""
    report, config, tally = DeliverReport(), shift.config, Tally(watch.progress, shift.total)
    with store.writing() as tx:
        key = keys.current(tx, at=shift.clock())
    witness = Witness(store, config.store.media.parent)
    naming = Naming(host=host_of(config), key=key, verp=config.transport.verp)
    builder = Builder(store, naming, signers=signers_of(config))
    with closing(builder), worker_lock(store) as worker:
        for way in config.transports:
            post = Post(
                worker=worker,
                name=way.name,
                transport=TRANSPORTS[way.kind](way),
                builder=builder,
                witness=witness,
                in_doubt=way.in_doubt,
                patience=config.bounces.patience,
                limits=way.limits,
                clock=shift.clock,
                should_stop=watch.should_stop,
            )
            if _is_done(store, shift, post, report=report, tally=tally):
                break
    witness.close_block(shift.clock())
    tally.end()
    left = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in sorted(report.counts.items()))
    LOG.info("a worker is done: %s", left or "nothing was left for it")
    return report


def _is_done(store: Store, shift: Shift, post: Post, *, report: DeliverReport, tally: Tally) -> bool:
    """Send all batches by one transport; tell whether it could be used."""
    with closing(post.transport):
        try:
            for batch in shift.batches:
                Drain(store, batch, post, report=report).run(tally)
        except TransportUnusable as error:
            report.pass_over(post.name, str(error))
            return False
    report.unusable = ""
    return True
