"""Newsletters on the site: a page for each edition, the list of them, and their feed; nothing in them is a reader's.

Not here: how the pages look (tests/rendering), composing and mailing (test_compose.py, test_deliver.py).
"""

import json
import re
from datetime import UTC, datetime

import pytest

from feeds.app.post import Post
from feeds.app.readers import Readers
from tests.acceptance.mail_givens import cadence, join, letters_in, run
from tests.jobs.post_givens import ANN, BOB, DAY, HOUR, MONDAY, WEEK, composed, printed
from tests.site_fixtures import CONFIG, NOON

FOLDER = "newsletters/weekly"
FEEDS = {f"{FOLDER}/{name}" for name in ("rss.xml", "atom.xml", "feed.json")}


@pytest.fixture
def paper(site):
    """Give a site whose first Monday brought two articles to two readers."""
    run(site, NOON)
    join(site, ANN, BOB)
    site.article("pier.md", "The long text of the pier.", title="The pier reopens", date="2024-11-23 13:00")
    site.article("ferry.md", "The long text of the ferry.", title="The ferry runs again", date="2024-11-23 14:00")
    run(site, MONDAY)
    return site


def page(site, path=FOLDER):
    return (site.public / path / "index.html").read_text(encoding="utf-8")


def paths(site, folder=FOLDER):
    return {path.removeprefix(f"{folder}/") for path in site.documents() if path.startswith(f"{folder}/")}


def one_more_week(site, weeks, **article):
    site.article(
        f"week{weeks}.md", title=f"Week {weeks}", date=(MONDAY + weeks * WEEK - DAY).isoformat()[:10], **article
    )
    return run(site, MONDAY + weeks * WEEK)


def test_edition_stands_on_the_site_in_the_run_that_mails_it(paper):
    assert paths(paper) == {"index.html", "1/index.html", "rss.xml", "atom.xml", "feed.json"}
    assert {letter.recipient for letter in letters_in(paper.folder / "var" / "maildir")} == {ANN, BOB}
    with paper.app() as app:
        assert not app.needs_publish()


def test_page_of_an_edition_shows_its_entries_with_links(paper):
    said = page(paper, f"{FOLDER}/1")
    assert re.findall(r'<h2><a href="([^"]+)">([^<]+)</a>', said) == [
        ("../../../ferry/", "The ferry runs again"),
        ("../../../pier/", "The pier reopens"),
    ]
    assert '<link rel="canonical" href="https://gazette.example/newsletters/weekly/1/">' in said
    assert 'type="application/rss+xml" title="The Harbour Weekly (RSS)"' in said


def test_list_names_every_edition_and_says_how_to_follow(paper):
    one_more_week(paper, 1)
    said = page(paper)
    assert re.findall(r'<a href="\./(\d)/">([^<]+)</a>', said) == [
        ("2", "Week 1"),
        ("1", "The ferry runs again, and 1 more"),
    ]
    assert 'value="https://gazette.example/newsletters/weekly/rss.xml"' in said


@pytest.mark.rule("F2")
def test_feed_has_an_entry_for_each_edition_the_same_in_all_formats(paper):
    one_more_week(paper, 1)
    first = paper.ids(FOLDER)
    assert len(set(first)) == 2
    assert all(one.startswith("urn:uuid:") for one in first)
    links = [entry["link"] for entry in paper.feeds(FOLDER)["atom"]]
    assert links == [f"https://gazette.example/newsletters/weekly/{number}/" for number in (2, 1)]
    one_more_week(paper, 2)
    assert paper.ids(FOLDER)[1:] == first


def test_entry_of_an_edition_says_when_it_was_due_what_is_in_it_and_who_sends_it(paper):
    item = json.loads(paper.documents()[f"{FOLDER}/feed.json"])["items"][0]
    assert (item["title"], item["date_published"]) == ("The ferry runs again, and 1 more", "2024-11-25T07:00:00+00:00")
    assert '<a href="https://gazette.example/pier/">The pier reopens</a>' in item["content_html"]
    assert [author["name"] for author in item["authors"]] == ["The desk"]


