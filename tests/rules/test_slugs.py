import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.rules.slugs import LONGEST, RESERVED, free_slug, slug_of

SAFE = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@pytest.mark.rule("T74")
@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(codec=None, exclude_categories=())), st.booleans())
@example("ﬁ" * 90, False)
@example("\ud800é", True)
def test_slug_is_safe_or_empty(text, signs):
    slug = slug_of(text, signs=signs)
    assert slug == "" or (SAFE.fullmatch(slug) and len(slug) <= LONGEST)


@pytest.mark.rule("T74")
@pytest.mark.parametrize("asked", ["../../x", "%2e%2e%2f", "", "x" * 300, "🎉🎉", "con", "CON", "tags", "\u202eabc"])
def test_slug_given_out_is_safe_free_and_never_reserved(asked):
    given_out = {free_slug(slug_of(asked), set())}
    for _ in range(12):
        given_out.add(free_slug(slug_of(asked), given_out))
    assert len(given_out) == 13
    assert all(SAFE.fullmatch(slug) and len(slug) <= LONGEST and slug not in RESERVED for slug in given_out)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ferry’s back!", "ferrys-back"),
        ("Straße", "strasse"),
        ("Æsop & Øre", "aesop-ore"),
        ("La dernière librairie", "la-derniere-librairie"),
        ("Zoë Núñez", "zoe-nunez"),
        ("Jörg Ångström", "jorg-angstrom"),
        ("Đặng Thị Ngọc", "dang-thi-ngoc"),
    ],
)
def test_slug_spells_what_latin_script_can(text, slug):
    assert slug_of(text) == slug


def test_scripts_that_latin_cannot_spell_stay_apart():
    assert slug_of("عبارة") != slug_of("ميناء")
    assert slug_of("渡し船 2024").startswith("2024-")


def test_signs_keep_tags_apart():
    assert slug_of("C++", signs=True) != slug_of("C", signs=True)


def test_nameless_entry_is_untitled():
    assert free_slug("", set()) == "untitled"
