"""The colours of digests: read, and refused where they could not be.

Not here: how they are used (tests/rendering).
"""

from colorsys import rgb_to_hsv

import pytest

from feeds.errors import ConfigInvalid
from feeds.rendering.palette import dark_palette, light_palette
from feeds.rendering.views import Theme
from feeds.rules.colours import contrast


def theme(site, text):
    site.configure(f"[theme]\n{text}")
    with site.app() as app:
        return app.config.theme


def mistakes(site, text):
    with pytest.raises(ConfigInvalid) as refused:
        theme(site, text)
    return str(refused.value)


def test_colours_may_be_short_and_in_capitals(site):
    assert theme(site, 'accent = "#A00"').accent == "#aa0000"


@pytest.mark.parametrize("value", ['"teal"', '"#12345"', "7", '"#12345g"', '"rgb(1,2,3)"'])
def test_what_is_no_colour_is_named(site, value):
    assert "theme.accent" in mistakes(site, f"accent = {value}")


@pytest.mark.rule("M14")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('accent = "#9ad0d9"', 'theme.accent: "#9ad0d9" on paper "#fffefb" has a contrast of 1.7; expected 4.5'),
        ('ink = "#888888"', "theme.ink"),
        ('dark_ink = "#333333"', "theme.dark_ink"),
        ('dark_paper = "#ffffff"', "theme.dark_ink"),
    ],
)
def test_colours_that_cannot_be_read_on_one_another_are_refused(site, text, said):
    assert said in mistakes(site, text)


@pytest.mark.rule("M14")
@pytest.mark.parametrize("more", ["", 'dark_paper = "#000000"', 'dark_paper = "#4a3030"'])
@pytest.mark.parametrize("accent", ["#b3261e", "#0b5564", "#1a1a8c", "#5b4a00", "#000000", "#767676"])
def test_accent_that_is_given_alone_has_a_shade_for_the_dark(site, accent, more):
    found = theme(site, f'accent = "{accent}"\n{more}')
    assert contrast(found.dark_accent, found.dark_paper) >= 4.5
    hues = [rgb_to_hsv(*(int(each[at : at + 2], 16) for at in (1, 3, 5)))[0] for each in (accent, found.dark_accent)]
    assert abs(hues[0] - hues[1]) < 0.01


def test_accent_for_the_dark_stays_as_it_is_given_and_the_usual_one_as_it_was(site):
    assert theme(site, 'accent = "#b3261e"\ndark_accent = "#ff8a80"').dark_accent == "#ff8a80"
    assert theme(site, 'ink = "#000000"').dark_accent == Theme().dark_accent
    assert theme(site, 'accent = "#0b5563"').dark_accent == Theme().dark_accent


def test_accent_that_cannot_be_read_is_one_mistake(site):
    assert "dark_accent" not in mistakes(site, 'accent = "teal"')
    assert "dark_accent" not in mistakes(site, 'dark_paper = "black"')


@pytest.mark.rule("M14")
def test_what_lies_between_the_colours_can_be_read_too():
    for colours in (light_palette(Theme()), dark_palette(Theme())):
        assert contrast(colours.muted, colours.paper) >= 4.5
        assert contrast(colours.on_accent, colours.accent) >= 4.5


def test_logo_lies_beside_the_config(site):
    assert theme(site, 'logo = "art/Logo.PNG"').logo == site.folder / "art" / "Logo.PNG"


@pytest.mark.parametrize("name", ["logo.svg", "logo.webp", "logo", "https://gazette.example/logo"])
def test_logo_of_a_kind_that_mail_programs_do_not_show_is_refused(site, name):
    assert "theme.logo" in mistakes(site, f'logo = "{name}"')
    assert "expected PNG, JPEG or GIF" in mistakes(site, f'logo = "{name}"')


def test_a_digest_without_settings_looks_as_one_with_those_that_are_the_default(site):
    given = theme(site, "").model_dump(exclude={"logo"})
    assert Theme(**given) == Theme()
