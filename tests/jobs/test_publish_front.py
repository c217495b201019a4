"""The front page leads to all that a site has: sections, tags, newsletters and their editions, feeds; and to no more.

Not here: how it looks (tests/rendering), that nothing private is in it or anywhere (test_publish_private.py).
"""

import re

import pytest

from feeds.app.post import Post
from feeds.store import reprints
from feeds.store.reprints import Reprint
from tests.acceptance.mail_givens import cadence, join, run
from tests.jobs.post_givens import ANN, BACKENDS, DAY, MONDAY, WEEK, composed, printed, site_on
from tests.site_fixtures import CONFIG, NOON

BARE = CONFIG.partition("[[newsletters]]")[0]
SITE_FEED = '[[feeds]]\nslug = "site"\ntitle = "The Harbour Gazette"\npath = "."\n'
PAGES = "[readers]\npages = true\n"


def feed(slug, title, more=""):
    return f'[[feeds]]\nslug = "{slug}"\ntitle = "{title}"\n{more}\n'


def page(site, path="."):
    return (site.public / path / "index.html").read_text(encoding="utf-8")


def links(site, heading):
    """Return (address, text) of the links that stand below a heading of the front page, up to what comes next."""
    _, _, below = page(site).partition(f">{heading}</h2>")
    return re.findall(r'<a (?:rel="\w+" )?href="([^"]+)"[^>]*>([^<]+)</a>', re.split("</nav>|</section>", below)[0])


def named(site, heading):
    return [text for _, text in links(site, heading)]


def sections(site):
    _, _, below = page(site).partition('<nav class="sections"')
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', below.partition("</nav>")[0])


