from uuid import UUID

import pytest

from feeds.rules.identity import (
    Sighting,
    changed_places,
    declared_id,
    feed_id,
    new_id,
    settle,
    withdrawals_are_suspicious,
)
from tests.rules.givens import raw

SITE = UUID("6f0c5c1e-4a51-4b5e-9d6f-2f4f6d1b7a10")


def made(entry, taken=frozenset()):
    return new_id(SITE, "articles", entry, taken=taken)


def settled(*sightings, vanished=None, present=(), known=()):
    return settle(
        sightings,
        vanished=vanished or {},
        present=dict.fromkeys(present, "held.md"),
        known=set(known),
    )


@pytest.mark.rule("F2")
def test_id_comes_from_the_key_and_nothing_else():
    plain = raw("x", key="ferry.md")
    other = raw("y", key="ferry.md", hash="h2", title="T", slug="s", date="2024-03-02", tags=["a"], authors="Ann")
    assert made(plain) == made(other)
    assert made(plain) != made(raw("x", key="bridge.md"))


@pytest.mark.rule("F2")
def test_declared_id_is_kept_and_a_word_becomes_a_urn():
    assert declared_id(SITE, raw("x", id="tag:g.example,2024:1")) == "tag:g.example,2024:1"
    urn = declared_id(SITE, raw("x", id="ferry 7"))
    assert urn.startswith("urn:uuid:")
    assert urn == declared_id(SITE, raw("y", key="z.md", ID=" ferry 7 "))


@pytest.mark.parametrize("value", [None, "", "  ", ["a"], {"a": 1}, True, pytest.param(10**5000, id="huge")])
def test_what_is_no_word_declares_no_id(value):
    assert declared_id(SITE, raw("x", id=value)) is None


def test_endless_id_is_shortened_to_a_urn():
    assert declared_id(SITE, raw("x", id="urn:" + "x" * 9000)).startswith("urn:uuid:")


def test_place_of_an_entry_that_moved_away_gives_another_id():
    first = made(raw("x"))
    assert made(raw("x"), taken={first}) not in {first}


def test_feed_has_an_id_of_its_own():
    assert feed_id(SITE, "news") != feed_id(SITE, "sport") != made(raw("x", key="feed:sport"))


def test_one_vanished_and_one_new_file_with_the_same_bytes_are_a_move():
    found = settled(Sighting("new.md", "h1"), vanished={"urn:1": "h1"}, known=["urn:1"])
    assert (found.moved, found.new) == ({"new.md": "urn:1"}, ())


def test_ambiguous_move_is_none():
    two_new = settled(Sighting("a.md", "h1"), Sighting("b.md", "h1"), vanished={"urn:1": "h1"})
    two_gone = settled(Sighting("a.md", "h1"), vanished={"urn:1": "h1", "urn:2": "h1"})
    assert (two_new.moved, two_new.new) == ({}, ("a.md", "b.md"))
    assert (two_gone.moved, two_gone.new) == ({}, ("a.md",))


def test_pinned_files_that_changed_places_keep_their_ids():
    swap = [Sighting("a.md", "h2", "urn:2"), Sighting("b.md", "h1", "urn:1")]
    assert settled(*swap, known=["urn:1", "urn:2"]).moved == {"a.md": "urn:2", "b.md": "urn:1"}


def test_pinned_file_is_its_entry_though_its_bytes_changed_too():
    found = settled(Sighting("a.md", "h9", "urn:1"), vanished={"urn:1": "h1"}, known=["urn:1"])
    assert found.moved == {"a.md": "urn:1"}


def test_of_two_files_with_one_id_the_first_seen_keeps_it_and_the_other_is_refused_by_name():
    found = settled(Sighting("a.md", "h1", "urn:1"), Sighting("b.md", "h2", "urn:1"))
    assert found.new == ("a.md",)
    assert list(found.clashes) == ["b.md"]
    assert "a.md" in found.clashes["b.md"]


def test_id_that_another_file_already_has_is_refused():
    found = settled(Sighting("copy.md", "h1", "urn:1"), present=["urn:1"], known=["urn:1"])
    assert (found.moved, found.new, list(found.clashes)) == ({}, (), ["copy.md"])


@pytest.mark.parametrize(
    ("gone", "known", "suspicious"),
    [
        (5, 5, False),
        (5, 10, False),
        (6, 10, True),
        (6, 29, True),
        (6, 30, False),
        (200, 1000, False),
        (201, 1000, True),
    ],
)
def test_more_than_five_files_and_a_fifth_at_once_look_like_a_mistake(gone, known, suspicious):
    assert withdrawals_are_suspicious(gone, known) is suspicious


def movers(changed, *, departed=(), **owners):
    """Return who moved among files whose bytes changed to those of other keys, each file there once."""
    arrived = dict.fromkeys(changed.values(), 1)
    return changed_places(changed, owners=owners, arrived=arrived, departed=set(departed))


def test_files_that_changed_places_moved():
    assert movers({"a": "hb", "b": "ha"}, ha="a", hb="b") == {"a", "b"}


def test_file_in_the_place_of_another_moved_if_its_own_place_is_empty():
    assert movers({"b": "ha"}, ha="a", hb="b", departed=["a"]) == {"b"}


def test_chain_of_files_whose_last_home_is_still_held_is_no_move():
    assert movers({"b": "ha", "c": "hb"}, ha="a", hb="b", hc="c") == set()


def test_copies_are_no_move():
    found = changed_places(
        {"a": "hb", "b": "ha"}, owners={"ha": "a", "hb": "b"}, arrived={"ha": 2, "hb": 1}, departed=()
    )
    assert found == set()


def test_new_files_that_declare_their_ids_come_before_those_whose_ids_are_made():
    assert settled(Sighting("a.md", "h1"), Sighting("b.md", "h2", "urn:a")).new == ("b.md", "a.md")
