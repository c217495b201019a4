"""Our catalogues are whole, and a catalogue that is wrong is refused with its line.

Not here: what is made of the words (test_words).
"""

import ast
import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2.ext import babel_extract

from feeds.errors import TemplateInvalid
from feeds.rendering import catalogues
from feeds.rendering.catalogues import read_catalogue
from feeds.rendering.loading import templates_root
from feeds.rendering.text import columns
from feeds.rendering.words import WORDS

ROOT = Path(__file__).parents[2]
FOLDER = Path(catalogues.__file__).parent
FILES = sorted(FOLDER.glob("*.po"))
LANGUAGES = [file.stem for file in FILES]
DE = (FOLDER / "de.po").read_text(encoding="utf-8")
LINE = 72  # columns of the text part

HEAD = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
MESSAGE = ("{num} more on the web", "{num} more on the web")
MORE = 'msgid "{num} more on the web"\nmsgid_plural "{num} more on the web"\n'


def raw(file):
    return read_po(StringIO(file.read_text(encoding="utf-8")), abort_invalid=True)


def read(text, language="de"):
    return read_catalogue(text, "words/de.po", language)


def refusal(text):
    with pytest.raises(TemplateInvalid) as caught:
        read(HEAD + text)
    return str(caught.value)


def said_in_template(source):
    """Return the texts that a template says, as the catalogues know them."""
    calls = babel_extract(BytesIO(source.encode()), ("_", "ngettext"), (), {"silent": "false"})
    return [message[:2] if name == "ngettext" else _first(message) for _, name, message, _ in calls]


def _first(message):
    return message if isinstance(message, str) or message is None else message[0]


def templates_of(*kinds):
    folders = [templates_root() / kind for kind in kinds or ("digest", "notices", "pages")]
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in {".html", ".txt"}]


def bare_words(source):
    """Return what a template of HTML says by itself, to those who see it or hear it."""
    bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", source, flags=re.DOTALL)
    heard = r'(?:aria-label|title|alt|placeholder)="([^"]*)"'
    found = [word for tag, text in re.findall(r"(<[^>]*>)|([^<]+)", bare) for word in [*re.findall(heard, tag), text]]
    return [word.strip() for word in found if re.search(r"[^\W\d_]", word)]


