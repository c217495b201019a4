"""Files that change places, sources or ids: every entry stays who it is, and what clashes hurts nobody.

Not here: one file that moves (test_sync_identity).
"""

import random
import shutil

import pytest

TWO = """
[[sources]]
slug = "articles"
path = "articles"

[[sources]]
slug = "{name}"
path = "more"
"""


def ids(site):
    """Map the words of each article to the id under which it stands."""
    return {entry.article.html: entry.id for entry in site.entries().values() if entry.state == "live"}


def synced(site, **how):
    """Return the reports of all sources by their slugs."""
    with site.app() as app:
        return {report.source: report for report in app.sync(**how).sources}


def renamed(site, names):
    for old in names:
        site.move(old, f"{old}.tmp")
    for old, new in names.items():
        site.path(f"{old}.tmp").rename(site.path(new))


@pytest.mark.rule("F2")
@pytest.mark.parametrize("seed", range(8))
def test_whatever_files_are_called_every_entry_keeps_its_id(site, seed):
    chance = random.Random(seed)
    names = [f"{letter}.md" for letter in "abcdef"]
    for name in names:
        declared = {"id": f"id-of-{name}"} if chance.random() < 0.3 else {}
        site.article(name, f"Words of {name}.", **declared)
    site.print()
    before = ids(site)
    renamed(site, dict(zip(names, chance.sample([*names, "x.md", "y.md"], len(names)), strict=True)))
    report = site.sync()
    assert (ids(site), report.withdrawn, report.added, report.refused) == (before, [], [], [])


def test_shifted_names_keep_their_ids(site):
    for name in "abc":
        site.article(f"{name}.md", f"Words of {name}.")
    site.print()
    before = ids(site)
    for old, new in ("cd", "bc", "ab"):
        site.move(f"{old}.md", f"{new}.md")
    assert len(site.sync().moved) == 3
    assert ids(site) == before


def test_copy_over_another_article_is_an_edit_of_it(site):
    site.article("a.md", "One.")
    site.article("b.md", "Two.")
    site.print()
    before = {key: entry.id for key, entry in site.entries().items()}
    shutil.copy(site.path("a.md"), site.path("b.md"))
    assert site.sync().edited == ["b.md"]
    site.edit("a.md", "One.", "One, edited.")
    assert site.sync().edited == ["a.md"]
    assert {key: entry.id for key, entry in site.entries().items()} == before


def test_copy_of_what_is_edited_in_the_same_breath_is_an_edit_too(site):
    site.article("a.md", "One.")
    site.article("b.md", "Two.")
    site.print()
    before = {key: entry.id for key, entry in site.entries().items()}
    shutil.copy(site.path("a.md"), site.path("b.md"))
    site.edit("a.md", "One.", "One, edited.")
    assert site.sync().edited == ["a.md", "b.md"]
    assert {key: entry.id for key, entry in site.entries().items()} == before


def test_id_of_another_article_in_a_live_one_leaves_both_as_they_are(site):
    site.article("a.md", "One.")
    site.article("b.md", "Two.")
    site.print()
    before = ids(site)
    site.article("b.md", "Two.", id=site.entry("a.md").id)
    report = site.sync()
    assert (ids(site), report.withdrawn, report.stale) == (before, [], ["b.md"])
    assert "belongs to a.md; " in dict(report.refused)["b.md"]
    assert "what was published before is still public" in dict(report.refused)["b.md"]


@pytest.mark.rule("F2")
def test_store_made_anew_leaves_a_pinned_id_to_the_file_that_moved_away_with_it(site):
    site.article("a.md", "One.")
    site.sync()
    with site.app() as app:
        app.pin()
    site.move("a.md", "b.md")
    site.article("a.md", "Another.")
    site.sync()
    before = ids(site)
    shutil.rmtree(site.folder / "var")
    site.sync()
    assert (ids(site), len(before)) == (before, 2)


def pinned_in_two_sources(site, name):
    site.configure(TWO.format(name=name))
    (site.folder / "more").mkdir()
    site.article("a.md", "One.")
    site.articles(1)
    synced(site)
    with site.app() as app:
        app.pin()
    synced(site)
    before = ids(site)
    shutil.move(site.path("a.md"), site.folder / "more" / "b.md")
    return before


def test_pinned_article_may_move_to_a_later_source(site):
    before = pinned_in_two_sources(site, "more")
    reports = synced(site)
    assert (ids(site), reports["more"].moved) == (before, ["articles/a.md → more/b.md"])
    assert (site.entry("b.md").source, reports["more"].refused) == ("more", [])
    assert synced(site)["articles"].withdrawn == []


def test_pinned_article_that_moves_to_an_earlier_source_is_back_at_the_next_sync(site):
    pinned_in_two_sources(site, "more")
    before = ids(site) | {site.entry("a.md").article.html: site.entry("a.md").id}
    synced(site)
    shutil.move(site.folder / "more" / "b.md", site.path("c.md"))
    assert "sync once more" in dict(synced(site)["articles"].refused)["c.md"]
    assert synced(site)["articles"].moved == ["more/b.md → articles/c.md"]
    assert ids(site) == before


def test_source_taken_out_of_the_config_is_held_until_that_is_accepted(site):
    site.configure(TWO.format(name="more"))
    (site.folder / "more").mkdir()
    site.article("a.md")
    shutil.move(site.path("a.md"), site.folder / "more" / "a.md")
    synced(site)
    site.configure()
    held = site.run("sync")
    assert (held.code, site.entry("a.md").state) == (3, "live")
    assert "the config no longer has this source: nothing of it was withdrawn (1 article)" in held.out
    accepted = site.run("sync", "--accept-withdrawals")
    assert (accepted.code, site.entry("a.md").state) == (0, "withdrawn")
    assert site.run("sync").code == 0
