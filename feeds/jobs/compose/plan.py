"""The plan of an edition: who lacks which entries, read from one state of the store.

Not here: deciding it (rules.selecting), fixing it (editions).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from feeds.config import NewsletterConfig, SiteConfig
from feeds.model import Edition, Entry, Tag
from feeds.rules.corrections import Amended, Brought, Told, news, owed
from feeds.rules.preferences import EVERYTHING, chooser, topics_of
from feeds.rules.queries import Facts, wanted
from feeds.rules.selecting import (
    MAY_COME_BACK,
    Candidate,
    Choices,
    Kind,
    Readers,
    brought_at,
    choose,
    floor_of,
    lacked,
    levels,
    next_floor,
)
from feeds.rules.series import Turn
from feeds.store import audience, corrections, delivery_changes, editions, entries, fed_entries, tags
from feeds.store.audience import Asked
from feeds.store.batches import batches
from feeds.store.editions import Holding
from feeds.store.engine import Transaction
from feeds.store.newsletters import Seen

STILL_NEWS = timedelta(days=90)  # so long an edit is looked at for corrections that somebody is owed
_NOTHING = frozenset[str]()


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
    asked = _asked(call, site, aliases)
    brought = _brought(tx, call, asked)
    held = editions.holding(tx, [one.entry_id for one in brought], newsletter=call.newsletter.slug)
    fed = _fed(tx, call, brought)
    readers = _gathered(tx, call, asked, brought=brought, held=held, fed=fed)
    selections = {selection: holding.entry_ids for selection, holding in held.items()}
    selections |= {_as_selection(entry_ids): entry_ids for entry_ids in fed.values()}

    # Two rounds: only what somebody lacks is read in full, and only then can query and tastes be asked.
    ids = lacked(brought, readers.kinds, selections)
    fitting, tags_of, facts = _fitting(tx, call.newsletter, site, ids=ids, aliases=aliases)
    told = [
        replace(one, topics=topics_of(facts[one.entry_id]), language=facts[one.entry_id].language)
        for one in brought
        if one.entry_id in fitting
    ]
    choices = choose(
        told,
        readers.called,
        selections=selections,
        minimum=1 if call.only_entry else call.newsletter.minimum,
        maximum=call.newsletter.maximum,
    )
    if call.only_entry:
        _keep_those_with(choices, call.only_entry)
    floor_at = None
    if call.longest is not None:
        is_choosy = any(kind.taste is not EVERYTHING for kind in readers.kinds)
        open_ids = lacked(told, readers.kinds, selections) if is_choosy else set(fitting)
        floor_at = _next_floor(tx, call, brought, held=held, open_ids=open_ids)
    corrected = {one.entry_id for choice in choices.readers for one in choice.corrections}
    amended = {entry.id: entry for entry in entries.list_with(tx, corrected)}
    return Plan(
        choices=choices, audience=readers.awake, floor_at=floor_at, entries=fitting, tags=tags_of, amended=amended
    )


def _asked(call: Call, site: SiteConfig, aliases: Mapping[str, str]) -> Asked:
    """Return whom to ask the store for: those of another zone than the newsletter's own are few."""
    allowed = call.newsletter.allowed_in(site.timezone)
    return Asked(
        call.newsletter.slug,
        only=call.only_reader,
        zone=call.turn.zone if call.turn.zone not in {"", allowed.zone} else None,
        chosen=chooser(allowed, aliases),
    )


@dataclass(frozen=True, slots=True)
class _Debts:
    """The entries that bear corrections which not everyone was told of, and what each selection brought of them."""

    fresh: Sequence[Amended] = ()
    brought: Mapping[str, Brought] = field(default_factory=dict)


def _fed(tx: Transaction, call: Call, brought: Sequence[Candidate]) -> dict[str, frozenset[str]]:
    """Return subscriber id → which of these entries a private feed gave them in place of mail."""
    ids = {one.entry_id for one in brought}
    given = fed_entries.list_of(tx, call.newsletter.slug).items() if ids else ()
    return {who: entry_ids & ids for who, entry_ids in given if not ids.isdisjoint(entry_ids)}


