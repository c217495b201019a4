"""Mistakes in the config or the command: all at once, before anything is touched, with exit code 2.

Not here: each single mistake (tests/config).
"""

from pathlib import Path

import pytest

from tests.site_fixtures import pressrun

COMMANDS = (["sync"], ["publish"], ["preview", "weekly"], ["entries", "list"], ["check"], ["status"], ["migrate"])
TEN_MISTAKES = """\
[site]
id = "not-a-uuid"
titel = "The Harbour Gazette"
url = "gazette.example"
language = "english!"
timezone = "Europe/Dublinn"

[store]
url = "env:NOT_SET_ANYWHERE"

[[feeds]]
slug = "Site"
title = "One"
formats = ["rss", "atomm"]

[[newsletters]]
slug = "weekly"
title = "Weekly"
from = "no address"
maximum = "many"

[output]
page_size = 0
"""
KEYS = ["site.id", "site.titel", "site.url", "site.language", "site.timezone", "store.url", "feeds[0].slug"]
KEYS += ["feeds[0].formats", "newsletters[0].from", "newsletters[0].maximum", "output.page_size"]


def files(site):
    return sorted(path.name for path in site.folder.rglob("*"))


@pytest.mark.rule("T133")
def test_ten_mistakes_are_shown_at_once_each_with_file_line_and_key(bare_site):
    bare_site.configure(config=TEN_MISTAKES)
    ended = bare_site.run("sync")
    lines = TEN_MISTAKES.splitlines()
    assert (ended.code, ended.out) == (2, "")
    for key in KEYS:
        told = [line for line in ended.err.splitlines() if f" {key}" in line]
        assert told, key
        number = int(told[0].split("config.toml:")[1].split(":")[0])
        assert lines[number - 1].startswith(key.rpartition(".")[2])
    assert "Europe/Dublin" in ended.err
    assert "title" in ended.err
    assert "NOT_SET_ANYWHERE" in ended.err


@pytest.mark.rule("T133")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_mistake_in_the_config_ends_with_2_and_leaves_no_trace(bare_site, command):
    bare_site.configure("[output]\npaht = 'public'\n")
    bare_site.article("a.md")
    before = files(bare_site)
    ended = bare_site.run(*command)
    assert (ended.code, ended.out) == (2, "")
    assert "output.paht" in ended.err
    assert "path" in ended.err
    assert files(bare_site) == before


def test_missing_config_tells_of_init(bare_site):
    (bare_site.folder / "config.toml").unlink()
    ended = bare_site.run("sync")
    assert ended.code == 2
    assert str(bare_site.folder / "config.toml") in ended.err
    assert "pressrun init" in ended.err


@pytest.mark.parametrize("text", ["[site", "\x00", "[site]\nid = 1\nid = 2\n"])
def test_config_that_is_no_toml_is_named(bare_site, text):
    bare_site.configure(config=text)
    ended = bare_site.run("sync")
    assert ended.code == 2
    assert str(bare_site.folder / "config.toml") in ended.err


def test_config_that_is_a_folder_is_named(bare_site):
    (bare_site.folder / "config.toml").unlink()
    (bare_site.folder / "config.toml").mkdir()
    ended = bare_site.run("sync")
    assert ended.code == 2
    assert str(bare_site.folder / "config.toml") in ended.err


def test_unknown_command_and_option_end_with_2():
    assert [pressrun(*words).code for words in (["print"], ["sync", "--nonsense"])] == [2, 2]


def test_config_show_masks_secrets_in_words_and_in_json(bare_site):
    transport = '[transport]\nkind = "smtp"\nhost = "smtp.example"\nusername = "u"\npassword = "file:password"\n'
    bare_site.configure('[store]\nurl = "postgresql://ann:hunter2@db.example/pressrun"\n' + transport)
    (bare_site.folder / "password").write_text("swordfish\n")
    (bare_site.folder / "password").chmod(0o600)
    for arguments in ([], ["--json"]):
        ended = bare_site.run("config", "show", *arguments)
        assert ended.code == 0
        assert "hunter2" not in ended.out + ended.err
        assert "swordfish" not in ended.out + ended.err
        assert "smtp.example" in ended.out


def test_secret_in_the_address_of_a_store_is_in_no_message(bare_site):
    bare_site.configure('[store]\nurl = "postgresql://ann:hunter2@127.0.0.1:1/pressrun"\n')
    ended = bare_site.run("sync")
    assert ended.code == 4
    assert "127.0.0.1" in ended.err
    assert "hunter2" not in ended.out + ended.err


def test_config_show_has_every_default(bare_site):
    ended = bare_site.run("config", "show")
    assert f"store.url = {bare_site.folder}/var/pressrun.db" in ended.out
    assert f"output.path = {bare_site.folder}/public" in ended.out
    assert f"sources[0].path = {bare_site.folder}/articles" in ended.out
    assert ended.code == 0
    assert files(bare_site) == ["articles", "config.toml"]


def test_paths_are_relative_to_the_config_wherever_it_is_run(bare_site):
    bare_site.article("a.md")
    assert Path.cwd() != bare_site.folder
    assert [bare_site.run(command).code for command in ("sync", "publish")] == [0, 0]
    assert (bare_site.folder / "public" / "rss.xml").is_file()
