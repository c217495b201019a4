"""What the tests of composing and delivering begin with: a paper that mails on Mondays, on either database.

Not here: mail servers (tests/transports/givens.py), readers and what they got (tests/acceptance/mail_givens.py).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feeds.app.post import Post
from feeds.store import subscribers
from tests.acceptance.mail_givens import cadence, deliveries, join, run
from tests.site_fixtures import NOON

MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
MONDAY = datetime(2024, 11, 25, 7, 0, tzinfo=UTC)  # the first slot behind noon of that Saturday
EDITION = "weekly/2024-11-25T07:00"
ANN, BOB = "ann@inbox.example", "bob@inbox.example"
BACKENDS = ("sqlite", "postgresql")


def site_on(backend, request):
    """Return a site, and the part of its config that says where its store is."""
    if backend == "sqlite":
        return request.getfixturevalue("site"), ""
    url = request.getfixturevalue("postgres")(template=request.getfixturevalue("migrated_postgres"))
    return request.getfixturevalue("bare_site"), f'[store]\nurl = "{url}"\n'


def printed(site, now):
    """Sync and publish at an instant, and mail nothing."""
    site.now = now
    with site.app() as app:
        app.sync()
        app.publish()


def composed(site, now, newsletter=None, **how):
    """Compose at an instant; return the report of each newsletter."""
    site.now = now
    with site.app() as app:
        return Post(app).compose(newsletter, **how).reports


def delivered(site, now=MONDAY):
    """Deliver at an instant; return the report."""
    site.now = now
    with site.app() as app:
        return Post(app).deliver()


def fixed(site, more="", *addresses):
    """Let the first Monday's edition, of one article, be fixed for some readers, and not sent; return the site."""
    site.configure(cadence("monday") + more)
    run(site, NOON)
    join(site, *(addresses or (ANN, BOB)))
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    printed(site, MONDAY)
    composed(site, MONDAY)
    return site


def delivery(site, address):
    """Return the one delivery to an address."""
    (found,) = (listed.delivery for listed in deliveries(site) if listed.address == address)
    return found


def change_subscriber(site, key, **facts):
    """Write facts into a subscriber's row, as nobody could who comes in by the door."""
    with site.app() as app, app.store.writing() as tx:
        subscribers.replace(tx, replace(subscribers.get_by_key(tx, key), **facts))
