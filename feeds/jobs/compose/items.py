"""Items: what is decided of a newsletter's home, and of each turn beside it that its readers' choices make.

Light: asked at each beat. Not here: noticing newsletters and turns (agenda), composing what is due (editions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.config import Config, NewsletterConfig
from feeds.jobs.compose.report import Chosen, ComposeReport, Outcome
from feeds.logs import run_mark
from feeds.model import Subscriber, Subscription
from feeds.rules.cadence import Cadence, length_at
from feeds.rules.due import Decision, Memory, Standing, decide
from feeds.rules.preferences import chooser, is_zone, read_preferences
from feeds.rules.series import Series, Turn
from feeds.store import audience, editions, entries, newsletters, runs, turns
from feeds.store.engine import Store, Transaction
from feeds.store.newsletters import Seen
from feeds.store.turns import SeenTurn, key_of

JOB = "compose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A turn of a newsletter with what the store remembers of it, and what was decided for now.

    ``newsletter`` speaks the language of the turn. ``decision`` is None where each article is an edition: that has no
    slots. ``is_fresh`` tells whether an entry went live since it was composed last; those from before ``begun_at`` are
    no editions of their own in it. What is not ``is_noticed`` is composed once a run has taken note of it.
    """

    newsletter: NewsletterConfig
    cadence: Cadence
    seen: Seen
    turn: Turn
    decision: Decision | None
    begun_at: datetime
    is_home: bool = True
    is_fresh: bool = False
    is_noticed: bool = True

    @property
    def is_due(self) -> bool:
        """Tell whether there may be something to compose, or a slot to pass over."""
        if not self.is_noticed:
            return False
        return self.is_fresh if self.decision is None else self.decision.standing in {Standing.DUE, Standing.SKIPPED}


def list_items(config: Config, tx: Transaction, now: datetime) -> list[Item]:
    """Return the home of every newsletter of the config, each with the turns beside it."""
    seen, is_local = newsletters.list_seen(tx), any(one.cadence.local for one in config.newsletters)
    has_choices = any(one.cadences or one.digest_languages for one in config.newsletters)
    zones = [zone for zone in turns.list_zones(tx) if is_zone(zone)] if is_local else []
    known = turns.list_seen(tx) if is_local or has_choices else {}
    found = list[Item]()
    for newsletter in config.newsletters:
        home = _home(config, tx, seen.get(newsletter.slug), newsletter=newsletter, now=now)
        found += (home, *_beside(config, tx, home, zones=zones, known=known, now=now))
    return found


def asked_for(items: Iterable[Item], series: str | None) -> list[Item]:
    """Return what is asked for by hand, due or not: each home, or the series of that name; for readers of all zones."""
    found = dict[Series, Item]()
    for item in (item for item in items if item.is_home or item.turn.series.name == series):
        found.setdefault(item.turn.series, replace(item, turn=Turn(item.turn.series, ""), is_noticed=True))
    return list(found.values())


def item_of(config: Config, items: Sequence[Item], reader: Subscriber, *, subscription: Subscription | None) -> Item:
    """Return whose turn a reader is in, among a newsletter's items; its home where they are no reader of it."""
    if subscription is None:
        return items[0]
    allowed = items[0].newsletter.allowed_in(config.site.timezone)
    turn = read_preferences(subscription.preferences, allowed).turn(allowed, reader.timezone)
    return next((item for item in items if item.turn == turn), items[0])


def list_chosen(config: Config, tx: Transaction, items: Sequence[Item]) -> list[Chosen]:
    """Return the series beside a newsletter's own that have readers: how many, and when their next slot comes."""
    newsletter, found = items[0].newsletter, dict[Series, int]()
    if not any(item.turn.series != items[0].turn.series for item in items):
        return []
    readers = audience.list_turns(tx, newsletter.slug, chooser(newsletter.allowed_in(config.site.timezone)))
    for turn, number in readers.items():
        if turn and not turn.series.is_own:
            found[turn.series] = found.get(turn.series, 0) + number
    nexts = {
        series: min(
            (
                item.decision.next_at
                for item in items
                if item.turn in readers and item.turn.series == series and item.decision and item.decision.next_at
            ),
            default=None,
        )
        for series in found
    }
    return [Chosen(one.name, found[one], nexts[one]) for one in sorted(found, key=lambda one: one.name)]


