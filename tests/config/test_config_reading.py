import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from feeds.config import Each, FormatName, TransportKind, load_config
from feeds.config.schema import REPEATED, SECTIONS, keys_of
from feeds.errors import ConfigInvalid


def refused(path, environ=()):
    with pytest.raises(ConfigInvalid) as raised:
        load_config(path, dict(environ))
    return raised.value


def marked(path):
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return {(number, found[1]) for number, line in lines if (found := re.search(r"# wrong: (\S+)", line))}


def test_small_config_gets_all_defaults(read, tmp_path):
    config = read()
    assert config.store.sqlite_path == tmp_path / "var/pressrun.db"
    assert [source.path for source in config.sources] == [tmp_path / "articles"]
    assert (config.output.path, config.transport.path) == (tmp_path / "public", tmp_path / "var/maildir")
    assert config.transport.kind is TransportKind.MAILDIR
    assert config.newsletters == ()


def test_site_without_feeds_has_its_own_and_one_for_each_tag_and_author(read):
    feeds = read().feeds
    assert [(feed.slug, feed.path, feed.each) for feed in feeds] == [
        ("site", ".", None),
        ("tags", "tags/{slug}", Each.TAG),
        ("authors", "authors/{slug}", Each.AUTHOR),
    ]
    assert feeds[1].title_for("Ferry") == "The Harbour Gazette: Ferry"
    assert feeds[1].path_for("ferry") == "tags/ferry"


def test_feed_without_path_stands_below_feeds(read):
    feed = read('[[feeds]]\nslug = "harbour"\ntitle = "H"\ntags = ["ferry"]\nformats = ["atom"]').feeds[0]
    assert (feed.path, feed.formats, feed.query.tags) == ("feeds/harbour", (FormatName.ATOM,), ("ferry",))


def test_family_without_path_stands_below_feeds(read):
    assert read('[[feeds]]\nslug = "t"\ntitle = "{name}"\neach = "tag"').feeds[0].path == "feeds/t/{slug}"


def test_paths_start_at_the_config_wherever_the_program_is_started(read, tmp_path):
    read()
    config = load_config(Path(os.path.relpath(tmp_path)) / "config.toml", {})
    assert (config.file, config.output.path) == (tmp_path / "config.toml", tmp_path / "public")


def test_settings_cannot_be_changed(read):
    config = read('[tags.aliases]\na = "b"')
    with pytest.raises(ValidationError):
        config.site.title = "Other"
    with pytest.raises(TypeError):
        config.tags.aliases["a"] = "c"


def test_reading_writes_nothing(read, tmp_path):
    read('[[newsletters]]\nslug = "w"\ntitle = "W"\nfrom = "w@gazette.example"')
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.rule("T133")
def test_every_mistake_is_told_at_once_with_its_line(data):
    path = data / "many-mistakes.toml"
    found = [(mistake.line, mistake.key) for mistake in refused(path).mistakes]
    assert len(marked(path)) > 30
    assert (set(found), len(found)) == (marked(path), len(marked(path)))


def test_mistakes_come_in_the_order_of_the_file(data):
    lines = [mistake.line for mistake in refused(data / "many-mistakes.toml").mistakes]
    assert lines == sorted(lines)


def test_mistake_reads_as_a_sentence_with_a_remedy(data):
    said = str(refused(data / "many-mistakes.toml"))
    assert f"{data}/many-mistakes.toml:63: " in said
    assert 'newsletters[0].layout: "frontpage" is no layout; nearest: "front-page"' in said
    assert 'site.titel: unknown key; nearest: "title" (others: id, url,' in said
    assert 'feeds[0].limit: "50" is text; expected a whole number without quotes' in said
    assert 'newsletters[0].cadence.every: "mondays" is no cadence; nearest: "monday" (others: article, day,' in said
    assert 'newsletters[0].cadence.form: unknown key; nearest: "from" (others: every, at, timezone,' in said
    assert "newsletters[0].every: unknown key; expected it in [newsletters.cadence]" in said


@pytest.mark.rule("T133")
def test_missing_environment_variable_is_told_beside_the_others(data):
    said = str(refused(data / "many-mistakes.toml", {"SMTP_PASSWD": "x"}))
    assert 'environment variable SMTP_PASSWORD is not set; nearest: "SMTP_PASSWD"' in said