def looked_at(site):
    """Sync and publish; return the paths of all documents that were made, whether they changed or not."""
    seen = []
    site.sync()
    site.publish(progress=seen.append)
    return seen


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give a site with a newsletter on Mondays, and a reader, on either database."""
    site, store = site_on(request.param, request)
    site.configure(cadence("monday") + PAGES + store)
    run(site, NOON)
    join(site, ANN)
    return site


def sent(site, week=0, *, mail=run, **front):
    """Let the edition of a Monday bring one article."""
    at = MONDAY + week * WEEK
    site.article(f"week{week}.md", **{"title": f"Week {week}", "date": (at - DAY).isoformat()[:16]} | front)
    mail(site, at)


def fixed(site, at):
    """Fix an edition, have it printed, and send nothing."""
    printed(site, at)
    composed(site, at)
    site.publish()


# ---- tags and sections ----


def test_tags_stand_with_the_most_used_first(site):
    site.article("a.md", tags="[Pier, Ferry]")
    site.article("b.md", tags="[Quay, Ferry]")
    site.article("c.md", tags="[Quay, Ferry]")
    site.print()
    assert links(site, "Tags") == [("./tags/ferry/", "Ferry"), ("./tags/quay/", "Quay"), ("./tags/pier/", "Pier")]


def test_other_tags_of_an_old_article_change_their_order(site):
    site.configure("[output]\npage_size = 2\n")
    site.articles(8)
    site.edit("a01.md", "date:", "tags: [Quay]\ndate:")
    site.edit("a02.md", "date:", "tags: [Pier]\ndate:")
    site.print()
    assert named(site, "Tags") == ["Pier", "Quay"]
    site.edit("a02.md", "[Pier]", "[Pier, Quay]")
    site.print()
    assert named(site, "Tags") == ["Quay", "Pier"]


def test_edit_that_touches_nothing_on_it_does_not_even_look_at_it(site):
    site.configure("[output]\npage_size = 2\n")
    site.articles(8)
    site.edit("a01.md", "date:", "tags: [Pier]\ndate:")
    site.print()
    site.edit("a01.md", "Words", "Other words")
    seen = looked_at(site)
    assert "tags/pier/index.html" in seen
    assert {"index.html", "tags/index.html", "feeds/index.html"}.isdisjoint(seen)


def test_directory_stays_as_it_is_when_an_article_brings_no_new_tag(site):
    site.article("a.md", tags="[Pier]")
    site.print()
    site.article("b.md", tags="[Pier]")
    seen = looked_at(site)
    assert "index.html" in seen
    assert {"tags/index.html", "authors/index.html", "feeds/index.html"}.isdisjoint(seen)


@pytest.mark.parametrize("how", ["removed", "draft", "withdrawn"])
def test_tag_that_is_gone_is_named_nowhere(site, how):
    site.article("a.md", tags="[Pier]")
    site.article("b.md", tags="[Ferry, Pier]")
    site.print()
    assert named(site, "Tags") == ["Pier", "Ferry"]
    if how == "withdrawn":
        site.run("entries", "withdraw", "b.md", "--reason", "")
    else:
        site.edit("b.md", *(("[Ferry, Pier]", "[Pier]") if how == "removed" else ("title: b.md", "draft: true")))
    site.sync(accept_withdrawals=True)
    site.publish()
    assert named(site, "Tags") == ["Pier"]
    assert site.holding("Ferry", "tags/ferry") == set()


def test_last_tag_takes_the_page_of_all_with_it_and_what_says_that_there_is_one(site):
    site.article("a.md", tags="[Pier]")
    site.print()
    assert "A feed for each tag" in named(site, "Feeds")
    assert "https://gazette.example/tags/<" in (site.public / "sitemaps" / "listings.xml").read_text()
    site.edit("a.md", "[Pier]", "[]")
    site.print()
    assert not (site.public / "tags" / "index.html").exists()
    assert site.holding("A feed for each tag", ">Tags</h2>", "/tags/") == set()


def test_tag_that_is_spelt_otherwise_is_named_so(site):
    site.article("a.md", tags="[ferry]")
    site.print()
    site.article("b.md", tags="[Ferry]")
    site.article("c.md", tags="[Ferry]")
    site.print()
    assert (named(site, "Tags"), "Ferry</a></li>" in page(site, "tags")) == (["Ferry"], True)


def test_many_tags_leave_it_light_and_a_page_has_them_all_by_their_names(site):
    names = [f"Tag {number:03}" for number in range(100)]
    site.article("a.md", tags=f"[{', '.join(names)}]")
    site.article("b.md", tags="[Ärmel, Tag 099, zz]")
    site.print()
    assert named(site, "Tags") == ["Tag 099", "Ärmel", *names[:38], "All tags"]
    assert links(site, "Tags")[-1] == ("./tags/", "All tags")
    assert re.findall(r'<li><a href="\./[^"]+/">([^<]+)', page(site, "tags")) == ["Ärmel", *names, "zz"]


def test_sections_stand_at_its_head_and_where_they_are_many_a_page_has_the_rest(site):
    site.article("a.md", section="News")
    site.article("b.md", section="arts")
    site.print()
    assert sections(site) == [("./sections/arts/", "arts"), ("./sections/news/", "News")]
    assert "sections" not in page(site, "a").partition("<main")[0]
    for number in range(20):
        site.article(f"s{number}.md", section=f"S{number:02}")
    site.print()
    assert [text for _, text in sections(site)][-2:] == ["S12", "All sections"]
    assert ">S19<" in page(site, "sections")


# ---- feeds ----


def test_every_public_feed_stands_with_its_title_and_leads_to_its_page(site):
    family = feed("languages", "In {name}", 'each = "language"\npath = "languages/{slug}"')
    private = feed("inside", "Inside", "private = true")
    tags = feed("tags", "On {name}", 'each = "tag"\npath = "tags/{slug}"')
    site.configure(family + SITE_FEED + feed("water", "On the water", 'tags = ["Pier"]') + private + tags)
    site.article("a.md", tags="[Pier]")
    site.print()
    expected = [
        ("#follow", "The Harbour Gazette"),
        ("./feeds/water/", "On the water"),
        ("./languages/en/", "In English"),
        ("./tags/", "A feed for each tag"),
    ]
    assert links(site, "Feeds") == expected
    assert all((site.public / address / "index.html").exists() for address, _ in expected[1:])
    site.article("b.md", language="de")
    site.print()
    assert named(site, "Feeds")[2:4] == ["In English", "In German"]
    assert "Inside" not in page(site) + page(site, "feeds")


def test_many_feeds_have_a_page_of_their_own(site):
    site.configure("".join(feed(f"f{number:02}", f"Feed {number:02}") for number in range(50)))
    site.print()
    assert links(site, "Feeds")[-2:] == [("./feeds/f39/", "Feed 39"), ("./feeds/", "All feeds")]
    assert [text for _, text in re.findall(r'<li><a href="\./(f\d\d)/">([^<]+)', page(site, "feeds"))][-1] == "Feed 49"


def test_feed_may_stand_where_a_page_of_all_would(site):
    site.configure(feed("quay", "On the quay", 'path = "tags"'))
    site.article("a.md", tags=str([f"T{number}" for number in range(60)]).replace("'", ""))
    assert site.print().failed == []
    assert "<h1>On the quay</h1>" in page(site, "tags")
    assert "All tags" not in page(site)
    site.configure(SITE_FEED)
    site.publish()
    assert "<h1>Tags</h1>" in page(site, "tags")


def test_redirect_gives_way_to_the_page_of_all_tags(site):
    site.configure(SITE_FEED)
    site.article("a.md", aliases="[/tags/]")
    site.print()
    site.article("b.md", tags="[Pier]")
    site.print()
    assert "<h1>Tags</h1>" in page(site, "tags")


def test_site_with_nothing_of_it_has_no_heading_of_it(site):
    site.configure(config=BARE + SITE_FEED)
    site.article("a.md")
    site.print()
    assert re.findall("<h2[^>]*>(?:<a[^>]*>)?([^<]+)", page(site).partition("<footer")[0]) == [
        "a.md",
        "Follow The Harbour Gazette",
    ]
    assert sections(site) == []


# ---- newsletters ----


def test_newsletter_says_how_often_it_comes_and_leads_to_no_edition_before_there_is_one(paper):
    assert re.findall('<h3>([^<]+)</h3>\n<p class="when">([^<]+)', page(paper)) == [
        ("The Harbour Weekly", "Weekly, on Monday")
    ]
    assert links(paper, "Newsletters") == [("./readers/", "Subscribe by mail")]


def test_newest_edition_is_named_in_the_run_that_mails_it(paper):
    sent(paper)
    assert links(paper, "Newsletters")[:2] == [
        ("./newsletters/weekly/1/", "Week 0"),
        ("./newsletters/weekly/", "Past editions"),
    ]
    for week in range(1, 11):
        sent(paper, week)
    assert links(paper, "Newsletters")[0] == ("./newsletters/weekly/11/", "Week 10")
    before = paper.documents()
    assert (paper.publish(anew=True).written, paper.documents()) == ([], before)


def test_edition_that_is_cancelled_leaves_it_and_the_last_takes_the_link_to_all_with_it(paper):
    sent(paper, mail=fixed)
    sent(paper, 1, mail=fixed)
    for number, left in ((2, "./newsletters/weekly/1/"), (1, "./readers/")):
        with paper.app() as app:
            Post(app).cancel(f"weekly/{number}")
        paper.publish()
        assert links(paper, "Newsletters")[0][0] == left
    before = paper.documents()
    assert (paper.publish(anew=True).written, paper.documents()) == ([], before)


def test_edition_whose_articles_were_all_withdrawn_is_not_named(paper):
    sent(paper, title="Xyzzy")
    paper.run("entries", "withdraw", "week0.md", "--reason", "")
    paper.publish()
    assert (links(paper, "Newsletters"), paper.holding("Xyzzy")) == ([("./readers/", "Subscribe by mail")], set())


def test_newsletter_that_keeps_to_its_mail_is_named_only_where_readers_can_ask_for_it(site):
    site.configure(f"feed = false\n{PAGES}")
    site.print()
    assert links(site, "Newsletters") == [("./readers/", "Subscribe by mail")]
    site.configure("feed = false\n")
    site.publish()
    assert site.holding("The Harbour Weekly") == set()


# ---- repeated, and killed ----


def test_title_of_what_was_never_written_leads_nowhere_and_is_told_of_once_it_is(site):
    site.article("a.md", tags="[Pier]")
    site.print()
    site.article("b.md", tags="[Ferry]")
    (site.public / "tags" / "ferry" / "index.html").mkdir(parents=True)
    site.sync()
    assert [path for path, _ in site.publish().failed] == ["tags/ferry/index.html"]
    assert named(site, "Tags") == ["Pier"]
    (site.public / "tags" / "ferry" / "index.html").rmdir()
    assert site.publish().is_clean
    assert named(site, "Tags") == ["Ferry", "Pier"]
    with site.app() as app, app.store.reading() as tx:
        assert Reprint("@index") not in reprints.list_all(tx)
    assert looked_at(site) == []
