from zoneinfo import ZoneInfo

import pytest

from feeds.model import Person
from feeds.rules.meta import read_meta, tag_of
from feeds.rules.meta_keys import meta_key
from feeds.rules.slugs import author_slug

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


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"byline": "By Ann Lee and Tom Day"}, ["Ann Lee", "Tom Day"]),
        ({"byline": "staff"}, ["staff"]),
        ({"authors": "Ann Lee and Tom Day"}, ["Ann Lee", "Tom Day"]),
        ({"authors": "Ann Lee, Tom Day & Bo Ek"}, ["Ann Lee", "Tom Day", "Bo Ek"]),
        ({"author": "Ann Lee; Tom Day"}, ["Ann Lee", "Tom Day"]),
        ({"author": "Marks and Spencer"}, ["Marks and Spencer"]),
    ],
)
def test_several_authors_in_one_line_are_told_apart_where_that_is_sure(said, names):
    assert [person.name for person in declared(**said).authors] == names


@pytest.mark.rule("T57")
@pytest.mark.parametrize("written", ["01/02/2099", "2099-13-45", ["2099-01-01"], {"on": 2099}, 2099, "20991345"])
def test_year_in_a_date_that_cannot_be_read_is_kept_and_told(written):
    found = declared(date=written)
    assert (found.published_at, found.promised_year) == (None, 2099)
    assert "held back while 2099" in found.notes[-1]
    assert declared(date="12026-01-01").promised_year == 12026
    assert declared(date="2024-03-02").promised_year is None
    assert declared(date="9" * 20).promised_year is None


@pytest.mark.rule("F12")
def test_latest_of_date_and_embargo_counts():
    assert declared(date="2024-03-02", publishDate="2099-01-01").published_at.year == 2099
    assert declared(date="2024-03-02", embargo="2020-01-01").published_at.year == 2024
    assert declared(date="2024-03-02", scheduled=False).published_at.year == 2024
