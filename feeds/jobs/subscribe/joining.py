"""Readers join newsletters: one by hand, or many from a file, a batch in a transaction.

Killed half-way and repeated, an import ends the same. Not here: what consent does (rules.consent), leaving again.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from feeds.config import Config
from feeds.errors import UsageWrong
from feeds.jobs.subscribe.naming import known_newsletters
from feeds.jobs.subscribe.report import SubscribeReport
from feeds.model import Subscriber, Subscription
from feeds.rules.cadence import length_at
from feeds.rules.consent import SUBSCRIBES, Outcome, Way, decide
from feeds.rules.mailboxes import Mailbox
from feeds.rules.text import clean_line
from feeds.sources.subscriber_list import SubscriberList, read_subscribers
from feeds.store import subscribers, suppressions
from feeds.store.engine import Store, Transaction
from feeds.store.subscribers import ConsentEvent, Pair, Step
from feeds.store.suppressions import FORGOTTEN, Suppression

BATCH = 500  # readers in one transaction: others wait no longer than that takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """To what readers are subscribed, and by what consent: ``wording`` says where it came from, ``origin`` how.

    ``floors`` tells for each newsletter since when entries are news to who joins now: for one cadence.
    """

    newsletters: tuple[str, ...]
    floors: Mapping[str, datetime]
    wording: str
    by: Way
    origin: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store has of a batch of readers."""

    subscribers: dict[str, Subscriber]
    subscriptions: dict[Pair, Subscription]
    suppressions: dict[str, Suppression]

    @property
    def forgotten(self) -> set[str]:
        """The keys of those who asked to be forgotten."""
        return {key for key, why in self.suppressions.items() if why.reason == FORGOTTEN}


@dataclass(slots=True)
class _Changes:
    """What is to be written for a batch of readers."""

    new: list[Subscriber] = field(default_factory=list)
    rewritten: list[Subscriber] = field(default_factory=list)
    added: list[Pair] = field(default_factory=list)
    woken: list[Pair] = field(default_factory=list)
    lifted: list[str] = field(default_factory=list)


def terms_of(
    config: Config, slugs: Sequence[str], *, consent: str, by: Way, now: datetime, again: bool = False
) -> Terms:
    """Return the terms of a subscription; raise UsageWrong for an unknown newsletter, or consent that says nothing."""
    wording = clean_line(consent)
    if not wording:
        raise UsageWrong('consent: it is empty; say where it came from, such as "paper form, spring fair 2026"')
    newsletters = known_newsletters(config, slugs)
    cadences = {each.slug: each.cadence_in(config.site.timezone) for each in config.newsletters}
    floors = {slug: now - length_at(cadences[slug], now) for slug in newsletters}
    return Terms(newsletters=newsletters, floors=floors, wording=wording, by=by, origin="operator", again=again)


def subscribe(store: Store, mailbox: Mailbox, terms: Terms, *, now: datetime) -> SubscribeReport:
    """Subscribe one reader; a name that is given by hand replaces the one that is known."""
    report = SubscribeReport()
    with store.writing() as tx:
        _take(tx, [mailbox], terms, report=report, now=now)
    return report


def import_subscribers(
    store: Store,
    file: Path,
    terms: Terms,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[str], None] | None = None,
) -> SubscribeReport:
    """Subscribe every reader in a CSV file who can be; ``dry_run`` writes nothing.

    Raises UsageWrong where the file cannot be opened.
    """
    found = _read(file)
    report = SubscribeReport(dry_run=dry_run, problem=found.problem, notes=list(found.notes))
    report.refused += found.refused
    report.duplicates += found.duplicates
    terms = dataclasses.replace(terms, origin=f"import of {clean_line(file.name)}")
    for start in range(0, len(found.rows), BATCH):
        batch = found.rows[start : start + BATCH]
        with store.reading() if dry_run else store.writing() as tx:
            _take(tx, [mailbox for _, mailbox in batch], terms, report=report, now=now)
        if progress:
            progress(f"batches, up to line {batch[-1][0]}")
    return report