def test_missing_file_says_how_to_get_one(tmp_path):
    (mistake,) = refused(tmp_path / "config.toml").mistakes
    assert str(mistake).startswith(f"{tmp_path}/config.toml: not found; `pressrun init DIR`")


def test_folder_is_no_config(tmp_path):
    assert "cannot be read (Is a directory)" in str(refused(tmp_path))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (b"[site]\nid = \n", 2, "is no TOML from here on: invalid value"),
        (b"[site]\nid = 'a'\nid = 'b'\n", 3, "is no TOML from here on: cannot overwrite a value"),
        (b"[site]\nx = [1,\n", 2, "is no TOML from here on"),
        (b'[site]\ntitle = "caf\xe9"\n', 2, "no UTF-8"),
    ],
)
def test_text_that_is_no_toml_is_one_mistake_with_its_line(tmp_path, text, line, said):
    path = tmp_path / "config.toml"
    path.write_bytes(text)
    (mistake,) = refused(path).mistakes
    assert (mistake.line, said in mistake.expected) == (line, True)


def test_byte_order_mark_is_no_mistake(read):
    assert read(site="\ufeff[site]\nid = '7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21'\ntitle='T'\nurl='http://a.example'\n")


def test_empty_file_lacks_its_site(mistakes):
    assert mistakes(site="") == ["site: the section is missing; `pressrun init DIR` writes a config that has it"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('file = "x"\n', "file: unknown section"),
        ('[[site]]\nid = "x"\n', "site: is a list; expected a section [site], in single brackets"),
        ("site = 3\n", "site: is a whole number; expected a section [site], in single brackets"),
        ("feeds = 3\n", "feeds: is a whole number; expected a section [[feeds]], in double brackets"),
        ('[feeds]\nslug = "x"\n', "feeds: is a table; expected a section [[feeds]], in double brackets"),
        ("feeds = [3]\n", "feeds[0]: is a whole number; expected a section [[feeds]], in double brackets"),
        ("store = []\n", "store: is a list; expected a section [store], in single brackets"),
        ("[tags]\naliases = []\n", 'tags.aliases: [] is a list; expected a table of lines, old = "new"'),
        ("[tags]\naliases.x = ''\n", "tags.aliases.x: is empty; expected some text"),
        ("[transport]\nport = 2026-11-23\n", 'transport.port: "2026-11-23" is a date or time; expected a whole number'),
        ('[transport]\nverp = "yes"\n', 'transport.verp: "yes" is text; expected true or false, without quotes'),
        (
            '[[newsletters]]\ncadence = "monday"\n',
            "newsletters[0].cadence: is text; expected a table [newsletters.cadence]",
        ),
        (
            "[[newsletters]]\n[[newsletters.cadence]]\n",
            "newsletters[0].cadence: is a list; expected a table [newsletters.cadence]",
        ),
        ("[transport]\nkind = 5\n", "transport.kind: 5 is a whole number; expected one of maildir, smtp, in quotes"),
    ],
)
def test_odd_shapes_are_told_like_any_mistake(mistakes, text, said):
    assert any(mistake.startswith(said) for mistake in mistakes(site=text))


ODD = [
    "1",
    "-1",
    "1e400",
    "nan",
    "true",
    '""',
    '"\\u0000"',
    '"env:X"',
    '"{slug}"',
    '"//"',
    "[]",
    "[[]]",
    "{}",
    "07:00:00",
]
HEADERS = {section: f"[[{section}]]" if section in REPEATED else f"[{section}]" for section in SECTIONS}
KEYS = [
    *((HEADERS[section], key) for section in SECTIONS for key in keys_of(section)),
    *(("[[newsletters]]\n[newsletters.cadence]", key) for key in keys_of("newsletters", "cadence")),
]


@pytest.mark.parametrize("value", ODD)
def test_no_value_of_any_key_breaks_the_reading(read, value):
    for header, key in KEYS:
        try:
            read(f"{header}\n{key} = {value}\n", site="")
        except ConfigInvalid as error:
            assert {mistake.line for mistake in error.mistakes} <= {None, 1, 2, 3}


def test_config_holds_no_complaint_of_the_schema_as_its_cause(data):
    error = refused(data / "many-mistakes.toml")
    assert (error.__cause__, error.__context__) == (None, None)


def test_brackets_nested_too_deeply_are_a_mistake(mistakes):
    assert mistakes("a = " + "[" * 5000) == [": is no config: its brackets are nested too deeply"]
