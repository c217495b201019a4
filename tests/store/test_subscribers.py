"""Subscribers, their subscriptions and consent come back as they were put in, on both databases.

Not here: who is subscribed by what (tests/rules/test_consent.py, tests/jobs/test_subscribe.py).
"""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from feeds.errors import UsageWrong
from feeds.model import Subscriber, Subscription, SubscriptionState
from feeds.store import subscribers
from feeds.store.schema import subscriptions
from feeds.store.subscribers import ConsentEvent, Step
from tests.store.givens import DAY, MONDAY, read, write

ANN = Subscriber(id="r1", address="Ann@x.example", address_key="ann@x.example", name="Ann", created_at=MONDAY)
BOB = Subscriber(id="r0", address="bob@x.example", address_key="bob@x.example", name="", created_at=MONDAY)
FLOORS = {"weekly": MONDAY - DAY, "daily": MONDAY}
PAIRS = [("r1", "weekly"), ("r0", "weekly"), ("r1", "daily")]
GIVEN = ConsentEvent(
    subscriber_id="r1", newsletter="weekly", event=Step.CONFIRMED, at=MONDAY, origin="add", wording="At the fair."
)


@pytest.fixture
def peopled(store):
    """Give a store in which Ann gets both newsletters, and Bob one."""
    write(store, subscribers.add, [ANN, BOB])
    write(store, subscribers.add_active, PAIRS, at=MONDAY, floors=FLOORS)
    write(store, subscribers.add_consent_events, [GIVEN])
    return store


def subscription(store, pair=("r1", "weekly")):
    return read(store, subscribers.list_subscriptions, [pair[0]])[pair]


def change_row(store, pair=("r1", "weekly"), **values):
    with store.writing() as tx:
        ours = subscriptions.c.subscriber_id == pair[0], subscriptions.c.newsletter == pair[1]
        tx.execute(update(subscriptions).where(*ours).values(**values))


def generation(store):
    with store.reading() as tx:
        return tx.execute(select(subscriptions.c.generation).where(subscriptions.c.newsletter == "daily")).scalar()


# ---- subscribers ----


def test_subscriber_is_found_by_the_key_of_the_address(peopled):
    assert read(peopled, subscribers.find_by_key, "ann@x.example") == ANN
    assert read(peopled, subscribers.find_by_key, "Ann@x.example") is None


def test_unknown_subscriber_is_answered_with_where_to_look(peopled):
    with pytest.raises(UsageWrong, match=r"'cyd@x\.example'; `pressrun subscribers list`"):
        read(peopled, subscribers.get_by_key, "cyd@x.example")


def test_known_ones_of_many_keys_come_by_key(peopled):
    found = read(peopled, subscribers.list_known, ["bob@x.example", "cyd@x.example", "ann@x.example"])
    assert found == {"ann@x.example": ANN, "bob@x.example": BOB}


def test_name_and_address_can_be_written_anew(peopled):
    other = replace(ANN, name="Ann Lee", address="ANN@x.example")
    write(peopled, subscribers.replace, other)
    assert read(peopled, subscribers.get_by_key, "ann@x.example") == other


# ---- subscriptions ----


def test_new_subscription_is_active_and_confirmed(peopled):
    expected = Subscription(
        subscriber_id="r1",
        newsletter="weekly",
        state=SubscriptionState.ACTIVE,
        confirmed_at=MONDAY,
        floor_at=FLOORS["weekly"],
    )
    assert subscription(peopled) == expected


def test_listing_goes_by_address_then_by_newsletter(peopled):
    found = read(peopled, subscribers.list_all)
    assert [(who.address_key, one.newsletter) for who, one, _ in found] == [
        ("ann@x.example", "daily"),
        ("ann@x.example", "weekly"),
        ("bob@x.example", "weekly"),
    ]


def test_listing_can_be_narrowed(peopled):
    write(peopled, subscribers.mark_ended, ("r0", "weekly"), at=MONDAY, by="operator")
    ended = read(peopled, subscribers.list_all, newsletter="weekly", state=SubscriptionState.ENDED)
    assert [who for who, _, _ in ended] == [BOB]
    assert len(read(peopled, subscribers.list_all, newsletter="daily")) == 1