def _read(file: Path) -> SubscriberList:
    try:
        return read_subscribers(file.read_bytes())
    except OSError as error:
        raise UsageWrong(f"{file}: it cannot be read: {error.strerror}") from error


def _take(tx: Transaction, people: Sequence[Mailbox], terms: Terms, *, report: SubscribeReport, now: datetime) -> None:
    """Decide about a batch of readers, and write it down unless it is a dry run."""
    if not report.dry_run:
        subscribers.hold(tx)
    known, changes = _known(tx, [mailbox.key for mailbox in people]), _Changes()
    for mailbox in people:
        subscriber = known.subscribers.get(mailbox.key) or new_subscriber(mailbox, now)
        outcomes = _decide(subscriber, terms, known)
        for newsletter, outcome in outcomes.items():
            report.note(outcome, subscriber.address, newsletter)
        if (why := known.suppressions.get(mailbox.key)) and why.reason != FORGOTTEN:
            report.suppressed.append((subscriber.address, f"{why.reason}: {why.evidence}"))
        _collect(changes, subscriber, mailbox, known=known, outcomes=outcomes, by=terms.by)
    if not report.dry_run:
        _write(tx, changes, terms, now=now)


def _known(tx: Transaction, keys: Sequence[str]) -> _Known:
    people = subscribers.list_known(tx, keys)
    there = subscribers.list_subscriptions(tx, [subscriber.id for subscriber in people.values()])
    return _Known(people, there, suppressions.list_of(tx, keys))


def new_subscriber(mailbox: Mailbox, now: datetime) -> Subscriber:
    """Return a subscriber whom the store does not have, with an id that nobody can guess."""
    return Subscriber(
        id=secrets.token_hex(8), address=mailbox.address, address_key=mailbox.key, name=mailbox.name, created_at=now
    )


def _decide(subscriber: Subscriber, terms: Terms, known: _Known) -> dict[str, Outcome]:
    """Return what becomes of a reader, newsletter by newsletter."""
    return {
        newsletter: decide(
            known.subscriptions.get((subscriber.id, newsletter)),
            suppressed=subscriber.address_key in known.suppressions.keys() - known.forgotten,
            by=terms.by,
            again=terms.again,
            forgotten=subscriber.address_key in known.forgotten,
        )
        for newsletter in terms.newsletters
    }


def _collect(
    changes: _Changes,
    subscriber: Subscriber,
    mailbox: Mailbox,
    *,
    known: _Known,
    outcomes: dict[str, Outcome],
    by: Way,
) -> None:
    pairs = [(subscriber.id, newsletter) for newsletter, outcome in outcomes.items() if outcome in SUBSCRIBES]
    changes.added += (pair for pair in pairs if pair not in known.subscriptions)
    changes.woken += (pair for pair in pairs if pair in known.subscriptions)
    if subscriber.address_key not in known.subscribers:
        changes.new += [subscriber] if pairs else []
        changes.lifted += [mailbox.key] if pairs and mailbox.key in known.forgotten else []
    elif by is Way.ADD and mailbox.name not in {"", subscriber.name}:
        changes.rewritten.append(dataclasses.replace(subscriber, name=mailbox.name))


def _write(tx: Transaction, changes: _Changes, terms: Terms, *, now: datetime) -> None:
    for key in changes.lifted:
        suppressions.lift(tx, key, at=now)
    subscribers.add(tx, changes.new)
    for subscriber in changes.rewritten:
        subscribers.replace(tx, subscriber)
    subscribers.add_active(tx, changes.added, at=now, floors=terms.floors)
    subscribers.mark_active(tx, changes.woken, at=now, floors=terms.floors)
    steps = [_step(pair, terms, at=now) for pair in changes.added + changes.woken]
    subscribers.add_consent_events(tx, steps)


def _step(pair: Pair, terms: Terms, *, at: datetime) -> ConsentEvent:
    return ConsentEvent(
        subscriber_id=pair[0],
        newsletter=pair[1],
        event=Step.CONFIRMED,
        at=at,
        origin=terms.origin,
        wording=terms.wording,
    )
