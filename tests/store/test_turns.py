"""Turns as the store remembers them, and the zones that readers live by.

Not here: which turns there are (tests/rules/test_preferences.py), what is due of them (tests/jobs).
"""

from dataclasses import replace

from feeds.model import Subscriber
from feeds.rules.series import Series, Turn
from feeds.store import newsletters, subscribers, turns
from tests.store.givens import MONDAY, read

DAY = Turn(Series("weekly", "day", "de"), "Asia/Tokyo")
ANN = Subscriber(id="ann", address="ann@x.example", address_key="ann@x.example", name="", created_at=MONDAY)


def test_turn_is_remembered_with_its_last_slot_until_it_is_dropped(store):
    with store.writing() as tx:
        turns.add(tx, [DAY], begun_at=MONDAY)
        turns.mark_decided(tx, DAY, slot=MONDAY, cadence="0 7 * * * Asia/Tokyo")
    (seen,) = read(store, turns.list_seen).values()
    assert (seen.series, seen.zone, seen.begun_at, seen.slot_at) == ("weekly--day--de", "Asia/Tokyo", MONDAY, MONDAY)
    with store.writing() as tx:
        turns.drop(tx, [turns.key_of(DAY)])
    assert read(store, turns.list_seen) == {}


def test_turns_go_with_a_newsletter_that_is_renamed(store):
    with store.writing() as tx:
        newsletters.add(tx, "weekly", at=MONDAY, floor_at=MONDAY)
        turns.add(tx, [DAY], begun_at=MONDAY)
        newsletters.rename(tx, "weekly", "letter")
    assert [(one.series, one.newsletter) for one in read(store, turns.list_seen).values()] == [
        ("letter--day--de", "letter")
    ]


def test_zones_of_readers_are_told_each_once(store):
    zones = ("Asia/Tokyo", None, "Europe/Dublin", "Asia/Tokyo", "America/New_York", None)
    assert read(store, turns.list_zones) == []
    with store.writing() as tx:
        people = [
            replace(ANN, id=str(n), address=f"{n}@x.example", address_key=f"{n}@x.example") for n in range(len(zones))
        ]
        subscribers.add(tx, people)
        for person, zone in zip(people, zones, strict=True):
            subscribers.set_locale(tx, person.id, language=None, timezone=zone)
    assert read(store, turns.list_zones) == ["America/New_York", "Asia/Tokyo", "Europe/Dublin"]


def test_what_is_set_is_read_back(store):
    with store.writing() as tx:
        subscribers.add(tx, [ANN])
        subscribers.add_active(tx, [("ann", "weekly")], at=MONDAY, floors={"weekly": MONDAY})
        subscribers.set_preferences(tx, ("ann", "weekly"), {"cadence": "day"})
        subscribers.set_locale(tx, "ann", language="de", timezone="Asia/Tokyo")
    with store.reading() as tx:
        ann = subscribers.get_by_key(tx, "ann@x.example")
        there = subscribers.list_subscriptions(tx, ["ann"])["ann", "weekly"]
    assert (ann.language, ann.timezone, there.preferences) == ("de", "Asia/Tokyo", {"cadence": "day"})
