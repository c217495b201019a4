"""The only code that sends: takes an edition's queued deliveries, one after another, until none is left.

Not here: which editions (delivering), SMTP (transports), the ledger's statements (store).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from feeds.errors import StoreUnusable, TransportUnusable
from feeds.jobs.deliver.report import DeliverReport
from feeds.jobs.deliver.trial import survives
from feeds.model import DeliveryState, Edition, Envelope, Phase, Reply
from feeds.rendering.edition import frame_from, message_from
from feeds.rendering.views import Mailbox
from feeds.rules.delivering import InDoubt, is_down, must_pause, needs_trial, refusal, state_after
from feeds.rules.message_identity import message_id, return_path
from feeds.rules.replies import Outcome, verdict, wait_after
from feeds.store import deliveries, delivery_lists, editions
from feeds.store.deliveries import Claimed
from feeds.store.engine import Store, Transaction
from feeds.transports import Transport, wire

BATCH = 20  # deliveries claimed at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a worker sends with: its name, the transport, the site's domain and key, and what to do in doubt.

    ``key`` is None where return paths carry no token.
    """

    worker: str
    transport: Transport
    host: str
    key: tuple[int, bytes] | None
    in_doubt: InDoubt
    clock: Callable[[], datetime]
    should_stop: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of one attempt; ``until`` is when a deferred one is due again."""

    state: DeliveryState
    reply: Reply | None = None
    until: datetime | None = None


class Drain:
    """Sends one edition as one worker. Call :meth:`run` once."""

    def __init__(self, store: Store, edition: Edition, post: Post, *, report: DeliverReport) -> None:
        self._store, self._edition, self._post, self._report = store, edition, post, report
        self._parts: dict[str, dict[str, bytes]] = {}
        self._silences = self._doubts = 0

    def run(self, progress: Callable[[str], None]) -> None:
        """Deliver until nothing is queued, a stop is asked for, or too much cannot be built.

        Raises TransportUnusable and StoreUnusable with every claim given back, where that can be written.
        """
        with self._store.reading() as tx:
            counts = delivery_lists.count_by_state(tx, [self._edition.id]).get(self._edition.id, {})
        self._total, self._unbuildable = sum(counts.values()), counts.get(DeliveryState.UNBUILDABLE, 0)
        try:
            while not self._must_end() and (batch := self._claim()):
                self._deliver(batch, progress)
        finally:
            with suppress(StoreUnusable), self._store.writing() as tx:
                deliveries.release(tx, self._post.worker)

    def _must_end(self) -> bool:
        if must_pause(self._unbuildable, self._total):
            self._report.pause(self._edition.id)
            return True
        self._report.stopped = self._post.should_stop()
        return self._report.stopped

    def _claim(self) -> list[Claimed]:
        with self._store.writing() as tx:
            now = self._post.clock()
            batch = deliveries.claim(tx, self._edition, worker=self._post.worker, now=now, limit=BATCH)
            if batch:
                deliveries.mark_begun(tx, batch[0].delivery.id, worker=self._post.worker, at=now)
        return batch

    def _deliver(self, batch: list[Claimed], progress: Callable[[str], None]) -> None:
        for claimed, following in zip(batch, [*batch[1:], None], strict=True):
            if self._must_end():
                return
            progress(claimed.address)
            ending = self._attempt(claimed)
            with self._store.writing() as tx:
                kept = ending is not None and self._record(tx, claimed, ending)
                if following is not None:
                    deliveries.mark_begun(tx, following.delivery.id, worker=self._post.worker, at=self._post.clock())
            if ending is not None and kept:
                self._note(claimed, ending)

    def _attempt(self, claimed: Claimed) -> Ending | None:
        """Hand one message over, if it still may go; None where this worker has lost its hold of it."""
        refused = refusal(
            claimed.subscription,
            paused_until=claimed.paused_until,
            is_forgotten=claimed.is_forgotten,
            is_suppressed=claimed.is_suppressed,
            now=self._post.clock(),
        )
        if refused is not None:
            return Ending(refused)
        dated_at = claimed.delivery.dated_at or self._post.clock().replace(microsecond=0)
        parts = self._rendering(claimed.delivery.selection_id)
        if needs_trial(claimed.delivery.crashes) and not survives(lambda: self._build(claimed, parts, dated_at)):
            return Ending(DeliveryState.UNBUILDABLE, Reply(0, None, "building it crashes the worker", Phase.SENDER))
        try:
            message, envelope = self._build(claimed, parts, dated_at)
        except Exception as error:  # whatever is wrong with one reader's message must not stop the others'
            return Ending(DeliveryState.UNBUILDABLE, Reply(0, None, f"{type(error).__name__}: {error}", Phase.SENDER))
        reply = self._post.transport.send(message, envelope, lambda: self._begin(claimed, dated_at))
        return None if reply is None else self._ending(claimed, reply)

    def _rendering(self, selection_id: str) -> dict[str, bytes]:
        if selection_id not in self._parts:
            with self._store.reading() as tx:
                self._parts[selection_id] = editions.get_rendering(tx, editions.get_selection(tx, selection_id))
        return self._parts[selection_id]

    def _build(self, claimed: Claimed, parts: Mapping[str, bytes], dated_at: datetime) -> tuple[bytes, Envelope]:
        delivery, post = claimed.delivery, self._post
        name = message_id(self._edition.id, delivery.subscriber_id, generation=delivery.generation, host=post.host)
        recipient = Mailbox(claimed.name, claimed.address)
        message = message_from(parts, recipient=recipient, date=dated_at, message_id=name)
        sender = frame_from(parts).return_path
        if post.key is not None:
            sender = return_path(sender, delivery=delivery.id, message=name, key=post.key)
        envelope = Envelope(sender, claimed.address, name)
        wire.check(message, envelope)
        return message, envelope

    def _begin(self, claimed: Claimed, dated_at: datetime) -> bool:
        """Store that the message is being handed over; False where another has this delivery by now."""
        one = {"worker": self._post.worker}
        try:
            with self._store.writing() as tx:
                return deliveries.mark_sending(
                    tx, claimed.delivery.id, **one, dated_at=dated_at, transport=self._post.transport.name
                )
        except StoreUnusable:
            # It may have been stored for all that: nothing was sent, so it is given back, if the store takes that.
            with suppress(StoreUnusable), self._store.writing() as tx:
                deliveries.give_back(tx, claimed.delivery.id, **one)
            raise

    def _ending(self, claimed: Claimed, reply: Reply) -> Ending:
        delivery, now = claimed.delivery, self._post.clock()
        attempt = delivery.attempts + 1
        found = verdict(reply, attempt=attempt, queued_at=delivery.queued_at, now=now)
        was_sent = found.outcome is Outcome.SENT
        self._silences = 0 if was_sent else self._silences + (reply.code in {0, 421})
        self._doubts = 0 if was_sent else self._doubts + (found.outcome is Outcome.IN_DOUBT)
        state = state_after(found.outcome, repeats=self._post.transport.repeats, in_doubt=self._post.in_doubt)
        if found.outcome is Outcome.IN_DOUBT:
            return Ending(state, reply, until=now + wait_after(attempt))
        return Ending(state, reply, until=found.retry_at)

    def _record(self, tx: Transaction, claimed: Claimed, ending: Ending) -> bool:
        one, worker = claimed.delivery.id, self._post.worker
        if ending.state is DeliveryState.DEFERRED and ending.until and ending.reply:
            return deliveries.mark_deferred(tx, one, worker=worker, until=ending.until, reply=ending.reply)
        at = self._post.clock()
        return deliveries.mark_ended(tx, one, ending.state, worker=worker, at=at, reply=ending.reply)

    def _note(self, claimed: Claimed, ending: Ending) -> None:
        self._unbuildable += ending.state is DeliveryState.UNBUILDABLE
        said = ending.reply.text if ending.reply else ""
        self._report.note(self._edition.id, claimed.address, state=ending.state, said=said)
        if is_down(silences=self._silences, doubts=self._doubts):
            when = f"behind {self._doubts} messages" if self._doubts else f"{self._silences} times in a row"
            raise TransportUnusable(f"the mail server fell silent {when}, and is left alone for now ({said})")
