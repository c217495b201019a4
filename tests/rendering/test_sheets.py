from pathlib import Path

import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering import samples
from feeds.rendering.environment import open_templates
from feeds.rendering.sheets import line_of, sheet_mistakes, sheets_of
from feeds.rendering.views import Theme
from tests.rendering.givens import TEMPLATES


def site(folder, name, css):
    """Return the templates of a site with a sheet of its own, and the sheet's path."""
    path = Path(folder, "digest", name)
    path.parent.mkdir(parents=True)
    path.write_text(css)
    return open_templates(folder), path


@pytest.mark.rule("M13")
@pytest.mark.parametrize("view", samples.DIGESTS, ids=["plain", "themed", "mirrored", "bare"])
def test_own_sheets_have_no_mistakes_in_any_theme(view):
    assert list(sheet_mistakes(view.theme, TEMPLATES)) == []


def test_mistake_is_named_at_its_line_of_the_file(tmp_path):
    css = (
        "{# A sheet\n   of two lines #}\n"
        "{% if theme.radius %}\n.a { border-radius: {{ theme.radius }}px; }\n{% endif %}\n"
        "{% for name in ('b', 'c') %}\n.{{ name }} { color: {{ colours.ink }}; }\n{% endfor %}\n"
        ".d { colr: {{ colours.ink }}; }\n"
    )
    templates, path = site(tmp_path, "style.css", css)
    for theme in (Theme(), Theme(radius=4)):
        (mistake,) = sheet_mistakes(theme, templates)
        assert mistake.startswith(f"{path}:9: colr: #191c1e: ")


def test_mistake_in_a_loop_is_named_at_the_line_that_is_repeated(tmp_path):
    css = (
        "p { margin: 0; }\n{% for n in range(3) %}\n.b{{ n }} { widht: {{ n }}px; }\n{% endfor %}\np { padding: 0; }\n"
    )
    templates, path = site(tmp_path, "style.css", css)
    places = [mistake.partition(": ")[0] for mistake in sheet_mistakes(Theme(), templates)]
    assert places == [f"{path}:3"] * 3


def test_mistake_in_a_sheet_without_expressions_keeps_its_line():
    sheet = "p {\n\n}\n\nb {\n\n}\n"
    assert [line_of(sheet, sheet, line) for line in range(1, 8)] == list(range(1, 8))


@pytest.mark.rule("M13")
@pytest.mark.parametrize("name", ["client.css", "dark.css"])
def test_sheet_of_the_head_that_would_lose_stops_the_edition(tmp_path, name):
    templates, path = site(tmp_path, name, "@media print {\n  p { color: red; }\n}\n")
    with pytest.raises(TemplateInvalid, match="lacks !important") as caught:
        sheets_of(Theme(), templates)
    assert caught.value.place == f"{path}:2"


def test_sheet_of_the_head_is_written_as_it_is_and_without_its_comments(tmp_path):
    css = '/* one */\n@media print { a[class="x"] > b { color: red !important; } }\n'
    templates, _ = site(tmp_path, "client.css", css)
    assert sheets_of(Theme(), templates).client.strip() == css.splitlines()[1]
