"""What is said to a reader, in their language, with any value in it.

Not here: whether the catalogues are whole (test_catalogues).
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from feeds.errors import TemplateInvalid
from feeds.rendering.checking import check_templates
from feeds.rendering.environment import open_templates
from feeds.rendering.words import catalogue_names, words_for, words_mistakes

MORE = ("{num} more on the web", "{num} more on the web")
YOU_GET = "You get {newsletter} because you asked for it at {site}."
HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def site_with(folder, *, words=None, **templates):
    (folder / "words").mkdir()
    for name, text in (words or {}).items():
        (folder / "words" / f"{name}.po").write_text(HEAD + text, encoding="utf-8")
    for name, text in templates.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return open_templates(folder)


def render(folder, source, language="en", **context):
    templates = site_with(folder, t=source)
    words = words_for(language, templates)
    return templates.render("t.html", _=words.text, ngettext=words.count, **context)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Read on"),
        ("de", "Weiterlesen"),
        ("de-AT", "Weiterlesen"),
        ("fr-CA", "Lire la suite"),
        ("es-MX", "Seguir leyendo"),
        ("pt-BR", "Continuar lendo"),
        ("pt-AO", "Continuar a ler"),
        ("ar-EG", "متابعة القراءة"),
        ("he", "להמשך קריאה"),
        ("ja", "続きを読む"),
        ("ko", "이어서 읽기"),
        ("zh", "继续阅读"),
        ("zh-SG", "继续阅读"),
        ("zh-HK", "繼續閱讀"),
        ("zh-hant", "繼續閱讀"),
        ("ga", "Read on"),
        ("qqq-XX", "Read on"),
        ("de" + "-abcdefgh" * 60, "Weiterlesen"),
    ],
)
def test_word_is_said_in_the_nearest_language_that_has_it(language, said):
    assert words_for(language).text("Read on") == said


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de-AT", ("de-AT", "de")),
        ("pt-AO", ("pt-AO", "pt-PT", "pt")),
        ("zh-TW", ("zh-TW", "zh-Hant-TW", "zh-Hant")),
        ("zh-Hans-CN", ("zh-Hans-CN", "zh-Hans", "zh")),
        ("sr-Latn", ("sr-Latn",)),
        ("qqq-XX", ("qqq-XX", "qqq")),
    ],
)
def test_catalogue_of_another_script_is_no_fallback(language, names):
    assert catalogue_names(language) == names


@given(st.text(max_size=20))
def test_catalogue_name_never_leads_out_of_its_folder(language):
    assert all(name.replace("-", "").isalnum() and name.isascii() for name in catalogue_names(language))


@pytest.mark.parametrize(
    ("language", "num", "said"),
    [
        ("en", 1, "1 more on the web"),
        ("en", 1234, "1,234 more on the web"),
        ("de", 1, "1 weiterer Artikel im Web"),
        ("de-CH", 12345, "12’345 weitere Artikel im Web"),
        ("fr", 0, "0 autre article sur le web"),
        ("fr", 2, "2 autres articles sur le web"),
        ("ar", 1, "مقال آخر على الويب"),
        ("ar", 2, "مقالان آخران على الويب"),
        ("ar", 3, "3 مقالات أخرى على الويب"),
        ("ar-EG", 11, "١١ مقالًا آخر على الويب"),
        ("ar-EG", 1234, "١٬٢٣٤ مقالًا آخر على الويب"),
        ("ar", 100, "100 مقال آخر على الويب"),
        ("he", 2, "שתי כתבות נוספות באתר"),
        ("ja", 3, "ほか3件をウェブで読む"),
        ("en-IN", 1234567, "12,34,567 more on the web"),
        ("fa", 3, "3 more on the web"),
    ],
)
def test_number_takes_the_form_and_the_digits_of_the_language(language, num, said):
    assert words_for(language).count(*MORE, num) == said


def test_number_in_an_english_text_is_written_as_in_english():
    assert words_for("fa").text("No. {number}", number=1200) == "No. 1,200"
    assert words_for("en-IN").text("No. {number}", number=100000) == "No. 1,00,000"


HOSTILE = ("{0.__class__}", "%s", "%(num)s", "{newsletter}", "{site}", "}{", "{{ 1 }}", "\\1", "\\g<0>", "<b>&amp;")


@pytest.mark.parametrize("value", HOSTILE)
def test_value_is_shown_as_it_is(value):
    said = words_for("en").text(YOU_GET, newsletter=value, site=value)
    assert said == f"You get {value} because you asked for it at {value}."


@given(st.text(), st.text(), st.sampled_from(["en", "de", "ar", "ja", "zh-TW"]))
def test_any_value_stands_whole_in_the_text(newsletter, site, language):
    words = words_for(language)
    before, first, between, second, after = re.split("([<>])", words.text(YOU_GET, newsletter="<", site=">"))
    values = {"<": newsletter, ">": site}
    expected = before + values[first] + between + values[second] + after
    assert words.text(YOU_GET, newsletter=newsletter, site=site) == expected


def test_placeholder_without_a_value_is_an_error_that_names_it():
    with pytest.raises(LookupError, match=r"\{names\}"):
        words_for("de").text("By {names}")


@pytest.mark.parametrize("value", [*HOSTILE, '"><script>'])
def test_value_is_escaped_in_html(tmp_path, value):
    shown = render(tmp_path, '<i title="{{ _("By {names}", names=who) }}">', "de", who=value)
    assert shown == f'<i title="Von {Markup.escape(value)}">'


def test_markup_among_the_values_stays_and_all_else_is_escaped(tmp_path):
    source = '{% set link %}<a href="/">{{ "A&B" }}</a>{% endset %}{{ _("{a} & {b}", a=link, b="<b>") }}'
    assert render(tmp_path, source) == '<a href="/">A&amp;B</a> &amp; &lt;b&gt;'


def test_template_says_words_and_counts(tmp_path):
    source = '{{ _("No. {number}", number=1200) }} {{ ngettext("{num} min read", "{num} min read", 1) }}'
    assert render(tmp_path, source, "es-MX") == "N.º\u00a01,200 1 min de lectura"


def test_template_that_gives_no_value_is_named(tmp_path):
    with pytest.raises(TemplateInvalid, match=r"t\.html:2: .*\{names\}"):
        render(tmp_path, '\n{{ _("By {names}") }}')


@pytest.mark.parametrize("reach", ["_.__self__", "_.__func__.__globals__", "ngettext.__self__.catalogues"])
def test_words_open_no_way_out_of_the_sandbox(tmp_path, reach):
    with pytest.raises(TemplateInvalid, match="unsafe"):
        render(tmp_path, "{{ " + reach + " }}")


def test_site_replaces_a_word_and_keeps_the_others(tmp_path):
    templates = site_with(tmp_path, words={"de": 'msgid "Read on"\nmsgstr "Mehr lesen"\n'})
    words = words_for("de-AT", templates)
    assert (words.text("Read on"), words.text("In brief")) == ("Mehr lesen", "Kurz gemeldet")
    assert words_for("de-AT").text("Read on") == "Weiterlesen"


def test_word_of_a_region_comes_before_that_of_its_language(tmp_path):
    texts = {"de": 'msgid "Read on"\nmsgstr "Mehr"\n', "de-CH": 'msgid "Read on"\nmsgstr "Wiiter"\n'}
    templates = site_with(tmp_path, words=texts)
    assert [words_for(tag, templates).text("Read on") for tag in ("de-CH", "de-DE")] == ["Wiiter", "Mehr"]


def test_site_says_it_in_english_its_own_way(tmp_path):
    templates = site_with(tmp_path, words={"en": 'msgid "In brief"\nmsgstr "Shorts"\n'})
    assert words_for("en-GB", templates).text("In brief") == "Shorts"


def test_site_brings_a_language_that_we_lack(tmp_path):
    more = 'msgid "{num} more on the web"\nmsgid_plural "{num} more on the web"\n'
    templates = site_with(tmp_path, words={"fa": more + 'msgstr[0] "یکی"\nmsgstr[1] "{num} تا"\n'})
    assert words_for("fa", templates).count(*MORE, 1234) == "۱٬۲۳۴ تا"


def test_catalogue_of_the_site_is_read_anew_when_it_changes(tmp_path):
    templates = site_with(tmp_path, words={"de": 'msgid "Quote"\nmsgstr "A"\n'})
    words_for("de", templates)
    (tmp_path / "words" / "de.po").write_text(HEAD + 'msgid "Quote"\nmsgstr "B"\n', encoding="utf-8")
    assert words_for("de", templates).text("Quote") == "B"


def test_catalogue_of_the_site_that_is_wrong_is_refused_where_it_is_used(tmp_path):
    templates = site_with(tmp_path, words={"de": 'msgid "By {names}"\nmsgstr "Von"\n'})
    with pytest.raises(TemplateInvalid) as caught:
        words_for("de", templates)
    assert caught.value.place == f"{tmp_path / 'words' / 'de.po'}:5"
    assert words_for("fr", templates).text("In brief") == "En bref"


def test_catalogue_that_leads_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "outside.po").write_text(HEAD)
    (tmp_path / "site").mkdir()
    templates = site_with(tmp_path / "site")
    (tmp_path / "site" / "words" / "de.po").symlink_to(tmp_path / "outside.po")
    with pytest.raises(TemplateInvalid, match="leads out"):
        words_for("de", templates)


def test_check_names_each_mistake_in_the_sites_catalogues(tmp_path):
    texts = {"de": 'msgid "In breif"\nmsgstr "Kurz"\n', "fr": "msgid Quote\n", "es": 'msgid "Ours"\nmsgstr "Nuestro"\n'}
    templates = site_with(tmp_path, words=texts, t='{{ _("Ours") }}')
    unsaid, unread = words_mistakes(tmp_path, templates)
    assert unsaid.startswith(f'{tmp_path / "words" / "de.po"}: nothing says "In breif"')
    assert unread.startswith(f"{tmp_path / 'words' / 'fr.po'}:5: ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("words/german.po", "is not named after a language; call it by its tag, like de.po or pt-BR.po"),
        ("words/de_AT.po", "is not named after a language; call it by its tag, like de.po or pt-BR.po"),
        ("word/de.po", "no words are read from here; move it to words/de.po"),
        ("words/more/de.po", "no words are read from here; move it to words/de.po"),
    ],
)
def test_check_names_a_catalogue_from_which_no_words_are_read(tmp_path, name, said):
    for file in (tmp_path / name, tmp_path / "words" / ".#de.po"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD)
    assert check_templates(tmp_path) == [f"{tmp_path / name}: {said}"]


def test_check_of_the_templates_reads_the_catalogues_too(tmp_path):
    site_with(tmp_path, words={"de": 'msgid "Quote"\nmsgstr "Zitat {x}"\n'})
    assert any("words/de.po:5: " in mistake for mistake in check_templates(tmp_path))
