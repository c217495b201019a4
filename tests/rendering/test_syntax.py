"""What is said of templates that cannot be read, in their writers' words: each mistake with its line and what to write.

Not here: names that nobody knows (test_unknown_names.py).
"""

import pytest

from feeds.rendering.checking import check_templates

IF, FOR = "{% if why %}", "{% for story in stories %}"


def told(folder, text):
    path = folder / "digest/parts/footer.html"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    (mistake,) = check_templates(folder)
    assert mistake.startswith(f"{path}:")
    return mistake.removeprefix(f"{path}:")


@pytest.mark.rule("T62")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"<p>\n{IF}\n{{{{ why }}}}\n\n", f'2: "{IF}" is not closed; write "{{% endif %}}" where it ends'),
        (f"{IF}{{% set a %}}{FOR}{{% endfor %}}", '1: "{% set a %}" is not closed; write "{% endset %}" where it ends'),
        (f"{{% set a = 1 %}}\n{FOR}", f'2: "{FOR}" is not closed; write "{{% endfor %}}" where it ends'),
        (
            f"{{% raw %}}{IF}{{% endraw %}}\n{{% raw %}}x",
            '2: "{% raw %}" is not closed; write "{% endraw %}" where it ends',
        ),
        (
            f"{FOR}\n{IF}\n{{% endfor %}}",
            f'2: "{IF}" is not closed; write "{{% endif %}}" before "{{% endfor %}}" of line 3',
        ),
        (
            f"{IF}\n{{% endfor %}}",
            f'2: "{{% endfor %}}" closes nothing here; "{IF}" of line 1 is closed by "{{% endif %}}"',
        ),
        (f"{IF}\n{{% end %}}", f'2: "{{% end %}}" closes nothing here; "{IF}" of line 1 is closed by "{{% endif %}}"'),
        ("\n{% endif %}", '2: "{% endif %}" closes nothing here; take it out, or write "{% if … %}" before it'),
        (
            "{% elif why %}",
            '1: "{% elif why %}" stands in no tag that it belongs to; take it out, or write "{% if … %}" before it',
        ),
    ],
)
def test_tag_that_is_not_closed_or_closes_nothing_is_named_with_its_line(tmp_path, text, said):
    assert told(tmp_path, text) == said


@pytest.mark.rule("T62")
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("{% if why = 1 %}", 'to compare, write "=="'),
        ("{% if why && more %}", 'write "and"'),
        ("{% if why || more %}", 'write "or"'),
        ("{% if !why %}", 'write "not"'),
        ("{% if %}", 'a value is missing before "%}"'),
        ("{% elseif why %}", 'write "elif"'),
        ("{% else if why %}", 'write "elif"'),
        ("{% for story of stories %}", 'write "{% for story in stories %}"'),
        ("{% endif why %}", "an end tag stands alone; take out what follows its name"),
        ("{% block %}", 'a name is missing before "%}"'),
        ("{% macro line %}", 'write "()" behind its name'),
        ("{% set 1 = 2 %}", 'a name is missing before "="'),
        ("{% import 'a.html' %}", 'write "{% import … as parts %}", and use what it has as "parts.name"'),
        ("{% - if why %}", 'the tag\'s name is missing behind "{%"'),
        ("{{ }}", 'a value is missing before "}}"'),
        ("{{ why| }}", 'a name is missing before "}}"'),
        ("{{ why. }}", 'a name is missing behind "."'),
        ("{{ why", '"{{" is not closed by "}}"'),
        ("{{ 'why }}", "a quote is not closed"),
        ("{{ (why }}", '")" is missing'),
        ("{{ why) }}", '")" closes nothing here'),
        ("{{ why ? 1 : 2 }}", 'to choose, write "{{ this if that else other }}"'),
        ("{{ @why }}", '"@" means nothing here'),
        ("{{ f(a b) }}", '"," is missing before "b"'),
        ("{{ f(a=1, 2) }}", 'values without a name come first: "f(2, a=1)"'),
        ("{{ include 'a.html' }}", "a tag stands between other marks; write \"{% include 'a.html' %}\""),
        (
            "{{ why why }}",
            'it cannot be read from "why" on; values are joined by "~", and filters stand behind "|"',
        ),
    ],
)
def test_code_that_cannot_be_read_is_shown_with_what_to_write_instead(tmp_path, code, said):
    place = said if code == "{{ why" else f'"{code}": {said}'
    assert told(tmp_path, f"{IF}{{{{ why }}}}\n{code}{{% endif %}}") == f"2: {place}"


def test_code_is_found_among_its_like_on_a_line(tmp_path):
    assert told(tmp_path, "{{ why }}{{ why why }}{{ why why }}").startswith('1: "{{ why why }}": ')


def test_two_blocks_of_one_name_are_told(tmp_path):
    block = "{% block a %}{% endblock %}"
    assert told(tmp_path, f"{block}\n{block}") == '2: there are two blocks "a"; give one another name'