def said_in_code(source):
    """Return the texts that ``words.text``, ``words.count`` and those of ``words_for(…)`` are given as they stand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"text", "count"}:
            of_words = "words" in ast.unparse(node.func.value)
            literal = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
            if of_words and literal and isinstance(literal[0], str):
                yield literal[0] if node.func.attr == "text" else tuple(literal)


def test_ten_languages_and_two_sisters_have_words():
    assert set(LANGUAGES) == {"de", "fr", "es", "pt", "pt-PT", "ar", "he", "ja", "ko", "zh", "zh-Hant"}


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_catalogue_has_every_text_once_and_no_other(file):
    assert sorted(str(message.id) for message in raw(file) if message.id) == sorted(map(str, WORDS))
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith('msgid "')]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_catalogue_leaves_nothing_open(file):
    catalogue = read_catalogue(file.read_text(encoding="utf-8"), str(file), file.stem)
    assert set(catalogue.forms) == set(WORDS)
    assert not [message.id for message in raw(file) if message.id and message.fuzzy]
    assert not raw(file).obsolete


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_catalogue_has_the_plural_forms_that_its_language_needs(file):
    numbers = [*range(1001), 1_000_000, 2_000_000]
    form_of = read_catalogue(file.read_text(encoding="utf-8"), str(file), file.stem).form_of
    kind_of = Locale.parse(file.stem, sep="-").plural_form
    pairs = {(kind_of(number), form_of(number)) for number in numbers}
    assert len(pairs) == len({kind for kind, _ in pairs})  # two numbers of one kind never differ in form
    kinds = {kind_of(number) for number in range(1001)}
    assert len(kinds) == raw(file).num_plurals == len({form_of(number) for number in range(1001)})


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_catalogue_is_for_the_language_that_it_is_named_after(file):
    assert raw(file).locale == Locale.parse(file.stem, sep="-")


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_link_is_read_aloud_with_the_words_that_are_seen(file):
    forms = read_catalogue(file.read_text(encoding="utf-8"), str(file), file.stem).forms
    assert forms["Read on: {headline}"][0].startswith(forms["Read on"][0])


@pytest.mark.parametrize("language", ["ja", "zh", "zh-Hant"])
def test_text_without_spaces_stands_on_one_line(language):
    # Where no space is, a line breaks anywhere, and a colon could come to stand alone.
    forms = read((FOLDER / f"{language}.po").read_text(encoding="utf-8"), language).forms
    said = {
        text
        for file in templates_of("digest", "notices")
        for text in said_in_template(file.read_text(encoding="utf-8"))
    }
    assert [text for each in said for text in forms[each] if columns(text) > LINE] == []


def test_texts_of_templates_and_code_are_found():
    source = '{{ _("Read on") }}{{ ngettext("{num} a", "{num} b", n) }}{% if x %}{{ _("B", b=1)|wrap }}{% endif %}'
    assert said_in_template(source) == ["Read on", ("{num} a", "{num} b"), "B"]
    code = 'words.text("A", a=1); words_for(x).count("B", "C", 2); templates.text("no")'
    assert list(said_in_code(code)) == ["A", ("B", "C")]


def test_every_text_that_our_templates_say_is_known():
    said = {text for file in templates_of() for text in said_in_template(file.read_text(encoding="utf-8"))}
    assert said - set(WORDS) == set()


def test_every_text_that_we_know_is_said():
    files = [*templates_of(), *(ROOT / "feeds" / "rendering").rglob("*.py")]
    sources = [file.read_text(encoding="utf-8") for file in files if file.name not in {"words.py", "reader_words.py"}]
    texts = {text if isinstance(text, str) else text[0] for text in WORDS}
    assert [text for text in texts if not any(f'"{text}"' in s or f"'{text}'" in s for s in sources)] == []


@pytest.mark.parametrize(
    "file", [file for file in templates_of("pages") if file.suffix == ".html"], ids=lambda f: f.name
)
def test_page_says_no_word_that_is_not_translated(file):
    assert bare_words(file.read_text(encoding="utf-8")) == []


def test_bare_words_of_a_template_are_found():
    source = '<p class="x">{{ _("Tag") }} Read <b aria-label="Pages">on</b></p>{% if x %}{# No #}{{ y }}{% endif %}'
    assert bare_words(source) == ["Read", "Pages", "on"]


def test_every_text_that_our_code_says_is_known():
    files = (ROOT / "feeds").rglob("*.py")
    said = {text for file in files for text in said_in_code(file.read_text(encoding="utf-8"))}
    assert said - set(WORDS) == set()


def test_documentation_lists_every_text():
    listed = re.findall(r"^\| `(.+?)` \|", (ROOT / "docs" / "templates.md").read_text(encoding="utf-8"), re.MULTILINE)
    texts = {text if isinstance(text, str) else text[1] for text in WORDS}
    assert texts - set(listed) == set()


def test_sample_in_the_documentation_is_a_catalogue():
    (sample,) = re.findall("```po\n(.*?)```", (ROOT / "docs" / "templates.md").read_text(encoding="utf-8"), re.DOTALL)
    assert set(read(sample).forms) == {"In brief", MESSAGE}


def test_text_that_is_fuzzy_or_not_translated_is_as_if_it_were_not_there():
    found = read(HEAD + '#, fuzzy\nmsgid "Quote"\nmsgstr "Zitat"\n\nmsgid "Listen"\nmsgstr ""\n')
    assert found.forms == {}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('msgid "By {names}"\nmsgstr "Von"\n', 5, "lacks {names}"),
        ('msgid "By {names}"\nmsgstr "Von {namen}"\n', 5, "lacks {names}"),
        ('msgid "Quote"\nmsgstr "Zitat {num}"\n', 5, "has {num}"),
        ('msgid "By {names}"\nmsgstr "Von {names} {0.__class__}"\n', 5, "a brace that closes no placeholder"),
        (MORE + 'msgstr[0] "eins"\nmsgstr[1] "mehr"\n', 5, "lacks {num}"),
        (MORE + 'msgstr[0] "eins"\n', 5, "lacks one of its plural forms"),
        (MORE + 'msgstr[0] "{num}"\nmsgstr[1] "{num}"\nmsgstr[2] "{num}"\n', 5, "more translations"),
        ('msgid "Quote"\nmsgstr Zitat\n', 6, 'in "quotes"'),
        ('msgid "Quote"\nmsgstr "Zitat\n', 6, 'in "quotes"'),
        ('msgid "Quote"\nmsgstr "Zi"tat"\n', 6, 'in "quotes"'),
        ('msgctxt "a"\nmsgid "Quote"\nmsgstr "Zitat"\n', 5, 'in "quotes"'),
        ('msgid "Quote"\n\nmsgid "Listen"\nmsgstr "Hören"\n', 5, "missing msgstr"),
    ],
)
def test_catalogue_that_is_wrong_is_refused_with_its_line(text, line, what):
    assert refusal(text).startswith(f"words/de.po:{line}: ")
    assert what in refusal(text)


@pytest.mark.parametrize(
    "rule", ["nplurals=2; plural=n;", "nplurals=2; plural=n/0;", "nplurals=x; plural=0;", "plural=os()"]
)
def test_plural_rule_that_cannot_be_used_is_refused(rule):
    with pytest.raises(TemplateInvalid, match=r"words/de\.po"):
        read(HEAD.replace("nplurals=2; plural=(n != 1);", rule))


def test_form_for_one_number_alone_may_say_it_in_words():
    found = read(HEAD + MORE + 'msgstr[0] "ein weiterer"\nmsgstr[1] "{num} weitere"\n')
    assert [found.find(MESSAGE, number) for number in (1, 2)] == ["ein weiterer", "{num} weitere"]


def test_catalogue_without_a_head_counts_as_its_language_does():
    found = read(MORE + 'msgstr[0] "un"\nmsgstr[1] "{num}"\n', "es")
    assert found.find(MESSAGE, 1) == "un"


@given(st.integers(0, len(DE)), st.text(alphabet='"\\{}[]msgid_tr0n #~,\n\u2028é', max_size=4), st.integers(0, 12))
def test_damaged_catalogue_is_read_or_refused_and_nothing_else(at, put, left_out):
    try:
        found = read(DE[:at] + put + DE[at + left_out :])
    except TemplateInvalid as error:
        assert str(error).startswith("words/de.po")
    else:
        assert all(isinstance(form, str) for forms in found.forms.values() for form in forms)
