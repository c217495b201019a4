"""What a sync says of articles that went out and cannot be read now, and of links that lead nowhere.

Not here: what is refused, and why (tests/rules, tests/sources).
"""

from dataclasses import replace

from feeds.jobs.sync import SourceSync
from feeds.rules.articles import Desk
from feeds.sources.folder import FolderSource

BROKEN = "---\ntitle: [unclosed\n---\nWords\n"


def test_refused_article_that_is_live_is_told_to_be_public_still(site):
    site.article("a.md")
    site.print()
    site.write("a.md", b"\x00\x01\x02\x03" * 100)
    ended = site.run("sync")
    assert "; what was published before is still public\n" in ended.out
    assert "refused:    1 published article in the last sync" in site.run("status").out


def test_article_that_may_be_for_members_now_is_withdrawn_until_it_can_be_read(site):
    site.article("a.md")
    site.article("later.md", date="2030-01-01")
    site.print()
    for key in ("a.md", "later.md"):
        site.article(key, access="membrs")
    report = site.sync()
    assert [key for key, _ in report.hidden] == [key for key, _ in report.refused] == ["a.md", "later.md"]
    assert {site.entry(key).state for key in ("a.md", "later.md")} == {"withdrawn"}
    assert site.publish().removed
    site.article("a.md")
    assert site.sync().restored == ["a.md"]


def test_withdrawal_of_what_cannot_be_read_is_told_with_its_reason(site):
    site.article("a.md")
    site.print()
    site.article("a.md", access="membrs")
    assert "withdrawn, until they can be read:\n  a.md: " in site.run("sync").out


def links(report):
    return [note for note in report.notes if "there is no such article" in note[1]]


def test_link_to_no_article_is_told_once(site):
    site.article("a.md", "See [it](nowhere.md).")
    told = "link to articles/nowhere.md: there is no such article; its text is kept without the link"
    assert links(site.sync()) == [("a.md", told)]
    assert links(site.sync()) == []


def test_link_to_what_vanishes_is_told_though_the_article_did_not_change(site):
    site.article("a.md", "See [it](b.md).")
    site.article("b.md")
    assert links(site.sync()) == []
    site.remove("b.md")
    assert [key for key, _ in links(site.sync())] == ["a.md"]


def test_link_to_the_former_key_of_an_article_is_whole(site):
    site.article("a.md", "See [it](b.md).")
    site.article("b.md", "Other words.")
    site.sync()
    site.move("b.md", "c.md")
    site.edit("a.md", "See", "Do see")
    assert links(site.sync()) == []


def test_articles_without_a_date_are_not_of_the_future(site):
    for n in range(60):
        site.write(f"{n}.md", f"# Title {n}\n\nWords of article {n}.\n")
    site.sync()
    times = [entry.updated_at for entry in site.entries().values()]
    assert (len(set(times)), max(times)) == (60, site.now)


class OddSource(FolderSource):
    """Gives one article as something that nobody has ever heard of."""

    def entries(self):
        for entry in super().entries():
            yield replace(entry, media_type="text/unheard-of") if entry.key == "odd.md" else entry


def test_article_that_we_fail_to_read_is_named_and_costs_no_other(site):
    for key in ("a.md", "odd.md", "z.md"):
        site.article(key)
    with site.app() as app:
        source = OddSource(site.folder / "articles")
        desk = Desk("articles", app.config.site.zone, app.config.site.url, source.find_file)
        report = SourceSync(app.store, app.shelf, source, desk=desk, site_id=app.config.site.id, now=site.now).run()
    assert (sorted(report.added), [key for key, _ in report.refused]) == (["a.md", "z.md"], ["odd.md"])
    assert "a fault of Pressrun's" in report.refused[0][1]
