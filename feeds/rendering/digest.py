"""A digest, rendered once an edition: subject, preheader, HTML with every style inline, and its own text part.

Pure. Not here: which entries are in it (rules), who gets it (jobs), what a story brings to it (digest_story).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from feeds.config.schema import Layout
from feeds.errors import EntryUnprintable, TemplateInvalid
from feeds.rendering.anatomy import headline
from feeds.rendering.balance import first_imbalance
from feeds.rendering.confined import LIMITS, Limits, confined
from feeds.rendering.digest_story import HEADLINE_LENGTH, Story, story_of
from feeds.rendering.environment import Templates
from feeds.rendering.fields import links_shown, mark_of
from feeds.rendering.inlining import inline
from feeds.rendering.mail_html import mail_html
from feeds.rendering.mail_text import mail_text
from feeds.rendering.palette import light_palette
from feeds.rendering.sheets import sheets_of
from feeds.rendering.text import clip, cut, one_line
from feeds.rendering.views import Digest, DigestView
from feeds.rendering.words import Words, words_for

LARGEST_HTML = 90 * 1024  # bytes; Gmail clips a message at 102,400
FURTHER_STORIES = 5  # beside the lead, where stories are not grouped; the others stand in brief
FURTHER_IN_GROUP = 2
PREHEADER = (40, 130)
TEXT_RULE = 72
_AND_MORE = 35  # characters that "and 12 more" takes in any language

WIDE_GAP = re.compile("\n{3,}")
# Keeps a client from filling the preview with the first words of the body.
FILLER = "\u034f\u200c\u00a0" * 70


@dataclass(frozen=True, slots=True)
class Group:
    """Stories under one heading, "" where they have none: first those that are told, then those in brief."""

    title: str
    stories: tuple[Story, ...]
    briefs: tuple[Story, ...] = ()


def render_digest(view: DigestView, templates: Templates) -> Digest:
    """Render an edition; entries that would take the HTML over 90 KB are counted as "more on the web".

    ``view.entries`` holds at least one. Raises TemplateInvalid, and EntryUnprintable where the lead alone is too long.
    """
    words = words_for(view.language, templates)
    stories, mark = tuple(story_of(entry, view, words) for entry in view.entries), mark_of(view)

    def rendered(count: int) -> Digest:
        return _render(view, stories[:count], templates, words=words, mark=mark)

    fitting = _largest_that_fits(rendered, len(stories))
    if fitting is None:
        raise EntryUnprintable(view.entries[0].id, "is too long to stand in a digest even alone")
    return fitting


def render_confined(view: DigestView, templates: Templates, limits: Limits = LIMITS) -> Digest:
    """Render an edition as ``render_digest`` does: in a child where the site has templates of its own.

    Raises TemplateInvalid too where one of them runs away.
    """
    made: Digest = confined(render_digest, view, templates, name=f"digest/{view.layout}.html", limits=limits)
    return made


def subject_of(view: DigestView, words: Words) -> str:
    """Return the subject that an edition has by itself: its lead's headline, and how many more there are."""
    others = len(view.entries) - 1 + view.more_count
    title = headline(view.entries[0], words.text("Untitled"))
    if not others:
        return cut(title, HEADLINE_LENGTH)
    said = "{subject}, and {num} more"
    return words.count(said, said, others, subject=cut(title, HEADLINE_LENGTH - _AND_MORE))


def leave_url(view: DigestView) -> str:
    """Return the mailto link by which readers leave who have none of their own (RFC 6068)."""
    return f"mailto:{quote(view.reply_to, safe='@+')}?subject=unsubscribe"


def groups_of(view: DigestView, stories: Iterable[Story], words: Words) -> tuple[Group, ...]:
    """Return the stories but for the lead of a front page, by section or tag where the newsletter wants that."""
    rest = list(stories)
    if view.layout == Layout.FRONT_PAGE:
        rest = rest[1:]
    if not view.group_by:
        return (_group(view, "", rest),) if rest else ()
    grouped: dict[str, list[Story]] = {}
    for story in rest:
        grouped.setdefault(story.section if view.group_by == "section" else story.tag, []).append(story)
    unnamed = grouped.pop("", [])
    if unnamed and grouped:
        grouped[words.text("Other news")] = unnamed
    elif unnamed:
        return (_group(view, "", unnamed),)
    return tuple(_group(view, title, held) for title, held in grouped.items())


