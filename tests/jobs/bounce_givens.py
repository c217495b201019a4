"""A store with an edition that was sent to Ann, and reports about it in every dialect of the corpus.

Not here: the reports themselves (tests/rules/bounce_givens.py).
"""

from datetime import timedelta

from feeds.jobs.bounce import Desk, take
from feeds.model import DeliveryState
from feeds.rules.bounces import Patience
from feeds.rules.message_identity import message_id
from feeds.store import keys, sent_deliveries, subscribers, suppressions
from tests.rules import bounce_givens
from tests.rules.bounce_givens import HOST
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import compose, edition, put, reader, row, subscribe

ANN = bounce_givens.ANN
DESK = Desk(HOST, Patience(limit=3, within=timedelta(days=30)))
LATER = MONDAY + DAY


def sent_to_ann(store):
    """Put an edition into a store that was sent to Ann, and to Bob."""
    people = {"ann": ANN, "bob": "bob@inbox.example"}
    write(store, subscribers.add, [reader(name, address=at, address_key=at) for name, at in people.items()])
    subscribe(store, *people)
    compose(store, *people)
    for name in people:
        put(store, name, state=DeliveryState.SENT, ended_at=MONDAY)
    return store


def name_of(store, name="ann", *, of=None, generation=None):
    """Return the Message-ID of a reader's delivery."""
    of = of or edition()
    generation = row(store, name, of).generation if generation is None else generation
    return message_id(of.id, name, generation=generation, host=HOST)


def about(store, report, name="ann", *, of=None, generation=None, **other):
    """Return a report of the corpus about a reader's delivery; ``other`` makes some of its proofs another's."""
    key = write(store, keys.current, at=MONDAY)
    names = {"delivery": row(store, name, of).id, "message": name_of(store, name, of=of, generation=generation)}
    return bounce_givens.report(report, **{"key": key} | names | other)


def taken(store, data, *, at=LATER, desk=DESK):
    """Take in a report."""
    return take(store, desk, data, now=at)


def suppression(store, address=ANN):
    return read(store, suppressions.find, address)


def state(store, name="ann", of=None):
    return row(store, name, of).state


def subscription(store, name="ann"):
    return read(store, subscribers.list_subscriptions, [name])[name, "weekly"]


def found(store, name="ann"):
    return read(store, sent_deliveries.find, row(store, name).id)
