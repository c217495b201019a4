"""Addresses that are not mailed: the first evidence stays, and a lift is remembered.

Not here: what suppresses (tests/rules/test_bounces.py).
"""

from dataclasses import replace

from feeds.store import keys, suppressions
from feeds.store.suppressions import Suppression
from tests.store.givens import DAY, MONDAY, read, write

ANN = "ann@x.example"
DEAD = Suppression(address_key=ANN, reason="user unknown", evidence="550 5.1.1", created_at=MONDAY)


def test_suppressed_address_is_found_with_its_reason(store):
    assert write(store, suppressions.add, DEAD)
    assert read(store, suppressions.find, ANN) == DEAD
    assert read(store, suppressions.list_of, ["bob@x.example", ANN]) == {ANN: DEAD}
    assert read(store, suppressions.find, "bob@x.example") is None


def test_first_evidence_against_an_address_stays(store):
    write(store, suppressions.add, DEAD)
    assert not write(store, suppressions.add, replace(DEAD, reason="complaint"))
    assert read(store, suppressions.find, ANN) == DEAD


def test_lifted_suppression_is_none_until_there_is_new_evidence(store):
    write(store, suppressions.add, DEAD)
    assert write(store, suppressions.lift, ANN, at=MONDAY + DAY)
    assert read(store, suppressions.find, ANN) is None
    assert read(store, suppressions.find_any, ANN) == replace(DEAD, lifted_at=MONDAY + DAY)
    again = replace(DEAD, reason="complaint", created_at=MONDAY + 2 * DAY)
    assert write(store, suppressions.add, again)
    assert read(store, suppressions.find, ANN) == again


def test_nothing_is_lifted_twice(store):
    assert not write(store, suppressions.lift, ANN, at=MONDAY)
    write(store, suppressions.add, DEAD)
    assert [write(store, suppressions.lift, ANN, at=MONDAY + n * DAY) for n in (1, 2)] == [True, False]
    assert read(store, suppressions.find_any, ANN).lifted_at == MONDAY + DAY


def test_suppressions_are_listed_newest_first_and_lifted_ones_on_demand(store):
    write(store, suppressions.add, DEAD)
    for n, name in enumerate(("bob", "carol"), 1):
        write(store, suppressions.add, replace(DEAD, address_key=f"{name}@x.example", created_at=MONDAY + n * DAY))
    write(store, suppressions.lift, "bob@x.example", at=MONDAY + 3 * DAY)
    keys = [[one.address_key for one in read(store, suppressions.list_all, lifted=lifted)] for lifted in (False, True)]
    assert keys == [["carol@x.example", ANN], ["carol@x.example", "bob@x.example", ANN]]


# ---- who asked to be forgotten ----


def kept(store):
    """Return all that the table holds, in words."""
    return str(
        [vars(one) if hasattr(one, "__dict__") else one for one in read(store, suppressions.list_all, lifted=True)]
    )


def test_of_who_asked_to_be_forgotten_a_keyed_hash_stays_and_is_found_by_the_address(store):
    write(store, suppressions.hide, ANN, at=MONDAY)
    assert "ann" not in kept(store)
    found = read(store, suppressions.list_of, [ANN, "bob@x.example"])
    assert {key: (why.address_key, why.reason) for key, why in found.items()} == {ANN: (ANN, suppressions.FORGOTTEN)}


def test_what_a_forgotten_address_was_suppressed_for_holds_without_the_evidence(store):
    write(store, suppressions.add, DEAD)
    write(store, suppressions.hide, ANN, at=MONDAY + DAY)
    assert read(store, suppressions.find, ANN) == replace(DEAD, evidence="", created_at=MONDAY + DAY)
    assert not write(store, suppressions.add, replace(DEAD, reason="complaint"))
    assert len(read(store, suppressions.list_all)) == 1


def test_forgotten_address_is_found_whatever_key_signs_by_then_and_is_let_be_mailed_again(store):
    write(store, suppressions.hide, ANN, at=MONDAY)
    write(store, keys.rotate, at=MONDAY, until=MONDAY)
    assert read(store, suppressions.find, ANN)
    assert write(store, suppressions.lift, ANN, at=MONDAY + DAY)
    assert read(store, suppressions.find, ANN) is None
    assert write(store, suppressions.add, DEAD)
    assert read(store, suppressions.find, ANN) == DEAD
