"""Mail that comes back days after it went out, when later editions are out too: its reader still gets what it held.

Not here: the report itself (test_bounce.py).
"""

import pytest

from feeds.app.bounces import Bounces
from tests.acceptance.mail_givens import by_reader, cadence, join, letters_in, run
from tests.cli.test_cli_bounce import report
from tests.jobs.post_givens import ANN, BOB, DAY, composed, delivered, printed
from tests.site_fixtures import NOON

LIMIT = "[bounces]\nlimit = 5\n"


def days(site, first, last):
    """Let days go by, each with an article and an edition."""
    for n in range(first, last + 1):
        site.article(f"a{n}.md", title=f"Article {n}", date=f"2024-11-{23 + n} 01:00")
        printed(site, NOON + n * DAY)
        composed(site, NOON + n * DAY)
        delivered(site, NOON + n * DAY)


def brought(site, address):
    """Return what each of a reader's letters brought, in the order of their slots."""
    letters = by_reader(letters_in(site.folder / "var" / "maildir"))[address]
    return [letter.entries for letter in sorted(letters, key=lambda letter: letter.name)]


@pytest.fixture
def daily(site):
    """Give a site that mails every day, three days on."""
    site.configure(cadence("day") + LIMIT)
    run(site, NOON)
    join(site, ANN, BOB)
    days(site, 1, 3)
    return site


@pytest.mark.parametrize("name", ["postfix-mailbox-full", "postfix-spamhaus"])
def test_what_came_back_late_comes_with_the_next_edition_and_to_nobody_twice(daily, name):
    with daily.app() as app:
        assert Bounces(app).take(report(daily, name, edition="weekly/2024-11-24T07:00")).address == ANN
    days(daily, 4, 5)
    assert brought(daily, ANN) == [["a1"], ["a2"], ["a3"], ["a4", "a1"], ["a5"]]
    assert brought(daily, BOB) == [["a1"], ["a2"], ["a3"], ["a4"], ["a5"]]
