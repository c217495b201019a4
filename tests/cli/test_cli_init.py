"""``init`` makes a site that works at once, and touches nothing that is there.

Not here: what the config may say (tests/config).
"""

import tomllib

import pytest

from tests.site_fixtures import Site, pressrun


@pytest.fixture
def made(tmp_path):
    """Give a site as ``init`` makes it."""
    folder = tmp_path / "my site"
    ended = pressrun("init", str(folder), "--title", 'Notes from the "quay"', "--url", "https://notes.example/")
    assert (ended.code, ended.err) == (0, "")
    site = Site.__new__(Site)
    site.folder = folder
    return site, ended


def test_new_site_syncs_publishes_previews_and_checks_at_once(made):
    site, _ = made
    commands = (["sync"], ["publish"], ["preview", "weekly"], ["check"], ["status"])
    assert [site.run(*command).code for command in commands] == [0, 0, 0, 0, 0]
    assert len(site.ids()) == 1
    assert b"Notes from the &#34;quay&#34;" in site.documents()["index.html"]


def test_init_names_what_it_wrote_and_what_comes_next(made):
    site, ended = made
    assert f"wrote {site.folder}/config.toml\n" in ended.out
    assert f"wrote {site.folder}/articles/first.md\n" in ended.out
    assert "pressrun run" in ended.out


def test_each_new_site_has_an_identity_of_its_own(tmp_path):
    ids = set()
    for name in ("one", "two"):
        pressrun("init", str(tmp_path / name))
        ids.add(tomllib.loads((tmp_path / name / "config.toml").read_text())["site"]["id"])
    assert len(ids) == 2


def test_init_refuses_a_folder_that_has_a_site(made):
    site, _ = made
    before = (site.folder / "config.toml").read_bytes()
    ended = pressrun("init", str(site.folder))
    assert ended.code == 2
    assert f"{site.folder}/config.toml: there is a site here already" in ended.err
    assert (site.folder / "config.toml").read_bytes() == before


def test_init_in_a_folder_with_files_touches_none_of_them(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "first.md").write_text("mine")
    (tmp_path / ".gitignore").write_text("mine")
    assert pressrun("init", str(tmp_path)).code == 0
    assert (tmp_path / "articles" / "first.md").read_text() == (tmp_path / ".gitignore").read_text() == "mine"


@pytest.mark.parametrize("wrong", [["--url", "notes.example"], ["--title", ""], ["--title", "a\nb"]])
def test_init_with_a_mistake_leaves_no_config(tmp_path, wrong):
    ended = pressrun("init", str(tmp_path / "site"), *wrong)
    assert ended.code == 2
    assert f"site.{wrong[0].removeprefix('--')}" in ended.err
    assert not (tmp_path / "site" / "config.toml").exists()


def test_init_where_nothing_can_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    ended = pressrun("init", str(tmp_path / "file" / "site"))
    assert ended.code == 2
    assert str(tmp_path / "file") in ended.err


def test_init_in_json_names_what_it_wrote(tmp_path):
    ended = pressrun("init", str(tmp_path / "site"), "--json")
    assert [name.rpartition("/")[2] for name in ended.json["written"]] == ["config.toml", "first.md", ".gitignore"]
