"""The first digests of a site that has an archive: what one cadence brought, never the archive.

Not here: the weeks after it (test_week_in_the_life).
"""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.mail_givens import by_reader, cadence, join, letters_in, run
from tests.site_fixtures import NOON, Site

OLD = 400
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BETWEEN = timedelta(days=365) / OLD
MONDAY = datetime(2024, 11, 25, 7, tzinfo=UTC)
EARLY, LATE, LATER, DAILY_READER = (f"{name}@inbox.example" for name in ("early", "late", "later", "daily"))
DAILY = """
[[newsletters]]
slug = "daily"
title = "The Harbour Daily"
from = "daily@gazette.example"
[newsletters.cadence]
every = "day"
"""


def dated(number):
    """Return the date of one of the old articles: number 0 is an hour old when the site is first run."""
    return NOON - timedelta(hours=1) - number * BETWEEN


def since(instant, until=NOON):
    """Return the slugs of the old articles from after an instant, newest first."""
    return [f"old-{n:04}" for n in range(OLD) if instant < dated(n) <= until]


@pytest.fixture(scope="module")
def archive(tmp_path_factory, migrated_sqlite):
    """Give a site with a year of articles, and live through its first weeks.

    A reader was subscribed before its first run, another comes after it, a third three weeks on; then a newsletter is
    added, with a reader of its own.
    """
    site = Site(tmp_path_factory.mktemp("archive") / "site")
    (site.folder / "var").mkdir()
    shutil.copyfile(migrated_sqlite, site.folder / "var" / "pressrun.db")
    for n in range(OLD):
        write_old(site, n)
    site.configure(cadence("monday"))
    join(site, EARLY)
    first = run(site, NOON)
    assert (len(first.sync.sources[0].added), first.is_clean) == (OLD, True)
    site.now = NOON + timedelta(hours=5)
    join(site, LATE)
    run(site, MONDAY + timedelta(minutes=5))
    site.now = MONDAY + 3 * WEEK - DAY
    join(site, LATER)
    site.article("new.md", date="2024-12-15 20:00")
    site.configure(cadence("monday") + DAILY)
    join(site, DAILY_READER, newsletter="daily")
    run(site, MONDAY + 3 * WEEK)
    run(site, MONDAY + 3 * WEEK + DAY)
    return site


def write_old(site, number):
    key = f"old-{number:04}.md"
    site.article(key, f"Words of article {number}.", title=f"Old {number:04}", date=f"{dated(number):%Y-%m-%d %H:%M}")
    os.utime(site.path(key), (dated(number).timestamp(),) * 2)


@pytest.fixture(scope="module")
def letters(archive):
    return by_reader(letters_in(archive.folder / "var" / "maildir"))


def brought(letters, address):
    """Return what each of a reader's letters brings, in the order in which they were sent."""
    sent = sorted(letters[address], key=lambda letter: letter.message["Date"].datetime)
    return [letter.entries for letter in sent]


def test_who_was_subscribed_before_the_first_run_gets_what_one_cadence_brought(letters):
    a_week = since(NOON - WEEK)
    assert 5 < len(a_week) < 12
    assert brought(letters, EARLY) == [a_week, ["new"]]


def test_who_subscribes_after_the_first_run_gets_what_one_cadence_brought(letters):
    assert brought(letters, LATE) == [since(NOON + timedelta(hours=5) - WEEK), ["new"]]


def test_who_subscribes_later_gets_what_one_cadence_brought(letters):
    assert brought(letters, LATER) == [["new"]]


def test_newsletter_that_is_added_later_begins_with_what_one_cadence_of_it_brought(letters):
    assert brought(letters, DAILY_READER) == [["new"]]


def test_first_digest_names_no_more_than_it_shows(letters):
    assert [letter for found in letters.values() for letter in found if "more on the web" in letter.text] == []


def test_first_run_that_finds_no_folder_does_not_make_the_archive_news(site, tmp_path):
    site.configure(cadence("monday"))
    join(site, "ann@inbox.example")
    away = site.path(".").rename(tmp_path / "away")
    run(site, NOON)
    away.rename(site.folder / "articles")
    for number in range(20):
        site.article(f"a{number}.md", date=f"2020-11-{number + 1:02} 08:00")
    site.article("new.md", date="2024-11-22 08:00")
    run(site, NOON + timedelta(hours=1))
    outcome = run(site, MONDAY)
    assert [(part.entries, part.more) for report in outcome.compose.reports for part in report.selections] == [(1, 0)]
