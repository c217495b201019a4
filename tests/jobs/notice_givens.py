"""Notices of a whole site: rendered from its config as a reader would get them, and queued.

Not here: notices of the store's own tests (tests/store/notice_givens.py).
"""

from datetime import timedelta

from feeds.jobs.publish.fixed import site_view
from feeds.model import Notice, NoticeKind, Subscriber
from feeds.rendering.notices import notice_parts
from feeds.rendering.views import NoticeTopic, NoticeView
from feeds.store import notices, subscribers

LINK = "https://gazette.example/readers/confirm/0123456789abcdef.1.00ff"
ABOUT = {NoticeKind.CONFIRM: "weekly", NoticeKind.WELCOME: "weekly", NoticeKind.LEFT: "weekly"}


def view_for(app, kind, address):
    """Return a notice of a site as it is to be rendered."""
    topics = (NoticeTopic("The Harbour Weekly", "https://gazette.example/newsletters/weekly/"),)
    return NoticeView(
        site=site_view(app.config),
        kind=kind,
        date=app.clock(),
        address=address,
        reply_to="weekly@gazette.example",
        newsletters=topics if kind in ABOUT else (),
        action_url=None if kind is NoticeKind.WELCOME else LINK,
        good_until=app.clock() + timedelta(days=7) if kind is NoticeKind.CONFIRM else None,
        wording="I want this." if kind is NoticeKind.CONFIRM else "",
    )


def notified(site, address, kind=NoticeKind.CONFIRM, *, to=None):
    """Queue a notice for who has this address, a stranger if nobody has; it may go ``to`` another. Return its id."""
    with site.app() as app, app.store.writing() as tx:
        reader = subscribers.find_by_key(tx, address) or _stranger(tx, address, app.clock())
        about = ABOUT.get(kind, "")
        parts = notice_parts(app.config, view_for(app, kind, to or address), app.templates, newsletter=about)
        made = Notice(
            id=notices.new_id(),
            kind=kind,
            newsletter=about,
            subscriber_id=reader.id,
            address=to or address,
            created_at=app.clock(),
            facts={},
            parts=parts,
        )
        notices.add(tx, made, transport=app.config.transport.name)
    return made.id


def _stranger(tx, address, now):
    reader = Subscriber(id=address.partition("@")[0], address=address, address_key=address, name="", created_at=now)
    subscribers.add(tx, [reader])
    return reader
