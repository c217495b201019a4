"""What there is to compose: newsletters noticed, slots decided; light, since most beats find nothing due.

Not here: composing it (editions).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import Config, NewsletterConfig
from feeds.model import SubscriptionState
from feeds.rules.cadence import Cadence, length_at
from feeds.rules.due import Decision, Memory, Standing, decide
from feeds.rules.newsletters import Changes, Known, changes
from feeds.store import editions, entries, newsletters, runs, subscribers
from feeds.store.engine import Store, Transaction
from feeds.store.newsletters import Seen

JOB = "compose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A newsletter with what the store remembers of it, and what was decided for now.

    ``decision`` is None for a newsletter in which each article is an edition: that has no slots. ``is_fresh`` tells
    whether an entry went live since it was composed last.
    """

    newsletter: NewsletterConfig
    cadence: Cadence
    seen: Seen
    decision: Decision | None
    is_fresh: bool = False

    @property
    def is_due(self) -> bool:
        """Tell whether there may be something to compose, or a slot to pass over."""
        return self.is_fresh if self.decision is None else self.decision.standing in {Standing.DUE, Standing.SKIPPED}


@dataclass(frozen=True, slots=True)
class Noticed:
    """What there is to tell of newsletters that came and went; ``alarms`` want a person's attention."""

    notes: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()


def notice(config: Config, store: Store, now: datetime) -> Noticed:
    """Take note of newsletters that are new, renamed, gone or back; return what there is to tell."""
    with store.reading() as tx:
        found = _changes(config, tx)
        readers = subscribers.count_by_state(tx) if found.gone else {}
    if found:
        with store.writing() as tx:
            _record(config, tx, now)
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
    """Return every newsletter of the config with what is due for it now."""
    with store.reading() as tx:
        seen = newsletters.list_seen(tx)
        return [
            _item(config, tx, seen.get(newsletter.slug), newsletter=newsletter, now=now)
            for newsletter in config.newsletters
        ]


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


def _item(config: Config, tx: Transaction, seen: Seen | None, *, newsletter: NewsletterConfig, now: datetime) -> Item:
    cadence = newsletter.cadence_in(config.site.timezone)
    if seen is None:  # asked before any run has taken note of it
        seen = Seen(slug=newsletter.slug, first_seen_at=now, floor_at=now - length_at(cadence, now))
    if cadence.each_article:
        last = runs.find_last(tx, JOB, newsletter.slug)
        is_fresh = entries.last_sequence(tx) > (last.report.get("sequence", 0) if last else 0)
        return Item(newsletter=newsletter, cadence=cadence, seen=seen, decision=None, is_fresh=is_fresh)
    memory = Memory(
        first_seen_at=seen.first_seen_at,
        slot_at=seen.slot_at,
        cadence=seen.cadence or "",
        last_edition_at=editions.last_due_at(tx, newsletter.slug),
    )
    decision = decide(cadence, memory, now=now, catch_up=newsletter.catch_up, lateness=newsletter.lateness)
    return Item(newsletter=newsletter, cadence=cadence, seen=seen, decision=decision)
