"""The plan of an edition: who lacks which entries, read from one state of the store.

Not here: deciding it (rules.selecting), fixing it (editions).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.config import NewsletterConfig, SiteConfig
from feeds.model import Entry, Tag
from feeds.rules.corrections import news, owed
from feeds.rules.queries import Facts, facts_of, wanted
from feeds.rules.selecting import Candidate, Choices, Reader, brought_at, choose, floor_of, next_floor
from feeds.store import audience, corrections, delivery_changes, editions, entries, tags
from feeds.store.engine import Transaction
from feeds.store.entries import Brought
from feeds.store.newsletters import Seen

MAY_COME_BACK = timedelta(days=90)  # so long a withdrawn entry is not given up
STILL_NEWS = timedelta(days=90)  # so long an edit is looked at for corrections that somebody is owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked for: an edition of a newsletter for a slot; ``length`` is one cadence, in time.

    ``until`` counts as live what will be by then.
    ``only_entry`` makes it the edition of that entry, ``only_reader`` (an address key) what that reader would get.
    """

    newsletter: NewsletterConfig
    seen: Seen
    slot: datetime
    length: timedelta
    now: datetime
    until: datetime | None = None
    only_entry: str | None = None
    only_reader: str | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who gets what; ``audience`` counts all who may be mailed. ``entries`` and ``tags`` are by entry id.

    ``amended`` are the entries of which corrections are told, by id. ``floor_at`` is a floor below which nobody lacks
    anything, None where there is none to tell of.
    """

    choices: Choices
    audience: int
    floor_at: datetime | None
    entries: Mapping[str, Entry]
    tags: Mapping[str, tuple[Tag, ...]]
    amended: Mapping[str, Entry]


def plan(tx: Transaction, call: Call, site: SiteConfig) -> Plan:
    """Read who may be mailed, what each of them lacks, and the entries that it takes."""
    found = audience.list_readers(tx, call.newsletter.slug, now=call.now, only=call.only_reader)
    readers = [replace(reader, floor_at=_floor(call, reader)) for reader in found]
    brought = _brought(tx, call, readers)
    held = editions.holding(tx, [one.entry_id for one in brought], newsletter=call.newsletter.slug)
    had = audience.list_had(tx, {selection: holding.edition_id for selection, holding in held.items()})
    readers = [
        replace(reader, had=had[reader.subscriber_id]) if reader.subscriber_id in had else reader for reader in readers
    ]
    selections = {selection: holding.entry_ids for selection, holding in held.items()}

    # Two rounds: only what somebody lacks is read in full, and only then can the query be asked.
    lacking = choose(brought, readers, selections=selections, minimum=1, maximum=len(brought))
    lacked = {one.entry_id for choice in lacking.readers for one in choice.shown}
    fitting, tags_of = _fitting(tx, call.newsletter, site, ids=lacked)
    awake = [reader for reader in readers if not reader.is_resting]
    choices = choose(
        [one for one in brought if one.entry_id in fitting],
        _owed(tx, call, awake) if fitting else awake,
        selections=selections,
        minimum=1 if call.only_entry else call.newsletter.minimum,
        maximum=call.newsletter.maximum,
    )
    may_fail = delivery_changes.list_unsettled(tx, {holding.edition_id for holding in held.values()})
    open_ids = {*fitting, *(entry_id for selection in may_fail & held.keys() for entry_id in selections[selection])}
    gone = [_candidate(call, one) for one in entries.list_withdrawn(tx, since=call.now - MAY_COME_BACK)]
    open_ids |= {one.entry_id for one in gone}
    floor_at = next_floor([*brought, *gone], open_ids=open_ids, latest=call.now - call.length)
    told = {one.entry_id for choice in choices.readers for one in choice.corrections}
    amended = {entry.id: entry for entry in entries.list_with(tx, told)}
    return Plan(choices=choices, audience=len(awake), floor_at=floor_at, entries=fitting, tags=tags_of, amended=amended)


def _owed(tx: Transaction, call: Call, readers: Sequence[Reader]) -> list[Reader]:
    """Return the readers, each with the corrections to what they had before that nobody told them."""
    slug = call.newsletter.slug
    amended = corrections.list_amended(tx, slug, since=min(call.now, call.slot) - STILL_NEWS)
    brought = corrections.list_brought(tx, slug, amended) if amended else {}
    fresh = news(amended, brought.values())
    if not fresh:
        return list(readers)
    had = audience.list_had(tx, {selection: one.edition_id for selection, one in brought.items()})
    debts = owed(had, fresh, brought)
    return [
        replace(reader, owed=debts[reader.subscriber_id]) if reader.subscriber_id in debts else reader
        for reader in readers
    ]


def _floor(call: Call, reader: Reader) -> datetime:
    return floor_of(
        reader=reader.floor_at,
        newsletter=_newsletter_floor(call),
        slot=call.slot,
        first_seen_at=call.seen.first_seen_at,
        length=call.length,
    )


def _newsletter_floor(call: Call) -> datetime:
    floor = call.seen.floor_at or call.seen.first_seen_at
    # One that lies ahead was set while the clock was wrong.
    return floor if floor <= call.now else call.now - call.length


def _brought(tx: Transaction, call: Call, readers: Sequence[Reader]) -> list[Candidate]:
    if not readers:
        return []
    first_seen_at = call.seen.first_seen_at
    floor = min(reader.floor_at for reader in readers)
    found = entries.list_brought(tx, floor, first_seen_at=first_seen_at, until=call.until)
    return [
        _candidate(call, one)
        for one in found
        if one.published_at <= call.slot or (one.live_at and one.live_at > first_seen_at)
        if one.id not in call.without and call.only_entry in {None, one.id}
    ]


def _candidate(call: Call, one: Brought) -> Candidate:
    at = brought_at(one.live_at, one.published_at, first_seen_at=call.seen.first_seen_at)
    return Candidate(one.id, one.revision, at)


def _fitting(
    tx: Transaction, newsletter: NewsletterConfig, site: SiteConfig, *, ids: Collection[str]
) -> tuple[dict[str, Entry], Mapping[str, tuple[Tag, ...]]]:
    """Return those of the entries that the newsletter asks for, and all tags."""
    by_entry = tags.by_entry(tx) if ids else {}
    query = wanted(newsletter.query, tags.list_aliases(tx))
    return {
        one.id: one for one in entries.list_with(tx, ids) if query.fits(facts_in_print(one, by_entry, site))
    }, by_entry


def facts_in_print(entry: Entry, by_entry: Mapping[str, tuple[Tag, ...]], site: SiteConfig) -> Facts:
    """Return what a query asks of an entry, with the site's language and author where it names none."""
    slugs = {tag.slug for tag in by_entry.get(entry.id, ())}
    return facts_of(entry, slugs, site_language=site.language, site_author=site.author or "")
