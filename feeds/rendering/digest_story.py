"""A story as a digest shows it: its words in plain text, its picture at the size it is shown, its body where asked for.

Pure. Not here: which stories (digest), how they are set (templates).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape

from markupsafe import Markup

from feeds.config.schema import Layout
from feeds.model import Image, Printed, Role
from feeds.rendering.anatomy import SUMMARY_LENGTH, headline
from feeds.rendering.mail_html import WIDEST, mail_html
from feeds.rendering.mail_text import mail_text
from feeds.rendering.text import clip, cut, one_line
from feeds.rendering.views import DigestView, MailPicture
from feeds.rendering.wording import day, names
from feeds.rendering.words import Words
from feeds.rules.reading_time import minutes
from feeds.rules.sentences import first_sentences
from feeds.rules.text import alike

BRIEF_LENGTH = 140
HEADLINE_LENGTH = 255
THUMB_WIDTH = 172  # pixels
LONGEST_BODY = 40_000  # bytes of an article in whole; a longer one is told of, and others get their room
_TALLEST = 1.25  # times as wide as it is, a picture is shown


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at the size it is shown, in pixels; ``alt`` is "" where the caption below it says the same."""

    address: str
    alt: str
    caption: str
    credit: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An entry as a digest shows it, all in plain text but for ``body``; ``text`` is that body in the text part.

    ``picture`` is as wide as the sheet, ``thumb`` stands beside words. ``standfirst`` is the author's own, ``summary``
    stands in for it where there is none. ``minutes`` says how long it takes to read.
    """

    url: str
    headline: str
    standfirst: str
    summary: str
    brief: str
    byline: str
    minutes: str
    section: str
    tag: str
    language: str
    direction: str
    picture: Picture | None
    thumb: Picture | None
    body: Markup
    text: str


def story_of(entry: Printed, view: DigestView, words: Words) -> Story:
    """Return an entry as the digest shows it; its body only where the layout has whole articles."""
    is_whole = view.layout == Layout.FULL_TEXT
    html = _whole(entry, words, view) if is_whole else ""
    html = html if len(html.encode()) <= LONGEST_BODY else ""
    image = entry.image if not (is_whole and entry.image and escape(entry.image.address) in entry.html) else None
    length = minutes(entry.html, entry.language or view.language) if entry.html else 0
    return Story(
        url=entry.url,
        headline=cut(headline(entry, words.text("Untitled")), HEADLINE_LENGTH),
        standfirst=_standfirst(entry),
        summary=first_sentences(one_line(entry.summary), SUMMARY_LENGTH),
        brief=first_sentences(one_line(entry.summary), BRIEF_LENGTH),
        byline=words.text("By {names}", names=_names(entry, view)) if entry.authors else "",
        minutes=words.count("{num} min read", "{num} min read", length) if length else "",
        section=one_line(entry.section),
        tag=one_line(entry.tags[0].name) if entry.tags else "",
        language=entry.language or view.language,
        direction=entry.direction,
        picture=_captioned(_picture(image, view, WIDEST)),
        thumb=_picture(image, view, THUMB_WIDTH),
        body=mail_html(html, pictures=view.pictures, start="right" if entry.direction == "rtl" else "left"),
        text=mail_text(html) if html else "",
    )


def _names(entry: Printed, view: DigestView) -> str:
    said = one_line(names(entry.authors, view.language))
    # Names of another direction would draw what stands beside them over to their side (UAX 9 section 2.5).
    return said if entry.direction == view.direction else f"\u2068{said}\u2069"


def _whole(entry: Printed, words: Words, view: DigestView) -> str:
    """Return an article's text with the corrections that it does not tell itself."""
    told = (each for each in entry.corrections if escape(each.text, quote=False) not in entry.html)
    corrections = (
        f"<p><strong>{escape(words.text('Correction, {day}', day=day(each.at, view.language, view.time_zone)))}"
        f"</strong><br>{escape(each.text, quote=False)}</p>"
        for each in told
    )
    return "\n".join([entry.html, *corrections])


def _standfirst(entry: Printed) -> str:
    blocks = (block for block in entry.blocks if block.role is Role.STANDFIRST)
    said = (unescape(re.sub(r"<[^>]*>", "", one.content)) if one.is_html else one.content for one in blocks)
    return one_line(" ".join(said))


def _captioned(picture: Picture | None) -> Picture | None:
    """Return a picture as it stands over its caption, which need not be said twice where pictures are not shown."""
    if picture is None:
        return None
    alt = "" if picture.caption and alike(picture.alt, picture.caption) else picture.alt
    return replace(picture, alt=alt, caption=clip(picture.caption, SUMMARY_LENGTH))


def _picture(image: Image | None, view: DigestView, width: int) -> Picture | None:
    if image is None:
        return None
    # A picture that could not be measured is taken for 3:2; clients that read CSS use its true shape.
    made = view.pictures.get(image.address)
    made = made or MailPicture(image.address, image.width or 3 * width, image.height or 2 * width)
    scale = min(width / made.width, width * _TALLEST / made.height)
    return Picture(
        address=made.address,
        alt=one_line(image.alt),
        caption=one_line(image.caption),
        credit=clip(image.credit, BRIEF_LENGTH),
        width=max(1, round(made.width * scale)),
        height=max(1, round(made.height * scale)),
    )
