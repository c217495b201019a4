"""The lines of a template that hold what a finding is about.

Not here: which template it is (test_template_samples.py, tests/jobs/test_template_faults.py).
"""

import pytest

from feeds.rendering.lint import Part, Spot
from feeds.rendering.lint.blaming import lines_of
from feeds.rendering.lint.findings import error

TEMPLATE = """<tr><td class="foot">
<img class="logo"
  src="{{ url }}">
<p>Words</p> <a class="foot-link" href="/about/">About</a>
<p class="note">More.</p>
<p class="note">More.</p>
</td></tr>
"""
SHEET = ".foot { color: #777777; }\n.foot-link,\n.note { text-shadow: 1px 1px; }\n"


def found(what, name="<td class=foot>", template=TEMPLATE):
    return lines_of(error("M12", Spot(Part.HTML, None, name), what, remedy="x"), template)


@pytest.mark.parametrize(
    ("what", "name", "lines"),
    [
        ("its address is '/about/'", "<a class=foot-link>", (4,)),
        ("it has no alt: a voice reads its address", "<img class=logo>", (2,)),
        ("it is 9 pixels high", "<p class=note>", (5, 6)),
        ("it is 9 pixels high", "<p>", (4,)),
        ("no link leads out", "the foot", ()),
        ("it is 9 pixels high", "<p class=other>", ()),
    ],
)
def test_line_is_that_of_the_text_or_of_the_element(what, name, lines):
    assert found(what, name) == lines


@pytest.mark.parametrize(
    ("what", "name", "lines"),
    [
        ("in light, #777777 on #ffffff has a contrast of 4.4", "<td class=foot>", (1,)),
        ("text-shadow: 1px 1px is not honoured", "<style>", (3,)),
    ],
)
def test_line_of_a_stylesheet_is_that_of_the_rule_or_the_property(what, name, lines):
    assert found(what, name, SHEET) == lines


def test_like_lines_in_number_are_none_that_could_be_told():
    assert found("it is 9 pixels high", "<p class=note>", "<p class='note'>\n" * 4) == ()
