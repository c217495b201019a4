"""Many ids in one place: none is lost, mixed up or counted twice.

Not here: whose they are (test_selecting).
"""

from hypothesis import given
from hypothesis import strategies as some

from feeds.rules.ids import Ids

NAMES = some.lists(some.text(max_size=40), max_size=50)


@given(NAMES, some.lists(NAMES, max_size=4))
def test_ids_come_back_as_they_were_added_and_then_those_beside_them(own, others):
    found = Ids(own, more=map(Ids, others))
    assert list(found) == list(found) == [*own, *(name for names in others for name in names)]
    assert len(found) == len(list(found))
    assert bool(found) == bool(own or any(others))


def test_id_can_be_added_while_others_stand_beside_it():
    found = Ids(["ann"], more=[Ids(["cyd"])])
    found.add("bob")
    assert list(found) == ["ann", "bob", "cyd"]


def test_many_ids_take_little_more_memory_than_their_letters():
    found = Ids(f"{number:032x}" for number in range(10_000))
    held = found._letters.__sizeof__() + found._ends.__sizeof__()
    assert held < 10_000 * (32 + 8) * 1.25
