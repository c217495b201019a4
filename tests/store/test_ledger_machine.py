"""The ledger against a model of it in plain Python: whatever workers, crashes and people do, in whichever order.

Not here: each step for itself (test_deliveries, test_recovery, test_delivery_changes).
"""

import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, update

from feeds.model import DeliveryState, EditionState
from feeds.store import deliveries, delivery_changes, delivery_lists, editions, promises
from feeds.store.deliveries import Ending
from feeds.store.promises import Promise
from feeds.store.schema import deliveries as ledger
from feeds.store.schema import editions as edition_rows
from tests.store.givens import MONDAY, read, write
from tests.store.mail_givens import LATER, TAKEN, add_readers, compose, edition, rows

(QUEUED, CLAIMED, SENDING, DEFERRED, IN_DOUBT, UNBUILDABLE, SENT, BOUNCED, EXPIRED, SUPPRESSED, CANCELLED) = (
    DeliveryState
)
READERS = ("ann", "bob", "cyd", "dan", "eve", "fay")
WORKERS = ("w1", "w2")
MOST_CRASHES, MOST_DOUBTS = 2, 2
FULL = os.environ.get("RELIABILITY") == "full"
SEQUENCES = {"sqlite": 500, "postgresql": 200} if FULL else {"sqlite": 40, "postgresql": 15}
STEPS = 50 if FULL else 40

# What a delivery may come to in one step. Nothing else may ever happen to it.
LEGAL = {
    QUEUED: {CLAIMED, CANCELLED, UNBUILDABLE},
    CLAIMED: {SENDING, QUEUED, DEFERRED, BOUNCED, EXPIRED, SUPPRESSED, CANCELLED, UNBUILDABLE},
    SENDING: {SENT, DEFERRED, BOUNCED, EXPIRED, IN_DOUBT, QUEUED},
    DEFERRED: {QUEUED, CANCELLED},
    IN_DOUBT: {QUEUED, SENT},
    UNBUILDABLE: {QUEUED, CANCELLED, SENT},
    SENT: set(),
    BOUNCED: {QUEUED},
    EXPIRED: {QUEUED},
    SUPPRESSED: set(),
    CANCELLED: set(),
}
# How a worker may leave what it has claimed, and what it is sending.
ENDS = {
    CLAIMED: (DEFERRED, BOUNCED, EXPIRED, SUPPRESSED, CANCELLED, UNBUILDABLE),
    SENDING: (SENT, DEFERRED, BOUNCED, EXPIRED, IN_DOUBT),
}
WITHOUT_REPLY = {SUPPRESSED, CANCELLED}
RETRIED = (DEFERRED, UNBUILDABLE, IN_DOUBT, BOUNCED, EXPIRED)

some_readers = st.sets(st.sampled_from(READERS), min_size=1)
some_worker = st.sampled_from(WORKERS)
some_state = st.sampled_from([QUEUED] * 4 + [IN_DOUBT] * 3 + [*DeliveryState])
some_edition_state = st.one_of(st.just(EditionState.COMPOSED), st.sampled_from(EditionState))
some_start = st.tuples(some_state, st.integers(0, MOST_DOUBTS), st.sampled_from([0, 0, 2]))


@dataclass(frozen=True)
class Row:
    """What the model knows of a delivery."""

    state: DeliveryState = QUEUED
    worker: str | None = None
    is_begun: bool = False
    attempts: int = 0
    crashes: int = 0
    generation: int = 0
    due_at: datetime = MONDAY
    dated_at: datetime | None = None


