"""An edition in bytes: the parts that are stored when it is fixed, and what is read back from them.

What was fixed is sent, whatever templates or config say by then. Not here: which entries it holds (rules), the
digest (digest), the message that the parts make (galley).
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from feeds.config import Config, NewsletterConfig
from feeds.model import Part, Printed, whole_part
from feeds.rendering.digest import leave_url, render_confined
from feeds.rendering.environment import Templates
from feeds.rendering.fields import EDITION_PAGE, OwnPages, filled, values_of
from feeds.rendering.mime import Embedded
from feeds.rendering.views import Corrected, Digest, DigestView, Frame, Mailbox, SiteView
from feeds.rendering.words import words_for
from feeds.rules.message_identity import list_id
from feeds.rules.notes import NO_NOTE, Note
from feeds.rules.printing import direction_of
from feeds.rules.reader_tokens import FOLDER, NOBODYS, Purpose, reader_url

_PICTURE = "picture/"  # and what it is, and how the HTML calls it: a stored part


def host_of(config: Config) -> str:
    """Return the domain that Message-IDs and List-Ids are made in: the site's own."""
    return urlsplit(config.site.url).hostname or "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What stands in an edition for some readers: entries, newest first, corrections to others, the editor's note.

    ``more`` counts the entries that are not shown.
    """

    entries: tuple[Printed, ...]
    more: int = 0
    corrections: tuple[Corrected, ...] = ()
    note: Note = NO_NOTE


def view_of(
    newsletter: NewsletterConfig, site: SiteView, matter: Matter, *, due_at: datetime, number: int
) -> DigestView:
    """Return an edition as it is to be rendered."""
    language = newsletter.language or site.language
    return DigestView(
        site=site,
        slug=newsletter.slug,
        title=newsletter.title,
        date=due_at,
        entries=matter.entries,
        reply_to=(newsletter.reply_to or newsletter.sender).email,
        description=newsletter.description or "",
        edition=words_for(language).text("No. {number}", number=number),
        language=language,
        direction=direction_of(language),
        time_zone=site.time_zone,
        more_count=matter.more,
        subject=matter.note.subject or None,
        preheader=matter.note.preheader or None,
        layout=newsletter.layout,
        group_by=newsletter.group_by or "",
        note=matter.note.html,
        corrections=matter.corrections,
        preferences_url=site.readers_url or None,
        theme=site.theme,
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
        readers_at=config.site.url if config.readers.pages else "",
    )


def render_edition(
    config: Config, newsletter: NewsletterConfig, view: DigestView, *, templates: Templates, number: int
) -> tuple[Digest, dict[str, Part]]:
    """Render an edition; return the digest, and the parts of it that are stored."""
    digest = render_confined(view, templates)
    parts = parts_of(digest, frame_of(config, newsletter, number=number, leave=leave_url(view)))
    note = {"html": view.note, "subject": view.subject or "", "preheader": view.preheader or ""}
    if any(note.values()):
        parts["note"] = json.dumps(note).encode()
    return digest, parts


def parts_of(digest: Digest, frame: Frame) -> dict[str, Part]:
    """Return what is stored of a digest and its frame, which from then on tells its merge fields by their mark.

    Where the digest is known in pieces, the HTML and the text are.
    """
    framed = json.dumps(asdict(replace(frame, mark=digest.mark)))
    texts = {"subject": digest.subject, "html": digest.html, "text": digest.text, "frame": framed}
    parts: dict[str, Part] = {part: text.encode() for part, text in texts.items()}
    if digest.html_pieces:
        for part, pieces in (("html", digest.html_pieces), ("text", digest.text_pieces)):
            parts[part] = tuple(piece.encode() for piece in pieces)
    return parts


def note_from(parts: Mapping[str, Part]) -> Note:
    """Return the editor's note that stands among the stored parts of an edition, an empty one where there is none."""
    return Note(**json.loads(whole_part(parts["note"]))) if "note" in parts else NO_NOTE


def picture_part(cid: str, media_type: str) -> str:
    """Return the name of the stored part that holds a picture which the HTML shows as ``cid:``."""
    return f"{_PICTURE}{media_type}/{cid}"


def frame_from(parts: Mapping[str, Part]) -> Frame:
    """Return the frame that stands among the stored parts of an edition."""
    fields = json.loads(whole_part(parts["frame"]))
    reply_to = Mailbox(**fields["reply_to"]) if fields["reply_to"] else None
    return Frame(**fields | {"sender": Mailbox(**fields["sender"]), "reply_to": reply_to})


def shared_pages(frame: Frame) -> OwnPages | None:
    """Return the addresses that stand for a reader's own pages in what is only looked at: they are nobody's."""
    if not frame.readers_at:
        return None
    return OwnPages(reader_url(frame.readers_at, Purpose.LEAVE, NOBODYS), f"{frame.readers_at}{FOLDER}/")


def shared_page(frame: Frame) -> str:
    """Return the address that stands for the page of a mail in what is only looked at: it is none."""
    return reader_url(frame.readers_at, Purpose.EDITION, NOBODYS) if frame.readers_at else ""


def as_read(parts: Mapping[str, Part]) -> tuple[str, str]:
    """Return the HTML and the text of stored parts as a reader sees them, with the link to leave by that all share."""
    frame = frame_from(parts)
    values = values_of(frame.leave_url, shared_pages(frame)) | {EDITION_PAGE: shared_page(frame)}
    return (
        filled(whole_part(parts["html"]).decode(), frame.mark, html.escape, values=values),
        filled(whole_part(parts["text"]).decode(), frame.mark, str, values=values),
    )


def embedded_from(parts: Mapping[str, Part]) -> list[Embedded]:
    """Return the pictures among the stored parts, in the order in which the HTML shows them."""
    page = whole_part(parts["html"]).decode()
    names = (part.removeprefix(_PICTURE).rsplit("/", 1) for part in parts if part.startswith(_PICTURE))
    found = [Embedded(cid, kind, whole_part(parts[picture_part(cid, kind)])) for kind, cid in names]
    shown = [picture for picture in found if f"cid:{picture.cid}" in page]
    return sorted(shown, key=lambda picture: page.index(f"cid:{picture.cid}"))
