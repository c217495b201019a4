"""A newsletter on the web: the page of each edition, the list of all, and what its feed says of one.

They are made of the entries, never of a reader's mail: nothing personal can stand in them. Not here: which entries
(jobs), the digest that is mailed (digest).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from markupsafe import Markup

from feeds.model import Person, Printed
from feeds.rendering.anatomy import SUMMARY_LENGTH, headline, teaser_of
from feeds.rendering.environment import Templates
from feeds.rendering.pages import page_frame, render_page
from feeds.rendering.text import clip
from feeds.rendering.views import FeedLink, SiteView
from feeds.rendering.words import Words, words_for
from feeds.rules.printing import direction_of

BRIEFS = 50  # entries that an edition names by their headline alone; what is beyond is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """An edition as a page shows it: ``shown`` in full, ``named`` by headline alone, newest first.

    ``title`` and ``newsletter_url`` are the newsletter's; ``feeds`` are of all its editions. ``subject_language`` is
    that of the words in the subject, ``note`` the editor's, as clean HTML.
    """

    title: str
    newsletter_url: str
    url: str
    number: int
    subject: str
    subject_language: str
    at: datetime
    language: str
    shown: tuple[Printed, ...]
    named: tuple[Printed, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    note: str = ""

    @property
    def direction(self) -> str:
        """The direction that its language is written in."""
        return direction_of(self.language)

    @property
    def subject_direction(self) -> str:
        """The direction that its subject is written in."""
        return direction_of(self.subject_language)

    @property
    def more(self) -> int:
        """How many entries are not even named."""
        return max(0, len(self.named) - BRIEFS)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterView:
    """The list of a newsletter's editions, or a page of it; names and pages as in :class:`ListingView`."""

    heading: str
    url: str
    editions: tuple[EditionView, ...]
    description: str = ""
    page: int | None = None
    front_url: str | None = None
    newer_url: str | None = None
    older_url: str | None = None
    feeds: tuple[FeedLink, ...] = ()


def edition_page(edition: EditionView, site: SiteView, templates: Templates) -> bytes:
    """Render the page of an edition; raise TemplateInvalid."""
    words = words_for(site.language, templates)
    title = f"{edition.subject} · {edition.title} · {words.text('No. {number}', number=edition.number)}"
    feeds = tuple(dict.fromkeys((*edition.feeds, *site.feeds)))
    frame = page_frame(site, title=title, url=edition.url, about=summary_of(edition, words), feeds=feeds)
    context = {
        "edition": edition,
        "note": Markup(edition.note),  # it was cleaned when it was read
        "stories": [teaser_of(entry, words) for entry in edition.shown],
        "briefs": [teaser_of(entry, words) for entry in edition.named[:BRIEFS]],
    }
    return render_page("edition", templates, site=site, page=frame, **context)


def newsletter_page(newsletter: NewsletterView, site: SiteView, templates: Templates) -> bytes:
    """Render the list of a newsletter's editions; raise TemplateInvalid."""
    title = f"{newsletter.heading} · {site.title}" if site.title not in newsletter.heading else newsletter.heading
    if newsletter.page:
        words = words_for(site.language, templates)
        title = words.text("{title}, archive page {number}", title=title, number=newsletter.page)
    feeds = tuple(dict.fromkeys((*newsletter.feeds, *site.feeds)))
    frame = page_frame(site, title=title, url=newsletter.url, about=newsletter.description, feeds=feeds)
    return render_page("newsletter", templates, site=site, page=frame, newsletter=newsletter)


def edition_entry(edition: EditionView, words: Words, *, id: str, author: str, updated_at: datetime) -> Printed:
    """Return what the feed of a newsletter says of an edition: its stories as a list, with links.

    ``words`` are those of the edition's language.
    """
    return Printed(
        id=id,
        url=edition.url,
        title=edition.subject,
        summary=summary_of(edition, words),
        html="".join(_html_of(edition, words)),
        blocks=(),
        authors=(Person(author),),
        tags=(),
        section="",
        language=edition.language,
        direction=direction_of(edition.language),
        image=None,
        enclosures=(),
        corrections=(),
        published_at=edition.at,
        updated_at=updated_at,
    )


def summary_of(edition: EditionView, words: Words) -> str:
    """Return the headlines of an edition as a line of text."""
    return clip(" · ".join(_headline(entry, words) for entry in edition.shown), SUMMARY_LENGTH)


def _html_of(edition: EditionView, words: Words) -> Iterator[str]:
    if edition.note:
        yield f"{edition.note}\n"
    yield "<ul>\n"
    for entry in edition.shown:
        told = clip(entry.summary, SUMMARY_LENGTH)
        link, below = _link(entry, words), f"<p>{escape(told, quote=False)}</p>" if told else ""
        yield f"<li{_tongue(entry, edition)}><p><strong>{link}</strong></p>{below}</li>\n"
    yield "</ul>\n"
    if edition.named:
        yield "<ul>\n"
        yield from (f"<li{_tongue(entry, edition)}>{_link(entry, words)}</li>\n" for entry in edition.named[:BRIEFS])
        yield "</ul>\n"
    if edition.more:
        said = "{num} more on the web"
        more = words.count(said, said, edition.more)
        yield f'<p><a href="{escape(edition.url)}">{escape(more, quote=False)}</a></p>\n'


def _link(entry: Printed, words: Words) -> str:
    return f'<a href="{escape(entry.url)}">{escape(_headline(entry, words), quote=False)}</a>'


def _headline(entry: Printed, words: Words) -> str:
    return headline(entry, words.text("Untitled"))


def _tongue(entry: Printed, edition: EditionView) -> str:
    """Return the attributes that name an entry's language, where it is not the edition's."""
    if entry.language in {"", edition.language}:
        return ""
    return f' lang="{escape(entry.language)}" dir="{entry.direction}"'
