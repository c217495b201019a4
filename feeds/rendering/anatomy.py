"""An entry taken apart for its page: headline, standfirst, body, author's note, and what machines are told of it.

Not here: cleaning HTML (it arrives clean), how the parts are set (templates).
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from feeds.model import Correction, Image, Printed, Role
from feeds.rendering.text import clip, one_line
from feeds.rendering.views import SiteView
from feeds.rendering.wording import instant
from feeds.rendering.words import Words
from feeds.rules.text import alike

SUMMARY_LENGTH = 320  # characters of a summary that a listing or a digest shows
DESCRIPTION_LENGTH = 200  # what search engines and link previews show at most

_TOP_HEADING = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_NOTE_AT_END = re.compile(r"<p><em>((?:(?!<p>).)*)</em></p>\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An entry in the parts that a page shows. ``lead_image`` is None where the body shows that picture itself."""

    entry: Printed
    headline: str
    summary: str
    standfirst: Markup
    body: Markup
    note: Markup
    lead_image: Image | None
    corrections: tuple[Correction, ...]
    updated: bool
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Teaser:
    """An entry in the parts that a listing shows."""

    entry: Printed
    headline: str
    summary: str


def headline(entry: Printed, untitled: str) -> str:
    """Return the entry's title as one line; an entry without a title goes by the first words of its summary."""
    return one_line(entry.title) or clip(entry.summary, 60) or untitled


def description(entry: Printed) -> str:
    """Return what a search engine or a link preview says of an entry, as one line."""
    return clip(entry.summary, DESCRIPTION_LENGTH)


def story_of(entry: Printed, site: SiteView, words: Words) -> Story:
    """Take an entry apart for its page on the site."""
    body, note = _set_note_apart(entry)
    title = headline(entry, words.text("Untitled"))
    image = entry.image if entry.image and html.escape(entry.image.address) not in entry.html else None
    return Story(
        entry=entry,
        headline=title,
        summary=clip(entry.summary, SUMMARY_LENGTH),
        standfirst=_clean(_standfirst(entry)),
        body=_clean(_TOP_HEADING.sub(r"<\1h2", body)),  # the page's one h1 is the headline
        note=_clean(note),
        lead_image=_captioned(image) if image else None,
        corrections=tuple(each for each in entry.corrections if html.escape(each.text, quote=False) not in entry.html),
        updated=instant(entry.updated_at)[:10] > instant(entry.published_at)[:10],
        data=_linked_data(entry, site, title),
    )


def teaser_of(entry: Printed, words: Words) -> Teaser:
    """Take an entry apart for a listing."""
    return Teaser(entry, headline(entry, words.text("Untitled")), clip(entry.summary, SUMMARY_LENGTH))


def _captioned(image: Image) -> Image:
    """Return a picture as it stands over its caption: those who hear the page need not hear it twice."""
    return replace(image, alt="") if image.caption and alike(image.alt, image.caption) else image


def _clean(text: str) -> Markup:
    # The one place where an entry's HTML is declared safe: it was cleaned when it was read.
    return Markup(text)


def _standfirst(entry: Printed) -> str:
    blocks = [block for block in entry.blocks if block.role is Role.STANDFIRST]
    return "".join(block.content if block.is_html else f"<p>{html.escape(block.content)}</p>" for block in blocks)


def _set_note_apart(entry: Printed) -> tuple[str, str]:
    """Split the body before the paragraphs at its end that its blocks call the author's note."""
    body, note = entry.html, ""
    wanted = {_plain(block.content) for block in entry.blocks if block.role is Role.AUTHORS_NOTE}
    while (found := _NOTE_AT_END.search(body)) and _plain(found[1]) in wanted:
        body, note = body[: found.start()], f"<p>{found[1]}</p>{note}"
    return body, note


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def _linked_data(entry: Printed, site: SiteView, title: str) -> dict[str, object]:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": entry.url,
        "headline": title,
        "datePublished": instant(entry.published_at),
        "dateModified": instant(entry.updated_at),
        "author": [_author(entry, person.name) for person in entry.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": site.title, "url": site.url},
        "inLanguage": entry.language or site.language,
        "description": description(entry),
        "articleSection": entry.section,
        "keywords": [tag.name for tag in entry.tags],
        "image": entry.image.address if entry.image else "",
    }
    return {key: value for key, value in data.items() if value}


def _author(entry: Printed, name: str) -> dict[str, str]:
    page = entry.author_urls.get(name)
    return {"@type": "Person", "name": name, **({"url": page} if page else {})}
