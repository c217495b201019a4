"""What the writer of a template is told of a name that nobody knows.

Not here: that it stops an edition (test_checking.py), what the sandbox forbids (test_environment.py).
"""

import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import open_templates
from tests.rendering.givens import edition, entries, entry

FOOTER = "digest/parts/footer.html"


def told(folder, source, view=None):
    """Return where a mistake in a footer is found, from its line on, and what is said of it."""
    path = folder / FOOTER
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    with pytest.raises(TemplateInvalid) as caught:
        render_digest(view or edition(entries=entries(2)), open_templates(folder))
    assert "feeds." not in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")
    return str(caught.value).removeprefix(f"{path}:")


@pytest.mark.rule("T62")
def test_misspelt_field_is_named_as_it_is_written_with_the_nearest(tmp_path):
    said = told(tmp_path, "<tr>\n{% for story in stories %}{{ story.hedline }}{% endfor %}")
    assert said.startswith('2: story.hedline: a story has no "hedline"; nearest: "headline" (others: body, brief, ')


@pytest.mark.rule("T62")
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ view['titel'] }}", """view['titel']: a digest has no "titel"; nearest: "title" """),
        ("{{ view.site.titel }}", 'view.site.titel: a site has no "titel"; nearest: "title" '),
        ("{{ stories[0].hedline }}", 'stories[0].hedline: a story has no "hedline"'),
        ("{{ stories[9].url }}", "stories[9]: a list has no element 9"),
        ("{{ colours.inkk }}", 'colours.inkk: a palette has no "inkk"; nearest: "ink" '),
        ("{{ lead.headline.lenght }}", 'lead.headline.lenght: a text has no "lenght"'),
        ("{{ view.entries[0].titel }}", 'view.entries[0].titel: an entry has no "titel"; nearest: "title" '),
        ("{% if lead.bylin == 'x' %}{% endif %}", 'lead.bylin: a story has no "bylin"; nearest: "byline" '),
        ("{% for s in stories %}{{ loop.indx }}{% endfor %}", 'loop.indx: a loop has no "indx"; nearest: "index" '),
        ("{{ leed.url }}", 'leed: there is no such name here; nearest: "lead" '),
        ("{{ headline }}", 'headline: there is no such name here; there is "lead.headline"'),
        ("{% import 'digest/parts.txt' as p %}{{ p.stry() }}", 'an imported template has no "stry"; nearest: "story" '),
        ("{{ view.date|dya }}", 'there is no filter "dya"; nearest: "day"'),
        ("{% if 1 is defind %}{% endif %}", 'there is no test "defind"; nearest: "defined"'),
        ("{% macr x %}", 'there is no tag "macr"; nearest: "macro"'),
        ("{% include 'digest/parts/foter.html' %}", f'nearest: "{FOOTER}"'),
        ("{{ lead + 1 }}", "unsupported operand type(s) for +: a story and a number"),
        ("{% for x in lead.picture %}{% endfor %}", "an empty value is not iterable"),
    ],
)
def test_what_is_unknown_is_told_in_the_words_of_templates(tmp_path, source, words):
    assert words in f"{told(tmp_path, source)} "


def test_empty_value_is_told_from_a_misspelt_name(tmp_path):
    said = told(tmp_path, "{{ lead.picture.address }}")
    assert said.endswith('lead.picture is empty here, and has no "address"; ask first: {% if lead.picture %}')


def test_name_in_an_expression_of_several_lines_is_named_with_its_own(tmp_path):
    assert told(tmp_path, "{{\n  lead.headline ~\n  lead.bylin }}").startswith("3: lead.bylin: ")


def test_what_a_macro_is_given_is_named_where_it_is_written(tmp_path):
    said = told(tmp_path, "{% macro shout(words) %}\n{{ words|upper }}\n{% endmacro %}\n{{ shout(lead.bylin) }}")
    assert said.startswith("4: lead.bylin: ")


def test_names_of_a_loop_are_among_those_that_are_near(tmp_path):
    said = told(tmp_path, "{% for piece in stories %}{{ peice.url }}{% endfor %}")
    assert 'nearest: "piece"' in said


def test_unknown_name_may_still_be_asked_for(tmp_path):
    path = tmp_path / FOOTER
    path.parent.mkdir(parents=True)
    path.write_text("<tr><td>{{ nobody is defined }} {{ lead.nothing|default('no') }}</td></tr>")
    html = render_digest(edition(entries=(entry(),)), open_templates(tmp_path)).html
    assert "False no" in html
