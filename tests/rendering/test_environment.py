import pytest

from feeds.errors import TemplateInvalid
from feeds.rendering.environment import open_templates
from feeds.rendering.loading import templates_root
from feeds.rendering.pages import entry_page
from tests.rendering.givens import SITE, TEMPLATES, entry

PAYLOADS = (
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ self.__init__.__globals__['__builtins__'] }}",
    "{{ range.__globals__ }}",
    "{{ (words|attr('__class__')).__bases__ }}",
    "{{ '{0.__class__}'.format(words) }}",
)
GROWTH = ("'x' * 10**9", "10**9 * 'x'", "9**(9**9)", "'%999999999d' % 1", "'x'.ljust(999999999)", "(1,) * 10**9")


def site_with(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_html", ".html").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return open_templates(folder)


def refusal(folder, source, **context):
    with pytest.raises(TemplateInvalid) as caught:
        site_with(folder, t_html=source).render("t.html", **context)
    return caught.value


@pytest.mark.rule("T59")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_template_that_reaches_for_the_system_is_refused(tmp_path, payload):
    assert "t.html:1" in refusal(tmp_path, payload, words="w").place


@pytest.mark.rule("T59")
def test_sandbox_names_the_unsafe_attribute(tmp_path):
    error = refusal(tmp_path, "{{ words.__class__ }}", words="w")
    assert type(error.__cause__).__name__ == "SecurityError"
    assert "__class__" in str(error)


def test_template_cannot_change_what_it_is_given(tmp_path):
    words = ["one"]
    refusal(tmp_path, "{{ words.append('two') }}", words=words)
    assert words == ["one"]


@pytest.mark.rule("T60")
@pytest.mark.parametrize("expression", GROWTH)
def test_expression_that_would_fill_the_memory_is_refused(tmp_path, expression):
    refusal(tmp_path, "{{ " + expression + " }}")


def test_small_sums_and_repeats_still_work(tmp_path):
    templates = site_with(tmp_path, t_html="{{ '-' * 3 }}{{ 2 + 3 * 4 - 2**2 }}{{ 'a' + 'b' }}{{ 7 % 4 }}")
    assert templates.render("t.html") == "---10ab3"


@pytest.mark.rule("T61")
def test_endless_range_is_refused(tmp_path):
    error = refusal(tmp_path, "{% for n in range(10**9) %}{% endfor %}")
    assert isinstance(error.__cause__, OverflowError)


@pytest.mark.rule("T62")
def test_misspelt_variable_is_named_with_its_file_and_line(tmp_path):
    error = refusal(tmp_path, "one\ntwo\n{{ headlin }}", headline="x")
    assert error.place == f"{tmp_path}/t.html:3"
    assert "headlin" in str(error)


@pytest.mark.rule("T62")
def test_misspelt_field_filter_and_tag_are_named(tmp_path):
    assert "titel" in str(refusal(tmp_path, "{{ entry.titel }}", entry=entry()))
    assert "dya" in str(refusal(tmp_path, "{{ at|dya }}"))
    assert "fro" in str(refusal(tmp_path, "{% fro x in y %}"))


@pytest.mark.rule("T63")
@pytest.mark.parametrize("name", ["../secret.html", "a/../../secret.html", "/etc/hostname", "./../secret.html"])
def test_include_outside_the_templates_is_refused(tmp_path, name):
    (tmp_path / "secret.html").write_text("secret")
    refusal(tmp_path / "own", "{% include '" + name + "' %}")


@pytest.mark.rule("T63")
def test_symlink_that_leads_out_is_refused(tmp_path):
    (tmp_path / "secret.html").write_text("secret")
    templates = site_with(tmp_path / "own", t_html="{% include 'link.html' %}")
    (tmp_path / "own" / "link.html").symlink_to(tmp_path / "secret.html")
    with pytest.raises(TemplateInvalid, match="leads out"):
        templates.render("t.html")


@pytest.mark.rule("T63")
def test_symlinked_folder_that_leads_out_is_refused(tmp_path):
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "style.css").write_text("secret")
    templates = site_with(tmp_path / "own", t_html="")
    (tmp_path / "own" / "pages").symlink_to(tmp_path / "away")
    with pytest.raises(TemplateInvalid, match="leads out"):
        templates.text("pages/style.css")


@pytest.mark.rule("T64")
def test_less_than_is_escaped_in_html_and_left_alone_in_text(tmp_path):
    templates = site_with(tmp_path, t_html="{{ words }}", t_txt="{{ words }}")
    assert templates.render("t.html", words="1 < 2 & 3") == "1 &lt; 2 &amp; 3"
    assert templates.render("t.txt", words="1 < 2 & 3") == "1 < 2 & 3"


@pytest.mark.rule("T33")
def test_template_syntax_in_an_article_stays_as_it_is():
    page = entry_page(entry(title="{{ 6*7 }}", html="<p>{% include 'x' %} {{ 6*7 }}</p>"), SITE, TEMPLATES).decode()
    assert "{{ 6*7 }}</h1>" in page
    assert "<p>{% include 'x' %} {{ 6*7 }}</p>" in page
    assert "42" not in page


def test_site_template_stands_before_the_packaged_one_and_may_build_on_it(tmp_path):
    own = "{% extends 'pages/base.html' %}{% block main %}<h1>Gone fishing</h1>{% endblock %}"
    page = entry_page(entry(), SITE, site_with(tmp_path, pages__entry_html=own)).decode()
    assert "<h1>Gone fishing</h1>" in page
    assert "The Harbour Gazette" in page


def test_packaged_templates_are_found():
    assert (templates_root() / "pages" / "base.html").is_file()
    assert "pages/entry.html" in open_templates().names()


def test_file_in_the_place_of_the_templates_folder_is_named(tmp_path):
    (tmp_path / "templates").write_text("x")
    with pytest.raises(TemplateInvalid, match=f"{tmp_path}/templates is no folder of templates"):
        open_templates(tmp_path / "templates").text("pages/style.css")
