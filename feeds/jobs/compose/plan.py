"""The plan of an edition: who lacks which entries, read from one state of the store.

Not here: deciding it (rules.selecting), fixing it (editions).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.config import NewsletterConfig, SiteConfig
from feeds.model import Edition, Entry, Tag
from feeds.rules.corrections import news, owed
from feeds.rules.preferences import EVERYTHING, chooser, topics_of
from feeds.rules.queries import Facts, facts_of, wanted
from feeds.rules.selecting import MAY_COME_BACK, Candidate, Choices, Reader, brought_at, choose, floor_of, next_floor
from feeds.rules.series import Turn
from feeds.store import audience, corrections, delivery_changes, editions, entries, fed_entries, tags
from feeds.store.editions import Holding
from feeds.store.engine import Transaction
from feeds.store.entries import Brought
from feeds.store.newsletters import Seen

STILL_NEWS = timedelta(days=90)  # so long an edit is looked at for corrections that somebody is owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked for: an edition for the readers of a turn, for a slot; ``length`` is one cadence, in time.

    ``longest`` is that of the longest which the newsletter's readers may have, and tells that the plan is to say how
    far its floor may rise. ``until`` counts as live what will be by then. ``only_entry`` makes it the edition of that
    entry, with which comes what is among ``along``; ``only_reader`` (an address key) what that reader would get.
    ``beside`` is an edition that there is, to which more readers come.
    """

    newsletter: NewsletterConfig
    seen: Seen
    turn: Turn
    slot: datetime
    length: timedelta
    now: datetime
    longest: timedelta | None = None
    beside: Edition | None = None
    until: datetime | None = None
    only_entry: str | None = None
    along: frozenset[str] = frozenset()
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
    aliases = tags.list_aliases(tx)
    readers = _readers(tx, call, site, aliases=aliases)
    brought = _brought(tx, call, readers)
    held = editions.holding(tx, [one.entry_id for one in brought], newsletter=call.newsletter.slug)
    had = audience.list_had(tx, {selection: holding.edition_id for selection, holding in held.items()})
    readers = [
        replace(reader, had=had[reader.subscriber_id]) if reader.subscriber_id in had else reader for reader in readers
    ]
    selections = {selection: holding.entry_ids for selection, holding in held.items()}
    # What a private feed gave a reader in place of mail is as a selection that they alone have had.
    fed = {f"fed/{who}": ids for who, ids in fed_entries.list_of(tx, call.newsletter.slug).items()}
    selections |= fed
    readers = [replace(one, had=one.had | ({f"fed/{one.subscriber_id}"} & fed.keys())) for one in readers]

    # Two rounds: only what somebody lacks is read in full, and only then can query and tastes be asked.
    lacked = _lacked(brought, readers, selections)
    fitting, tags_of, facts = _fitting(tx, call.newsletter, site, ids=lacked, aliases=aliases)
    told = [
        replace(one, topics=topics_of(facts[one.entry_id]), language=facts[one.entry_id].language)
        for one in brought
        if one.entry_id in fitting
    ]
    awake = [reader for reader in readers if not reader.is_resting and _is_called(call, reader)]
    given = audience.list_given(tx, call.beside.id) if call.beside else set()
    ours = [reader for reader in awake if reader.subscriber_id not in given]
    choices = choose(
        told,
        _owed(tx, call, ours) if fitting else ours,
        selections=selections,
        minimum=1 if call.only_entry else call.newsletter.minimum,
        maximum=call.newsletter.maximum,
    )
    if call.only_entry:
        _keep_those_with(choices, call.only_entry)
    floor_at = None
    if call.longest is not None:
        is_choosy = any(reader.taste is not EVERYTHING for reader in readers)
        open_ids = _lacked(told, readers, selections) if is_choosy else set(fitting)
        floor_at = _next_floor(tx, call, brought, held=held, open_ids=open_ids)
    corrected = {one.entry_id for choice in choices.readers for one in choice.corrections}
    amended = {entry.id: entry for entry in entries.list_with(tx, corrected)}
    return Plan(choices=choices, audience=len(awake), floor_at=floor_at, entries=fitting, tags=tags_of, amended=amended)