def test_listing_says_what_was_consented_to_last(peopled):
    again = replace(GIVEN, wording="By phone.", at=MONDAY + DAY)
    write(peopled, subscribers.add_consent_events, [again, replace(GIVEN, event=Step.ENDED, wording="")])
    assert [wording for _, _, wording in read(peopled, subscribers.list_all)] == ["", "By phone.", ""]


def test_listing_of_more_than_it_holds_at_once_is_whole(store):
    many = [replace(BOB, id=f"n{n}", address_key=f"{n:04}@x.example") for n in range(2 * subscribers.AT_ONCE + 1)]
    write(store, subscribers.add, many)
    write(store, subscribers.add_active, [(one.id, "weekly") for one in many], at=MONDAY, floors=FLOORS)
    assert [who.id for who, _, _ in read(store, subscribers.list_all)] == [one.id for one in many]


def test_ended_subscription_keeps_its_record(peopled):
    write(peopled, subscribers.mark_ended, ("r1", "weekly"), at=MONDAY + DAY, by="operator")
    ended = subscription(peopled)
    assert (ended.state, ended.ended_at, ended.ended_by) == (SubscriptionState.ENDED, MONDAY + DAY, "operator")
    assert ended.confirmed_at == MONDAY
    assert subscription(peopled, ("r1", "daily")).state is SubscriptionState.ACTIVE


def test_active_again_forgets_how_it_ended_and_what_it_had(peopled):
    write(peopled, subscribers.mark_ended, ("r1", "weekly"), at=MONDAY, by="operator")
    change_row(peopled, paused_until=MONDAY)
    write(peopled, subscribers.mark_active, [("r1", "weekly")], at=MONDAY + DAY, floors={"weekly": MONDAY})
    expected = Subscription(
        subscriber_id="r1",
        newsletter="weekly",
        state=SubscriptionState.ACTIVE,
        confirmed_at=MONDAY + DAY,
        floor_at=MONDAY,
        generation=1,
    )
    assert subscription(peopled) == expected


@pytest.mark.parametrize(("state", "raised"), [(SubscriptionState.ENDED, 1), (SubscriptionState.PENDING, 0)])
def test_tokens_from_before_an_end_are_revoked_when_it_is_active_again(peopled, state, raised):
    change_row(peopled, ("r1", "daily"), state=state)
    write(peopled, subscribers.mark_active, [("r1", "daily"), ("r0", "weekly")], at=MONDAY, floors=FLOORS)
    assert generation(peopled) == raised


def test_paused_subscription_rests_until_it_is_said_otherwise(peopled):
    write(peopled, subscribers.mark_paused, ("r1", "weekly"), until=MONDAY + DAY)
    assert subscription(peopled).paused_until == MONDAY + DAY
    write(peopled, subscribers.mark_paused, ("r1", "weekly"), until=None)
    assert subscription(peopled).paused_until is None


def test_subscriptions_are_counted_by_state(peopled):
    write(peopled, subscribers.mark_ended, ("r1", "weekly"), at=MONDAY, by="operator")
    assert read(peopled, subscribers.count_by_state) == {"daily": {"active": 1}, "weekly": {"active": 1, "ended": 1}}


def test_renamed_newsletter_takes_its_readers_and_their_consent_along(peopled):
    write(peopled, subscribers.rename_newsletter, "weekly", "harbour")
    assert read(peopled, subscribers.count_by_state) == {"daily": {"active": 1}, "harbour": {"active": 2}}
    assert [one.newsletter for one in read(peopled, subscribers.list_consent_events, "r1")] == ["harbour"]


def test_reader_of_both_names_keeps_both_subscriptions(peopled):
    write(peopled, subscribers.rename_newsletter, "daily", "weekly")
    assert read(peopled, subscribers.count_by_state) == {"daily": {"active": 1}, "weekly": {"active": 2}}


# ---- consent ----


def test_steps_of_consent_come_back_in_order(peopled):
    left = replace(GIVEN, event=Step.ENDED, at=MONDAY + DAY, origin="operator", wording="")
    write(peopled, subscribers.add_consent_events, [left])
    assert read(peopled, subscribers.list_consent_events, "r1") == [GIVEN, left]


def test_nothing_to_add_adds_nothing(peopled):
    for statement in (subscribers.add, subscribers.add_consent_events):
        write(peopled, statement, [])
    for statement in (subscribers.add_active, subscribers.mark_active):
        write(peopled, statement, [], at=MONDAY, floors={})
    assert len(read(peopled, subscribers.list_all)) == 3
