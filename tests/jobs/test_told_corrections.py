"""A correction to an article that readers had before is told in their next edition: once, to them, and to nobody else.

Not here: what is owed to whom (tests/rules/test_corrections.py), those on pages and in feeds (test_corrections.py).
"""

import pytest
from sqlalchemy import update

from feeds.app.post import Post
from feeds.jobs.compose.report import Outcome
from feeds.model import DeliveryState
from feeds.store import schema
from tests.acceptance.mail_givens import by_reader, cadence, join, letters_in, run
from tests.jobs.post_givens import ANN, BACKENDS, BOB, DAY, HOUR, MONDAY, WEEK, composed, printed, site_on
from tests.site_fixtures import NOON

CYD = "cyd@inbox.example"
WRONG, LATER = "It leaves at 7, not at 8.", "The captain is Ann Lee."


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give a site on either database whose first edition brought the ferry to Ann and Bob."""
    site, store = site_on(request.param, request)
    return begun(site, store)


@pytest.fixture
def desk(site):
    """Give such a site in SQLite."""
    return begun(site)


def begun(site, more="", **how):
    site.configure(cadence("monday", **how) + more)
    run(site, NOON)
    join(site, ANN, BOB)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    run(site, MONDAY)
    return site


def correct(site, *texts, key="ferry.md", title="The ferry runs again"):
    """Let an article bear these corrections."""
    said = "".join(f'\n  - at: 2024-11-26\n    text: "{text}"' for text in texts)
    site.article(key, title=title, date="2024-11-23 14:00", corrections=said)


def news(site, name, day):
    """Write an article that is news on a day."""
    site.article(f"{name}.md", title=name.title(), date=f"{day} 09:00")


def letters(site):
    """Return reader → that reader's letters, in the order in which they went out."""
    found = letters_in(site.folder / "var" / "maildir")
    return by_reader(sorted(found, key=lambda one: (one.message["Date"].datetime, one.message["Feedback-ID"])))


def told(site):
    """Return for each reader, for each of their letters, which corrections it tells."""
    return {reader: [_corrections(letter.text) for letter in found] for reader, found in letters(site).items()}


def _corrections(text):
    return [one for one in (WRONG, LATER) if one in " ".join(text.split())]


def test_correction_is_told_once_to_those_who_had_the_article(paper):
    correct(paper, WRONG)
    news(paper, "gale", "2024-11-27")
    (report,) = run(paper, MONDAY + WEEK).compose.reports
    (part,) = report.selections
    assert (part.corrections, part.readers, report.deliveries) == (1, 2, 2)
    news(paper, "pier", "2024-12-04")
    run(paper, MONDAY + 2 * WEEK)
    assert told(paper) == {ANN: [[], [WRONG], []], BOB: [[], [WRONG], []]}


def test_correction_leads_to_the_article_in_both_parts(desk):
    correct(desk, WRONG)
    news(desk, "gale", "2024-11-27")
    run(desk, MONDAY + WEEK)
    letter = letters(desk)[ANN][-1]
    html = letter.message.get_body(("html",)).get_content()
    for part in (html, letter.text):
        assert "The ferry runs again" in part
        assert "https://gazette.example/ferry/" in part
        assert "November 26, 2024" in part
    assert WRONG in html
    assert letter.message["Subject"] == "Gale"


def test_reader_who_never_had_the_article_is_told_nothing_of_it(desk):
    news(desk, "gale", "2024-12-10")
    desk.now = MONDAY + 2 * WEEK + DAY
    join(desk, CYD)  # the ferry is too old for one who joins now
    correct(desk, WRONG)
    (report,) = run(desk, MONDAY + 3 * WEEK).compose.reports
    assert (report.outcome, len(report.selections)) == (Outcome.COMPOSED, 2)
    assert told(desk)[CYD] == [[]]
    assert told(desk)[ANN][-1] == [WRONG]


def test_reader_who_gets_the_article_as_it_stands_now_is_told_nothing_of_it(desk):
    desk.now = MONDAY + DAY
    join(desk, CYD)
    correct(desk, WRONG)
    run(desk, MONDAY + DAY)
    news(desk, "gale", "2024-11-27")
    run(desk, MONDAY + WEEK)
    assert ("The ferry runs again" in letters(desk)[CYD][0].text, told(desk)[CYD]) == (True, [[]])
    news(desk, "pier", "2024-12-04")
    run(desk, MONDAY + 2 * WEEK)
    assert told(desk) == {ANN: [[], [WRONG], []], BOB: [[], [WRONG], []], CYD: [[], []]}


