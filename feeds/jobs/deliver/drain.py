"""The only code that sends: takes a batch's queued deliveries in hand, several at a time, until none is left.

What came of all those in hand since the last look is stored in one transaction, so that they share its way to the disk.
Not here: which batches (delivering), building one message (building), SMTP (transports), the ledger (store).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from feeds.errors import StoreUnusable, TransportUnusable
from feeds.jobs.deliver.batch import Batch
from feeds.jobs.deliver.building import Builder, Built, unbuildable
from feeds.jobs.deliver.progress import Tally
from feeds.jobs.deliver.report import DeliverReport
from feeds.jobs.deliver.traffic import Traffic
from feeds.model import DeliveryState, Reply, Step
from feeds.rules.allowance import Limits
from feeds.rules.bounces import Patience
from feeds.rules.delivering import FEWEST_CLAIMED, InDoubt, claims_after, is_down, refusal, state_after
from feeds.rules.replies import Outcome, is_about_server, verdict, wait_after
from feeds.store import bounces, deliveries
from feeds.store.deliveries import Claimed, Ending
from feeds.store.engine import Store, Transaction
from feeds.store.witness import Witness
from feeds.transports import Transport

WATCH_SECONDS = 0.5  # how long a stop that is asked for may go unseen
PACE_SECONDS = 0.02  # to wait where nothing may be begun yet
AHEAD = 32  # messages that are signed before there is room for them
MOST_KEPT = 50  # claimed deliveries for one destination that takes no more now


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a worker sends with, and what it does in doubt; ``witness`` is told of each block that it claims.

    ``name`` is what deliveries and limits remember the transport by.
    """

    worker: str
    name: str
    transport: Transport
    builder: Builder
    witness: Witness
    in_doubt: InDoubt
    patience: Patience
    limits: Limits
    clock: Callable[[], datetime]
    should_stop: Callable[[], bool]


