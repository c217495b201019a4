from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from feeds.rules.instants import Instants
from feeds.rules.queries import facts_of, newest_first, wanted
from feeds.rules.revising import Taken, new_entry
from tests.rules.givens import NOW, raw, read


@dataclass
class Wanted:
    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def entry(id="urn:1", **said):
    taken = Taken(frozenset(), Instants())
    return new_entry(raw("x", **said), read("x", **said), id=id, source="articles", taken=taken, now=NOW)


def matches(entry, query, tags, *, site_language=""):
    return wanted(query).fits(facts_of(entry, tags, site_language=site_language, site_author=""))


def test_entry_is_wanted_for_one_of_each_list_that_is_given():
    one = entry(author="Ann Lee", section="Harbour")
    assert matches(one, Wanted(), [])
    assert matches(one, Wanted(tags=("Ferry", "C++")), ["c-plus-plus"])
    assert not matches(one, Wanted(tags=("C",)), ["c-plus-plus"])
    assert matches(one, Wanted(authors=("ann lee",), sections=("HARBOUR",)), [])
    assert not matches(one, Wanted(authors=("Ann Lee",), sections=("Sport",)), [])


def test_one_tag_that_is_not_wanted_is_enough():
    assert matches(entry(), Wanted(not_tags=("Wire copy",)), [])
    assert not matches(entry(), Wanted(tags=("Ferry",), not_tags=("Wire copy",)), ["ferry", "wire-copy"])


@pytest.mark.parametrize(
    ("language", "asked", "fits"),
    [("de", "de", True), ("de-AT", "DE", True), ("de", "de-AT", False), ("den", "de", False), ("pt-BR", "pt-br", True)],
)
def test_language_fits_its_own_kinds_and_no_other(language, asked, fits):
    assert matches(entry(language=language), Wanted(languages=(asked,)), []) is fits


def test_entry_that_names_no_language_is_in_the_sites():
    assert matches(entry(), Wanted(languages=("en",)), [], site_language="en-IE")
    assert not matches(entry(), Wanted(languages=("en",)), [])


def test_section_is_known_by_its_slug():
    assert matches(entry(section="Arts & Culture"), Wanted(sections=("arts culture",)), [])
    assert not matches(entry(), Wanted(sections=("Arts",)), [])


def test_query_for_an_old_spelling_of_a_tag_means_the_new_one():
    asked = wanted(Wanted(tags=("Ferries",), not_tags=("boats",)), {"ferries": "ferry", "boats": "ship"})
    assert (asked.tags, asked.not_tags) == ({"ferry"}, {"ship"})


@pytest.mark.rule("F14")
@pytest.mark.rule("F13")
def test_newest_stands_first_and_equals_always_in_the_same_order():
    old = replace(entry("urn:0"), published_at=NOW - timedelta(days=1), sequence=9)
    first, second, third = (replace(entry(f"urn:{n}"), sequence=s) for n, s in ((1, 2), (2, 1), (3, None)))
    wanted = [first, second, third, old]
    assert newest_first(wanted) == newest_first(wanted[::-1]) == wanted
