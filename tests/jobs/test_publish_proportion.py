"""Publish in proportion to the change: what an edit touches is printed, and nothing else is even looked at.

Not here: that the right documents change (test_publish_edits.py).
"""

from datetime import timedelta

import pytest

from feeds.store import entries, feed_entries, reprints
from feeds.store.reprints import Reprint


def looked_at(report):
    return len(report.written) + report.unchanged


def due(site):
    with site.app() as app, app.store.reading() as tx:
        return reprints.list_all(tx)


def test_nothing_is_looked_at_when_nothing_changed(site):
    site.articles(5)
    site.print()
    assert looked_at(site.publish()) == 0


def test_edit_looks_at_no_document_that_does_not_hold_the_entry(site):
    site.articles(30)
    site.article("other.md", title="Other", tags="[pier]", author="Bo Ek")
    whole = looked_at(site.print())
    site.edit("other.md", "Some words.", "Other words.")
    report = site.print()
    assert looked_at(report) < 25 < whole
    assert not any(path.startswith("authors/the-desk") for path in report.written)


def test_everything_is_looked_at_again_where_that_is_asked_for(site):
    site.articles(3)
    whole = site.print()
    (site.public / "rss.xml").write_text("Pressrun was here")
    assert looked_at(site.publish()) == 0
    ended = site.run("publish", "--all", "--json")
    assert ended.json["written"] == ["rss.xml"]
    assert ended.json["unchanged"] == len(whole.written) - 1


def test_changed_settings_have_everything_looked_at(site):
    site.articles(3)
    whole = site.print()
    site.configure("[output]\npage_size = 30\n")
    assert looked_at(site.publish()) == looked_at(whole)


def test_article_whose_time_has_come_is_printed_without_a_sync(site):
    site.article("soon.md", "At last.", date="2024-11-23 20:00")
    site.print()
    assert "At last." not in "".join(map(str, site.documents().values()))
    site.now += timedelta(days=1)
    site.publish()
    assert "At last." in (site.public / "rss.xml").read_text()


@pytest.mark.rule("F25")
def test_tombstone_stands_for_thirty_days_and_goes_by_itself(site):
    site.articles(3)
    site.print()
    entry = site.entry("a02.md")
    site.remove("a02.md")
    site.sync()
    site.publish()
    atom = (site.public / "atom.xml").read_text()
    assert f'ref="{entry.id}"' in atom
    assert "deleted-entry" in atom
    site.now += timedelta(days=29)
    assert looked_at(site.publish()) == 0
    site.now += timedelta(days=2)
    site.publish()
    assert "deleted-entry" not in (site.public / "atom.xml").read_text()


@pytest.mark.rule("F25")
def test_entry_that_only_lost_a_tag_leaves_that_tags_feed_without_a_tombstone(site):
    site.article("a.md", tags="[ferry, pier]")
    site.article("b.md", tags="[pier]")
    site.print()
    site.edit("a.md", "tags: [ferry, pier]", "tags: [ferry]")
    site.print()
    assert site.ids("tags/pier") == [site.entry("b.md").id]
    assert "deleted-entry" not in (site.public / "tags/pier/atom.xml").read_text()


def test_link_to_an_article_that_moved_or_went_is_settled_anew_in_whoever_links_to_it(site):
    site.article("a.md", "See [the pier](pier.md).", title="A")
    site.article("pier.md", title="The pier", slug="pier")
    site.print()
    assert 'href="../pier/"' in (site.public / "a/index.html").read_text()
    site.edit("pier.md", "slug: pier", "slug: long-pier")
    site.print()
    assert 'href="../long-pier/"' in (site.public / "a/index.html").read_text()
    assert "https://gazette.example/long-pier/" in (site.public / "rss.xml").read_text()
    site.remove("pier.md")
    site.sync()
    site.publish()
    assert "long-pier" not in (site.public / "a/index.html").read_text()


def test_plan_that_was_made_and_not_printed_is_printed_by_the_next_publish(site):
    site.articles(3)
    site.print()
    site.edit("a01.md", "Words", "Other words")
    site.sync()
    with site.app() as app, app.store.writing() as tx:
        reprints.add(tx, [Reprint("site")])
        reprints.set_mark(tx, reprints.PLANNED, str(entries.last_change(tx)))
    assert "rss.xml" in site.publish().written
    assert due(site) == []


def test_document_that_cannot_be_written_is_due_until_it_can(site):
    site.articles(2)
    site.print()
    (site.public / "rss.xml").unlink()
    (site.public / "rss.xml").mkdir()
    site.edit("a01.md", "Words", "Other words")
    site.sync()
    assert [path for path, _ in site.publish().failed] == ["rss.xml"]
    assert due(site) == [Reprint("site")]
    (site.public / "rss.xml").rmdir()
    assert site.publish().written == ["rss.xml"]
    assert due(site) == []


def test_places_of_entries_are_those_of_their_feeds_and_listings(site):
    site.article("a.md", tags="[ferry]", author="Ann Lee", section="News")
    site.print()
    with site.app() as app, app.store.reading() as tx:
        places = feed_entries.list_of(tx, [site.entry("a.md").id])
    feeds = {"site", "tags/ferry", "authors/ann-lee", "@index", "@tags/ferry", "@authors/ann-lee", "@sections/news"}
    assert {place.feed for place in places} == feeds
