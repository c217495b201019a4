from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from feeds.rules.queries import matches, newest_first
from feeds.rules.revising import Taken, new_entry
from tests.rules.givens import NOW, raw, read


@dataclass
class Wanted:
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


def entry(id="urn:1", **said):
    taken = Taken(frozenset(), frozenset())
    return new_entry(raw("x", **said), read("x", **said), id=id, source="articles", taken=taken, now=NOW)


def test_entry_is_wanted_for_one_of_each_list_that_is_given():
    one = entry(author="Ann Lee", section="Harbour")
    assert matches(one, Wanted(), [])
    assert matches(one, Wanted(tags=("Ferry", "C++")), ["c-plus-plus"])
    assert not matches(one, Wanted(tags=("C",)), ["c-plus-plus"])
    assert matches(one, Wanted(authors=("ann lee",), sections=("HARBOUR",)), [])
    assert not matches(one, Wanted(authors=("Ann Lee",), sections=("Sport",)), [])


@pytest.mark.rule("F14")
@pytest.mark.rule("F13")
def test_newest_stands_first_and_equals_always_in_the_same_order():
    old = replace(entry("urn:0"), published_at=NOW - timedelta(days=1), sequence=9)
    first, second, third = (replace(entry(f"urn:{n}"), sequence=s) for n, s in ((1, 2), (2, 1), (3, None)))
    wanted = [first, second, third, old]
    assert newest_first(wanted) == newest_first(wanted[::-1]) == wanted