class Drain:
    """Sends one batch as one worker. Call :meth:`run` once."""

    def __init__(self, store: Store, batch: Batch, post: Post, *, report: DeliverReport) -> None:
        self._store, self._batch, self._post, self._report = store, batch, post, report
        self._claimed: deque[Claimed] = deque()  # in our hands, and not begun
        self._begun: deque[Claimed] = deque()  # the first of them, which are to be built next
        self._building: deque[tuple[Claimed, Future[Built | Ending]]] = deque()
        self._built: dict[str, Built] = {}  # with the transport, by the delivery's name
        self._leaving: set[str] = set()  # those of them that are being handed over
        self._endings: list[tuple[Claimed, Ending]] = []  # to be stored
        self._claims, self._claimed_at = FEWEST_CLAIMED, post.clock()
        self._is_dry = self._lacks = False
        self._look_at = 0.0  # when to look for more again, on the monotonic clock
        self._unusable: TransportUnusable | None = None
        self._silences = self._doubts = 0

    def run(self, tally: Tally) -> None:
        """Deliver until nothing is queued, a stop is asked for, or too much cannot be built.

        What was begun is brought to its end; where the server takes nothing more, only what is being handed over.
        Raises TransportUnusable and StoreUnusable with every claim given back, where that can be written.
        """
        if self._report.stopped:
            return
        with self._store.reading() as tx:
            self._total, self._unbuildable = self._batch.standing(tx)
            limits = self._batch.within(self._post.limits)
            self._traffic = Traffic(tx, self._post.name, limits, now=self._post.clock())
        try:
            self._go_round(tally)
        finally:
            self._let_go()
            with suppress(StoreUnusable), self._store.writing() as tx:
                deliveries.release(tx, self._post.worker)
                self._traffic.write_down(tx, self._post.clock(), all_of_it=True)
        if self._unusable:
            raise self._unusable

    def _go_round(self, tally: Tally) -> None:
        steps: list[Step] = []
        while True:
            go = self._write_down(steps, tally)
            if not self._must_end():
                self._hand_out()
            tally.beat(self._built)
            if self._leaving if self._unusable else self._built:
                steps = self._post.transport.work(go, WATCH_SECONDS)
            elif self._must_end() and not self._endings:
                return
            elif self._endings or self._begun or self._building:
                steps = []
            elif self._claimed:  # the transport's pace: nothing may be begun yet
                steps = []
                sleep(PACE_SECONDS)
            else:
                return

    def _let_go(self) -> None:
        """Note of what is in our hands, and was not handed over, that it will not be."""
        given = [built.claimed for name, built in self._built.items() if name not in self._leaving]
        for claimed in (*self._begun, *(claimed for claimed, _ in self._building), *given):
            self._traffic.end(claimed, None, self._post.clock())

    def _must_end(self) -> bool:
        """Tell whether nothing more is to be begun."""
        if self._batch.must_pause(self._unbuildable, self._total):
            self._report.pause(self._batch.name)
            return True
        if self._traffic.is_used_up:
            self._report.is_limited = True
            return True
        self._report.stopped = self._report.stopped or self._post.should_stop()
        return self._report.stopped or self._unusable is not None

    # ---- what has become of those in hand ----

    def _write_down(self, steps: Sequence[Step], tally: Tally) -> Collection[str]:
        """Store what has become of messages, and take more in hand; return the names of those that may be sent."""
        ready = [step.name for step in steps if step.reply is None and not self._unusable]
        for step in steps:
            if step.reply is not None and (built := self._built.pop(step.name, None)):
                self._leaving.discard(step.name)
                self._traffic.end(built.claimed, step.reply, self._post.clock())
                self._endings.append((built.claimed, self._ending(built.claimed, step.reply)))
        may_look = not self._claimed or (self._lacks and monotonic() >= self._look_at)
        lacks = not self._is_dry and may_look
        needs_more = lacks and not self._must_end()
        begins = bool(self._claimed) and not self._begun and not self._must_end()
        if not (ready or self._endings or needs_more or begins):
            return ()
        endings, self._endings = self._endings, []
        try:
            with self._store.writing() as tx:
                kept = self._leave(tx, endings)
                held = self._send(tx, ready)
                self._let_rest(tx)
                if needs_more:
                    self._claim(tx)
                if not self._must_end():
                    self._take_in_hand(tx)
            self._post.witness.tell()
        except StoreUnusable:
            self._save(endings, ready)
            raise
        for claimed, ending in endings:
            if claimed.delivery.id in kept:
                self._note(claimed, ending)
                tally.note(claimed.address, claimed.delivery.domain, ending.state)
        return self._still_ours(ready, held)

    def _leave(self, tx: Transaction, endings: Sequence[tuple[Claimed, Ending]]) -> set[int]:
        at, those = self._post.clock(), [ending for _, ending in endings]
        kept = deliveries.mark_left(tx, those, worker=self._post.worker, at=at)
        for claimed, ending in endings:
            if ending.state is DeliveryState.BOUNCED and ending.reply and ending.delivery_id in kept:
                bounces.take_refusal(
                    tx,
                    claimed.delivery,
                    ending.reply,
                    address_key=claimed.address_key,
                    at=at,
                    patience=self._post.patience,
                )
        return kept

    def _send(self, tx: Transaction, names: Sequence[str]) -> set[int]:
        if names:
            self._traffic.hand_over(tx, self._post.clock())
        dated = {self._built[name].claimed.delivery.id: self._built[name].dated_at for name in names}
        return deliveries.mark_sending(tx, dated, worker=self._post.worker, transport=self._post.name)

    def _let_rest(self, tx: Transaction) -> None:
        """Defer what is queued for destinations that have come to rest."""
        for domain, reply in self._traffic.resting().items():
            held = self._take_back(domain)
            deliveries.give_back(tx, [claimed.delivery.id for claimed in held], worker=self._post.worker)
            destination = self._traffic.standing(domain)
            number = self._batch.rest(tx, destination, reply=reply)
            self._report.rest(destination, number, said=reply.text if reply else "")
        self._traffic.write_down(tx, self._post.clock())

    def _take_back(self, domain: str) -> list[Claimed]:
        """Let go of what is in our hands for a destination, and not with the transport."""
        begun = [claimed for claimed, _ in self._building if claimed.delivery.domain == domain]
        for claimed in begun:
            self._traffic.end(claimed, None, self._post.clock())
        held = begun + [claimed for claimed in self._claimed if claimed.delivery.domain == domain]
        self._building = deque(one for one in self._building if one[0].delivery.domain != domain)
        self._claimed = deque(claimed for claimed in self._claimed if claimed.delivery.domain != domain)
        return held

    def _claim(self, tx: Transaction) -> None:
        """Claim more; not for destinations of which more is claimed than may go."""
        now, worker = self._post.clock(), self._post.worker
        self._claims, self._claimed_at = claims_after(self._claims, now - self._claimed_at), now
        kept = Counter(claimed.delivery.domain for claimed in self._claimed)
        full = [domain for domain, number in kept.items() if number > MOST_KEPT]
        found = self._batch.claim(tx, worker=worker, now=now, limit=self._claims, but_for=full)
        self._claimed.extend(found)
        self._is_dry = not found and not full
        self._look_at = 0.0 if found else monotonic() + WATCH_SECONDS
        if found and self._post.transport.repeats:
            self._post.witness.advance(tx, now)

    def _take_in_hand(self, tx: Transaction) -> None:
        """Store which are to be built next: if that kills us, one of them is to blame."""
        now, room = self._post.clock(), self._room - len(self._begun) - len(self._building)
        chosen = self._traffic.next_of(self._claimed, room)
        number = self._traffic.allow(tx, len(chosen), now)
        for claimed in reversed(chosen[number:]):
            self._traffic.put_back(claimed)
            self._claimed.appendleft(claimed)
        self._lacks = len(chosen) < room
        deliveries.mark_begun(tx, [one.delivery.id for one in chosen[:number]], worker=self._post.worker, at=now)
        self._begun.extend(chosen[:number])

    @property
    def _room(self) -> int:
        """How many may be begun and not handed out: those of the next turn are signed during this one.

        Under limits none is begun before its turn: it counts as given.
        """
        is_ahead = self._post.builder.signs and self._post.limits.are_none
        return max(1, self._post.transport.room) + (AHEAD if is_ahead else 0)

    def _still_ours(self, names: Sequence[str], held: set[int]) -> list[str]:
        ours = [name for name in names if self._built[name].claimed.delivery.id in held]
        for name in {*names} - {*ours}:
            self._traffic.end(self._built.pop(name).claimed, None, self._post.clock())  # the transport calls it off
        self._leaving.update(ours)
        return ours

    def _save(self, endings: Sequence[tuple[Claimed, Ending]], ready: Sequence[str]) -> None:
        """Store once more what came of messages, and that nothing was sent of others: it may have failed in part."""
        unsent = [self._built[name].claimed.delivery.id for name in ready]
        with suppress(StoreUnusable), self._store.writing() as tx:
            self._leave(tx, endings)
            deliveries.give_back(tx, unsent, worker=self._post.worker)

    # ---- handing out ----

    def _hand_out(self) -> None:
        """Have those built whose turn it is, unless they may not go any more, and give the transport what is."""
        while self._begun:
            claimed = self._begun.popleft()
            if refused := self._refusal(claimed):
                self._spare(claimed, refused)
            else:
                begun = self._post.builder.begin(claimed, now=self._post.clock())
                self._building.append((claimed, begun))
        while self._building and self._post.transport.room and not self._must_end():
            claimed, begun = self._building.popleft()
            built = begun.result()
            if isinstance(built, Ending):
                self._spare(claimed, built)
            else:
                self._give(built)

    def _spare(self, claimed: Claimed, ending: Ending) -> None:
        """Note how a delivery ends without an attempt."""
        self._traffic.end(claimed, None, self._post.clock())
        self._unbuildable += ending.state is DeliveryState.UNBUILDABLE
        self._endings.append((claimed, ending))

    def _give(self, built: Built) -> None:
        try:
            self._post.transport.take(built.parcel)
        except ValueError as error:  # it is nothing that a mail server may be sent
            self._spare(built.claimed, unbuildable(built.claimed, str(error)))
        else:
            self._built[built.parcel.envelope.name] = built
            self._traffic.begin(built.claimed, self._post.clock())

    def _refusal(self, claimed: Claimed) -> Ending | None:
        state = refusal(
            claimed.subscription,
            paused_until=claimed.paused_until,
            is_by_feed=claimed.is_by_feed,
            is_forgotten=claimed.is_forgotten,
            is_suppressed=claimed.is_suppressed,
            now=self._post.clock(),
            notice=claimed.notice.kind if claimed.notice else None,
        )
        return Ending(delivery_id=claimed.delivery.id, state=state) if state else None

    # ---- what an answer means ----

    def _ending(self, claimed: Claimed, reply: Reply) -> Ending:
        delivery, now = claimed.delivery, self._post.clock()
        attempt = delivery.attempts + 1
        found = verdict(reply, attempt=attempt, queued_at=delivery.queued_at, now=now)
        was_sent = found.outcome is Outcome.SENT
        self._silences = 0 if was_sent else self._silences + is_about_server(reply)
        self._doubts = 0 if was_sent else self._doubts + (found.outcome is Outcome.IN_DOUBT)
        state = state_after(
            found.outcome, attempt=attempt, repeats=self._post.transport.repeats, in_doubt=self._post.in_doubt
        )
        until = now + wait_after(attempt) if found.outcome is Outcome.IN_DOUBT else found.retry_at
        until = until if state is DeliveryState.DEFERRED else None
        return Ending(delivery_id=delivery.id, state=state, reply=reply, until=until)

    def _note(self, claimed: Claimed, ending: Ending) -> None:
        said = ending.reply.text if ending.reply else ""
        self._report.note(self._batch.name, claimed.address, state=ending.state, said=said)
        if self._unusable is None and is_down(silences=self._silences, doubts=self._doubts):
            what = f"took nothing {self._silences} times in a row"
            if self._doubts:
                what = f"fell silent behind {self._doubts} messages"
            self._unusable = TransportUnusable(f"the mail server {what}, and is left alone for now ({said})")
