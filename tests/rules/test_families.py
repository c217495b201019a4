from dataclasses import dataclass

import pytest

from feeds.model import Tag
from feeds.rules.families import Each, Feeds, language_slug
from feeds.rules.instants import Instants
from feeds.rules.revising import Taken, new_entry
from tests.rules.givens import NOW, raw, read

FERRY, QUAY = Tag("ferry", "Ferry"), Tag("quay", "Quay")


@dataclass
class Defined:
    slug: str
    each: Each | None = None
    tags: tuple[str, ...] = ()
    not_tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    members: bool = False


def entry(**said):
    taken = Taken(frozenset(), Instants())
    return new_entry(raw("x", **said), read("x", **said), id="urn:1", source="articles", taken=taken, now=NOW)


def feeds(*defined, **more):
    return Feeds(defined, site_language="en-IE", site_author="The desk", **more)


def keys(found):
    return [membership.key for membership in found]


def test_entry_belongs_to_the_feeds_that_ask_for_it_in_the_order_of_the_config():
    site = feeds(Defined("all"), Defined("water", tags=("Ferry", "Quay")), Defined("sport", sections=("Sport",)))
    assert keys(site.of(entry(), [QUAY, FERRY])) == ["all", "water"]
    assert keys(site.of(entry(section="Sport"), [])) == ["all", "sport"]


def test_family_has_a_member_for_each_tag_author_section_and_language():
    site = feeds(*(Defined(f"by-{each}", each=each) for each in Each))
    found = keys(site.of(entry(author=["Ann Lee", "Bo Ek"], section="Arts & Culture", language="de-AT"), [FERRY, QUAY]))
    assert found == [
        *("by-tag/ferry", "by-tag/quay", "by-author/ann-lee", "by-author/bo-ek"),
        *("by-section/arts-culture", "by-language/de"),
    ]


def test_member_is_called_what_people_call_it():
    site = feeds(Defined("a", each=Each.LANGUAGE), Defined("b", each=Each.TAG), language_name={"de": "German"}.get)
    names = [membership.member.name for membership in site.of(entry(language="de"), [FERRY])]
    assert names == ["German", "Ferry"]


def test_site_stands_in_for_what_an_entry_does_not_name():
    site = feeds(Defined("a", each=Each.AUTHOR), Defined("l", each=Each.LANGUAGE), Defined("d", authors=("the desk",)))
    assert keys(site.of(entry(), [])) == ["a/the-desk", "l/en", "d"]


def test_family_holds_nothing_of_an_entry_without_tags_or_section():
    assert feeds(Defined("t", each=Each.TAG), Defined("s", each=Each.SECTION)).of(entry(), []) == []


def test_family_can_ask_for_some_entries_only():
    site = feeds(Defined("t", each=Each.TAG, not_tags=("Quay",)))
    assert keys(site.of(entry(), [FERRY])) == ["t/ferry"]
    assert site.of(entry(), [FERRY, QUAY]) == []


def test_two_spellings_of_an_author_are_one_member():
    found = feeds(Defined("a", each=Each.AUTHOR)).of(entry(author=["Ann Lee", "ANN LEE", "Bo"]), [])
    assert [membership.member.name for membership in found] == ["Ann Lee", "Bo"]


@pytest.mark.rule("F12")
def test_members_only_entry_belongs_to_feeds_for_members_alone():
    site = feeds(Defined("all"), Defined("tags", each=Each.TAG), Defined("inside", members=True))
    assert keys(site.of(entry(access="members"), [FERRY])) == ["inside"]
    assert keys(site.of(entry(), [])) == ["all", "inside"]


def test_old_spelling_of_a_tag_in_the_config_means_the_new_one():
    site = feeds(Defined("water", tags=("Ferries",)), tag_aliases={"ferries": "ferry"})
    assert keys(site.of(entry(), [FERRY])) == ["water"]


def test_feeds_of_other_tags_are_not_even_asked():
    asked = []

    class Spy(Defined):
        @property
        def members(self):
            asked.append(self.slug)
            return False

        @members.setter
        def members(self, _value):
            pass

    site = feeds(*(Spy(f"tag-{n}", tags=(f"tag {n}",)) for n in range(500)))
    assert keys(site.of(entry(), [Tag("tag-7", "tag 7")])) == ["tag-7"]
    assert asked == ["tag-7"]


@pytest.mark.parametrize(("language", "slug"), [("de-AT", "de"), ("EN", "en"), ("zh-Hant-TW", "zh"), ("", "")])
def test_language_goes_by_its_primary_tag(language, slug):
    assert language_slug(language) == slug
