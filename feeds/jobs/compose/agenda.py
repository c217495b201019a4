"""What there is to compose: newsletters and turns noticed, slots decided; light, since most beats find nothing due.

Not here: what is decided (items), composing it (editions).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import Config, NewsletterConfig
from feeds.jobs.compose.items import Item, list_items, mark_decided, record_composed
from feeds.model import SubscriptionState
from feeds.rules.cadence import length_at
from feeds.rules.due import SKIP_AFTER, Standing
from feeds.rules.newsletters import Changes, Known, changes
from feeds.rules.preferences import chooser
from feeds.store import audience, entries, newsletters, runs, subscribers, turns
from feeds.store.engine import Store, Transaction
from feeds.store.turns import key_of


@dataclass(frozen=True, slots=True)
class Noticed:
    """What there is to tell of newsletters that came and went; ``alarms`` want a person's attention."""

    notes: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


def notice(config: Config, store: Store, now: datetime) -> Noticed:
    """Take note of newsletters that are new, renamed, gone or back, and of turns; return what there is to tell."""
    with store.reading() as tx:
        found = _changes(config, tx)
        readers = subscribers.count_by_state(tx) if found.gone else {}
    if found:
        with store.writing() as tx:
            _record(config, tx, now)
    _settle_turns(config, store, now)
    notes = (f"newsletter {old} is now {new}, with its readers and editions" for old, new in found.renamed)
    left = ((slug, readers.get(slug, {}).get(SubscriptionState.ACTIVE, 0)) for slug in found.gone)
    gone = (
        f"newsletter {slug} is gone from the config, and its readers ({number}) are mailed nothing;"
        f' put it back, or write renamed_from = "{slug}" where it has a new slug'
        for slug, number in left
        if number
    )
    return Noticed(tuple(notes), (*gone, *found.notes))


def notice_renamed(config: Config, store: Store) -> None:
    """Take note of newsletters that are renamed alone, so that readers are found under the new name.

    When one was first there is told by its first run: what was in the store by then is no news to anybody.
    """
    with store.writing() as tx:
        for old, new in _changes(config, tx).renamed:
            newsletters.rename(tx, old, new)


def agenda(config: Config, store: Store, now: datetime) -> list[Item]:
    """Return every newsletter of the config, and each turn beside its home, with what is due for it now."""
    with store.reading() as tx:
        return list_items(config, tx, now)


def next_slot(item: Item, at: datetime) -> datetime:
    """Return the slot of the edition that comes next, seen from an instant; that instant where none is to come."""
    if item.decision is None:
        return at
    is_due = item.decision.standing is Standing.DUE
    return (item.decision.slot if is_due else item.decision.next_at) or at


def _changes(config: Config, tx: Transaction) -> Changes:
    bare, seen = newsletters.list_bare(tx), newsletters.list_seen(tx).values()
    known = {one.slug: Known(one.gone_at is not None, one.renamed_to, one.slug in bare) for one in seen}
    found = changes(known, {newsletter.slug: newsletter.renamed_from for newsletter in config.newsletters})
    return replace(found, new=()) if _waits_for_articles(tx) else found


def _waits_for_articles(tx: Transaction) -> bool:
    """Tell whether the store is empty because its sources cannot be read: the archive is then still to come."""
    last = runs.find_last(tx, "sync")
    unread = last is not None and any(source.get("problem") for source in last.report.get("sources", ()))
    return unread and not entries.last_sequence(tx)


def _record(config: Config, tx: Transaction, now: datetime) -> None:
    found = _changes(config, tx)  # anew: this transaction may be another's second
    for old, new in found.renamed:
        newsletters.rename(tx, old, new)
    for newsletter in _named(config.newsletters, found.new):
        floor = now - length_at(newsletter.cadence_in(config.site.timezone), now)
        newsletters.add(tx, newsletter.slug, at=now, floor_at=floor)
    for slug in found.gone:
        newsletters.mark_gone(tx, slug, now)
    for slug in found.back:
        newsletters.mark_gone(tx, slug, None)


def _named(found: Iterable[NewsletterConfig], slugs: Iterable[str]) -> list[NewsletterConfig]:
    wanted = set(slugs)
    return [newsletter for newsletter in found if newsletter.slug in wanted]


def _settle_turns(config: Config, store: Store, now: datetime) -> None:
    """Remember the turns that there are, and no others; pass over the slots of those in which nobody is."""
    with store.reading() as tx:
        beside = [item for item in list_items(config, tx, now) if not item.is_home]
        surplus = turns.list_seen(tx).keys() - {key_of(item.turn) for item in beside}
        is_new = any(not item.is_noticed for item in beside)
        idle = _without_readers(config, tx, [item for item in beside if item.is_due])
        begun_at, last = _begun_at(tx, now), entries.last_sequence(tx)
    if not (is_new or surplus or idle):
        return
    with store.writing() as tx:
        known = turns.list_seen(tx)  # anew: another may have been here
        turns.drop(tx, surplus)
        turns.add(tx, (item.turn for item in beside if key_of(item.turn) not in known), begun_at=begun_at)
        for item in idle:
            if item.decision is None:
                record_composed(tx, item.turn, sequence=last, at=now)
            elif item.decision.slot:
                mark_decided(tx, item, item.decision.slot)


def _without_readers(config: Config, tx: Transaction, due: list[Item]) -> list[Item]:
    by_slug = {item.newsletter.slug: item.newsletter for item in due}
    found = {
        turn
        for newsletter in by_slug.values()
        for turn in audience.list_turns(tx, newsletter.slug, chooser(newsletter.allowed_in(config.site.timezone)))
    }
    return [item for item in due if item.turn not in found]


def _begun_at(tx: Transaction, now: datetime) -> datetime:
    """Return since when slots count of a turn that is new.

    Whoever made it came after the last run, and so may its first slot have, if only it is not long past by now.
    """
    last = runs.find_last(tx, runs.PRESS_RUN)
    return max(last.started_at, now - SKIP_AFTER) if last and last.started_at <= now else now
