from zoneinfo import ZoneInfo

import pytest

from feeds.model import Person
from feeds.rules.meta import author_slug, meta_key, read_meta, tag_of

LONDON = ZoneInfo("Europe/London")


def declared(**meta):
    return read_meta(meta, LONDON)


def test_keys_of_other_programs_mean_the_same():
    found = declared(Headline="T", dek="S", excerpt="U", pubdate="2024-03-02", lang="en_GB", keywords="a, b")
    assert (found.title, found.standfirst, found.summary, found.language) == ("T", "S", "U", "en-GB")
    assert found.published_at is not None
    assert [tag.slug for tag in found.tags] == ["a", "b"]


def test_key_has_one_spelling():
    assert meta_key(" Redirect-From ") == "redirect_from"
    assert meta_key(2024) == "2024"


@pytest.mark.parametrize(
    ("author", "person"),
    [
        ("Ann Lee", Person("Ann Lee")),
        ("Ann Lee <ann@g.example>", Person("Ann Lee", "ann@g.example")),
        ({"name": "Ann Lee", "url": "https://a.example/"}, Person("Ann Lee", None, "https://a.example/")),
        ("Ann\u202e Lee\r\nBcc: x", Person("Ann Lee Bcc: x")),
    ],
)
def test_author_is_a_name_with_an_address_or_a_page(author, person):
    assert declared(author=author).authors == (person,)


def test_author_named_twice_is_one():
    assert declared(authors=["Ann Lee", "ann lee", None, "", {"x": 1}]).authors == (Person("Ann Lee"),)


def test_tags_that_differ_in_a_sign_stay_two():
    assert [tag.slug for tag in declared(tags=["C", "C++", "c"]).tags] == ["c", "c-plus-plus"]
    assert tag_of("🎉") is None


def test_endless_tag_is_cut():
    assert len(tag_of("word " * 9000).name) <= 100


def test_author_always_has_an_address():
    assert author_slug("🎉") == "unnamed"


def test_what_is_no_language_is_reported():
    assert declared(language="English, please").notes == (
        "language: 'English, please' is no language tag; the site's is used",
    )


def test_title_that_yaml_takes_for_false_is_reported():
    assert "quotes" in declared(title=False).notes[0]


def test_true_is_no_date():
    assert declared(published=True, pubdate="2024-03-02").notes == ()


def test_picture_is_told_of_in_one_table_or_in_several_keys():
    wanted = {"address": "a.jpg", "alt": "A", "caption": "C", "credit": ""}
    assert declared(image={"src": "a.jpg", "alt": "A", "caption": "C"}).image == wanted
    assert declared(cover="a.jpg", image_alt="A", image_caption="C").image == wanted
