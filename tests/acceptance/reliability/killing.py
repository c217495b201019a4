"""A delivery that is killed at random points, and what is counted of it.

Not here: what is allowed (the tests).
"""

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from feeds.model import DeliveryState
from feeds.store.schema import deliveries
from tests.acceptance.mail_givens import delivering, was_killed
from tests.acceptance.reliability.ledger import opened, rows
from tests.acceptance.reliability.scale import SEED

LATEST = 0.01  # seconds behind a message at which a kill may come: as long as ten messages take
STARTING = 0.4  # seconds in which a program has begun to send


@dataclass(slots=True)
class Kills:
    """What kills found: ``in_hand`` says how often a reader's message was being sent, ``most`` how many at one kill."""

    number: int = 0
    in_hand: Counter = field(default_factory=Counter)
    most: int = 0
    idle: int = 0

    def note(self, addresses):
        """Count a kill that found the messages to these addresses being sent."""
        self.number += 1
        self.in_hand.update(addresses)
        self.most = max(self.most, len(addresses))
        self.idle += not addresses


def kill_again_and_again(site, sink, number, *, readers):
    """Deliver, killed at so many random points that are spread over the whole send; return what the kills found.

    A point is a number of messages that come first and a time behind the last of them; without any it falls into the
    start of the program, when it settles what the last one left.
    """
    chance, kills, before = random.Random(SEED), Kills(), frozenset()
    print(f"\nseed {SEED}")
    for _ in range(number):
        messages = chance.randrange(readers // (2 * number))
        behind = chance.uniform(0, LATEST if messages else STARTING)
        with delivering(site) as child:
            sink.wait_for(len(sink.arrivals) + messages)
            time.sleep(behind)
            child.kill()
        assert was_killed(child)
        found = being_sent(site)
        kills.note([address for address, _worker in found - before])  # what an earlier one left may lie there still
        before = found
    return kills


def being_sent(site):
    """Return (address, worker) of the messages that the ledger says are being sent."""
    with opened(site.folder / "var" / "pressrun.db") as store:
        found = rows(store, deliveries.c.state == DeliveryState.SENDING)
    return frozenset((address, row.worker) for address, row in found.items())