class Ledger(RuleBasedStateMachine):
    """Does the same to a store and to the model, and compares all of both after each step."""

    def __init__(self, store):
        super().__init__()
        self.store, self.now, self.edition_state = store, MONDAY, EditionState.COMPOSED
        self.model = dict.fromkeys(READERS, Row())
        self.before = dict(self.model)
        with store.writing() as tx:
            tx.execute(delete(ledger))
            tx.execute(update(edition_rows).values(state=self.edition_state, ended_at=None))
            made = [Promise(subscriber_id=one, selection_id=f"{edition().id}#s") for one in READERS]
            promises.add(tx, edition(), made, transport="smtp")
        self.ids = {name: row.id for name, row in rows(store).items()}

    @initialize(starts=st.lists(some_start, min_size=6, max_size=6), of=some_edition_state)
    def begin_in_the_midst(self, starts, of):
        """Let deliveries stand anywhere, and be tried before: much takes many steps to come to."""
        self.edition_state, self.now = of, MONDAY + timedelta(hours=1)
        with self.store.writing() as tx:
            tx.execute(update(edition_rows).values(state=of))
            for name, (state, attempts, hours) in zip(READERS, starts, strict=True):
                worker = WORKERS[0] if state in {CLAIMED, SENDING} else None
                values = {"state": state, "worker": worker, "attempts": attempts}
                values |= {"dated_at": MONDAY if attempts else None, "due_at": MONDAY + timedelta(hours=hours)}
                tx.execute(update(ledger).where(ledger.c.id == self.ids[name]).values(**values))
                self.put([name], **values)
        self.before = dict(self.model)

    # ---- what the model says ----

    def put(self, names, **values):
        self.model |= {name: replace(self.model[name], **values) for name in names}

    def held(self, worker, *states, among=READERS):
        return [name for name in READERS if name in among and self.is_held(name, worker, states)]

    def is_held(self, name, worker, states):
        return self.model[name].worker == worker and self.model[name].state in states

    def within(self, *states, among=READERS):
        return [name for name in READERS if name in among and self.model[name].state in states]

    def free(self, limit):
        """Return whom a worker may claim: the fresh ones first, and alone."""
        due = [name for name in self.within(QUEUED) if self.model[name].due_at <= self.now]
        fresh = [name for name in due if not self.model[name].crashes and not self.model[name].attempts]
        due.sort(key=lambda name: (self.model[name].crashes, self.model[name].attempts))
        return (fresh or due)[:limit] if self.edition_state is EditionState.COMPOSED else []

    def ids_of(self, names):
        return [self.ids[name] for name in names]

    def names_of(self, ids):
        return sorted(name for name in READERS if self.ids[name] in ids)

    # ---- a worker's steps ----

    @rule(worker=some_worker, limit=st.integers(1, 4))
    def claim(self, worker, limit):
        found = write(self.store, deliveries.claim, edition(), worker=worker, now=self.now, limit=limit)
        expected = self.free(limit)
        assert sorted(one.delivery.subscriber_id for one in found) == sorted(expected)
        self.put(expected, state=CLAIMED, worker=worker, is_begun=False)

    @rule(worker=some_worker, names=some_readers)
    def begin(self, worker, names):
        write(self.store, deliveries.mark_begun, self.ids_of(names), worker=worker, at=self.now)
        self.put(self.held(worker, CLAIMED, among=names), is_begun=True)

    @rule(worker=some_worker, names=some_readers)
    def send(self, worker, names):
        dated = dict.fromkeys(self.ids_of(names), self.now)
        found = write(self.store, deliveries.mark_sending, dated, worker=worker, transport="smtp")
        expected = self.held(worker, CLAIMED, among=names)
        assert self.names_of(found) == expected
        for name in expected:
            row = self.model[name]
            dated_at = row.dated_at or self.now
            self.put([name], state=SENDING, is_begun=False, attempts=row.attempts + 1, dated_at=dated_at)

    @rule(worker=some_worker, names=some_readers, choice=st.integers(0, 29), minutes=st.integers(0, 60))
    def leave(self, worker, names, choice, minutes):
        """Leave what is in a worker's hands, as is possible for each; what others hold is asked for too."""
        until, endings = self.now + timedelta(minutes=minutes), {}
        for name in names:
            ends = ENDS.get(self.model[name].state, (SENT,))
            endings[name] = ends[choice % len(ends)]
        asked = [self._ending(name, state, until) for name, state in endings.items()]
        found = write(self.store, deliveries.mark_left, asked, worker=worker, at=self.now)
        expected = self.held(worker, CLAIMED, SENDING, among=names)
        assert self.names_of(found) == expected
        for name in expected:
            self._leave(name, endings[name], until)

    def _ending(self, name, state, until):
        reply = None if state in WITHOUT_REPLY else TAKEN if state == SENT else LATER
        return Ending(delivery_id=self.ids[name], state=state, reply=reply, until=until if state == DEFERRED else None)

    def _leave(self, name, state, until):
        row = self.model[name]
        was_tried = row.state == CLAIMED and state in {DEFERRED, BOUNCED, EXPIRED}
        due_at = until if state == DEFERRED else row.due_at
        self.put([name], state=state, worker=None, is_begun=False, attempts=row.attempts + was_tried, due_at=due_at)

    @rule(worker=some_worker)
    def release(self, worker):
        expected = self.held(worker, CLAIMED)
        assert write(self.store, deliveries.release, worker) == len(expected)
        self.put(expected, state=QUEUED, worker=None, is_begun=False)

    @rule(worker=some_worker, names=some_readers)
    def give_back(self, worker, names):
        write(self.store, deliveries.give_back, self.ids_of(names), worker=worker)
        self.put(self.held(worker, CLAIMED, SENDING, among=names), state=QUEUED, worker=None, is_begun=False)

    @rule(worker=some_worker)
    def recover(self, worker):
        sending, claimed = self.held(worker, SENDING), self.held(worker, CLAIMED)
        found = write(self.store, deliveries.recover, worker, at=self.now, most_crashes=MOST_CRASHES)
        self.put(sending, state=IN_DOUBT, worker=None)
        for name in claimed:
            row = self.model[name]
            self.put([name], state=QUEUED, worker=None, is_begun=False, crashes=row.crashes + row.is_begun)
        aside = [name for name in self.within(QUEUED) if self.model[name].crashes >= MOST_CRASHES]
        self.put(aside, state=UNBUILDABLE)
        assert found == (len(sending), len(aside))

    # ---- time, and what a run begins with ----

    @rule(minutes=st.integers(1, 40))
    def let_time_go_by(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule()
    def requeue_deferred(self):
        due = [name for name in self.within(DEFERRED) if self.model[name].due_at <= self.now]
        assert write(self.store, deliveries.requeue_deferred, self.now) == len(due)
        self.put(due, state=QUEUED)

    @rule(transports=st.sampled_from([None, (), ("maildir", "smtp")]))
    def resend_doubtful(self, transports):
        doubtful = [name for name in self.within(IN_DOUBT) if self.model[name].attempts < MOST_DOUBTS]
        is_meant = transports is None or "smtp" in transports
        again = doubtful if is_meant and self.edition_state is not EditionState.CANCELLED else []
        found = write(self.store, deliveries.resend_doubtful, transports=transports, most_attempts=MOST_DOUBTS)
        assert found == len(again)
        self.put(again, state=QUEUED)

    @rule()
    def cancel_what_came_back(self):
        left = self.within(QUEUED) if self.edition_state is EditionState.CANCELLED else []
        assert write(self.store, delivery_changes.cancel_of_cancelled, self.now) == len(left)
        self.put(left, state=CANCELLED)

    # ---- what a person decides ----

    @rule(names=some_readers, state=st.sampled_from(RETRIED))
    def retry(self, names, state):
        again, those = state in {BOUNCED, EXPIRED}, self.within(state, among=names)
        how = {"now": self.now, "states": [state], "again": again}
        assert write(self.store, delivery_lists.requeue, self.ids_of(names), **how) == len(those)
        self.put(those, state=QUEUED, crashes=0, due_at=self.now)
        if again:
            for name in those:
                self.put([name], generation=self.model[name].generation + 1, attempts=0, dated_at=None)

    @rule(names=some_readers)
    def resolve(self, names):
        those = self.within(IN_DOUBT, UNBUILDABLE, among=names)
        ids = self.ids_of(names)
        assert write(self.store, delivery_lists.resolve, ids, SENT, at=self.now, why="told so") == len(those)
        self.put(those, state=SENT)

    @precondition(lambda self: self.edition_state is not EditionState.CANCELLED)
    @rule(resumes=st.booleans())
    def pause_or_resume(self, resumes):
        change = editions.mark_resumed if resumes else editions.mark_paused
        write(self.store, change, edition().id)
        claimed = self.within(CLAIMED)
        self.put(claimed, state=QUEUED, worker=None, is_begun=False)
        waiting = self.within(QUEUED, DEFERRED)
        assert write(self.store, delivery_changes.hand_back, edition().id) == len(waiting)
        self.edition_state = EditionState.COMPOSED if resumes else EditionState.PAUSED

    @precondition(lambda self: self.within(SENT))
    @rule()
    def cancel(self):
        ended = self.within(QUEUED, CLAIMED, DEFERRED, UNBUILDABLE)
        assert write(self.store, delivery_changes.cancel_queued, edition().id, at=self.now) == len(ended)
        write(self.store, editions.mark_cancelled, edition().id, self.now)
        self.put(ended, state=CANCELLED, worker=None, is_begun=False)
        self.edition_state = EditionState.CANCELLED

    # ---- what always holds ----

    @invariant()
    def ledger_is_as_the_model_says(self):
        fields = ("attempts", "crashes", "generation", "due_at", "dated_at")
        found = {
            name: Row(
                DeliveryState(row.state), row.worker, row.begun_at is not None, **{f: getattr(row, f) for f in fields}
            )
            for name, row in rows(self.store).items()
        }
        assert found == self.model

    @invariant()
    def every_step_was_legal(self):
        for name, row in self.model.items():
            was = self.before[name].state
            assert row.state == was or row.state in LEGAL[was], name
            assert (row.worker is not None) == (row.state in {CLAIMED, SENDING}), name
        self.before = dict(self.model)

    @invariant()
    def counts_add_up(self):
        states = Counter(row.state for row in self.model.values())
        assert read(self.store, delivery_lists.count_by_state) == {edition().id: states}
        held = {state: states[state] for state in (IN_DOUBT, UNBUILDABLE) if states[state]}
        assert read(self.store, delivery_lists.count_held) == held
        workers = {row.worker for row in self.model.values() if row.worker}
        assert set(read(self.store, deliveries.list_workers)) == workers
        due = sum(row.state == QUEUED and row.due_at <= self.now for row in self.model.values())
        assert read(self.store, deliveries.count_queued, self.now) == ({edition().id: due} if due else {})


@pytest.mark.rule("D5")
def test_whatever_happens_in_whichever_order_the_ledger_is_as_its_model_says(store):
    add_readers(store, *READERS)
    compose(store)
    sequences = SEQUENCES["sqlite" if store.file else "postgresql"]
    run_state_machine_as_test(
        lambda: Ledger(store),
        settings=settings(
            max_examples=sequences, stateful_step_count=STEPS, deadline=None, suppress_health_check=[*HealthCheck]
        ),
    )
