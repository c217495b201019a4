import pytest

from feeds.rules.addresses import AddressBook, absolute
from tests.rules.givens import DESK


def book(*, base=None, key="2026/a.md"):
    return AddressBook(source="articles", key=key, site_url=DESK.site_url, base=base, find_file=DESK.find_file)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://Bücher.example/é?q=ü", "https://xn--bcher-kva.example/%C3%A9?q=%C3%BC"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("HTTP://a.example/50%", "http://a.example/50%25"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("mailto:ann@g.example", "mailto:ann@g.example"),
    ],
)
def test_address_is_written_in_ascii(url, written):
    assert absolute(url) == written
    assert absolute(written) == written


@pytest.mark.parametrize(
    "url",
    [
        "javascript:1",
        "http://;",
        "https://a!b/",
        "https://a.example:port/",
        "https://a.example:99999/",
        "data:x",
        "//a.example",
        "/a",
        "",
        "https://",
        "http://[",
        "https://u:p@a.example/",
        "http:\\\\a",
        "mailto:",
        "ftp://a/",
    ],
)
def test_what_is_no_web_address_is_none(url):
    assert absolute(url) is None


def test_link_leads_to_an_article_a_file_the_site_or_away():
    found = book()
    assert found.link("b.md?x#y") == "entry:articles/2026/b.md"
    assert found.link("../talk.mp3").startswith("media:")
    assert found.link("/about/") == "https://gazette.example/about/"
    assert found.link("https://a.example/") == "https://a.example/"
    assert found.link("#here") is found.link("") is found.link("//evil.example") is None


def test_link_that_leads_nowhere_is_reported():
    found = book()
    assert found.link("gone.pdf") is found.link("../../etc/passwd") is None
    assert [note.split(";")[0] for note in found.notes] == [
        "link gone.pdf: is not there",
        "link ../../etc/passwd: lies outside the articles folder",
    ]


def test_file_from_the_root_of_the_source_is_found():
    assert book().show("/pictures/quay.jpg").width == 800


def test_file_that_is_no_picture_is_not_shown():
    found = book(key="a.md")
    assert found.show("talk.mp3") is None
    assert found.notes == ["talk.mp3: is no picture"]


def test_article_with_an_address_of_its_own_resolves_against_it():
    found = book(base="https://o.example/p/")
    assert found.link("b.md") == "https://o.example/p/b.md"
    assert found.show("q.png").address == "https://o.example/p/q.png"


@pytest.mark.rule("T26")
@pytest.mark.parametrize("address", ["/\t/evil.example", "\\\\evil", "http://u@host/", "/\n/evil.example"])
def test_address_that_hides_where_it_leads_is_refused(address):
    assert book().link(address) is None
    assert book().show(address) is None
