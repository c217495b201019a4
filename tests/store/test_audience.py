"""Who may be mailed a newsletter, and what they have had.

Not here: what each of them lacks (tests/rules/test_selecting.py).
"""

import pytest
from sqlalchemy import update

from feeds.model import DeliveryState, SubscriptionState
from feeds.rules.selecting import Reader
from feeds.store import audience, forgetting, suppressions
from feeds.store.audience import Asked
from feeds.store.schema import subscriptions
from feeds.store.suppressions import Suppression
from tests.store.givens import DAY, MONDAY, read, write
from tests.store.mail_givens import add_readers, compose, compose_every_state, edition, put, reader

SECOND = DAY / 86_400
DEAD = Suppression(address_key="bob@x.example", reason="bounced", evidence="550 5.1.1", created_at=MONDAY)


@pytest.fixture
def peopled(store):
    """Give a store in which Ann and Bob get the weekly letter, and Cyd the daily one."""
    add_readers(store, "bob", "ann")
    add_readers(store, "cyd", newsletter="daily")
    return store


def readers(store, newsletter="weekly", **more):
    return [one.subscriber_id for one in read(store, audience.list_readers, Asked(newsletter, **more), now=MONDAY)]


def change_subscription(store, name, **values):
    with store.writing() as tx:
        tx.execute(update(subscriptions).where(subscriptions.c.subscriber_id == name).values(**values))


# ---- who may be mailed ----


def test_readers_of_a_newsletter_come_in_the_order_of_their_ids(peopled):
    assert readers(peopled) == ["ann", "bob"]
    assert readers(peopled, "monthly") == []


def test_one_reader_can_be_asked_for_by_the_key_of_the_address(peopled):
    assert readers(peopled, only="bob@x.example") == ["bob"]
    assert readers(peopled, only="cyd@x.example") == []


@pytest.mark.parametrize("state", [SubscriptionState.PENDING, SubscriptionState.ENDED])
def test_who_is_not_active_is_not_mailed(peopled, state):
    change_subscription(peopled, "bob", state=state)
    assert readers(peopled) == ["ann"]


def test_who_never_confirmed_is_not_mailed_whatever_the_state_says(peopled):
    change_subscription(peopled, "bob", confirmed_at=None)
    assert readers(peopled) == ["ann"]


def resting(store):
    return [
        one.subscriber_id for one in read(store, audience.list_readers, Asked("weekly"), now=MONDAY) if one.is_resting
    ]


def test_who_paused_is_a_reader_still_and_rests_until_the_end_of_the_pause(peopled):
    change_subscription(peopled, "bob", paused_until=MONDAY + SECOND)
    assert (readers(peopled), resting(peopled)) == (["ann", "bob"], ["bob"])
    change_subscription(peopled, "bob", paused_until=MONDAY)
    assert (readers(peopled), resting(peopled)) == (["ann", "bob"], [])


def test_who_was_forgotten_is_not_mailed(peopled):
    write(peopled, forgetting.erase, reader("bob"), at=MONDAY)
    assert readers(peopled) == ["ann"]


def test_suppressed_address_is_not_mailed_until_that_is_lifted(peopled):
    write(peopled, suppressions.add, DEAD)
    assert readers(peopled) == ["ann"]
    write(peopled, suppressions.lift, "bob@x.example", at=MONDAY)
    assert readers(peopled) == ["ann", "bob"]


def test_floor_is_the_readers_own_else_when_they_confirmed(peopled):
    change_subscription(peopled, "bob", floor_at=MONDAY - DAY)
    assert read(peopled, audience.list_readers, Asked("weekly"), now=MONDAY) == [
        Reader("ann", MONDAY),
        Reader("bob", MONDAY - DAY),
    ]


def test_lowest_floor_is_that_of_those_who_are_asked_for(peopled):
    change_subscription(peopled, "bob", floor_at=MONDAY - DAY)
    assert read(peopled, audience.lowest_floor, Asked("weekly")) == MONDAY - DAY
    assert read(peopled, audience.lowest_floor, Asked("weekly", only="ann@x.example")) == MONDAY
    assert read(peopled, audience.lowest_floor, Asked("monthly")) is None


# ---- what they have had ----


def had(store, selections, *names):
    return read(store, audience.list_had, selections, among=names or ("ann", "bob"))


def test_reader_has_had_what_was_not_given_up(store):
    of = compose_every_state(store)
    assert had(store, {f"{of.id}#s": of.id}, *DeliveryState).keys() == set(DeliveryState) - {
        "bounced",
        "expired",
        "suppressed",
        "cancelled",
    }


def test_only_the_selections_that_were_asked_for_count(peopled):
    one, two = compose(peopled, "ann", "bob"), compose(peopled, "ann", of=edition(2))
    asked = {f"{one.id}#s": one.id, f"{one.id}#other": one.id}
    assert had(peopled, asked) == dict.fromkeys(["ann", "bob"], frozenset({f"{one.id}#s"}))
    both = {f"{of.id}#s": of.id for of in (one, two)}
    assert had(peopled, both)["ann"] == both.keys()
    assert had(peopled, {}) == {}


def test_only_the_readers_who_were_asked_for_count(peopled):
    of = compose(peopled, "ann", "bob")
    assert had(peopled, {f"{of.id}#s": of.id}, "bob").keys() == {"bob"}
    assert read(peopled, audience.list_given, of.id, among=["bob", "cyd"]) == {"bob"}


def test_reader_has_had_what_a_notice_carried_and_is_given_no_edition_by_it(peopled):
    of = compose(peopled, "ann", "bob")
    put(peopled, "ann", kind="notice")
    assert had(peopled, {f"{of.id}#s": of.id}).keys() == {"ann", "bob"}
    assert read(peopled, audience.list_given, of.id, among=["ann", "bob"]) == {"bob"}


@pytest.mark.parametrize("store", ["postgresql", "sqlite"], indirect=True)
def test_what_readers_had_can_be_asked_while_they_are_being_read(store, monkeypatch):
    monkeypatch.setattr(audience, "READ_AT_ONCE", 2)
    names = [f"r{number}" for number in range(7)]
    add_readers(store, *names)
    of = compose(store, *names[::2])
    with store.reading() as tx:
        found = {
            one.subscriber_id: audience.list_had(tx, {f"{of.id}#s": of.id}, among=[one.subscriber_id])
            for one in audience.list_readers(tx, Asked("weekly"), now=MONDAY)
        }
    assert list(found) == names
    assert [name for name, had in found.items() if had] == names[::2]
