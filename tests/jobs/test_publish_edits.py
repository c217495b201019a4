"""An edit reaches exactly the documents that hold the entry; addresses that were left behind lead on.

Not here: what a document looks like (tests/formats, tests/rendering).
"""

import re

import pytest


def three_articles(site):
    site.article("a.md", "Alpha words.", title="Alpha", date="2024-11-20 08:00", tags="[ferry]", author="Ann Lee")
    site.article("b.md", "Beta words.", title="Beta", date="2024-11-19 08:00", tags="[pier]", author="Bo Ek")
    site.article("c.md", "Gamma words.", title="Gamma", date="2024-11-18 08:00", tags="[ferry, pier]", author="Bo Ek")
    site.print()


def edit_alpha(site):
    before = site.documents()
    site.edit("a.md", "Alpha words.", "Alpha words, edited.")
    report = site.print()
    after = site.documents()
    assert before.keys() == after.keys()
    return report, {path for path in after if after[path] != before[path]}


def test_edit_changes_exactly_the_documents_that_hold_the_entry(site):
    three_articles(site)
    written, held = site.times(), site.holding("Alpha words", "https://gazette.example/a/")
    report, changed = edit_alpha(site)
    assert changed == held == set(report.written)
    assert {path for path, time in site.times().items() if time != written[path]} == changed
    feeds = {f"{folder}{name}" for folder in ("", "tags/ferry/", "authors/ann-lee/") for name in FEEDS}
    pages = {"a/index.html", "index.html", "tags/ferry/index.html", "authors/ann-lee/index.html"}
    assert changed == feeds | pages | {"sitemaps/1.xml"}


FEEDS = ("rss.xml", "atom.xml", "feed.json")


@pytest.mark.rule("F2")
def test_edit_keeps_the_id_and_bumps_revision_and_updated_in_all_formats(site):
    three_articles(site)
    before = site.ids()
    edit_alpha(site)
    said = [entry for entries in site.feeds().values() for entry in entries if entry["title"] == "Alpha"]
    assert site.ids() == before
    assert site.entry("a").revision == 2
    assert {entry["updated"].replace("Z", "+00:00") for entry in said} == {site.entry("a").updated_at.isoformat()}
    assert site.entry("a").updated_at == site.now


def test_what_an_entry_said_before_is_kept(site):
    three_articles(site)
    site.edit("a.md", "title: Alpha", "title: Better")
    site.print()
    with site.app() as app:
        assert [(number, title) for number, title, _ in app.revisions(app.entry("a"))] == [(1, "Alpha")]


def test_touching_a_file_bumps_nothing(site):
    three_articles(site)
    site.path("a.md").touch()
    report = site.sync()
    assert (report.edited, report.unchanged) == ([], 3)
    assert site.publish().written == []


def test_entries_of_a_summary_feed_change_only_with_their_summary(site):
    site.configure('[[feeds]]\nslug = "site"\ntitle = "Short"\npath = "."\ncontent = "summary"\n')
    site.article("a.md", "Alpha words.", summary="Short.")
    site.print()
    assert site.holding("Alpha words") == {"a/index.html"}


def test_slug_changed_by_hand_leaves_a_page_that_leads_on(site):
    site.article("a.md")
    site.print()
    before = site.ids()
    site.article("a.md", slug="better")
    site.print()
    documents = site.documents()
    assert re.search(rb'http-equiv="refresh" content="0; ?url=[^"]*/better/"', documents["a/index.html"])
    assert b"Some words." in documents["better/index.html"]
    assert (site.ids(), site.entry("a.md").revision) == (before, 1)


def test_slug_changed_back_swaps_page_and_redirect(site):
    site.article("a.md")
    site.print()
    site.article("a.md", slug="better")
    site.print()
    site.article("a.md", slug="a")
    site.print()
    assert b"Some words." in site.documents()["a/index.html"]
    assert b"refresh" in site.documents()["better/index.html"]


