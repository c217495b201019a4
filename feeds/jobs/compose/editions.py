"""Fixing editions: one transaction holds the edition, its selections, their bytes, and a delivery for each reader.

Not here: whether one is due (agenda), who gets what (plan), rendering it (pressroom).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.errors import EntryUnprintable
from feeds.jobs.compose.agenda import JOB, Item
from feeds.jobs.compose.notes import note_at, note_of
from feeds.jobs.compose.plan import Call, Plan, plan
from feeds.jobs.compose.pressroom import Common, Copy, Fixed, Pressroom, fix, require_sound
from feeds.jobs.compose.report import ComposeReport, Outcome, Part, undue_report
from feeds.logs import run_mark
from feeds.model import Edition, EditionState
from feeds.rendering.fields import mark_of
from feeds.rules.cadence import length_at, slot_name
from feeds.rules.due import Standing
from feeds.rules.message_identity import edition_id
from feeds.rules.notes import NO_NOTE, Note
from feeds.rules.selecting import Choice, Reader
from feeds.store import deliveries, editions, entries, newsletters, renderings, runs
from feeds.store.deliveries import Promise
from feeds.store.engine import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An edition that is made and not yet stored: what was planned, each selection with its readers, and the note."""

    edition: Edition
    plan: Plan
    fixed: tuple[tuple[Fixed, tuple[Reader, ...]], ...]
    left_out: tuple[tuple[str, str], ...] = ()
    note: Note = NO_NOTE


def compose(
    store: Store, room: Pressroom, item: Item, *, now: datetime, dry_run: bool = False
) -> Iterator[ComposeReport]:
    """Compose what is due of one newsletter, and say what came of it; with ``dry_run`` nothing is stored.

    Raises TemplateInvalid and NoteUnreadable before anything is fixed.
    """
    slot = item.decision.slot if item.decision else None
    if item.decision is None:
        yield from _each_article(store, room, item, now=now, dry_run=dry_run)
    elif slot and item.decision.standing is Standing.DUE:
        yield compose_slot(store, room, item, slot=slot, now=now, dry_run=dry_run)
    elif slot:
        report = undue_report(item.newsletter.slug, item.decision)
        if not dry_run:
            _pass_over(store, item, report, slot=slot, now=now)
        yield report


def compose_slot(
    store: Store, room: Pressroom, item: Item, *, slot: datetime, now: datetime, dry_run: bool = False
) -> ComposeReport:
    """Compose the edition of a slot, due or asked for; nothing to bring is recorded, and is no error."""
    name = slot_name(item.cadence, slot)
    with store.reading() as tx:
        before = edition_id(item.newsletter.slug, name)
        there = editions.list_with(tx, [before])
    if there:
        report = ComposeReport(newsletter=item.newsletter.slug, outcome=Outcome.ALREADY, slot=slot, edition=before)
        report.number, made = there[0].number, None
    else:
        made = _sound(make(store, room, _call(item, slot=slot, now=now), name=name))
        report = _report(item, made, slot)
        report.note = note_at(room.config, item.newsletter, slot)
        if dry_run and not made.fixed:  # an edition shows them by itself
            trial = room.trial(item.newsletter)
            report.notes, report.faults = list(trial.notes), list(trial.faults)
    if not dry_run:
        with store.writing() as tx:
            if made is not None:
                _conclude(tx, room, item, made=made)
                _record(tx, report, slot=slot, now=now)
            if item.decision is not None and (item.seen.slot_at is None or slot > item.seen.slot_at):
                newsletters.mark_decided(tx, item.newsletter.slug, slot=slot, cadence=str(item.cadence))
    return report


def make(store: Store, room: Pressroom, call: Call, *, name: str) -> Made:
    """Plan and render an edition, without storing it; an entry that cannot stand in a digest is left out and named."""
    left_out: list[tuple[str, str]] = []
    while True:
        with store.reading() as tx:
            planned = plan(tx, replace(call, without=frozenset(entry_id for entry_id, _ in left_out)), room.config.site)
            edition = _edition(tx, call, name)
        note = _note(room, call) if planned.choices.readers else NO_NOTE
        try:
            fixed = _fixed(room, call, edition, planned=planned, note=note)
        except EntryUnprintable as error:
            left_out.append((error.entry_id, error.reason))
            continue
        return Made(edition=edition, plan=planned, fixed=fixed, left_out=tuple(left_out), note=note)


def _sound(made: Made) -> Made:
    """Return an edition in which the lint found no fault of ours; raise DigestFaulty where it did."""
    for fixed, _ in made.fixed:
        require_sound(fixed, made.edition.newsletter)
    return made


def _each_article(
    store: Store, room: Pressroom, item: Item, *, now: datetime, dry_run: bool
) -> Iterator[ComposeReport]:
    """Compose an edition for each entry that has none yet, in the order in which they went live."""
    call = _call(item, slot=now, now=now)
    with store.reading() as tx:
        known, last = editions.list_slots(tx, item.newsletter.slug), entries.last_sequence(tx)
        whole = replace(call, newsletter=item.newsletter.model_copy(update={"minimum": 1, "maximum": 50}))
        planned = plan(tx, whole, room.config.site)
    lacking = {one.entry_id for choice in planned.choices.readers for one in (*choice.shown, *choice.named)}
    fresh = [entry for entry_id, entry in planned.entries.items() if entry_id in lacking - known]
    for entry in sorted(fresh, key=lambda entry: (entry.sequence or 0, entry.id)):
        made = _sound(make(store, room, replace(call, only_entry=entry.id), name=entry.id))
        report = _report(item, made, now)
        if not dry_run and report.outcome is Outcome.COMPOSED:
            with store.writing() as tx:
                _store(tx, room, made)
        yield report
    if not dry_run:
        with store.writing() as tx:
            if planned.floor_at:
                newsletters.raise_floor(tx, item.newsletter.slug, planned.floor_at)
            facts = {"sequence": last} | run_mark()
            runs.replace(tx, job=JOB, subject=item.newsletter.slug, at=now, outcome="done", report=facts)


