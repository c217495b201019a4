"""An edition or a notice judged before it is fixed: by one message made of its stored parts, as its readers get it.

Not here: what comes of an error (jobs), the checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from feeds.config import Config
from feeds.model import Part, whole_part
from feeds.rendering.edition import frame_from, host_of
from feeds.rendering.galley import proof_message
from feeds.rendering.lint.case import MESSAGE, Sender
from feeds.rendering.lint.findings import Finding, error
from feeds.rendering.lint.judging import Judgement, judge_message, judge_opening
from feeds.rendering.message import MessageUnbuildable
from feeds.rendering.views import Mailbox
from feeds.rules.message_identity import message_id

OPENING = 4096  # characters of the body: the preheader stands first in it
_BODY = re.compile("<body", re.IGNORECASE)


def sender_of(config: Config) -> Sender:
    """Return what is known of the site that sends."""
    return Sender(host=host_of(config), postal_address=config.site.postal_address or "")


def judge_edition(config: Config, edition_id: str, parts: Mapping[str, Part], *, at: datetime) -> tuple[Finding, ...]:
    """Judge the message that the parts of an edition or a notice make, addressed to its sender."""
    return _judged(config, edition_id, parts, at=at, judge=judge_message)


def judge_subject(config: Config, edition_id: str, parts: Mapping[str, Part], *, at: datetime) -> tuple[Finding, ...]:
    """Judge the subject of such a message and what stands beside it, by its head and the beginning of its parts."""
    page, text = (whole_part(parts[part]).decode() for part in ("html", "text"))
    body = _BODY.search(page)
    opening = {"html": page[: body.end() + OPENING] if body else page, "text": text[:OPENING]}
    begun = {part: text.encode() for part, text in opening.items()}
    head = {part: parts[part] for part in ("subject", "frame")}
    return _judged(config, edition_id, head | begun, at=at, judge=judge_opening)


def _judged(
    config: Config, edition_id: str, parts: Mapping[str, Part], *, at: datetime, judge: Callable[..., Judgement]
) -> tuple[Finding, ...]:
    name = message_id(edition_id, "lint", generation=0, host=host_of(config))
    frame = frame_from(parts)
    to = Mailbox("", frame.sender.address)
    try:
        message = proof_message(parts, recipient=to, date=at.replace(microsecond=0), message_id=name)
    except MessageUnbuildable as problem:
        what = f"no message can be made of it: {problem}"
        return (error("M6", MESSAGE, what, remedy="mend what it names in the config"),)
    sender = replace(sender_of(config), writes_to_many=bool(frame.list_id))
    return judge(message, sender=sender, weights=config.lint.weights).findings
