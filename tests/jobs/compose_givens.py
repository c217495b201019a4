"""What the tests of composing begin with, and what they ask of the editions: a paper with two articles to bring.

Not here: what tests of delivering begin with too (post_givens.py), what must come of it (the tests).
"""

from feeds.app.post import Post
from feeds.store import runs
from tests.acceptance.mail_givens import join, run
from tests.jobs.post_givens import ANN, BOB
from tests.site_fixtures import NOON

DAILY = '[[newsletters]]\nslug = "daily"\ntitle = "The Harbour Daily"\nfrom = "daily@gazette.example"\n'
EVERY_DAY = f'{DAILY}[newsletters.cadence]\nevery = "day"\n'


def begun(site):
    """Let a site's newsletters be noticed, then subscribe two readers, and write two articles."""
    run(site, NOON)
    join(site, ANN, BOB)
    site.article("pier.md", title="The pier reopens", date="2024-11-23 13:00")
    site.article("ferry.md", title="The ferry runs again", date="2024-11-23 14:00")
    return site


def editions(site, newsletter=None):
    """Return (id, number, state) of the editions, oldest first."""
    with site.app() as app:
        found = [edition for edition, _ in Post(app).editions(newsletter)]
    return [(edition.id, edition.number, edition.state) for edition in reversed(found)]


def held(site, edition):
    """Return for each selection of an edition the keys of its entries."""
    keys = {entry.id: entry.key.removesuffix(".md") for entry in site.entries().values()}
    with site.app() as app:
        _, selections, _ = Post(app).edition(edition)
    return sorted([keys[one.entry_id] for one in selection.entries] for selection in selections)


def last_run(site, newsletter="weekly"):
    with site.app() as app, app.store.reading() as tx:
        return runs.find_last(tx, "compose", newsletter)