def note_chosen(config: Config, store: Store, items: Sequence[Item], *, reports: Iterable[ComposeReport]) -> None:
    """Note in the report of a newsletter whose own series has no readers which series they chose."""
    for report in reports:
        if report.outcome is Outcome.NO_READERS and report.series == report.newsletter:
            theirs = [item for item in items if item.newsletter.slug == report.newsletter]
            with store.reading() as tx:
                report.chosen = list_chosen(config, tx, theirs)


def longest_length(config: Config, newsletter: NewsletterConfig, instant: datetime) -> timedelta:
    """Return how long the longest of the cadences lasts that its readers may have."""
    allowed, zone = newsletter.allowed_in(config.site.timezone), config.site.timezone
    cadences = (newsletter.cadence_of(turn, zone) for turn in (allowed.home, *allowed.turns(())))
    return max(length_at(cadence, instant) for cadence in cadences)


def _home(config: Config, tx: Transaction, seen: Seen | None, *, newsletter: NewsletterConfig, now: datetime) -> Item:
    cadence, turn = newsletter.cadence_in(config.site.timezone), newsletter.allowed_in(config.site.timezone).home
    if seen is None:  # asked before any run has taken note of it
        seen = Seen(slug=newsletter.slug, first_seen_at=now, floor_at=now - length_at(cadence, now))
    decision, is_fresh = None, False
    if cadence.each_article:
        is_fresh = _is_fresh(tx, turn)
    else:
        memory = Memory(
            first_seen_at=seen.first_seen_at,
            slot_at=seen.slot_at,
            cadence=seen.cadence or "",
            last_edition_at=editions.last_due_at(tx, newsletter.slug),
        )
        decision = _decide(newsletter, cadence, memory, now=now)
    return Item(
        newsletter=newsletter,
        cadence=cadence,
        seen=seen,
        turn=turn,
        decision=decision,
        begun_at=seen.first_seen_at,
        is_fresh=is_fresh,
    )


def _beside(
    config: Config, tx: Transaction, home: Item, *, zones: list[str], known: dict[turns.Key, SeenTurn], now: datetime
) -> Iterator[Item]:
    """Yield the turns of a newsletter beside its home."""
    newsletter = home.newsletter
    for turn in newsletter.allowed_in(config.site.timezone).turns(zones):
        cadence, memory = newsletter.cadence_of(turn, config.site.timezone), known.get(key_of(turn))
        begun_at, slot_at = (memory.begun_at, memory.slot_at) if memory else (now, None)
        told = Memory(first_seen_at=begun_at, slot_at=slot_at, cadence=(memory and memory.cadence) or "")
        if slot_at:  # in a changed cadence, no day gets a second edition of what was decided on it
            told = Memory(first_seen_at=begun_at, slot_at=slot_at, cadence=told.cadence, last_edition_at=slot_at)
        yield Item(
            newsletter=_speaking(newsletter, turn.series.language),
            cadence=cadence,
            seen=home.seen,
            turn=turn,
            decision=None if cadence.each_article else _decide(newsletter, cadence, told, now=now),
            begun_at=begun_at,
            is_home=False,
            is_fresh=cadence.each_article and _is_fresh(tx, turn),
            is_noticed=memory is not None,
        )


def _speaking(newsletter: NewsletterConfig, language: str) -> NewsletterConfig:
    return newsletter.model_copy(update={"language": language}) if language else newsletter


def _decide(newsletter: NewsletterConfig, cadence: Cadence, memory: Memory, *, now: datetime) -> Decision:
    return decide(cadence, memory, now=now, catch_up=newsletter.catch_up, lateness=newsletter.lateness)


def _is_fresh(tx: Transaction, turn: Turn) -> bool:
    return entries.last_sequence(tx) > last_composed(tx, turn)


def last_composed(tx: Transaction, turn: Turn) -> int:
    """Return the sequence of the newest entry when a turn in which each article is an edition was composed last."""
    last = runs.find_last(tx, JOB, turn.series.name)
    return int(last.report.get("sequence", 0)) if last else 0


def record_composed(tx: Transaction, turn: Turn, *, sequence: int, at: datetime) -> None:
    """Record that a turn in which each article is an edition was composed up to a sequence."""
    report = {"sequence": sequence} | run_mark()
    runs.replace(tx, job=JOB, subject=turn.series.name, at=at, outcome="done", report=report)


def mark_decided(tx: Transaction, item: Item, slot: datetime) -> None:
    """Record that a slot of an item was decided, whatever came of it."""
    if item.is_home:
        newsletters.mark_decided(tx, item.newsletter.slug, slot=slot, cadence=str(item.cadence))
    else:
        turns.mark_decided(tx, item.turn, slot=slot, cadence=str(item.cadence))
