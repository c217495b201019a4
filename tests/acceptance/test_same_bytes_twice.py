"""The sample store printed again and again: the same bytes whatever the machine, and nothing written in vain.

Not here: what the documents say (test_sample_store.py).
"""

import shutil

import pytest

from tests.site_fixtures import ROOT, Site

HERE = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
THERE = {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def synced(tmp_path_factory):
    """Give the sample site, synced and not yet published."""
    site = Site(tmp_path_factory.mktemp("sample") / "site")
    shutil.copy(ROOT / "config.toml", site.folder)
    shutil.copytree(ROOT / "articles", site.folder / "articles", dirs_exist_ok=True)
    assert site.process("sync").code == 0
    return site


def printed(site, **env):
    published = site.process("publish", **env)
    previewed = site.process("preview", "weekly", "--at", "2026-11-23T12:00", **env)
    assert (published.code, previewed.code) == (0, 0), published.err + previewed.err
    previews = sorted((site.folder / "var" / "preview").rglob("*.*"))
    return site.documents() | {file.name: file.read_bytes() for file in previews if file.is_file()}


@pytest.fixture(scope="module")
def here(synced, tmp_path_factory):
    """Give a copy of the site, printed, and what that gave."""
    site = synced.copied(tmp_path_factory.mktemp("here") / "site")
    return site, printed(site, **HERE)


def test_two_runs_under_other_hash_seeds_zones_and_locales_give_the_same_bytes(synced, here, tmp_path):
    first, second = here[1], printed(synced.copied(tmp_path / "elsewhere"), **THERE)
    assert len(first) > 100
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_sync_and_publish_of_what_is_unchanged_write_nothing(here):
    site, _ = here
    before = site.times()
    folders = {place: place.stat().st_mtime_ns for place in site.public.rglob("*") if place.is_dir()}
    synced, published = site.process("sync", **THERE), site.process("publish", **THERE)
    assert synced.out.startswith("articles: 18 unchanged\n")
    assert " 0 documents written, 0 unchanged" in published.out
    assert site.times() == before
    assert {place: place.stat().st_mtime_ns for place in folders} == folders
