"""A digest, rendered once an edition: subject, preheader, HTML with every style inline, and its own text part.

Pure. Not here: which entries are in it (rules), who gets it (jobs), headers and encoding (message).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from urllib.parse import quote

from feeds.errors import EntryUnprintable
from feeds.model import Image, Printed
from feeds.rendering.anatomy import SUMMARY_LENGTH, headline
from feeds.rendering.css_lint import without_comments
from feeds.rendering.environment import Templates
from feeds.rendering.inlining import inline
from feeds.rendering.text import clip, cut, one_line
from feeds.rendering.views import Digest, DigestView
from feeds.rendering.wording import day, names

LARGEST_HTML = 90 * 1024  # bytes; Gmail clips a message at 102,400
FURTHER_STORIES = 5
BRIEF_LENGTH = 140
HEADLINE_LENGTH = 255
LEAD_WIDTH = 544  # pixels: the sheet less its margins
THUMB_WIDTH = 172
PREHEADER = (40, 130)
TEXT_RULE = 72

# Keeps a client from filling the preview with the first words of the body.
_FILLER = "\u034f\u200c\u00a0" * 70


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at the size it is shown, in pixels."""

    address: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry as the digest shows it, all in plain text."""

    url: str
    headline: str
    summary: str
    brief: str
    byline: str
    section: str
    language: str
    direction: str
    picture: Picture | None


def render_digest(view: DigestView, templates: Templates) -> Digest:
    """Render an edition; entries that would take the HTML over 90 KB are counted as "more on the web".

    ``view.entries`` holds at least one. Raises TemplateInvalid, and EntryUnprintable where the lead alone is too long.
    """
    digest = _render(view, templates)
    if _fits(digest):
        return digest
    counts = range(1, len(view.entries))
    count = bisect_right(counts, False, key=lambda count: not _fits(_render(_first(view, count), templates)))
    if count == 0:
        raise EntryUnprintable(view.entries[0].id, "is too long to stand in a digest even alone")
    return _render(_first(view, count), templates)


def subject_of(view: DigestView) -> str:
    """Return the subject: the one given, else the lead's headline and how many more there are."""
    if view.subject:
        return cut(one_line(view.subject), HEADLINE_LENGTH)
    more = len(view.entries) - 1 + view.more_count
    rest = f", and {more} more" if more else ""
    return cut(headline(view.entries[0]), HEADLINE_LENGTH - len(rest)) + rest


def preheader_of(view: DigestView) -> str:
    """Return what a mail client shows beside the subject: 40 to 130 characters, what the subject does not say first."""
    least, most = PREHEADER
    lead, *others = view.entries
    edition = f"{one_line(view.title)}, {day(view.date, view.language, view.time_zone)}"
    pieces = [lead.summary, *(headline(entry) for entry in others), edition, view.description, view.site.title]
    text = ""
    for piece in filter(None, map(one_line, pieces)):
        text = f"{text} · {piece}" if text else piece
        if len(text) >= least:
            break
    shown = clip(text, most)
    return (shown if len(shown) >= least else cut(text, most)).ljust(least, "\u00a0")


def leave_url(view: DigestView) -> str:
    """Return the mailto link by which a reader leaves (RFC 6068)."""
    return f"mailto:{quote(view.reply_to, safe='@+')}?subject=unsubscribe"


def _first(view: DigestView, count: int) -> DigestView:
    left_out = len(view.entries) - count
    return replace(view, entries=view.entries[:count], more_count=view.more_count + left_out)


def _fits(digest: Digest) -> bool:
    return len(digest.html.encode()) <= LARGEST_HTML


def _render(view: DigestView, templates: Templates) -> Digest:
    subject, preheader = subject_of(view), preheader_of(view)
    context = _context(view) | {"subject": subject, "preheader": preheader}
    sheets = {f"{name}_css": without_comments(templates.text(f"digest/{name}.css")) for name in ("client", "dark")}
    html = templates.render("digest/front-page.html", **context, **sheets, filler=_FILLER)
    text = templates.render("digest/front-page.txt", **context, rule=lambda mark: mark * TEXT_RULE)
    inlined = inline(html, templates.text("digest/style.css"))
    return Digest(subject, preheader, inlined, text, shown=len(view.entries))


def _context(view: DigestView) -> dict[str, object]:
    further = view.entries[1 : 1 + FURTHER_STORIES]
    return {
        "view": view,
        "lead": _item(view.entries[0], view, LEAD_WIDTH),
        "further": [_item(entry, view, THUMB_WIDTH) for entry in further],
        "briefs": [_item(entry, view, THUMB_WIDTH) for entry in view.entries[1 + FURTHER_STORIES :]],
        "more_count": view.more_count,
        "more_url": view.more_url or view.site.url,
        "leave_url": leave_url(view),
        "start": "right" if view.direction == "rtl" else "left",
        "end": "left" if view.direction == "rtl" else "right",
    }


def _item(entry: Printed, view: DigestView, width: int) -> Item:
    by = f"By {names(entry.authors, view.language)}" if entry.authors else ""
    return Item(
        url=entry.url,
        headline=cut(headline(entry), HEADLINE_LENGTH),
        summary=clip(entry.summary, SUMMARY_LENGTH),
        brief=clip(entry.summary, BRIEF_LENGTH),
        byline=one_line(by),
        section=one_line(entry.section),
        language=entry.language or view.language,
        direction=entry.direction,
        picture=_picture(entry.image, width) if entry.image else None,
    )


def _picture(image: Image, width: int) -> Picture:
    # A picture that could not be measured is taken for 3:2; clients that read CSS use its true shape.
    natural_width, natural_height = image.width or 3 * width, image.height or 2 * width
    scale = min(width / natural_width, width * 1.25 / natural_height)
    return Picture(
        address=image.address,
        alt=one_line(image.alt),
        caption=clip(image.caption, SUMMARY_LENGTH),
        credit=clip(image.credit, BRIEF_LENGTH),
        width=max(1, round(natural_width * scale)),
        height=max(1, round(natural_height * scale)),
    )
