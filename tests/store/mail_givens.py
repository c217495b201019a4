"""Facts of the post that the store's tests begin with: readers, and editions with a delivery for each of them.

Not here: articles (givens).
"""

from dataclasses import replace

from sqlalchemy import insert, select, update

from feeds.model import Delivery, DeliveryState, Edition, EditionState, Phase, Reply, Subscriber, SubscriptionState
from feeds.store import deliveries, editions, entries, promises, subscribers
from feeds.store.deliveries import Ending
from feeds.store.editions import Selected, Selection
from feeds.store.promises import Promise
from feeds.store.schema import deliveries as ledger
from feeds.store.schema import subscriptions
from tests.store.givens import MONDAY, add, entry, read, write

TAKEN = Reply(250, "2.0.0", "queued as 4bXy", Phase.END)
LATER = Reply(451, "4.7.1", "try again later", Phase.RECIPIENT)
READERS = ("ann", "bob", "cyd")


def reader(name="ann", /, **facts):
    """Return a subscriber whose id and address are made of ``name``."""
    address = f"{name}@x.example"
    given = {"id": name, "address": address, "address_key": address, "name": name.title(), "created_at": MONDAY}
    return Subscriber(**given | facts)


def add_readers(store, *names, newsletter="weekly", **facts):
    """Put readers into a store, each with an active subscription and no floor of their own."""
    write(store, subscribers.add, [reader(name, **facts) for name in names])
    subscribe(store, *names, newsletter=newsletter)


def subscribe(store, *names, newsletter="weekly"):
    """Put readers whom the store has on a newsletter."""
    given = {"state": SubscriptionState.ACTIVE, "newsletter": newsletter, "preferences": {}, "generation": 0}
    times = dict.fromkeys(("created_at", "confirmed_at"), MONDAY)
    with store.writing() as tx:
        tx.execute(insert(subscriptions), [given | times | {"subscriber_id": name} for name in names])


def edition(number=1, *, newsletter="weekly", **facts):
    """Return the edition of a newsletter with a number, which is also its slot's minute."""
    slot = f"2026-03-02T07:{number:02}"
    given = {"id": f"{newsletter}/{slot}", "newsletter": newsletter, "series": newsletter, "slot": slot}
    times = {"due_at": MONDAY.replace(minute=number), "composed_at": MONDAY}
    return Edition(**given | times | {"number": number, "state": EditionState.COMPOSED} | facts)


def selection(*entry_ids, of=None, mark="s", named=()):
    """Return the selection of an edition that holds these entries, and then those that are only named."""
    held = [Selected(entry_id, 1, False) for entry_id in entry_ids] + [Selected(one, 1, True) for one in named]
    edition_id = (of or edition()).id
    return Selection(id=f"{edition_id}#{mark}", edition_id=edition_id, hash=mark, entries=tuple(held))


def compose(store, *names, of=None, holding=("ferry",), transport="smtp"):
    """Put an edition into a store that brings one selection of entries to some readers; return the edition."""
    of = of or edition()
    held = selection(*(f"urn:{name}" for name in holding), of=of)
    known = read(store, entries.ids)
    add(store, *(entry(name) for name in holding if f"urn:{name}" not in known))
    with store.writing() as tx:
        editions.add(tx, of)
        editions.add_selection(tx, held)
        made = (Promise(subscriber_id=one, selection_id=held.id) for one in names)
        promises.add(tx, of, made, transport=transport)
    return of


def compose_every_state(store, *, worker="w1", of=None):
    """Put an edition into a store with a delivery in every state, each to a reader who is named like it."""
    names = [state.value for state in DeliveryState]
    add_readers(store, *names)
    of = compose(store, *names, of=of)
    for state in DeliveryState:
        held = state in {DeliveryState.CLAIMED, DeliveryState.SENDING}
        put(store, state.value, of, state=state, worker=worker if held else None)
    return of


def claim(store, of=None, *, worker="w1", now=MONDAY, limit=20):
    """Let a worker claim deliveries; return the readers whom they are for."""
    claimed = write(store, deliveries.claim, of or edition(), worker=worker, now=now, limit=limit)
    return [one.delivery.subscriber_id for one in claimed]


def row(store, name="ann", of=None):
    """Return the row of a reader's delivery, all its columns."""
    ours = (ledger.c.subscriber_id == name) & (ledger.c.about == (of or edition()).id)
    with store.reading() as tx:
        return tx.execute(select(ledger).where(ours)).one()


def delivery(store, name="ann", of=None):
    """Return a reader's delivery."""
    found = row(store, name, of)
    return Delivery(**{field: found._mapping[field] for field in Delivery.__dataclass_fields__})


def states(store):
    """Return the state of every delivery of the store, by reader."""
    return {name: one.state for name, one in rows(store).items()}


def rows(store):
    """Return every row of the ledger, by reader."""
    with store.reading() as tx:
        return {one.subscriber_id: one for one in tx.execute(select(ledger).order_by(ledger.c.id))}


def put(store, name, of=None, **values):
    """Write columns of a reader's delivery, as if it had come so far."""
    ours = (ledger.c.subscriber_id == name) & (ledger.c.about == (of or edition()).id)
    with store.writing() as tx:
        assert tx.execute(update(ledger).where(ours).values(**values)).rowcount == 1


def cancelled(of):
    """Return an edition as a person cancelled it."""
    return replace(of, state=EditionState.CANCELLED, ended_at=MONDAY)


# ---- a worker's steps, each for one delivery; what they return tells whether it was made ----


def begin(store, name="ann", *, worker="w1"):
    write(store, deliveries.mark_begun, [row(store, name).id], worker=worker, at=MONDAY)


def send(store, name="ann", *, worker="w1", at=MONDAY):
    return bool(write(store, deliveries.mark_sending, {row(store, name).id: at}, worker=worker, transport="smtp"))


def leave(store, name="ann", *, state, reply=None, until=None, worker="w1", at=MONDAY):
    ending = Ending(delivery_id=row(store, name).id, state=state, reply=reply, until=until)
    return bool(write(store, deliveries.mark_left, [ending], worker=worker, at=at))


def end(store, name="ann", *, at=MONDAY, worker="w1"):
    return leave(store, name, state=DeliveryState.SENT, reply=TAKEN, at=at, worker=worker)


def defer(store, name="ann", *, until, worker="w1"):
    return leave(store, name, state=DeliveryState.DEFERRED, reply=LATER, until=until, worker=worker)


def give_back(store, name="ann", *, worker="w1"):
    write(store, deliveries.give_back, [row(store, name).id], worker=worker)
