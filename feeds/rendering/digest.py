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
from feeds.rendering.cutting import Own, cut_html, cut_text, glued
from feeds.rendering.digest_story import HEADLINE_LENGTH, Story
from feeds.rendering.environment import Templates
from feeds.rendering.fields import links_shown, mark_of, page_shown
from feeds.rendering.forme import Forme, forme_of
from feeds.rendering.inlining import inline
from feeds.rendering.mail_html import mail_html
from feeds.rendering.mail_text import mail_text
from feeds.rendering.marking import marking
from feeds.rendering.palette import light_palette
from feeds.rendering.sheets import Sheets, sheets_of
from feeds.rendering.text import clip, cut, one_line
from feeds.rendering.views import Digest, DigestView, NoticeView
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


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all attempts at a digest have in common."""

    view: DigestView
    templates: Templates
    words: Words
    sheets: Sheets
    mark: str
    forme: Forme

    @property
    def layout(self) -> str:
        return f"digest/{self.view.layout}.html"

    def inlined(self, html: str) -> str:
        return inline(html, self.sheets.style, name=self.layout)


def render_digest(view: DigestView, templates: Templates) -> Digest:
    """Render an edition; entries that would take the HTML over 90 KB are counted as "more on the web".

    ``view.entries`` holds at least one. With a mark that all selections of an edition have, what they share is inlined
    once. Raises TemplateInvalid, and EntryUnprintable where the lead alone is too long.
    """
    words, sheets = words_for(view.language, templates), sheets_of(view.theme, templates)
    edition = view.mark, view.layout, view.language, sheets.style
    forme = forme_of(templates, edition) if view.mark else Forme(is_broken=True)
    stories = forme.stories(view, words)
    setting = _Setting(view, templates, words, sheets, mark=view.mark or mark_of(view), forme=forme)
    fitting = _largest_that_fits(lambda count: _render(setting, stories[:count]), len(stories))
    if fitting is None:
        raise EntryUnprintable(view.entries[0].id, "is too long to stand in a digest even alone")
    return fitting if fitting.is_joined or forme.is_broken else _learned(setting, stories[: fitting.shown], fitting)


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


def _render(setting: _Setting, stories: tuple[Story, ...]) -> Digest:
    return _joined(setting, stories) or _whole(setting, stories)


def _whole(setting: _Setting, stories: tuple[Story, ...]) -> Digest:
    made = _made(setting, stories)
    if imbalance := first_imbalance(made.html):
        raise TemplateInvalid(setting.layout, f"or a part of it: {imbalance}")
    # What is far too long already is only to be found so: it need not be inlined.
    html = setting.inlined(made.html) if len(made.html) <= 2 * LARGEST_HTML else made.html
    return replace(made, html=html, text=_without_gaps(made.text))


def _joined(setting: _Setting, stories: tuple[Story, ...]) -> Digest | None:
    """Return the digest of these stories made of pieces that are known, None where one is not."""
    if setting.forme.is_broken:
        return None
    made, raw = _in_pieces(setting, stories)
    pieces = setting.forme.joined(raw)
    if not pieces:
        return None
    joined = replace(made, html="".join(pieces), html_pieces=glued(pieces), is_joined=True)
    if setting.forme.is_to_be_tried:
        whole = _whole(setting, stories)
        setting.forme.is_broken = (whole.html, whole.text) != (joined.html, joined.text)
    return None if setting.forme.is_broken else joined


def _learned(setting: _Setting, stories: tuple[Story, ...], whole: Digest) -> Digest:
    """Return a digest with its pieces, where it can be cut."""
    made, raw = _in_pieces(setting, stories)
    pieces = setting.forme.learn(raw, whole.html, mark=setting.mark, inlined=setting.inlined)
    if not pieces or made.text != whole.text:
        setting.forme.is_broken = True
        return whole
    return replace(whole, html_pieces=glued(pieces), text_pieces=made.text_pieces)


def _in_pieces(setting: _Setting, stories: tuple[Story, ...]) -> tuple[Digest, list[str | Own]]:
    """Return what the templates make of stories, and the pieces of its HTML, in which no style is inline yet."""
    mark = f"<!--{setting.mark}-->"
    with marking(mark, Story):
        made = _made(setting, stories)
    text = cut_text(made.text, mark, _without_gaps)
    raw = cut_html(made.html, mark, (made.subject, made.preheader))
    return replace(made, html="", text="".join(text), text_pieces=glued(text)), raw


def _made(setting: _Setting, stories: tuple[Story, ...]) -> Digest:
    """Return what the templates make of stories, as they make it."""
    view, templates, sheets = setting.view, setting.templates, setting.sheets
    leave, preferences = links_shown(setting.mark, has_pages=bool(view.preferences_url))
    shown = replace(view, preferences_url=preferences, page_url=page_shown(setting.mark, view.page_url))
    context = _context(shown, stories, setting.words) | {"leave_url": leave}
    own = {"subject": subject_of(view, setting.words)}
    subject = cut(one_line(view.subject or templates.render("digest/subject.txt", **context, **own)), HEADLINE_LENGTH)
    preheader = beside_subject(one_line(view.preheader or templates.render("digest/preheader.txt", **context)))
    context |= {"subject": subject, "preheader": preheader}
    given = {"client_css": sheets.client, "dark_css": sheets.dark, "filler": FILLER}
    html = templates.render_document(setting.layout, **context, **given)
    text = templates.render_document(f"digest/{view.layout}.txt", **context, rule=text_rule)
    return Digest(subject, preheader, html, text, shown=len(stories), mark=setting.mark)


def _without_gaps(text: str) -> str:
    return WIDE_GAP.sub("\n\n", text)


def sheet_context(view: DigestView | NoticeView, words: Words) -> dict[str, object]:
    """Return what all templates know that stand on the digest's sheet."""
    is_mirrored = view.direction == "rtl"
    return {
        "_": words.text,
        "ngettext": words.count,
        "view": view,
        "theme": view.theme,
        "colours": light_palette(view.theme),
        "why": words.text(
            "You get {newsletter} because you asked for it at {site}.", newsletter=view.title, site=view.site.title
        ),
        "start": "right" if is_mirrored else "left",
        "end": "left" if is_mirrored else "right",
    }


def _context(view: DigestView, stories: tuple[Story, ...], words: Words) -> dict[str, object]:
    start = "right" if view.direction == "rtl" else "left"
    more_count = view.more_count + len(view.entries) - len(stories)
    return sheet_context(view, words) | {
        "stories": stories,
        "lead": stories[0],
        "groups": groups_of(view, stories, words),
        "note": mail_html(view.note, pictures=view.pictures, start=start) if view.note else "",
        "note_text": mail_text(view.note) if view.note else "",
        "corrections": view.corrections,
        "more_count": more_count,
        "more": words.count("{num} more on the web", "{num} more on the web", more_count),
        "more_url": view.more_url or view.site.url,
    }


def beside_subject(text: str) -> str:
    """Return what a mail client shows beside the subject, at its right length: 40 to 130 characters."""
    least, most = PREHEADER
    shown = clip(text, most)
    return (shown if len(shown) >= least else cut(text, most)).ljust(least, "\u00a0")
