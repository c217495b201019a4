"""A reader is welcomed to a newsletter, where the config says so with its latest edition: each entry of it is had then.

Not here: who is welcomed (confirming), how it is said (mailing), what comes next (jobs.compose).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import NewsletterConfig
from feeds.jobs.subscribe.desk import Desk
from feeds.jobs.subscribe.links import Held
from feeds.jobs.subscribe.mailing import welcome_notice
from feeds.model import Edition, EditionState, Entry, Notice
from feeds.rendering.views import Latest
from feeds.rendering.words import words_for
from feeds.rules.preferences import Taste, chooser, topics_of
from feeds.rules.printing import print_entry
from feeds.rules.series import folder_of
from feeds.store import audience, editions, entries, fed_entries, notices, printed_editions, subscribers, tags
from feeds.store.editions import Selected, Selection, selection_of
from feeds.store.engine import Transaction


@dataclass(frozen=True, slots=True)
class Carried:
    """What a welcome carries: the latest edition as it is shown, and the selection that the reader has had by it."""

    latest: Latest
    selection: Selection


def welcome(tx: Transaction, desk: Desk, held: Held, *, language: str, said: Mapping[str, str], now: datetime) -> None:
    """Have a reader welcomed to a newsletter; what the mail carries is theirs from then on.

    ``said`` is newsletter → what was chosen of it, in words.
    """
    notice, brings = _made(tx, desk, held, language=language, said=said, now=now)
    notices.add(tx, notice, transport=desk.config.transport.name, brings=brings)


def take_out_withdrawn(desk: Desk, *, now: datetime) -> int:
    """Make welcomes anew that wait to be sent and carry what is public no more; return how many."""
    with desk.store.writing() as tx:
        stale = notices.list_stale(tx)
        for notice in stale:
            who = subscribers.find(tx, notice.subscriber_id)
            there = subscribers.list_subscriptions(tx, [notice.subscriber_id])
            subscription = there.get((notice.subscriber_id, notice.newsletter))
            if who is None or subscription is None or desk.newsletter(notice.newsletter) is None:
                continue
            held, language = Held(subscriber=who, subscription=subscription), who.language or desk.site.language
            notices.replace_queued(tx, notice, brings=None)  # what it was to bring they have not had
            made, brings = _made(tx, desk, held, language=language, said=notice.facts["said"], now=now)
            notices.replace_queued(tx, replace(notice, parts=made.parts), brings=brings)
    return len(stale)


def _made(
    tx: Transaction, desk: Desk, held: Held, *, language: str, said: Mapping[str, str], now: datetime
) -> tuple[Notice, str | None]:
    """Return a welcome, and the selection that it carries, which is stored."""
    carried = _carried(tx, desk, held, language=language)
    if carried is None:
        return welcome_notice(tx, desk, held, language=language, said=said, now=now), None
    editions.add_selection(tx, carried.selection)
    notice = welcome_notice(tx, desk, held, language=language, said=said, now=now, latest=carried.latest)
    return notice, carried.selection.id


def _carried(tx: Transaction, desk: Desk, held: Held, *, language: str) -> Carried | None:
    """Return the latest edition as a reader is given it, None where there is nothing of it for them.

    It is that of the series that they chose, or the newsletter's own: what is public of it now, to their taste, and
    not had by them before.
    """
    newsletter = desk.newsletter(held.subscription.newsletter)
    if newsletter is None or not newsletter.welcome_edition:
        return None
    allowed = newsletter.allowed_in(desk.config.site.timezone)
    chosen = chooser(allowed, tags.list_aliases(tx))
    turn, taste = chosen(json.dumps(dict(held.subscription.preferences)), held.subscriber.timezone)
    edition = _latest(tx, turn.series.name) or _latest(tx, newsletter.slug)
    found = _entries(tx, desk, held, edition=edition, taste=taste) if edition else []
    if edition is None or not found:
        return None
    by_entry = tags.by_entry(tx, [entry.id for entry in found])
    press = desk.config.site.press
    printed = tuple(print_entry(entry, press, by_entry.get(entry.id, ())) for entry in found)
    latest = Latest(
        edition=words_for(language, desk.templates).text("No. {number}", number=edition.number),
        at=edition.due_at,
        url=_page_url(desk, newsletter, edition),
        entries=printed,
    )
    return Carried(latest, selection_of(edition.id, tuple(Selected(one.id, one.revision, False) for one in found)))


def _latest(tx: Transaction, series: str) -> Edition | None:
    found = printed_editions.list_newest(tx, series, 1)
    return found[0] if found and found[0].state is EditionState.COMPOSED else None


def _entries(tx: Transaction, desk: Desk, held: Held, *, edition: Edition, taste: Taste) -> list[Entry]:
    """Return the entries that an edition shows to most of its readers, in order: those that a new reader is given."""
    main = printed_editions.main_entries(tx, [edition.id]).get(edition.id, [])
    ids = [one.entry_id for one in main if not one.named_only]
    had = _had(tx, held, ids)
    public = {one.id: one for one in entries.list_with(tx, ids) if one.is_public and one.id not in had}
    by_entry, press = tags.by_entry(tx, ids), desk.config.site.press

    def is_wanted(entry: Entry) -> bool:
        facts = press.facts_of(entry, by_entry.get(entry.id, ()))
        return taste.wants(topics_of(facts), facts.language)

    return [public[one] for one in ids if one in public and is_wanted(public[one])]


def _had(tx: Transaction, held: Held, ids: Iterable[str]) -> set[str]:
    """Return which of these entries a reader has had of the newsletter, by mail or a feed, as who was one before."""
    holding = editions.holding(tx, list(ids), newsletter=held.subscription.newsletter)
    of = {selection: one.edition_id for selection, one in holding.items()}
    theirs = audience.list_had(tx, of, among=[held.subscriber.id]).get(held.subscriber.id, frozenset())
    fed = fed_entries.list_of(tx, held.subscription.newsletter, held.subscriber.id).get(held.subscriber.id, frozenset())
    return {entry_id for selection in theirs for entry_id in holding[selection].entry_ids} | fed


def _page_url(desk: Desk, newsletter: NewsletterConfig, edition: Edition) -> str:
    return f"{desk.site.url}{folder_of(edition.series)}/{edition.number}/" if newsletter.feed else ""