@pytest.mark.rule("F20")
def test_editions_composed_at_one_instant_share_no_updated(site):
    site.configure(cadence("article"))
    run(site, NOON)
    join(site, ANN)
    for n in range(5):
        site.article(f"a{n}.md", date="2024-11-23 14:00")
    run(site, MONDAY)
    said = [entry["updated"] for entry in site.feeds(FOLDER)["atom"]]
    assert (len(said), len(set(said))) == (5, 5)


def test_nothing_on_the_site_is_a_readers(paper):
    with paper.app() as app:
        Readers(app).add("zoe.quill@inbox.example", ["weekly"], consent="paper form", name="Zoe Quillfeather")
    one_more_week(paper, 1)
    letters = letters_in(paper.folder / "var" / "maildir")
    assert {letter.recipient for letter in letters} == {ANN, BOB, "zoe.quill@inbox.example"}
    paths_of_feeds = set(re.findall(r"weekly\+b[\w-]+", "".join(map(str, paper.documents().values()))))
    assert paths_of_feeds == set()
    told = ("inbox.example", "Quillfeather", "quill", "unsubscribe", "mailto:", "weekly@gazette.example")
    assert paper.holding(*told, *(letter.name for letter in letters)) == set()


def test_page_shows_what_most_readers_were_given(paper):
    join(paper, "cara@inbox.example")
    paper.article("new.md", title="Only this is new", date="2024-11-26 09:00")
    run(paper, MONDAY + WEEK)
    with paper.app() as app:
        _, selections, _ = Post(app).edition("weekly/2")
    assert sorted(len(one.entries) for one in selections) == [1, 3]
    assert re.findall(r"<h2><a [^>]+>([^<]+)", page(paper, f"{FOLDER}/2")) == ["Only this is new"]


def test_entries_that_were_only_counted_are_named_on_the_page(site):
    site.configure(cadence("monday", maximum=1))
    run(site, NOON)
    join(site, ANN)
    site.article("pier.md", title="The pier reopens", date="2024-11-23 13:00")
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    run(site, MONDAY)
    said = page(site, f"{FOLDER}/1")
    assert re.findall(r"<h2><a [^>]+>([^<]+)", said) == ["The ferry runs again"]
    assert re.findall(r"<li [^>]*><a [^>]+>([^<]+)", said) == ["The pier reopens"]


def test_edited_entry_stands_in_its_edition_as_it_was_sent(paper):
    paper.article("ferry.md", "Other words.", title="The ferry stops", date="2024-11-23 14:00")
    run(paper, MONDAY + HOUR)
    assert "The ferry runs again" in page(paper, f"{FOLDER}/1")
    assert paper.holding("The ferry runs again") == {"index.html", *(f"{FOLDER}/{name}" for name in paths(paper))}


def test_entry_that_has_another_address_is_linked_there(paper):
    paper.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00", slug="boat")
    run(paper, MONDAY + HOUR)
    assert 'href="../../../boat/"' in page(paper, f"{FOLDER}/1")


@pytest.mark.rule("F12")
def test_withdrawn_entry_leaves_its_edition_everywhere(paper):
    before = paper.feeds(FOLDER)["atom"][0]
    paper.remove("ferry.md")
    run(paper, MONDAY + HOUR)
    assert paper.holding("The ferry runs again", "gazette.example/ferry/") == set()
    after = paper.feeds(FOLDER)["atom"][0]
    assert (after["id"], after["title"]) == (before["id"], "The pier reopens")
    assert after["updated"] > before["updated"]


@pytest.mark.rule("F20")
def test_editions_that_lose_entries_together_share_no_updated(paper):
    for week in (1, 2):
        paper.article(f"extra{week}.md", date=(MONDAY + week * WEEK - DAY).isoformat()[:10])
        one_more_week(paper, week)
    paper.remove("ferry.md", "week1.md", "week2.md")
    run(paper, MONDAY + 3 * WEEK)
    said = [entry["updated"] for entry in paper.feeds(FOLDER)["atom"]]
    assert (len(said), len(set(said))) == (3, 3)


@pytest.mark.rule("F12")
def test_edition_of_which_nothing_is_left_is_gone(paper):
    paper.remove("ferry.md", "pier.md")
    with paper.app() as app:
        app.sync(accept_withdrawals=True)
    run(paper, MONDAY + HOUR)
    assert paths(paper) == {"index.html", "1/index.html.gone", "rss.xml", "atom.xml", "feed.json"}
    assert paper.ids(FOLDER) == []