def _pass_over(store: Store, item: Item, report: ComposeReport, *, slot: datetime, now: datetime) -> None:
    """Record that a slot was missed, and is not made up for."""
    with store.writing() as tx:
        newsletters.mark_decided(tx, item.newsletter.slug, slot=slot, cadence=str(item.cadence))
        _record(tx, report, slot=slot, now=now)


def _call(item: Item, *, slot: datetime, now: datetime) -> Call:
    length = length_at(item.cadence, slot)
    return Call(newsletter=item.newsletter, seen=item.seen, slot=slot, length=length, now=now)


def _edition(tx: Transaction, call: Call, name: str) -> Edition:
    series = call.newsletter.slug
    return Edition(
        id=edition_id(series, name),
        newsletter=series,
        series=series,
        slot=name,
        due_at=call.slot,
        number=editions.next_number(tx, series),
        state=EditionState.COMPOSED,
        composed_at=call.now,
    )


def _note(room: Pressroom, call: Call) -> Note:
    """Return the note of an edition; where each article is one, there are none."""
    return NO_NOTE if call.only_entry else note_of(room.config, call.newsletter, call.slot, press=room.press)


def _copy(planned: Plan, choice: Choice, note: Note) -> Copy:
    return Copy(
        shown=[planned.entries[one.entry_id] for one in choice.shown],
        named=[(one.entry_id, one.revision) for one in choice.named],
        corrections=[(told, planned.amended[told.entry_id]) for told in choice.corrections],
        note=note,
    )


def _fixed(
    room: Pressroom, call: Call, edition: Edition, *, planned: Plan, note: Note
) -> tuple[tuple[Fixed, tuple[Reader, ...]], ...]:
    """Render each selection, and what several share once, under a mark that is made of all that they can say."""
    said = (edition.id, room.site, call.newsletter, planned.entries, planned.amended, planned.tags, note)
    common = Common(mark_of(said))

    def fixed(choice: Choice) -> Fixed:
        copy = _copy(planned, choice, note)
        return fix(
            room, call.newsletter, edition, copy=copy, tags_of=lambda one: planned.tags.get(one, ()), common=common
        )

    return tuple((fixed(choice), tuple(readers)) for choice, readers in planned.choices.readers.items())


def _store(tx: Transaction, room: Pressroom, made: Made) -> None:
    editions.add(tx, made.edition)
    for fixed, _ in made.fixed:
        editions.add_selection(tx, fixed.selection)
        renderings.put(tx, fixed.selection, key=fixed.key, parts=fixed.parts)
        room.pictures.keep(tx, made.edition.id, fixed.files)
    promises = (
        Promise(subscriber_id=reader.subscriber_id, address=reader.address, selection_id=fixed.selection.id)
        for fixed, readers in made.fixed
        for reader in readers
    )
    deliveries.add(tx, made.edition, promises, transport=room.config.transport.name)


def _conclude(tx: Transaction, room: Pressroom, item: Item, *, made: Made) -> None:
    """Store an edition that has readers, and let go of what nobody lacks any more."""
    if made.fixed:
        _store(tx, room, made)
    if made.plan.floor_at and item.is_due and not made.left_out:
        newsletters.raise_floor(tx, item.newsletter.slug, made.plan.floor_at)


def _record(tx: Transaction, report: ComposeReport, *, slot: datetime, now: datetime) -> None:
    runs.begin(tx, job=JOB, subject=report.newsletter, due_at=slot, now=now)
    facts = {"edition": report.edition, "outcome": report.outcome, "deliveries": report.deliveries} | run_mark()
    runs.end(tx, (JOB, report.newsletter, slot), outcome="done", report=facts, now=now)


def _report(item: Item, made: Made, slot: datetime) -> ComposeReport:
    report = ComposeReport(
        newsletter=item.newsletter.slug,
        outcome=_outcome(made),
        slot=slot,
        next_at=item.decision.next_at if item.decision else None,
        waiting=made.plan.choices.waiting,
        left_out=list(made.left_out),
        remarks=list(made.note.remarks),
        notes=list(dict.fromkeys(note for fixed, _ in made.fixed for note in fixed.notes)),
        faults=list(dict.fromkeys(fault for fixed, _ in made.fixed for fault in fixed.faults)),
    )
    if made.fixed:
        parts = (_part(fixed, len(readers), has_note=bool(made.note.html)) for fixed, readers in made.fixed)
        report.selections = sorted(parts, key=lambda part: part.readers, reverse=True)
        report.edition, report.number = made.edition.id, made.edition.number
        report.subject = report.selections[0].subject
        report.deliveries = sum(part.readers for part in report.selections)
    return report


def _part(fixed: Fixed, readers: int, *, has_note: bool) -> Part:
    held = fixed.selection.entries
    more = sum(entry.named_only for entry in held)
    return Part(
        subject=fixed.subject,
        readers=readers,
        entries=len(held) - more,
        more=more,
        corrections=len(fixed.selection.corrections),
        note=has_note,
    )


def _outcome(made: Made) -> Outcome:
    if made.fixed:
        return Outcome.COMPOSED
    if not made.plan.audience:
        return Outcome.NO_READERS
    return Outcome.TOO_FEW if made.plan.choices.waiting else Outcome.NOTHING_NEW
