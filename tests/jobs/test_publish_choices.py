"""Editions of readers' own cadences and languages on the site: pages to look at, in no list and no feed.

Not here: the pages of a newsletter's own editions (test_publish_editions.py).
"""

import pytest

from feeds.app.post import Post
from tests.acceptance.mail_givens import join, run
from tests.jobs.choice_givens import CHOICES, at, wish
from tests.jobs.post_givens import ANN, BACKENDS, BOB, DAY, MONDAY, site_on
from tests.site_fixtures import NOON


@pytest.fixture(params=BACKENDS)
def paper(request):
    """Give a site of either database that brought its readers an article: one each day and in German, one weekly."""
    site, store = site_on(request.param, request)
    site.configure(CHOICES + store)
    run(site, NOON)
    join(site, ANN, BOB)
    wish(site, ANN, cadence="day", language="de")
    site.article("pier.md", title="Der Pier", date="2024-11-23 13:00", language="de")
    run(site, at("11-24"))
    run(site, MONDAY)
    return site


def page(site, path):
    return (site.public / path / "index.html").read_text(encoding="utf-8")


def test_edition_of_another_series_has_a_page_of_its_own(paper):
    for path in ("newsletters/weekly/1", "newsletters/weekly/day/de/1"):
        assert "Der Pier" in page(paper, path)


def test_list_and_feed_of_a_newsletter_hold_its_own_editions_alone(paper):
    listed = page(paper, "newsletters/weekly")
    assert ("Der Pier" in listed, "day/de" in listed) == (True, False)
    assert not (paper.public / "newsletters/weekly/day/de/index.html").exists()
    feed = (paper.public / "newsletters/weekly/atom.xml").read_text(encoding="utf-8")
    assert ("newsletters/weekly/1/" in feed, "weekly/day" in feed) == (True, False)


def test_edition_is_called_by_its_series_and_number(paper):
    with paper.app() as app:
        assert Post(app).edition("weekly/1")[0].id == "weekly/2024-11-25T07:00"
        assert Post(app).edition("weekly--day--de/1")[0].id == "weekly--day--de/2024-11-24T07:00"


def test_cancelled_edition_of_another_series_leaves_the_site(paper):
    paper.article("new.md", title="Neu", date="2024-11-25 09:00", language="de")
    paper.now = MONDAY + DAY / 2
    with paper.app() as app:
        app.sync()
        Post(app).compose("weekly--day--de", at=paper.now)
        Post(app).cancel("weekly--day--de/2")
    paper.publish()
    assert not (paper.public / "newsletters/weekly/day/de/2/index.html").exists()
    page(paper, "newsletters/weekly/day/de/1")


def test_renamed_newsletter_takes_its_series_along(paper):
    config = (paper.folder / "config.toml").read_text(encoding="utf-8")
    renamed = config.replace('slug = "weekly"', 'slug = "letter"\nrenamed_from = "weekly"')
    (paper.folder / "config.toml").write_text(renamed, encoding="utf-8")
    paper.article("new.md", title="Neu", date="2024-11-25 09:00", language="de")
    run(paper, MONDAY + DAY)
    assert "Der Pier" in page(paper, "newsletters/letter/day/de/1")
    assert "Neu" in page(paper, "newsletters/letter/day/de/2")
    assert "newsletters/letter/day/de/1/" in page(paper, "newsletters/weekly/day/de/1")
