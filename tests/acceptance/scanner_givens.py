"""A paper with readers at every stage, a thousand mails of its that were really delivered, and who follows their links.

Not here: what is expected of it (test_mail_scanner).
"""

import html
import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from feeds.app.post import Post
from feeds.config import load_config
from feeds.jobs.publish.fixed import site_view
from feeds.jobs.subscribe import Wish, choose
from feeds.jobs.subscribe.asking import Asked, ask, ask_to_manage
from feeds.jobs.subscribe.confirming import confirm
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.leaving_by_link import leave
from feeds.jobs.subscribe.links import find_notice, notice_url, subscription_url
from feeds.jobs.subscribe.managing import ask_to_move
from feeds.model import NoticeKind
from feeds.rules.mailboxes import read_mailbox
from feeds.rules.reader_tokens import Purpose
from feeds.store import subscribers
from tests.acceptance.mail_givens import letters_in
from tests.site_fixtures import TEMPLATES
from tests.store.notice_givens import everything_written
from tests.web.reader_givens import PAGES

HOME = "198.51.100.7"
SITE = "https://gazette.example/"
CONFIG = f"{PAGES}asks_per_network = 100000\nasks_per_hour = 100000\n[web]\nrequests_per_minute = 0\n"
WORKERS = 6
_ADDRESS = re.compile(r"https?://[^\s\"'<>()]+")


def mailed_paper(site, *, readers):
    """Let readers ask, confirm, choose, leave, move and look, mail them an edition, and deliver it all to a maildir."""
    site.configure(CONFIG)
    site.now = datetime.now(UTC) - timedelta(hours=2)
    for name, tag in (("ferry", "Ferry"), ("fish", "Fish"), ("tide", "Tide")):
        site.article(f"{name}.md", title=f"The {name}", tags=[tag], date=f"{site.now:%Y-%m-%d %H:%M}")
    site.print()
    site.now = datetime.now(UTC)
    with site.app() as app:
        config = load_config(site.folder / "config.toml", {})
        desk = Desk(config=config, store=app.store, templates=TEMPLATES, site=site_view(config))
        _live(desk, [f"reader-{number}@inbox.example" for number in range(readers)], now=site.now)
        assert all(report.deliveries for report in Post(app).compose("weekly", at=site.now).reports)
        app.publish()
        while Post(app).deliver().counts:
            pass
    return letters_in(site.folder / "var" / "maildir")


def _live(desk, addresses, *, now):
    for address in addresses:
        asked = Asked(
            mailbox=read_mailbox(address),
            newsletters=("weekly", "daily"),
            language="en",
            timezone=None,
            network=HOME,
            wording="Yes.",
        )
        assert ask(desk, asked, now=now)
    written = [one for one in everything_written(desk.store) if one.kind == NoticeKind.CONFIRM]
    unconfirmed, confirmed = written[:10], written[10:]
    assert unconfirmed
    for one in confirmed:
        assert confirm(desk, _token(desk, one, now), network=HOME, now=now)
    for number, one in enumerate(confirmed):
        if number % 4 == 1:
            wish = Wish(preferences={"mute": (("fish", "tide")[number % 8 == 1],)})
            choose(desk.config, desk.store, read_mailbox(one.address), newsletter="weekly", wish=wish)
        elif number % 8 == 2:
            assert leave(desk, _leaving(desk, one, now), network=HOME, now=now)
        elif number % 8 == 4:
            ask_to_manage(desk, read_mailbox(one.address), language="en", network=HOME, now=now)
    for one in [one for one in everything_written(desk.store) if one.kind == NoticeKind.MANAGE]:
        mailbox = read_mailbox(f"new-{one.address}")
        assert ask_to_move(desk, _token(desk, one, now), mailbox, language="en", now=now)


def _token(desk, notice, now):
    with desk.store.writing() as tx:
        found = notice_url(tx, desk, Purpose(notice.kind), notice_id=notice.id, now=now).rpartition("/")[2]
        assert find_notice(tx, desk, found, purpose=Purpose(notice.kind), now=now)
    return found


def _leaving(desk, notice, now):
    with desk.store.writing() as tx:
        held = subscribers.list_subscriptions(tx, [notice.subscriber_id])[notice.subscriber_id, "daily"]
        return subscription_url(tx, desk, Purpose.LEAVE, of=held, now=now).rpartition("/")[2]


def addresses_in(letter):
    """Return all web addresses that a message names: in either part of it, and in any field of its head."""
    message = letter.message
    texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    heads = ["".join(value.split()) for name, value in message.items() if name.lower().startswith("list-")]
    return {found.rstrip(".,") for text in [*map(html.unescape, texts), *heads] for found in _ADDRESS.findall(text)}


def follow(addresses, served):
    """Ask for each of our addresses by GET and by HEAD, some at a time; return (method, path) → status."""
    paths = sorted({_path(address) for address in addresses if address.startswith(SITE)})

    def asked(some):
        found = {}
        with closing(http.client.HTTPConnection(urlsplit(served).netloc, timeout=60)) as wire:
            for method, path in ((method, path) for path in some for method in ("GET", "HEAD")):
                wire.request(method, path, headers={"User-Agent": "Mozilla/5.0 (compatible; LinkScanner/1.0)"})
                answer = wire.getresponse()
                answer.read()
                found[method, path] = answer.status
        return found

    with ThreadPoolExecutor(WORKERS) as threads:
        parts = threads.map(asked, [paths[number::WORKERS] for number in range(WORKERS)])
        return {key: status for found in parts for key, status in found.items()}


def _path(address):
    found = urlsplit(address)
    return found.path + (f"?{found.query}" if found.query else "")
