"""A site with two newsletters as its readers' pages work with it, and what readers do there.

Not here: the pages (tests/web).
"""

import re
from dataclasses import replace

from feeds.config import load_config
from feeds.jobs.publish.fixed import site_view
from feeds.jobs.subscribe.asking import Asked, ask
from feeds.jobs.subscribe.confirming import confirm
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.links import subscription_url
from feeds.model import NoticeKind
from feeds.rendering.environment import open_templates
from feeds.rules.mailboxes import read_mailbox
from feeds.store import subscribers
from tests.site_fixtures import CONFIG
from tests.store.givens import MONDAY, read
from tests.store.notice_givens import everything_written

ANN = "ann@x.example"
HOME = "198.51.100.7"
WORDING = "Yes, mail me The Weekly."
DAILY = '[[newsletters]]\nslug = "daily"\ntitle = "Daily"\nfrom = "daily@gazette.example"\n'
ASKED = Asked(
    mailbox=read_mailbox(ANN), newsletters=("weekly",), language="en", timezone=None, network=HOME, wording=WORDING
)


def desk_in(folder, store, more=""):
    """Return what the pages of a site in a folder work with."""
    (folder / "config.toml").write_text(f"{CONFIG}\n{DAILY}\n[readers]\npages = true\n{more}")
    config = load_config(folder / "config.toml", {})
    return Desk(config=config, store=store, templates=open_templates(), site=site_view(config))


def asks(desk, *newsletters, address=ANN, at=MONDAY, **facts):
    """Ask for newsletters; tell whether that was not too often."""
    asked = replace(ASKED, mailbox=read_mailbox(address), newsletters=newsletters or ("weekly",), **facts)
    return ask(desk, asked, now=at)


def mailed(desk, kind=None, address=ANN):
    """Return the notices of a kind, or of all, that were written to an address, oldest first."""
    written = everything_written(desk.store)
    return [one for one in written if one.address == address and kind in {None, one.kind}]


def token_in(notice, purpose):
    """Return the token in the link for a purpose that a notice's text part carries."""
    (found,) = set(re.findall(rf"/readers/{purpose}/(\S+)", notice.parts["text"].decode()))
    return found


def link(desk, kind, purpose, address=ANN):
    """Return the token in the last notice of a kind to an address."""
    return token_in(mailed(desk, kind, address)[-1], purpose)


def token_of(desk, purpose, newsletter="weekly", address=ANN):
    """Return the token for a purpose of a reader's subscription, as mail of now carries it."""
    with desk.store.writing() as tx:
        who = subscribers.get_by_key(tx, address)
        of = subscribers.list_subscriptions(tx, [who.id])[who.id, newsletter]
        return subscription_url(tx, desk, purpose, of=of, now=MONDAY).rpartition("/")[2]


def joins(desk, *newsletters, at=MONDAY, address=ANN, **facts):
    """Ask for newsletters and confirm it."""
    assert asks(desk, *newsletters, at=at, address=address, **facts)
    assert confirm(desk, link(desk, NoticeKind.CONFIRM, "confirm", address), network=HOME, now=at)


def standing(desk, address=ANN):
    """Return newsletter → state of a reader's subscriptions."""
    who = read(desk.store, subscribers.find_by_key, address)
    return {
        slug: one.state.value for (_, slug), one in read(desk.store, subscribers.list_subscriptions, [who.id]).items()
    }


def steps(desk, address=ANN):
    """Return (newsletter, step, origin) of all consent of a reader."""
    who = read(desk.store, subscribers.get_by_key, address)
    return [(e.newsletter, e.event.value, e.origin) for e in read(desk.store, subscribers.list_consent_events, who.id)]
