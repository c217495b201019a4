"""The notices of one site: sent at once when somebody waits for one, and called by name among the deliveries.

Not here: making them (jobs), editions and all other questions of the post (post).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.app.site import App, ShouldStop, never
from feeds.model import NoticeKind
from feeds.store import notices
from feeds.store.delivery_lists import NOTICES

if TYPE_CHECKING:
    from feeds.jobs.deliver.report import DeliverReport


def send_notices(app: App, *, should_stop: ShouldStop = never) -> DeliverReport:
    """Deliver the notices that are queued, and nothing else; a run that sends an edition meanwhile is not disturbed."""
    from feeds.jobs.deliver.delivering import deliver
    from feeds.jobs.deliver.working import Watch

    return deliver(app.config, app.store, clock=app.clock, watch=Watch(should_stop), only_notices=True)


def renew_welcomes(app: App) -> None:
    """Make welcomes anew that wait to be sent with an edition of which something was withdrawn."""
    with app.store.reading() as tx:
        if not notices.list_stale(tx):
            return
    from feeds.jobs.publish.fixed import site_view
    from feeds.jobs.subscribe.desk import Desk
    from feeds.jobs.subscribe.welcoming import take_out_withdrawn

    desk = Desk(config=app.config, store=app.store, templates=app.templates, site=site_view(app.config))
    take_out_withdrawn(desk, now=app.clock())


def kinds_of(name: str | None) -> tuple[NoticeKind, ...]:
    """Return the kinds of notices that ``notices`` or ``notices/KIND`` means, none for what is an edition's name."""
    room, _, kind = (name or "").partition("/")
    kinds = tuple(one for one in NoticeKind if kind in {"", one})
    return kinds if room == NOTICES and name != f"{room}/" else ()
