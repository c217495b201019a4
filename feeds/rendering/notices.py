"""A notice as mail content: subject, HTML in the digest's look, a text part of its own, the head of its message.

Not here: who gets one and why (jobs), keeping it (store), the message that its parts make (galley).
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from feeds.config import Config, Layout, NewsletterConfig
from feeds.errors import TemplateInvalid
from feeds.model import NoticeKind, whole_part
from feeds.rendering.balance import first_imbalance
from feeds.rendering.confined import LIMITS, Limits, confined
from feeds.rendering.digest import FILLER, WIDE_GAP, Group, beside_subject, sheet_context, text_rule
from feeds.rendering.digest_story import Story, story_of
from feeds.rendering.edition import host_of, parts_of
from feeds.rendering.environment import Templates
from feeds.rendering.fields import links_shown, mark_of
from feeds.rendering.inlining import inline
from feeds.rendering.message import LONGEST_SUBJECT
from feeds.rendering.sheets import sheets_of
from feeds.rendering.text import cut, one_line
from feeds.rendering.views import Digest, DigestView, Frame, Mailbox, NoticeView
from feeds.rendering.wording import listed
from feeds.rendering.words import Words, words_for
from feeds.rules.message_identity import list_id

PAGE, TEXT = "notices/base.html", "notices/base.txt"
# Only who is subscribed has something to leave; all else is one person's own affair, and of no list.
OF_A_LIST = frozenset({NoticeKind.WELCOME})


def notice_parts(config: Config, view: NoticeView, templates: Templates, *, newsletter: str = "") -> dict[str, bytes]:
    """Render a notice about a newsletter, "" for none; return the parts of it that are stored.

    Raises TemplateInvalid.
    """
    parts = parts_of(render_notice(view, templates), frame_for(config, view.kind, newsletter=newsletter))
    return {name: whole_part(part) for name, part in parts.items()}


def render_notice(view: NoticeView, templates: Templates, limits: Limits = LIMITS) -> Digest:
    """Render a notice: in a child where the site has templates of its own; raise TemplateInvalid."""
    made: Digest = confined(render_here, view, templates, name=f"notices/{view.kind}.html", limits=limits)
    return made


def render_here(view: NoticeView, templates: Templates) -> Digest:
    """Render a notice in this process."""
    words, mark = words_for(view.language, templates), mark_of(view)
    leave, preferences = links_shown(mark, has_pages=bool(view.preferences_url))
    context = _context(replace(view, preferences_url=preferences), words) | {"leave_url": leave}
    subject = cut(one_line(templates.render("notices/subject.txt", **context)), LONGEST_SUBJECT)
    preheader = beside_subject(one_line(templates.render("notices/preheader.txt", **context)))
    context |= {"subject": subject, "preheader": preheader}
    sheets = sheets_of(view.theme, templates)
    html = templates.render_document(PAGE, **context, client_css=sheets.client, dark_css=sheets.dark, filler=FILLER)
    if imbalance := first_imbalance(html):
        raise TemplateInvalid(f"notices/{view.kind}.html", f"or a part of it: {imbalance}")
    text = WIDE_GAP.sub("\n\n", templates.render_document(TEXT, **context, rule=text_rule))
    return Digest(subject, preheader, inline(html, sheets.style, name=PAGE), text, mark=mark)


def frame_for(config: Config, kind: NoticeKind, *, newsletter: str = "") -> Frame:
    """Return what a notice's message has at its head: its sender is that of [readers], or of the newsletter.

    Of several newsletters, or none, the first one's.
    """
    about = _newsletter(config, newsletter)
    sender = config.readers.sender or about.sender
    reply_to = about.reply_to
    is_of_list = kind in OF_A_LIST
    return Frame(
        sender=Mailbox(sender.name, sender.email),
        list_id=list_id(about.slug, host_of(config)) if is_of_list else "",
        leave_url=leave_by_mail((reply_to or sender).email),
        feedback_id=f"{kind}:{about.slug}:notice:{config.site.id.hex[:12]}",
        return_path=(about.return_path or sender).email,
        reply_to=Mailbox(reply_to.name, reply_to.email) if reply_to else None,
        readers_at=config.site.url if is_of_list and config.readers.pages else "",
    )


def leave_by_mail(reply_to: str) -> str:
    """Return the mailto link by which readers leave who have none of their own (RFC 6068)."""
    return f"mailto:{quote(reply_to, safe='@+')}?subject=unsubscribe"


def _newsletter(config: Config, slug: str) -> NewsletterConfig:
    named = (one for one in config.newsletters if one.slug == slug)
    return next(named, config.newsletters[0])


def _context(view: NoticeView, words: Words) -> dict[str, object]:
    """Return what the templates know; what only digests have is empty, since a notice stands on the same sheet."""
    return sheet_context(view, words) | {
        "newsletters": listed([one.title for one in view.newsletters], view.language),
        "action": _action(view.kind, words),
        "note": "",
        "note_text": "",
        "corrections": (),
        "more_count": 0,
        "stories": _stories(view, words),
        "group": Group("", ()),
    }


def _stories(view: NoticeView, words: Words) -> tuple[Story, ...]:
    """Return the entries of the edition that a notice carries, as a reading list shows them."""
    if view.latest is None:
        return ()
    digest = DigestView(
        site=view.site,
        slug="",
        title=view.title,
        date=view.latest.at,
        entries=view.latest.entries,
        reply_to=view.reply_to,
        language=view.language,
        direction=view.direction,
        time_zone=view.time_zone,
        layout=Layout.READING_LIST,
    )
    return tuple(story_of(entry, digest, words) for entry in digest.entries)


def _action(kind: NoticeKind, words: Words) -> str:
    """Return what stands on the button."""
    if kind is NoticeKind.MANAGE:
        return words.text("See my subscriptions")
    return words.text("Subscribe again") if kind is NoticeKind.LEFT else words.text("Confirm")
