"""An edition in bytes: the parts that are stored when it is fixed, and the message that they make for one reader.

What was fixed is sent, whatever templates or config say by then. Not here: which entries it holds (rules), the
digest (digest), headers and encoding (message).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from urllib.parse import urlsplit

from feeds.config import Config, NewsletterConfig
from feeds.model import Printed
from feeds.rendering.digest import leave_url, render_digest
from feeds.rendering.environment import Templates
from feeds.rendering.message import build_message
from feeds.rendering.views import Digest, DigestView, Frame, Mailbox, SiteView
from feeds.rules.message_identity import list_id
from feeds.rules.printing import direction_of


def host_of(config: Config) -> str:
    """Return the domain that Message-IDs and List-Ids are made in: the site's own."""
    return urlsplit(config.site.url).hostname or "localhost"


def view_of(
    newsletter: NewsletterConfig,
    site: SiteView,
    entries: tuple[Printed, ...],
    *,
    due_at: datetime,
    number: int,
    more: int,
) -> DigestView:
    """Return an edition as it is to be rendered; ``more`` entries are only counted."""
    language = newsletter.language or site.language
    return DigestView(
        site=site,
        slug=newsletter.slug,
        title=newsletter.title,
        date=due_at,
        entries=entries,
        reply_to=(newsletter.reply_to or newsletter.sender).email,
        description=newsletter.description or "",
        edition=f"No. {number}",
        language=language,
        direction=direction_of(language),
        time_zone=site.time_zone,
        more_count=more,
    )


def frame_of(config: Config, newsletter: NewsletterConfig, *, number: int, leave: str) -> Frame:
    """Return what every message of an edition has at its head. Feedback-ID names the edition, and nobody."""
    sender, reply_to = newsletter.sender, newsletter.reply_to
    return Frame(
        sender=Mailbox(sender.name, sender.email),
        list_id=list_id(newsletter.slug, host_of(config)),
        leave_url=leave,
        feedback_id=f"{number}:{newsletter.slug}:digest:{config.site.id.hex[:12]}",
        return_path=(newsletter.return_path or sender).email,
        reply_to=Mailbox(reply_to.name, reply_to.email) if reply_to else None,
    )


def render_edition(
    config: Config, newsletter: NewsletterConfig, view: DigestView, *, templates: Templates, number: int
) -> tuple[Digest, dict[str, bytes]]:
    """Render an edition; return the digest, and the parts of it that are stored."""
    digest = render_digest(view, templates)
    frame = frame_of(config, newsletter, number=number, leave=leave_url(view))
    texts = {"subject": digest.subject, "html": digest.html, "text": digest.text, "frame": json.dumps(asdict(frame))}
    return digest, {part: text.encode() for part, text in texts.items()}


def frame_from(parts: Mapping[str, bytes]) -> Frame:
    """Return the frame that stands among the stored parts of an edition."""
    fields = json.loads(parts["frame"])
    reply_to = Mailbox(**fields["reply_to"]) if fields["reply_to"] else None
    return Frame(**fields | {"sender": Mailbox(**fields["sender"]), "reply_to": reply_to})


def message_from(parts: Mapping[str, bytes], *, recipient: Mailbox, date: datetime, message_id: str) -> bytes:
    """Build one reader's message from the stored parts; raise MessageUnbuildable where that cannot be done."""
    subject, html, text = (parts[part].decode() for part in ("subject", "html", "text"))
    digest = Digest(subject, "", html, text)
    return build_message(digest, frame_from(parts), recipient=recipient, date=date, message_id=message_id)
