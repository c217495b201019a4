"""Four workers at one edition, a random one of them killed every few seconds: no delivery is in two workers' hands.

Not here: kills of the whole program (test_kill_at_random_points).
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

import pytest
from sqlalchemy import select

from feeds.model import DeliveryState
from feeds.store.schema import deliveries
from tests.acceptance.mail_givens import (
    by_smtp,
    deliver_to_the_end,
    edition_for,
    program,
    readers,
    site_in,
    standing,
    workers_of,
)
from tests.acceptance.reliability.scale import SEED, either, tell
from tests.acceptance.reliability.sink import sink

WORKERS, CONNECTIONS = 4, 8
NUMBER = either(4000, 20_000)  # a thousand are worth a worker
ANSWER_SECONDS = either(0.01, 0.05)  # so long that the send takes some seconds, or two minutes
KILLS, EVERY_SECONDS, EVERY_MESSAGES = either((5, 0, 600), (24, 5, 0))
LOOK_SECONDS = 0.05


class Watch:
    """Looks who holds what: whoever has lost a delivery to another worker is dead, and must hold nothing any more."""

    def __init__(self):
        self.holders, self.replaced, self.faults, self.looks = {}, set(), [], 0

    def look(self, store):
        """Look at the ledger once."""
        with store.reading() as tx:
            query = select(deliveries.c.id, deliveries.c.worker).where(deliveries.c.worker.is_not(None))
            found = dict(tx.execute(query).all())
        lost = {self.holders[one] for one, worker in found.items() if self.holders.get(one, worker) != worker}
        self.replaced |= lost
        self.faults += [f"{one} is held by {worker}" for one, worker in found.items() if worker in self.replaced]
        self.holders |= found
        self.looks += 1


def kill_now_and_then(sending, site, server, watch):
    """Kill a random worker every now and then until the program ends, and look at the ledger; return how many."""
    chance, killed, due, messages = random.Random(SEED), 0, time.monotonic() + EVERY_SECONDS, EVERY_MESSAGES
    with site.app() as app:
        while sending.poll() is None:
            watch.look(app.store)
            is_time = time.monotonic() >= due and len(server.arrivals) >= messages
            if killed < KILLS and is_time and (found := workers_of(sending)):
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(found), signal.SIGKILL)
                    killed += 1
                due, messages = time.monotonic() + EVERY_SECONDS, len(server.arrivals) + EVERY_MESSAGES
            time.sleep(LOOK_SECONDS)
    return killed


@pytest.mark.rule("T119")
@pytest.mark.rule("D5")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_no_delivery_is_held_by_two_workers_and_nobody_is_lost(request, database):
    watch, everyone = Watch(), readers(NUMBER)
    with sink(ANSWER_SECONDS) as server:
        workers = f"workers = {WORKERS}\n"
        site = site_in(request, database, by_smtp(server, "resend", connections=CONNECTIONS) + workers)
        edition_for(site, *everyone)
        begun = time.monotonic()
        with program(site, "deliver") as sending:
            killed = kill_now_and_then(sending, site, server, watch)
        took = time.monotonic() - begun
        server.seconds = 0
        deliver_to_the_end(site)
    copies = Counter(arrival.recipient for arrival in server.arrivals)
    repeated, lost = copies.total() - len(copies), len({*everyone} - copies.keys())
    found = f"{killed} killed in {took:.0f} s, {watch.looks} looks at the ledger"
    wrong = f"held by two {len(watch.faults)}, handed over by two {len(server.doubled)}"
    tell(database, f"{NUMBER} readers, {WORKERS} workers", found, wrong, f"lost {lost} | repeated {repeated}")
    assert killed >= either(3, 20), sending.said
    assert watch.replaced
    assert (watch.faults, server.doubled) == ([], [])
    assert lost == 0
    assert repeated <= killed * CONNECTIONS // WORKERS
    assert len({*server.arrivals}) == NUMBER  # a repeat has the Message-ID of the first
    assert standing(site) == {DeliveryState.SENT: NUMBER}
