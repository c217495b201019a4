"""Notices that the store's tests and the jobs' begin with.

Not here: what one says (tests/rendering).
"""

import json
from dataclasses import asdict

from sqlalchemy import select

from feeds.model import Notice, NoticeKind
from feeds.rendering.views import Frame, Mailbox
from feeds.store import notices
from feeds.store.schema import notices as table
from tests.store.givens import MONDAY, write

FRAME = Frame(
    sender=Mailbox("", "weekly@gazette.example"),
    list_id="",
    leave_url="mailto:weekly@gazette.example?subject=unsubscribe",
    feedback_id="confirm:weekly:notice:7f0f8b5e6a57",
    return_path="weekly@gazette.example",
)
PARTS = {"subject": b"Please confirm", "html": b"<p>Confirm</p>", "text": "Confirm – now".encode()}
PARTS |= {"frame": json.dumps(asdict(FRAME)).encode()}


def notice(name="ann", /, *, number=1, **facts):
    """Return a notice to a reader, asking to confirm a subscription to the weekly."""
    given = {"id": f"{number:032x}", "kind": NoticeKind.CONFIRM, "newsletter": "weekly", "subscriber_id": name}
    said = {"address": f"{name}@x.example", "created_at": MONDAY, "facts": {"newsletters": ["weekly"]}, "parts": PARTS}
    return Notice(**given | said | facts)


def notify(store, *given):
    """Queue notices in a store."""
    for one in given:
        write(store, notices.add, one, transport="smtp")


def everything_written(store):
    """Return all notices that a store has, oldest first."""
    oldest = select(table.c.id).order_by(table.c.created_at, table.c.id)
    with store.reading() as tx:
        return [notices.find(tx, one) for one in tx.execute(oldest).scalars()]
