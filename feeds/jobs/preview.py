"""Preview: a newsletter's next digest as files to look at, with pictures from disk; nothing is recorded or sent.

Not here: how a digest looks (rendering), who is mailed.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from feeds.config import Config, NewsletterConfig
from feeds.errors import OutputRefused, UsageWrong
from feeds.model import Printed
from feeds.rendering.digest import leave_url, render_digest
from feeds.rendering.environment import Templates
from feeds.rendering.message import build_message
from feeds.rendering.views import Digest, DigestView, Mailbox, SiteView
from feeds.rules.printing import Press, direction_of, print_entry
from feeds.rules.queries import matches
from feeds.store import entries, tags
from feeds.store.engine import Store
from feeds.store.media import Shelf


@dataclass(slots=True)
class PreviewReport:
    """What a preview shows and where it was written; ``notes`` tell of pictures that are not on the shelf."""

    newsletter: str
    subject: str
    entries: int
    html_bytes: int
    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All that a preview is printed with: the newsletter, the site, the instant that it is for."""

    config: Config
    newsletter: NewsletterConfig
    site: SiteView
    press: Press
    templates: Templates
    at: datetime


def preview(store: Store, shelf: Shelf, proof: Proof, *, folder: Path) -> PreviewReport:
    """Render the newest entries as they stand at an instant, and write digest.html, .txt and .eml into ``folder``.

    Raises UsageWrong where the newsletter has no entries then, OutputRefused where the folder cannot be written.
    """
    printed = _newest(store, proof)
    if not printed:
        at = proof.at.astimezone(proof.config.site.zone)
        raise UsageWrong(
            f"newsletter {proof.newsletter.slug}: no public entry fits its query at {at:%Y-%m-%d %H:%M %Z}"
        )
    view = _view(proof, printed)
    digest = render_digest(view, proof.templates)
    report = PreviewReport(proof.newsletter.slug, digest.subject, len(printed), len(digest.html.encode()))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        html = _with_local_pictures(digest.html, proof.site.url, shelf, folder=folder, report=report)
        for name, data in (
            ("digest.html", html.encode()),
            ("digest.txt", digest.text.encode()),
            ("digest.eml", _message(proof, view, digest)),
        ):
            (folder / name).write_bytes(data)
            report.written.append(str(folder / name))
    except OSError as error:
        raise OutputRefused(folder, f"the preview cannot be written: {error.strerror}") from error
    return report


def find_newsletter(config: Config, slug: str) -> NewsletterConfig:
    """Return the newsletter with this slug; raise UsageWrong where the config has none."""
    found = next((newsletter for newsletter in config.newsletters if newsletter.slug == slug), None)
    if found is None:
        known = ", ".join(newsletter.slug for newsletter in config.newsletters) or "none"
        raise UsageWrong(f"{config.file}: there is no newsletter {slug!r}; known are: {known}")
    return found


def _newest(store: Store, proof: Proof) -> tuple[Printed, ...]:
    with store.reading() as tx:
        by_entry = tags.by_entry(tx)
        wanted = (
            print_entry(entry, proof.press, by_entry.get(entry.id, ()))
            for entry in entries.list_out_at(tx, proof.at)
            if matches(entry, proof.newsletter.query, {tag.slug for tag in by_entry.get(entry.id, ())})
        )
        return tuple(islice(wanted, proof.newsletter.maximum))


def _view(proof: Proof, printed: tuple[Printed, ...]) -> DigestView:
    newsletter = proof.newsletter
    language = newsletter.language or proof.site.language
    return DigestView(
        site=proof.site,
        slug=newsletter.slug,
        title=newsletter.title,
        date=proof.at,
        entries=printed,
        reply_to=(newsletter.reply_to or newsletter.sender).email,
        description=newsletter.description or "",
        language=language,
        direction=direction_of(language),
        time_zone=proof.site.time_zone,
    )


def _message(proof: Proof, view: DigestView, digest: Digest) -> bytes:
    """Build the message as it would go to the sender's own address."""
    sender = proof.newsletter.sender
    host = urlsplit(proof.site.url).hostname or "localhost"
    return build_message(
        digest,
        sender=Mailbox(sender.name, sender.email),
        recipient=Mailbox("", sender.email),
        date=proof.at,
        message_id=f"preview.{proof.newsletter.slug}.{proof.at:%Y%m%dT%H%M%S}@{host}",
        list_id=f"{proof.newsletter.slug}.{host}",
        leave_url=leave_url(view),
    )


def _with_local_pictures(html: str, site_url: str, shelf: Shelf, *, folder: Path, report: PreviewReport) -> str:
    """Copy the pictures that the digest shows beside it, and let the HTML show those."""

    def local(match: re.Match[str]) -> str:
        name = match[1]
        if not shelf.path(name).is_file():
            report.notes.append(f"{shelf.path(name)} is missing; `pressrun sync` fetches it anew")
            return match[0]
        (folder / "media").mkdir(exist_ok=True)
        shutil.copyfile(shelf.path(name), folder / "media" / name)
        return f'src="media/{name}"'

    return re.sub(rf'src="{re.escape(site_url)}media/([0-9a-f]{{64}}\.[a-z0-9]+)"', local, html)