def _group(view: DigestView, title: str, held: list[Story]) -> Group:
    told = len(held)
    if view.layout == Layout.FRONT_PAGE:
        told = FURTHER_IN_GROUP if title else FURTHER_STORIES
    return Group(title, tuple(held[:told]), tuple(held[told:]))


def _largest_that_fits(rendered: Callable[[int], Digest], most: int) -> Digest | None:
    """Return the digest of as many stories as fit, None where not even the first does.

    The next count to try is guessed from the sizes on either side: to render a digest again is what costs.
    """
    fitting, found = (0, 0), None  # (stories, bytes)
    digest = rendered(most)
    over = most, _size(digest)
    if over[1] <= LARGEST_HTML:
        return digest
    while over[0] - fitting[0] > 1:
        share = (LARGEST_HTML - fitting[1]) / (over[1] - fitting[1])
        guess = fitting[0] + int(share * (over[0] - fitting[0]))
        count = min(over[0] - 1, max(fitting[0] + 1, guess))
        digest = rendered(count)
        if _size(digest) <= LARGEST_HTML:
            fitting, found = (count, _size(digest)), digest
        else:
            over = count, _size(digest)
    return found


def text_rule(mark: str) -> str:
    """Return a line across the text part."""
    return mark * TEXT_RULE


def _size(digest: Digest) -> int:
    return len(digest.html.encode())


def _render(view: DigestView, stories: tuple[Story, ...], templates: Templates, *, words: Words, mark: str) -> Digest:
    leave, preferences = links_shown(mark, has_pages=bool(view.preferences_url))
    context = _context(replace(view, preferences_url=preferences), stories, words) | {"leave_url": leave}
    own = {"subject": subject_of(view, words)}
    subject = cut(one_line(view.subject or templates.render("digest/subject.txt", **context, **own)), HEADLINE_LENGTH)
    preheader = beside_subject(one_line(view.preheader or templates.render("digest/preheader.txt", **context)))
    context |= {"subject": subject, "preheader": preheader}
    sheets = sheets_of(view.theme, templates)
    layout = f"digest/{view.layout}.html"
    html = templates.render_document(layout, **context, client_css=sheets.client, dark_css=sheets.dark, filler=FILLER)
    if imbalance := first_imbalance(html):
        raise TemplateInvalid(layout, f"or a part of it: {imbalance}")
    text = templates.render_document(f"digest/{view.layout}.txt", **context, rule=text_rule)
    text = WIDE_GAP.sub("\n\n", text)
    # What is far too long already is only to be found so: it need not be inlined.
    made = inline(html, sheets.style, name=layout) if len(html) <= 2 * LARGEST_HTML else html
    return Digest(subject, preheader, made, text, shown=len(stories), mark=mark)


def _context(view: DigestView, stories: tuple[Story, ...], words: Words) -> dict[str, object]:
    start = "right" if view.direction == "rtl" else "left"
    more_count = view.more_count + len(view.entries) - len(stories)
    return {
        "_": words.text,
        "ngettext": words.count,
        "view": view,
        "theme": view.theme,
        "colours": light_palette(view.theme),
        "stories": stories,
        "lead": stories[0],
        "groups": groups_of(view, stories, words),
        "note": mail_html(view.note, pictures=view.pictures, start=start) if view.note else "",
        "note_text": mail_text(view.note) if view.note else "",
        "corrections": view.corrections,
        "why": words.text(
            "You get {newsletter} because you asked for it at {site}.", newsletter=view.title, site=view.site.title
        ),
        "more_count": more_count,
        "more": words.count("{num} more on the web", "{num} more on the web", more_count),
        "more_url": view.more_url or view.site.url,
        "start": start,
        "end": "left" if view.direction == "rtl" else "right",
    }


def beside_subject(text: str) -> str:
    """Return what a mail client shows beside the subject, at its right length: 40 to 130 characters."""
    least, most = PREHEADER
    shown = clip(text, most)
    return (shown if len(shown) >= least else cut(text, most)).ljust(least, "\u00a0")