def test_edition_comes_back_with_its_entries(paper):
    whole = paper.documents()
    with paper.app() as app:
        app.withdraw(["ferry", "pier"], reason="a mistake")
    run(paper, MONDAY + HOUR)
    assert "1/index.html.gone" in paths(paper)
    with paper.app() as app:
        app.restore(["ferry", "pier"])
    run(paper, MONDAY + 2 * HOUR)
    assert page(paper, f"{FOLDER}/1").encode() == whole[f"{FOLDER}/1/index.html"]
    assert "1/index.html.gone" not in paths(paper)


def test_cancelled_edition_leaves_the_site_and_its_address_says_so(site):
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", date="2024-11-23 14:00")
    printed(site, MONDAY)
    composed(site, MONDAY)
    site.publish()
    assert "1/index.html" in paths(site)
    with site.app() as app:
        Post(app).cancel("weekly/1")
    site.publish()
    assert paths(site) == {"index.html", "1/index.html.gone", "rss.xml", "atom.xml", "feed.json"}
    site.publish(anew=True)
    assert "1/index.html.gone" in paths(site)


def test_newsletter_has_its_place_before_its_first_edition(site):
    site.article("ferry.md")
    site.print()
    assert paths(site) == {"index.html", "rss.xml", "atom.xml", "feed.json"}
    assert "No edition has been sent yet" in page(site)


@pytest.mark.parametrize("config", [CONFIG.partition("[[newsletters]]")[0], CONFIG + "feed = false\n"])
def test_newsletter_that_is_to_have_no_feed_leaves_the_site(paper, config):
    paper.configure(config=config)
    paper.print()
    assert paths(paper) == {f"{name}.gone" for name in ("rss.xml", "atom.xml", "feed.json")}
    assert paper.holding("newsletters/weekly/") == set()
    paper.configure()
    paper.print()
    assert paths(paper) == {"index.html", "1/index.html", "rss.xml", "atom.xml", "feed.json"}


def test_renamed_newsletter_keeps_its_ids_and_leads_on_from_where_it_was(paper):
    before = paper.ids(FOLDER)
    paper.configure('renamed_from = "weekly"\n', config=CONFIG.replace('slug = "weekly"', 'slug = "letter"'))
    assert paper.print()
    assert {"index.html", "1/index.html", "rss.xml"} <= paths(paper)  # until a run takes note of the name
    run(paper, MONDAY + HOUR)
    assert paper.ids("newsletters/letter") == paper.ids(FOLDER) == before
    assert paths(paper, "newsletters/letter") == {"index.html", "1/index.html", "rss.xml", "atom.xml", "feed.json"}
    moved = {path: data.decode() for path, data in paper.documents().items() if path.endswith(".moved")}
    assert moved == {
        f"{path}.moved": f"https://gazette.example/newsletters/letter/{path.rpartition('/')[2]}\n" for path in FEEDS
    }
    assert 'content="0; url=../../letter/1/"' in page(paper, f"{FOLDER}/1")
    assert 'content="0; url=../letter/"' in page(paper)


def test_newsletters_stand_in_the_list_of_feeds_and_in_the_sitemap(paper):
    documents = paper.documents()
    assert b'xmlUrl="https://gazette.example/newsletters/weekly/rss.xml"' in documents["feeds.opml"]
    assert b"<loc>https://gazette.example/newsletters/weekly/</loc>" in documents["sitemaps/listings.xml"]


def test_older_editions_lie_on_pages_that_never_change(paper):
    paper.configure(more="[output]\npage_size = 2\n")
    for week in range(1, 4):
        one_more_week(paper, week)
    assert re.findall(r'<a href="\./(\d)/">', page(paper)) == ["4", "3"]
    assert re.findall(r'<a href="\.\./\.\./(\d)/">', page(paper, f"{FOLDER}/page/1")) == ["2", "1"]
    before = page(paper, f"{FOLDER}/page/1")
    one_more_week(paper, 4)
    assert re.findall(r'<a href="\./(\d)/">', page(paper)) == ["5", "4", "3"]
    assert page(paper, f"{FOLDER}/page/1") == before


