"""What the tests of delivery at the reader's choice begin with: a weekly that may be had otherwise, and wishes.

Not here: what must come of them (the tests), composing (compose_givens.py).
"""

from datetime import UTC, datetime

from feeds.app.readers import Readers
from feeds.jobs.subscribe import Wish
from feeds.store import editions
from tests.acceptance.mail_givens import deliveries

CHOICES = """\
cadences = ["article", "day", "month"]
digest_languages = ["de", "en"]
[newsletters.cadence]
every = "monday"
local = true
"""


def at(day, clock="07:00"):
    """Return an instant of the November and December in which the tests play, in UTC."""
    return datetime.fromisoformat(f"2024-{day}T{clock}").replace(tzinfo=UTC)


def wish(site, address, timezone=None, newsletter="weekly", **preferences):
    """Write what a reader wishes."""
    with site.app() as app:
        return Readers(app).choose(address, newsletter, Wish(preferences=preferences, timezone=timezone))


def got(site, address):
    """Return for each delivery to an address, in order: its edition, and the keys of the entries that it holds."""
    keys = {entry.id: entry.key.removesuffix(".md") for entry in site.entries().values()}
    found = sorted((one.delivery for one in deliveries(site) if one.address == address), key=lambda one: one.id)
    with site.app() as app, app.store.reading() as tx:
        held = {one.selection_id: editions.get_selection(tx, one.selection_id).entries for one in found}
    return [(one.about, [keys[entry.entry_id] for entry in held[one.selection_id]]) for one in found]