def _as_selection(entry_ids: frozenset[str]) -> str:
    """Return the name by which what a feed gave counts as a selection that was had."""
    return f"fed {' '.join(sorted(entry_ids))}"


def _gathered(
    tx: Transaction,
    call: Call,
    asked: Asked,
    *,
    brought: Sequence[Candidate],
    held: Mapping[str, Holding],
    fed: Mapping[str, frozenset[str]],
) -> Readers:
    """Read the readers of the turn, or all of the newsletter's where its floor may rise, block by block."""
    debts = _debts(tx, call) if brought else _Debts()
    edition_of = {selection: one.edition_id for found in (debts.brought, held) for selection, one in found.items()}
    level, found = levels(brought), Readers()

    @cache
    def standing(had: frozenset[str]) -> tuple[frozenset[str], tuple[Told, ...]]:
        return had.intersection(held), owed(had, debts.fresh, debts.brought)

    for block in batches(audience.list_readers(tx, asked, now=call.now), audience.READ_AT_ONCE):
        ids = [reader.subscriber_id for reader in block]
        had = audience.list_had(tx, edition_of, among=ids)
        given = audience.list_given(tx, call.beside.id, among=ids) if call.beside else ()
        for reader in block:
            name, is_called = reader.subscriber_id, reader.turn is None or call.turn.holds(reader.turn)
            ours, owing = standing(had.get(name, _NOTHING))
            if name in fed:
                ours |= {_as_selection(fed[name])}
            kind = Kind(level(_floor(call, reader.floor_at)), ours, taste=reader.taste)
            is_awake = is_called and not reader.is_resting
            found.awake += is_awake
            if is_awake and name not in given:
                found.called[kind._replace(owed=owing) if owing else kind].add(name)
            elif is_called or call.longest is not None:
                found.others.add(kind)
    return found


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


def _debts(tx: Transaction, call: Call) -> _Debts:
    """Return the corrections to what readers had before that somebody was not told."""
    slug = call.newsletter.slug
    amended = corrections.list_amended(tx, slug, since=min(call.now, call.slot) - STILL_NEWS)
    brought = corrections.list_brought(tx, slug, amended) if amended else {}
    fresh = news(amended, brought.values())
    return _Debts(fresh, brought) if fresh else _Debts()


def _floor(call: Call, floor_at: datetime) -> datetime:
    return floor_of(
        reader=floor_at,
        newsletter=_newsletter_floor(call),
        slot=call.slot,
        first_seen_at=call.seen.first_seen_at,
        length=call.length,
    )


def _newsletter_floor(call: Call) -> datetime:
    floor = call.seen.floor_at or call.seen.first_seen_at
    # One that lies ahead was set while the clock was wrong.
    return floor if floor <= call.now else call.now - call.length


def _brought(tx: Transaction, call: Call, asked: Asked) -> list[Candidate]:
    """Return what was brought since the lowest floor of those who are asked for."""
    lowest, first_seen_at = audience.lowest_floor(tx, asked), call.seen.first_seen_at
    if lowest is None:
        return []
    found = entries.list_brought(tx, _floor(call, lowest), first_seen_at=first_seen_at, until=call.until)
    return [
        _candidate(call, one)
        for one in found
        if one.published_at <= call.slot or (one.live_at and one.live_at > first_seen_at)
        if one.id not in call.without and (call.only_entry in {None, one.id} or one.id in call.along)
    ]


def _candidate(call: Call, one: entries.Brought) -> Candidate:
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
    press = site.press
    facts = {entry_id: press.facts_of(one, by_entry.get(entry_id, ())) for entry_id, one in found.items()}
    return {entry_id: one for entry_id, one in found.items() if query.fits(facts[entry_id])}, by_entry, facts
