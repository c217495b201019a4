"""Tests of a site's newsletters: the next edition made, and sent to one address.

Not here: making and sending it (post, jobs.send_test).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from feeds.app.post import Post
from feeds.app.site import App

if TYPE_CHECKING:
    from feeds.jobs.send_test import TestReport


def send_test(app: App, newsletter: str, *, to: str, at: datetime | None = None) -> tuple[TestReport, list[str]]:
    """Send a newsletter's edition, as it would be at an instant, to one address; return what came of it, and remarks.

    Raises UsageWrong where there is nothing to send, or the address is none or may not be mailed.
    """
    from feeds.jobs.send_test import require_mailable
    from feeds.jobs.send_test import send_test as send
    from feeds.jobs.subscribe import mailbox_of

    recipient = mailbox_of(to)
    require_mailable(app.store, recipient.key)
    proof = Post(app).proof(newsletter, at=at)
    media = app.config.output.path / "media"
    unseen = sum(not (media / file.made.name).is_file() for file in proof.files)
    report = send(app.config, newsletter, proof.parts, to=recipient.address, now=app.clock())
    remarks = list(proof.notes)
    if unseen:
        remarks.append(f"pictures that are not on the site yet: {unseen}; composing the edition puts them there")
    return report, remarks
