"""The notices that readers are written by what they do here, made ready to be sent.

Not here: when one is written (asking, confirming, leaving_by_link, managing), sending it (deliver).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from feeds.config import NewsletterConfig
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.links import Held, good_for, notice_url, subscription_url
from feeds.model import Notice, NoticeKind, Subscriber
from feeds.rendering.cadences import cadence_words
from feeds.rendering.notices import notice_parts
from feeds.rendering.views import Latest, NoticeTopic, NoticeView
from feeds.rendering.words import words_for
from feeds.rules.asking import BACK_WITHIN
from feeds.rules.reader_tokens import Purpose
from feeds.store import notices
from feeds.store.engine import Transaction


def link_notice(
    tx: Transaction,
    desk: Desk,
    kind: NoticeKind,
    *,
    who: Subscriber,
    language: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> Notice:
    """Return a notice that brings a link to ``who.address``; ``facts`` are what the link stands for."""
    notice_id, purpose = notices.new_id(), Purpose(kind)
    about = [one for slug in facts.get("newsletters", ()) if (one := desk.newsletter(slug))]
    view = replace(
        _view(desk, kind, about, address=who.address, language=language, now=now, said=facts.get("said")),
        action_url=notice_url(tx, desk, purpose, notice_id=notice_id, now=now),
        good_until=now + good_for(desk, purpose),
        wording=facts.get("wording", ""),
    )
    return _notice(desk, view, who, notice_id=notice_id, facts=facts)


def welcome_notice(
    tx: Transaction,
    desk: Desk,
    held: Held,
    *,
    language: str,
    now: datetime,
    said: Mapping[str, str],
    latest: Latest | None = None,
) -> Notice:
    """Return what welcomes a reader to a newsletter, with its latest edition or none; it is left as any of it is.

    ``said`` is newsletter → what was chosen of it, in words.
    """
    about, address = _about(desk, held), held.subscriber.address
    view = replace(
        _view(desk, NoticeKind.WELCOME, about, address=address, language=language, now=now, said=said),
        preferences_url=subscription_url(tx, desk, Purpose.PREFERENCES, of=held.subscription, now=now),
        latest=latest,
    )
    return _notice(desk, view, held.subscriber, newsletter=held.subscription.newsletter, facts={"said": dict(said)})


def left_notice(tx: Transaction, desk: Desk, held: Held, *, now: datetime) -> Notice:
    """Return what tells a reader that they left, with the link that undoes it."""
    about = _about(desk, held)
    language = held.subscriber.language or (about[0].language if about else None) or desk.site.language
    view = replace(
        _view(desk, NoticeKind.LEFT, about, address=held.subscriber.address, language=language, now=now),
        action_url=subscription_url(tx, desk, Purpose.BACK, of=held.subscription, now=now),
        good_until=now + BACK_WITHIN,
    )
    return _notice(desk, view, held.subscriber, newsletter=held.subscription.newsletter)


def _view(
    desk: Desk,
    kind: NoticeKind,
    about: Sequence[NewsletterConfig],
    *,
    address: str,
    language: str,
    now: datetime,
    said: Mapping[str, str] | None = None,
) -> NoticeView:
    words, folder = words_for(language, desk.templates), f"{desk.config.site.url}newsletters/"
    first, chosen = about[0] if about else desk.config.newsletters[0], said or {}
    return NoticeView(
        site=desk.site,
        kind=kind,
        date=now,
        address=address,
        reply_to=(first.reply_to or desk.config.readers.sender or first.sender).email,
        language=language,
        newsletters=tuple(
            NoticeTopic(one.title, f"{folder}{one.slug}/", chosen.get(one.slug) or cadence_words(one.cadence, words))
            for one in about
        ),
    )


def _notice(
    desk: Desk,
    view: NoticeView,
    who: Subscriber,
    *,
    notice_id: str = "",
    newsletter: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Notice:
    facts = facts or {}
    of_which = newsletter or next(iter(facts.get("newsletters", ())), "")
    return Notice(
        id=notice_id or notices.new_id(),
        kind=view.kind,
        newsletter=newsletter,
        subscriber_id=who.id,
        address=view.address,
        created_at=view.date,
        facts=facts,
        parts=notice_parts(desk.config, view, desk.templates, newsletter=of_which),
    )


def _about(desk: Desk, held: Held) -> list[NewsletterConfig]:
    found = desk.newsletter(held.subscription.newsletter)
    return [found] if found else []
