"""People of every standing that a site can know, and a thousand questions that would tell them apart.

Not here: what is expected of the answers (test_enumeration, bench/serve/enumeration).
"""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlencode, urlsplit

from feeds.jobs.subscribe.forgetting import forget
from feeds.jobs.subscribe.joining import new_subscriber
from feeds.rules.mailboxes import read_mailbox
from feeds.store import subscribers, suppressions
from feeds.store.suppressions import Suppression
from tests.web.reader_givens import FORM

STANDINGS = "known", "unknown", "suppressed", "forgotten", "unconfirmed"
LIMITS = "asks_per_network = 100000\nasks_per_hour = 100000\n[web]\nrequests_per_minute = 0\n"


@dataclass(frozen=True, slots=True)
class Told:
    """What one question was answered with, the address taken out, and how long that took."""

    standing: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float


def people(store, each):
    """Write so many people of each standing into a store; return standing → addresses, all of the same length."""
    found = {standing: [f"{standing[:4]}{number:05}@x.example" for number in range(each)] for standing in STANDINGS}
    now = datetime.now(UTC)
    with store.writing() as tx:
        for standing, addresses in found.items():
            for address in addresses:
                _become(tx, standing, read_mailbox(address), now)
    for address in found["forgotten"]:
        forget(store, read_mailbox(address), now=now)
    return found


def _become(tx, standing, mailbox, now):
    if standing == "suppressed":
        why = Suppression(address_key=mailbox.key, reason="complaint", evidence="", created_at=now)
        suppressions.add(tx, why)
    elif standing != "unknown":
        who = new_subscriber(mailbox, now)
        subscribers.add(tx, [who])
        subscribers.add_pending(tx, [(who.id, "weekly")], at=now)
        if standing != "unconfirmed":
            subscribers.mark_active(tx, [(who.id, "weekly")], at=now, floors={"weekly": now})


def asked(served, path, questions, *, workers, seed=119):
    """Post each (standing, address, fields), in an order that says nothing; return what was told of each."""
    order = list(questions)
    Random(seed).shuffle(order)

    def ask(part):
        with closing(http.client.HTTPConnection(urlsplit(served).netloc, timeout=120)) as wire:
            return [_asked(wire, path, *question) for question in part]

    with ThreadPoolExecutor(workers) as threads:
        parts = threads.map(ask, [order[number::workers] for number in range(workers)])
        return [told for part in parts for told in part]


def _asked(wire, path, standing, hidden, fields):
    begun = time.perf_counter()
    wire.request("POST", path.format(hidden), urlencode(fields), {"Content-Type": FORM})
    answer = wire.getresponse()
    body = answer.read().replace(hidden.encode(), b"")
    seconds = time.perf_counter() - begun
    headers = tuple(sorted(pair for pair in answer.getheaders() if pair[0].lower() != "date"))
    return Told(standing, answer.status, headers, body, seconds)
