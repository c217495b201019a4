"""Who asks to be forgotten is erased from every table, and what is held of somebody is all that there is.

Not here: who comes back (test_subscribe), the commands (tests/cli).
"""

import json

import pytest
from sqlalchemy import insert, select, update

from feeds.errors import UsageWrong
from feeds.jobs.bounce import take
from feeds.jobs.subscribe import forget, held_of, mailbox_of
from feeds.model import DeliveryState
from feeds.store import forgetting, keys, private_addresses, subscribers
from feeds.store.schema import metadata
from feeds.store.subscribers import ConsentEvent, Step
from tests.jobs.bounce_givens import ANN, DESK, about, sent_to_ann
from tests.jobs.reader_givens import asks, desk_in, joins
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import put, states

NETWORK = "198.51.100.7"
AGREED = ConsentEvent(
    subscriber_id="ann",
    newsletter="weekly",
    event=Step.CONFIRMED,
    at=MONDAY,
    origin=f"web, from {NETWORK}",
    wording="Yes.",
)


@pytest.fixture
def known(store):
    """Give a store that knows Ann in every way that it can know somebody."""
    sent_to_ann(store)
    write(store, subscribers.add_consent_events, [AGREED])
    write(store, private_addresses.add, "members", "ann", at=MONDAY)
    put(store, "ann", reply_text=f"250 {ANN} taken")
    take(store, DESK, about(store, "postfix-user-unknown"), now=MONDAY)
    said = json.dumps({"address": ANN, "facts": {}, "parts": {}}).encode()
    notice = {"id": "n1", "kind": "welcome", "newsletter": "weekly", "subscriber_id": "ann", "created_at": MONDAY}
    with store.writing() as tx:
        tx.execute(insert(metadata.tables["notices"]).values(**notice, data=said))
    return store


def everything(store):
    """Return all that the store holds, as one text."""
    with store.reading() as tx:
        return "\n".join(str(row) for table in metadata.tables.values() for row in tx.execute(select(table)))


def test_nothing_that_says_who_somebody_was_is_left_of_who_is_forgotten(known):
    assert all(one in everything(known) for one in (ANN, NETWORK, "Ann"))
    report = forget(known, mailbox_of(ANN), now=MONDAY + DAY)
    assert (report.was_known, report.held["deliveries"]) == (True, 1)
    left = everything(known)
    assert [one for one in (ANN, ANN.partition("@")[0] + "@", NETWORK, "Ann") if one in left] == []


def test_others_stay_as_they_are(known):
    def of_bob():
        return [line for line in everything(known).splitlines() if "bob" in line]

    before = of_bob()
    forget(known, mailbox_of(ANN), now=MONDAY + DAY)
    assert of_bob() == before


def test_what_waits_for_who_is_forgotten_is_cancelled(known):
    put(known, "ann", state=DeliveryState.DEFERRED)
    forget(known, mailbox_of(ANN), now=MONDAY + DAY)
    assert states(known)["ann"] == "cancelled"


def test_dry_run_says_what_there_is_and_erases_nothing(known):
    before = everything(known)
    report = forget(known, mailbox_of(ANN), now=MONDAY + DAY, dry_run=True)
    assert {name: number for name, number in report.held.items() if number} == {
        "subscriptions": 1,
        "consent": 1,
        "deliveries": 1,
        "notices": 1,
        "bounces": 1,
        "private_addresses": 1,
    }
    assert everything(known) == before


def test_who_is_not_known_is_kept_from_being_brought_in_all_the_same(store):
    assert not forget(store, mailbox_of(ANN), now=MONDAY).was_known
    assert read(store, keys.find_first)
    assert ANN not in everything(store)


def test_what_is_held_of_somebody_names_each_thing(known):
    held = held_of(known, mailbox_of(ANN))
    assert held["subscriber"]["address"] == ANN
    assert held["consent"][0]["wording"] == "Yes."
    assert held["bounces"][0]["kind"] == "hard"
    assert held["suppression"]["reason"] == "user unknown"
    with pytest.raises(UsageWrong, match="no subscriber has the address"):
        held_of(known, mailbox_of("nobody@x.example"))


# ---- who never confirmed ----


def test_who_never_confirmed_is_dropped_after_a_while_and_readers_stay(tmp_path, store):
    desk = desk_in(tmp_path, store)
    joins(desk, address="bob@x.example")
    for name in ("ann", "cyd"):
        asks(desk, address=f"{name}@x.example", at=MONDAY + (5 * DAY if name == "cyd" else 0 * DAY))
    with store.writing() as tx:
        tx.execute(update(metadata.tables["deliveries"]).values(state="sent"))
    assert write(store, forgetting.drop_unconfirmed, MONDAY + DAY) == 1
    with store.reading() as tx:
        left = {who.address for who in tx.execute(select(metadata.tables["subscribers"]))}
    assert left == {"bob@x.example", "cyd@x.example"}
    assert "ann@x.example" not in everything(store)
