import pytest

from feeds.config import Layout
from feeds.rendering import samples
from feeds.rendering.checking import check_templates
from feeds.rendering.digest import render_digest
from feeds.rendering.environment import open_templates
from feeds.rendering.loading import templates_root


def site_file(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_packaged_templates_have_no_mistakes():
    assert check_templates() == []


@pytest.mark.rule("T62")
def test_check_names_a_misspelt_variable_before_anything_is_printed(tmp_path):
    path = site_file(tmp_path, "pages/entry.html", "<h1>\n{{ entry.titel }}</h1>")
    (mistake,) = check_templates(tmp_path)
    assert mistake.startswith(f"{path}:2: ")
    assert "titel" in mistake


def test_check_finds_mistakes_in_branches_that_only_some_entries_take(tmp_path):
    own = (
        "{% extends 'pages/base.html' %}{% block main %}{% if not entry.authors %}{{ nobody }}{% endif %}{% endblock %}"
    )
    site_file(tmp_path, "pages/entry.html", own)
    assert "nobody" in " ".join(check_templates(tmp_path))


@pytest.mark.rule("T62")
@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("digest/parts/story.html", "item.thumb.alt or item.headline"),
        ("digest/parts/picture.html", "if item.picture.caption else item.headline"),
        ("digest/parts/picture.html", 'aria-label="{{ item.headline'),
        ("digest/parts.txt", "item.picture.alt or item.picture.caption"),
        ("pages/edition.html", "edition.subject_language or site.language"),
        ("pages/entry.html", "story.lead_image.caption or story.lead_image.credit"),
        ("pages/listing.html", "title=listing.heading"),
        ("pages/newsletter.html", "edition.subject_language or site.language"),
        ("pages/parts.html", "local(entry.section_url"),
        ("pages/parts.html", "document.label or document.title"),
    ],
)
def test_check_finds_a_misspelt_name_in_what_stands_only_for_what_is_lacking(tmp_path, name, right):
    ours = (templates_root() / name).read_text()
    assert right in ours
    site_file(tmp_path, name, ours.replace(right, f"{right}s"))
    assert len(check_templates(tmp_path)) == 1


def test_check_compiles_templates_that_nothing_renders_yet(tmp_path):
    site_file(tmp_path, "notices/welcome.txt", "{% if %}")
    assert "welcome.txt:1" in " ".join(check_templates(tmp_path))


@pytest.mark.rule("T29")
def test_check_names_the_rule_and_line_of_css_that_loads_something(tmp_path):
    site_file(tmp_path, "pages/style.css", "h1 {\n  background: url(//evil.example/x);\n}\n@import 'y.css';")
    first, second = check_templates(tmp_path)
    assert first.startswith(f"{tmp_path}/pages/style.css:2: url(//evil.example/x")
    assert second.startswith(f"{tmp_path}/pages/style.css:4: @import")


@pytest.mark.rule("M13")
def test_check_names_a_declaration_that_would_lose_to_the_inline_style(tmp_path):
    site_file(tmp_path, "digest/client.css", "@media (max-width: 9px) {\n  .lead { color: red; }\n}")
    (mistake,) = check_templates(tmp_path)
    assert mistake.startswith(f"{tmp_path}/digest/client.css:2: color: red")


@pytest.mark.rule("M13")
def test_check_names_every_declaration_that_cannot_be_inlined_once(tmp_path):
    site_file(tmp_path, "digest/style.css", ".a { color: {{ colours.ink }}; }\n.b .c { x: y; }\np { colr: red; }")
    mistakes = check_templates(tmp_path)
    assert [mistake.partition(": ")[0] for mistake in mistakes] == [
        f"{tmp_path}/digest/style.css:{n}" for n in (2, 2, 3)
    ]


@pytest.mark.rule("T62")
@pytest.mark.parametrize(
    "name", ["digest/subject.txt", "digest/preheader.txt", "digest/full-text.txt", "digest/style.css"]
)
def test_check_renders_every_part_of_a_digest(tmp_path, name):
    path = site_file(tmp_path, name, "p { color: red; }\n{{ nothing }}")
    (mistake,) = check_templates(tmp_path)
    assert mistake.startswith(f"{path}:2: ")


@pytest.mark.rule("T62")
def test_samples_show_every_part_of_a_digest(tmp_path):
    parts = sorted((templates_root() / "digest/parts").iterdir())
    for part in parts:
        site_file(tmp_path, f"digest/parts/{part.name}", f"<!-- {part.name} -->{part.read_text()}")
    templates = open_templates(tmp_path)
    shown = "".join(render_digest(view, templates).html for view in samples.digests(tuple(Layout)))
    assert [part.name for part in parts if f"<!-- {part.name} -->" not in shown] == []


def test_check_names_what_stands_in_the_place_of_a_template(tmp_path):
    (tmp_path / "pages" / "entry.html").mkdir(parents=True)
    assert check_templates(tmp_path) == [f"pages/entry.html: {tmp_path}/pages/entry.html is no file; move it away"]


def test_check_names_a_file_in_the_place_of_the_templates_folder_once(tmp_path):
    path = site_file(tmp_path, "templates", "x")
    assert check_templates(path) == [f"{path}: is no folder of templates; move it away"]


def test_check_names_a_template_that_is_no_utf_8_with_its_folder_and_line(tmp_path):
    path = site_file(tmp_path, "pages/base.html", "x")
    path.write_bytes(b"<p>\n\xe9</p>")
    assert check_templates(tmp_path) == [f"{path}:2: holds bytes that are no UTF-8"]


@pytest.mark.parametrize("name", ["digest/base.html", "digest/base.txt", "pages/base.html"])
def test_check_names_the_emptied_template_and_not_those_that_extend_it(tmp_path, name):
    path = site_file(tmp_path, name, " \n")
    assert check_templates(tmp_path) == [f"{path}: makes nothing: the document would be empty"]


def test_emptied_part_is_left_out_and_no_mistake(tmp_path):
    site_file(tmp_path, "digest/parts/note.html", "")
    assert check_templates(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>\n{{ why </p>", '2: "{{" is not closed by "}}"'),
        ("{% if why </p>\n{{ why }}", '1: "{%" is not closed by "%}"'),
        ("{{ why\n</p>{% if why %}{% endif %}", '1: "{{" is not closed by "}}"'),
        ("<p>\n{# {{ why }}\n</p>", '2: "{#" is not closed by "#}"'),
    ],
)
def test_check_names_the_line_of_what_is_not_closed(tmp_path, text, said):
    path = site_file(tmp_path, "digest/parts/footer.html", text)
    assert check_templates(tmp_path) == [f"{path}:{said}"]


@pytest.mark.parametrize(
    "text",
    [
        '{% include "digest/parts/footer.html" %}',
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        '{% extends "digest/parts/footer.html" %}',
    ],
)
def test_check_says_of_a_template_that_goes_round_in_circles_that_it_never_ends(tmp_path, text):
    path = site_file(tmp_path, "digest/parts/footer.html", text)
    (mistake,) = check_templates(tmp_path)
    assert mistake == f"{path}:1: never ends: it includes, extends or calls itself, or another that does"
