from feeds.model import Tag
from feeds.rules.tags import Spelling, alias_slugs, collisions, current_slug, names

USED = [
    Spelling("ferry", "Ferry", 3),
    Spelling("ferry", "ferry", 1),
    Spelling("c", "C", 1),
    Spelling("c-plus-plus", "C++", 1),
]


def test_spellings_of_one_tag_are_reported_and_c_and_c_plus_plus_stay_two():
    assert collisions(USED) == ["tag ferry: spelt 'Ferry', 'ferry'; all are one"]


def test_tag_is_shown_as_most_spell_it():
    assert names(USED, {})["ferry"] == "Ferry"
    assert names([Spelling("a", "b", 1), Spelling("a", "B", 1)], {}) == {"a": "B"}


def test_alias_leads_to_the_end_of_its_chain():
    aliases = alias_slugs({"Boats": "Ships", "Ships": "Ferries"})
    assert aliases == {"boats": Tag("ferries", "Ferries"), "ships": Tag("ferries", "Ferries")}
    assert current_slug("boats", aliases) == "ferries"
    assert current_slug("trains", aliases) == "trains"


def test_alias_in_a_ring_or_of_itself_leads_nowhere_else():
    assert alias_slugs({"Ferry": "ferry"}) == {}
    ring = alias_slugs({"a": "b", "b": "a"})
    assert all(tag.slug != old for old, tag in ring.items())


def test_renamed_tag_has_the_name_that_the_alias_gives():
    assert names([Spelling("boats", "Boats", 9)], alias_slugs({"Boats": "Ferries"})) == {"ferries": "Ferries"}