def test_correction_makes_no_edition_and_waits_for_the_next(desk):
    correct(desk, WRONG)
    assert [r.outcome for r in run(desk, MONDAY + WEEK).compose.reports] == [Outcome.NOTHING_NEW]
    news(desk, "gale", "2024-12-04")
    run(desk, MONDAY + 2 * WEEK)
    assert told(desk)[ANN] == [[], [WRONG]]


def test_failed_delivery_loses_no_correction(paper):
    correct(paper, WRONG)
    news(paper, "gale", "2024-11-27")
    printed(paper, MONDAY + WEEK)
    composed(paper, MONDAY + WEEK)
    with paper.app() as app, app.store.writing() as tx:
        (bob,) = (listed.delivery.id for listed in Post(app).deliveries(address=BOB, edition="weekly/2"))
        bounced = {"state": DeliveryState.BOUNCED, "ended_at": MONDAY + WEEK}
        tx.execute(update(schema.deliveries).where(schema.deliveries.c.id == bob).values(**bounced))
    news(paper, "pier", "2024-12-04")
    run(paper, MONDAY + 2 * WEEK)
    assert told(paper) == {ANN: [[], [WRONG], []], BOB: [[], [WRONG]]}


def test_second_correction_is_told_alone(desk):
    correct(desk, WRONG)
    news(desk, "gale", "2024-11-27")
    run(desk, MONDAY + WEEK)
    correct(desk, WRONG, LATER)
    news(desk, "pier", "2024-12-04")
    run(desk, MONDAY + 2 * WEEK)
    assert told(desk)[ANN] == [[], [WRONG], [LATER]]


def test_edit_that_is_no_correction_is_not_told(desk):
    desk.edit("ferry.md", "Some words.", "Some other words.")
    news(desk, "gale", "2024-11-27")
    assert run(desk, MONDAY + WEEK).compose.reports[0].selections[0].corrections == 0


def test_correction_to_an_article_that_was_only_counted_is_not_told(site):
    site.configure(cadence("monday", maximum=1))
    run(site, NOON)
    join(site, ANN)
    correct(site)
    news(site, "gale", "2024-11-24")
    run(site, MONDAY)
    correct(site, WRONG)
    news(site, "pier", "2024-11-27")
    run(site, MONDAY + WEEK)
    assert told(site) == {ANN: [[], []]}


def test_correction_to_an_article_that_was_withdrawn_leaves_the_mail_that_waits(desk):
    correct(desk, WRONG)
    news(desk, "gale", "2024-11-27")
    printed(desk, MONDAY + WEEK)
    composed(desk, MONDAY + WEEK)
    desk.remove("ferry.md")
    run(desk, MONDAY + WEEK + HOUR)
    text = letters(desk)[ANN][1].text
    assert ("Gale" in text, "ferry" in text) == (True, False)


def test_correction_stays_where_another_article_is_withdrawn(desk):
    correct(desk, WRONG)
    news(desk, "gale", "2024-11-27")
    news(desk, "pier", "2024-11-28")
    printed(desk, MONDAY + WEEK)
    composed(desk, MONDAY + WEEK)
    desk.remove("pier.md")
    run(desk, MONDAY + WEEK + HOUR)
    news(desk, "quay", "2024-12-04")
    run(desk, MONDAY + 2 * WEEK)
    assert told(desk)[ANN] == [[], [WRONG], []]


def test_where_each_article_is_an_edition_the_next_one_tells_it(site):
    site.configure(cadence("article"))
    run(site, NOON)
    join(site, ANN)
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    run(site, NOON + 3 * HOUR)
    correct(site, WRONG)
    run(site, NOON + DAY)
    news(site, "gale", "2024-11-25")
    news(site, "pier", "2024-11-26")
    run(site, NOON + 4 * DAY)
    assert told(site) == {ANN: [[], [WRONG], []]}


def test_same_edition_is_made_twice_of_the_same_facts(desk):
    correct(desk, WRONG, LATER)
    news(desk, "gale", "2024-11-27")
    printed(desk, MONDAY + WEEK)
    twin = desk.copied(desk.folder.parent / "twin")
    for site in (desk, twin):
        composed(site, MONDAY + WEEK)
    assert _selections(desk) == _selections(twin)
    assert [len(one.corrections) for one in _selections(desk)] == [2]


def _selections(site):
    with site.app() as app:
        return Post(app).edition("weekly/2")[1]