def test_list_with_longer_pages_needs_fewer(paper):
    paper.configure(more="[output]\npage_size = 1\n")
    for week in range(1, 4):
        one_more_week(paper, week)
    assert {"page/1/index.html", "page/2/index.html", "page/3/index.html"} <= paths(paper)
    paper.configure()
    paper.print()
    assert not any(path.startswith("page/") for path in paths(paper))


def test_new_edition_prints_no_older_edition_again(paper):
    one_more_week(paper, 1)
    times = paper.times()
    outcome = one_more_week(paper, 2)
    assert f"{FOLDER}/3/index.html" in outcome.publish.written
    assert not {f"{FOLDER}/1/index.html", f"{FOLDER}/2/index.html"} & set(outcome.publish.written)
    assert paper.times()[f"{FOLDER}/1/index.html"] == times[f"{FOLDER}/1/index.html"]


@pytest.mark.rule("F13")
def test_everything_printed_anew_is_the_same_to_the_byte(paper):
    one_more_week(paper, 1)
    before = paper.documents()
    paper.publish(anew=True)
    assert paper.documents() == before


def test_wrong_template_of_an_edition_holds_back_its_page_and_not_the_feed(site):
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", date="2024-11-23 14:00")
    printed(site, MONDAY)
    composed(site, MONDAY)
    template = site.folder / "templates" / "pages" / "edition.html"
    template.parent.mkdir(parents=True)
    template.write_text("{{ misspelt }}")
    outcome = run(site, MONDAY)
    assert [job for job, _ in outcome.errors] == ["publish"]
    assert ("1/index.html" in paths(site), len(site.ids(FOLDER))) == (False, 1)
    template.unlink()
    assert run(site, MONDAY + HOUR).is_clean
    assert "1/index.html" in paths(site)


def test_edition_made_by_hand_for_a_time_before_stands_where_its_time_is(paper):
    paper.article("old.md", title="Found late", date="2024-11-26 09:00")
    printed(paper, MONDAY + WEEK)
    composed(paper, MONDAY + WEEK, "weekly", at=datetime(2024, 11, 25, 6, 0, tzinfo=UTC))
    paper.publish()
    assert [entry["link"].rpartition("weekly/")[2] for entry in paper.feeds(FOLDER)["rss"]] == ["1/", "2/"]


NOTE = "---\nsubject: A week of gales\n---\nGood morning from the *quay*.\n"


def write_note(site, day="2024-11-25"):
    file = site.folder / "notes" / "weekly" / f"{day}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(NOTE, encoding="utf-8")


def test_edition_is_shown_as_it_was_mailed_with_its_note_and_the_subject_that_it_asked_for(site):
    write_note(site)
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    run(site, MONDAY)
    (letter,) = letters_in(site.folder / "var" / "maildir")
    said = page(site, f"{FOLDER}/1")
    assert letter.message["Subject"] == "A week of gales"
    assert re.findall(r"<h1[^>]*>([^<]+)", said) == ["A week of gales"]
    assert "<p>Good morning from the <em>quay</em>.</p>" in said
    assert "A week of gales" in page(site)
    (item,) = json.loads(site.documents()[f"{FOLDER}/feed.json"])["items"]
    assert (item["title"], "Good morning from the" in item["content_html"]) == ("A week of gales", True)


def test_note_stays_with_its_edition_whatever_becomes_of_its_file(site):
    write_note(site)
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    site.article("pier.md", title="The pier reopens", date="2024-11-23 13:00")
    run(site, MONDAY)
    (site.folder / "notes" / "weekly" / "2024-11-25.md").unlink()
    site.remove("ferry.md")
    run(site, MONDAY + HOUR)
    said = page(site, f"{FOLDER}/1")
    assert ("Good morning from the" in said, "The ferry runs again" in said) == (True, False)


def test_edition_without_a_note_has_the_subject_of_what_is_in_it(paper):
    said = page(paper, f"{FOLDER}/1")
    assert re.findall(r"<h1[^>]*>([^<]+)", said) == ["The ferry runs again, and 1 more"]
    assert "From the editor" not in said
