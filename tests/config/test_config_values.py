import pytest

from feeds.config import Address
from feeds.config.values import as_address, as_language, as_lines, as_site_url, as_slug, as_zone_name
from feeds.config.words import Wrong, nearest, quoted


def wrong(read, value):
    with pytest.raises(Wrong) as raised:
        read(value)
    return str(raised.value)


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "de-1996", "es-419", "sr-Latn", "en-a-bbb-x-a", "ast"])
def test_language_tags_are_known_by_their_shape(tag):
    assert as_language(tag) == tag


@pytest.mark.parametrize(("tag", "near"), [("en_GB", "en-GB"), ("de_DE.UTF-8", "de-DE")])
def test_locale_name_is_answered_with_its_language_tag(tag, near):
    assert f'nearest: "{near}"' in wrong(as_language, tag)


@pytest.mark.parametrize("tag", ["english", "e", "en-", "en--GB", "x y"])
def test_what_has_not_the_shape_is_no_language(tag):
    assert "is no language tag" in wrong(as_language, tag)


def test_zone_is_answered_with_the_nearest():
    assert wrong(as_zone_name, "europe/dublin") == '"europe/dublin" is no time zone; nearest: "Europe/Dublin"'


@pytest.mark.parametrize("zone", ["Europe", "../etc/passwd", "/etc/localtime", "GMT+25", "Mars/Olympus"])
def test_folders_and_paths_are_no_zones(zone):
    assert "is no time zone" in wrong(as_zone_name, zone)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://Gazette.Example", "https://gazette.example/"),
        ("http://localhost:8000/news//", "http://localhost:8000/news/"),
        ("https://[::1]/", "https://[::1]/"),
    ],
)
def test_site_url_ends_with_a_slash(url, normal):
    assert as_site_url(url) == normal


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("gazette.example", "does not begin with http"),
        ("file:///etc", "does not begin with http"),
        ("https:///news", "names no host"),
        ("https://a.example/?x=1", "holds a query or a fragment"),
        ("https://a.example/#", "holds a query or a fragment"),
        ("https://a.example:99999/", "is no address"),
        ("https://[::1/", "is no address"),
        ("https://a.example/../x", "goes up with .."),
        ("https://bücher.example/", "percent-encoded"),
        ("https://a.example/a b", "percent-encoded"),
        ("https://user@a.example/", "holds a user name"),
    ],
)
def test_address_that_nothing_can_stand_below_is_refused(url, problem):
    assert problem in wrong(as_site_url, url)


def test_password_in_an_address_is_not_repeated():
    assert "hunter2" not in wrong(as_site_url, "ftp://me:hunter2@gazette.example/")


def test_password_with_an_at_sign_is_not_repeated():
    assert quoted("https://me:hun@ter2@gazette.example/") == '"https://***@gazette.example/"'


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("weekly@gazette.example", Address("", "weekly@gazette.example")),
        ("The Gazette <weekly@Gazette.Example>", Address("The Gazette", "weekly@gazette.example")),
        ('"Gazette, The" <w@gazette.example>', Address("Gazette, The", "w@gazette.example")),
        ("Zoë <w@bücher.example>", Address("Zoë", "w@xn--bcher-kva.example")),
    ],
)
def test_sender_is_a_name_and_an_address(text, address):
    assert as_address(text) == address


@pytest.mark.parametrize("text", ["weekly", "a@@b.example", "a@b", "a@b.example, c@d.example", "é@b.example", "<>"])
def test_what_no_mail_can_come_from_is_no_address(text):
    assert "is no e-mail address: " in wrong(as_address, text)


def test_line_break_cannot_enter_a_header():
    assert "line break" in wrong(as_address, "A\nBcc: x@y.example <a@b.example>")


@pytest.mark.parametrize("name", ["", "The Gazette", "Gazette, The", 'The "Gaz"', "Zoë", "J. Lee", "a\\b", '"'])
def test_address_reads_back_as_it_is_shown(name):
    address = Address(name, "w@gazette.example")
    assert as_address(str(address)) == address


@pytest.mark.parametrize("slug", ["Harbour", "a b", "a--b", "-a", "é", "", "a" * 81, "../x", "a/b"])
def test_slug_is_lower_case_letters_digits_and_hyphens(slug):
    assert wrong(as_slug, slug)


def test_slug_is_answered_with_what_would_be_one():
    assert wrong(as_slug, "Über Uns!").endswith('nearest: "uber-uns"')


def test_postal_address_keeps_its_lines():
    assert as_lines("\n  The Gazette\n3 Quay Street\n") == "The Gazette\n3 Quay Street"


@pytest.mark.parametrize("value", [1, "", "\n\n", "a\x00b", ["x"]])
def test_postal_address_is_text(value):
    assert wrong(as_lines, value)


def test_nearest_word_ignores_case_and_is_none_when_nothing_is_near():
    assert (nearest("TITEL", ["title", "url"]), nearest("every", ["title", "url"])) == ("title", None)


def test_long_values_are_shortened():
    assert len(quoted("x" * 1000)) < 70