def _readers(tx: Transaction, call: Call, site: SiteConfig, *, aliases: Mapping[str, str]) -> list[Reader]:
    """Return the readers of the turn, or all of the newsletter's where its floor may rise; each with their floor."""
    allowed = call.newsletter.allowed_in(site.timezone)
    is_elsewhere = call.turn.zone not in {"", allowed.zone}
    found = audience.list_readers(
        tx,
        call.newsletter.slug,
        now=call.now,
        only=call.only_reader,
        zone=call.turn.zone if is_elsewhere else None,
        chosen=chooser(allowed, aliases),
    )
    is_whole = call.longest is not None
    return [replace(one, floor_at=_floor(call, one)) for one in found if is_whole or _is_called(call, one)]


def _is_called(call: Call, reader: Reader) -> bool:
    return reader.turn is None or call.turn.holds(reader.turn)


def _lacked(
    candidates: Sequence[Candidate], readers: Sequence[Reader], selections: Mapping[str, frozenset[str]]
) -> set[str]:
    """Return what at least one of the readers lacks, those included who rest."""
    lacking = choose(candidates, readers, selections=selections, minimum=1, maximum=len(candidates))
    return {one.entry_id for choice in lacking.readers for one in choice.shown}


def _keep_those_with(choices: Choices, entry_id: str) -> None:
    """Keep the choices that hold an entry: without it what comes along makes no edition."""
    for choice in list(choices.readers):
        if all(one.entry_id != entry_id for one in (*choice.shown, *choice.named)):
            del choices.readers[choice]


def _next_floor(
    tx: Transaction, call: Call, brought: Sequence[Candidate], *, held: Mapping[str, Holding], open_ids: set[str]
) -> datetime | None:
    """Return a floor below which nobody lacks anything; ``open_ids`` are the entries that somebody lacks now."""
    may_fail = delivery_changes.list_unsettled(tx, {holding.edition_id for holding in held.values()})
    unsettled = {entry_id for selection in may_fail & held.keys() for entry_id in held[selection].entry_ids}
    gone = [_candidate(call, one) for one in entries.list_withdrawn(tx, since=call.now - MAY_COME_BACK)]
    still_open = {*open_ids, *unsettled, *(one.entry_id for one in gone)}
    return next_floor([*brought, *gone], open_ids=still_open, latest=call.now - (call.longest or call.length))


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
        if one.id not in call.without and (call.only_entry in {None, one.id} or one.id in call.along)
    ]


def _candidate(call: Call, one: Brought) -> Candidate:
    at = brought_at(one.live_at, one.published_at, first_seen_at=call.seen.first_seen_at)
    return Candidate(one.id, one.revision, at)


def _fitting(
    tx: Transaction,
    newsletter: NewsletterConfig,
    site: SiteConfig,
    *,
    ids: Collection[str],
    aliases: Mapping[str, str],
) -> tuple[dict[str, Entry], Mapping[str, tuple[Tag, ...]], Mapping[str, Facts]]:
    """Return those of the entries that the newsletter asks for, all tags, and what tastes ask of the entries."""
    by_entry = tags.by_entry(tx) if ids else {}
    query = wanted(newsletter.query, aliases)
    found = {one.id: one for one in entries.list_with(tx, ids)}
    facts = {entry_id: facts_in_print(one, by_entry, site) for entry_id, one in found.items()}
    return {entry_id: one for entry_id, one in found.items() if query.fits(facts[entry_id])}, by_entry, facts


def facts_in_print(entry: Entry, by_entry: Mapping[str, tuple[Tag, ...]], site: SiteConfig) -> Facts:
    """Return what a query asks of an entry, with the site's language and author where it names none."""
    slugs = {tag.slug for tag in by_entry.get(entry.id, ())}
    return facts_of(entry, slugs, site_language=site.language, site_author=site.author or "")