def test_renamed_tag_keeps_its_old_address_for_people_and_for_feed_readers(site):
    site.article("a.md", tags="[ferries]")
    site.print()
    ids = site.ids("tags/ferries")
    site.configure('[tags.aliases]\nferries = "Ferry"\n')
    site.print()
    documents = site.documents()
    assert re.search(rb'http-equiv="refresh" content="0; ?url=[^"]*/ferry/"', documents["tags/ferries/index.html"])
    assert site.ids("tags/ferries") == site.ids("tags/ferry") == ids
    assert documents["tags/ferries/rss.xml"] == documents["tags/ferry/rss.xml"]
    assert b'"Ferry"' in documents["feed.json"]


def test_alias_that_is_taken_out_gives_the_old_tag_back(site):
    site.configure('[tags.aliases]\nferries = "Ferry"\n')
    site.article("a.md", tags="[ferries]")
    site.print()
    site.configure()
    site.print()
    assert "tags/ferries/rss.xml" in site.documents()
    assert site.holding("tags/ferry/") == set()
    assert "tags/ferry/index.html" not in site.documents()


def test_c_and_c_plus_plus_are_two_tags(site):
    site.article("a.md", tags="['C', 'C++']")
    site.print()
    assert {"tags/c/rss.xml", "tags/c-plus-plus/rss.xml"} <= site.documents().keys()


def test_spellings_that_collide_are_one_tag_and_reported(site):
    site.article("a.md", tags="[Ferry]")
    site.article("b.md", tags="[ferry]")
    site.article("c.md", tags="[ferry]")
    with site.app() as app:
        outcome = app.sync()
    assert outcome.tags == ["tag ferry: spelt 'ferry', 'Ferry'; all are one"]
    site.publish()
    assert len(site.ids("tags/ferry")) == 3


def test_tag_without_entries_leaves_no_feed_behind(site):
    site.article("a.md", tags="[ferry]")
    site.print()
    site.article("a.md")
    site.print()
    assert not (site.public / "tags").exists()


def test_feed_taken_out_of_the_config_is_removed(site):
    site.configure('[[feeds]]\nslug = "old"\ntitle = "Old"\n')
    site.article("a.md")
    site.print()
    assert "feeds/old/rss.xml" in site.documents()
    site.configure()
    assert "feeds/old/rss.xml" in site.publish().removed
    left = {path for path in site.documents() if path.startswith("feeds/old/")}
    assert left == {f"feeds/old/{name}.gone" for name in FEEDS}


def test_feed_put_back_into_the_config_is_gone_no_more(site):
    site_feed = '[[feeds]]\nslug = "site"\ntitle = "All"\npath = "."\n'
    with_it = f'{site_feed}[[feeds]]\nslug = "old"\ntitle = "Old"\n'
    site.configure(with_it)
    site.article("a.md")
    site.print()
    before = site.documents()
    site.configure(site_feed)
    site.publish()
    site.configure(with_it)
    site.publish()
    assert site.documents() == before


def test_files_that_are_not_ours_stay(site):
    site.article("a.md")
    site.print()
    (site.public / "robots.txt").write_text("User-agent: *\n")
    (site.public / "media").mkdir()
    (site.public / "media" / "logo.svg").write_text("<svg/>")
    site.remove("a.md")
    site.print()
    assert {"robots.txt", "media/logo.svg"} <= site.documents().keys()


def test_index_is_paged(site):
    site.configure("[output]\npage_size = 2\n")
    site.articles(5)
    site.print()
    documents = site.documents()
    assert {"index.html", "page/1/index.html"} <= documents.keys()
    assert b"Article 01" in documents["page/1/index.html"]
    assert "page/2/index.html" not in documents


def test_entry_that_lives_elsewhere_has_no_page_here(site):
    site.article("a.md", url="https://elsewhere.example/a")
    site.print()
    assert "a/index.html" not in site.documents()
    assert {entry["link"] for entries in site.feeds().values() for entry in entries} == {"https://elsewhere.example/a"}


def test_empty_site_prints_feeds_without_entries(site):
    site.print()
    assert site.ids() == []
    assert b"1970-01-01T00:00:00" in site.documents()["atom.xml"]
