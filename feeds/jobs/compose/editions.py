"""Fixing editions: one transaction holds the edition, its selections, their bytes, and a delivery for each reader.

Not here: whether one is due (agenda), who gets what (plan), rendering it (pressroom).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import SiteConfig
from feeds.errors import EntryUnprintable
from feeds.jobs.compose.items import JOB, Item, last_composed, longest_length, mark_decided, record_composed
from feeds.jobs.compose.notes import note_at, note_of
from feeds.jobs.compose.plan import Call, Plan, plan
from feeds.jobs.compose.pressroom import Common, Copy, Fixed, Pressroom, fix, require_sound
from feeds.jobs.compose.report import ComposeReport, Outcome, Part, undue_report
from feeds.logs import run_mark
from feeds.model import Edition, EditionState
from feeds.rendering.edition import note_from
from feeds.rendering.fields import mark_of
from feeds.rules.cadence import at_wall, length_at, slot_name
from feeds.rules.due import Standing
from feeds.rules.ids import Ids
from feeds.rules.message_identity import edition_id
from feeds.rules.notes import NO_NOTE, Note
from feeds.rules.selecting import Choice, main_choice
from feeds.store import editions, entries, newsletters, promises, renderings, runs
from feeds.store.engine import Store, Transaction
from feeds.store.promises import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An edition that is made and not yet stored: what was planned, each selection with its readers, and the note.

    One that is not ``is_new`` is in the store, and these readers come to it.
    """

    edition: Edition
    plan: Plan
    fixed: tuple[tuple[Fixed, Ids], ...]
    left_out: tuple[tuple[str, str], ...] = ()
    note: Note = NO_NOTE
    at: datetime
    is_new: bool = True


def compose(
    store: Store, room: Pressroom, item: Item, *, now: datetime, dry_run: bool = False
) -> Iterator[ComposeReport]:
    """Compose what is due of one turn of a newsletter, and say what came of it; with ``dry_run`` nothing is stored.

    Raises TemplateInvalid and NoteUnreadable before anything is fixed.
    """
    slot = item.decision.slot if item.decision else None
    if item.decision is None:
        yield from _each_article(store, room, item, now=now, dry_run=dry_run)
    elif slot and item.decision.standing is Standing.DUE:
        yield compose_slot(store, room, item, slot=slot, now=now, dry_run=dry_run)
    elif slot:
        report = _on(item, undue_report(item.newsletter.slug, item.decision))
        if not dry_run:
            _pass_over(store, item, report, slot=slot, now=now)
        yield report


def compose_slot(
    store: Store, room: Pressroom, item: Item, *, slot: datetime, now: datetime, dry_run: bool = False
) -> ComposeReport:
    """Compose the edition of a slot, due or asked for; nothing to bring is recorded, and is no error.

    Where readers' own hours count, the first zone whose turn it is makes it, and those of later ones come to it.
    """
    name = slot_name(item.cadence, slot)
    with store.reading() as tx:
        before = edition_id(item.turn.series.name, name)
        there = next(iter(editions.list_with(tx, [before])), None)
    if there and not _takes_more(item, there):
        report = ComposeReport(newsletter=item.newsletter.slug, outcome=Outcome.ALREADY, slot=slot, edition=before)
        report.number, made = there.number, None
    else:
        call = replace(_call(room, item, slot=slot, now=now), beside=there)
        made = _sound(make(store, room, call, name=name))
        report = _report(item, made, slot)
        report.note = note_at(room.config, item.newsletter, made.edition.due_at) if item.turn.series.is_own else ""
        if dry_run and not made.fixed:  # an edition shows them by itself
            trial = room.trial(item.newsletter)
            report.notes, report.faults = list(trial.notes), list(trial.faults)
    if not dry_run:
        with store.writing() as tx:
            if made is not None:
                _conclude(tx, room, item, made=made)
                _record(tx, item, report, slot=slot, now=now)
            if item.decision and not (item.is_home and item.seen.slot_at and slot <= item.seen.slot_at):
                mark_decided(tx, item, slot)
    return _on(item, report)


def make(store: Store, room: Pressroom, call: Call, *, name: str) -> Made:
    """Plan and render an edition, without storing it; an entry that cannot stand in a digest is left out and named."""
    left_out: list[tuple[str, str]] = []
    while True:
        with store.reading() as tx:
            planned = plan(tx, replace(call, without=frozenset(entry_id for entry_id, _ in left_out)), room.config.site)
            edition, fixed_before = _edition(tx, call, name, site=room.config.site), _note_before(tx, call)
        note = (fixed_before or _note(room, call, edition)) if planned.choices.readers else NO_NOTE
        try:
            fixed = _fixed(room, call, edition, planned=planned, note=note)
        except EntryUnprintable as error:
            left_out.append((error.entry_id, error.reason))
            continue
        is_new, left = call.beside is None, tuple(left_out)
        return Made(edition=edition, plan=planned, fixed=fixed, left_out=left, note=note, at=call.now, is_new=is_new)


def _sound(made: Made) -> Made:
    """Return an edition in which the lint found no fault of ours; raise DigestFaulty where it did."""
    for fixed, _ in made.fixed:
        require_sound(fixed, made.edition.newsletter)
    return made


def _each_article(
    store: Store, room: Pressroom, item: Item, *, now: datetime, dry_run: bool
) -> Iterator[ComposeReport]:
    """Compose an edition for each entry that has none yet, in the order in which they went live.

    What its readers lack from before, since they rested or had another cadence, comes along with the next.
    """
    call, series = _call(room, item, slot=now, now=now), item.turn.series.name
    with store.reading() as tx:
        known, last = editions.list_slots(tx, series), entries.last_sequence(tx)
        whole = replace(call, newsletter=item.newsletter.model_copy(update={"minimum": 1, "maximum": 50}))
        planned = plan(tx, whole, room.config.site)
        before = 0 if item.is_home else last_composed(tx, item.turn)
    lacking = {one.entry_id: one for choice in planned.choices.readers for one in (*choice.shown, *choice.named)}
    new = [planned.entries[entry_id] for entry_id in lacking.keys() - known]
    fresh = [one for one in new if (one.sequence or 0) > before and lacking[one.id].brought_at > item.begun_at]
    along = frozenset(lacking) - {entry.id for entry in fresh}
    for entry in sorted(fresh, key=lambda entry: (entry.sequence or 0, entry.id)):
        made = _sound(make(store, room, replace(call, only_entry=entry.id, along=along), name=entry.id))
        report = _on(item, _report(item, made, now))
        if not dry_run and report.outcome is Outcome.COMPOSED:
            with store.writing() as tx:
                _store(tx, room, made)
        yield report
    if not dry_run:
        with store.writing() as tx:
            if planned.floor_at:
                newsletters.raise_floor(tx, item.newsletter.slug, planned.floor_at)
            record_composed(tx, item.turn, sequence=last, at=now)


def _takes_more(item: Item, edition: Edition) -> bool:
    """Tell whether readers of more zones come to an edition; what was asked for by hand was for those of all."""
    is_open = edition.state is not EditionState.CANCELLED
    return is_open and item.newsletter.cadence.local and item.turn.zone != ""


def _pass_over(store: Store, item: Item, report: ComposeReport, *, slot: datetime, now: datetime) -> None:
    """Record that a slot was missed, and is not made up for."""
    with store.writing() as tx:
        mark_decided(tx, item, slot)
        _record(tx, item, report, slot=slot, now=now)


def _call(room: Pressroom, item: Item, *, slot: datetime, now: datetime) -> Call:
    return Call(
        newsletter=item.newsletter,
        seen=item.seen,
        turn=item.turn,
        slot=slot,
        length=length_at(item.cadence, slot),
        now=now,
        longest=longest_length(room.config, item.newsletter, slot) if item.is_home else None,
    )


def _edition(tx: Transaction, call: Call, name: str, *, site: SiteConfig) -> Edition:
    """Return the edition that is made, or that there is: it is due when the newsletter's own clock shows its slot."""
    if call.beside:
        return call.beside
    series, zone = call.turn.series.name, call.newsletter.allowed_in(site.timezone).zone
    due_at = call.slot if call.turn.zone in {"", zone} else at_wall(name, zone)
    return Edition(
        id=edition_id(series, name),
        newsletter=call.newsletter.slug,
        series=series,
        slot=name,
        due_at=due_at,
        number=editions.next_number(tx, series),
        state=EditionState.COMPOSED,
        composed_at=call.now,
    )


def _note(room: Pressroom, call: Call, edition: Edition) -> Note:
    """Return the note of an edition; it goes with the newsletter's own series, and with no article by itself."""
    if call.only_entry or not call.turn.series.is_own:
        return NO_NOTE
    return note_of(room.config, call.newsletter, edition.due_at, press=room.press)


def _note_before(tx: Transaction, call: Call) -> Note | None:
    """Return the note as it was fixed with an edition that there is, None where it is still to be read."""
    if call.beside is None:
        return None
    known = (renderings.get(tx, call.beside.id, one.id) for one in editions.list_selections(tx, call.beside.id))
    return next((note_from(parts) for parts in known if parts), None)


def _copy(planned: Plan, choice: Choice, note: Note, *, is_main: bool) -> Copy:
    return Copy(
        shown=[planned.entries[one.entry_id] for one in choice.shown],
        named=[(one.entry_id, one.revision) for one in choice.named],
        corrections=[(told, planned.amended[told.entry_id]) for told in choice.corrections],
        note=note,
        is_main=is_main,
    )


def _fixed(
    room: Pressroom, call: Call, edition: Edition, *, planned: Plan, note: Note
) -> tuple[tuple[Fixed, Ids], ...]:
    """Render each selection, and what several share once, under a mark that is made of all that they can say."""
    said = (edition.id, room.site, call.newsletter, planned.entries, planned.amended, planned.tags, note)
    common = Common(mark_of(said))
    # Where more readers come to it later, another selection may become the one of most.
    is_whole = call.beside is None and not call.newsletter.cadence.local
    main = main_choice(planned.choices.readers) if is_whole else None

    def fixed(choice: Choice) -> Fixed:
        copy = _copy(planned, choice, note, is_main=choice is main)
        return fix(
            room, call.newsletter, edition, copy=copy, tags_of=lambda one: planned.tags.get(one, ()), common=common
        )

    return tuple((fixed(choice), readers) for choice, readers in planned.choices.readers.items())


def _store(tx: Transaction, room: Pressroom, made: Made) -> None:
    if made.is_new:
        editions.add(tx, made.edition)
    else:
        editions.mark_changed(tx, made.edition)
    for fixed, _ in made.fixed:
        if not made.is_new and renderings.get(tx, made.edition.id, fixed.selection.id):
            continue  # what others were given already stays as it was fixed
        editions.add_selection(tx, fixed.selection)
        renderings.put(tx, fixed.selection, key=fixed.key, parts=fixed.parts)
        room.pictures.keep(tx, made.edition.id, fixed.files)
    made_to = (
        Promise(subscriber_id=reader, selection_id=fixed.selection.id)
        for fixed, readers in made.fixed
        for reader in readers
    )
    promises.add(tx, made.edition, made_to, transport=room.config.transport.name, at=made.at)


def _conclude(tx: Transaction, room: Pressroom, item: Item, *, made: Made) -> None:
    """Store an edition that has readers, and let go of what nobody lacks any more."""
    if made.fixed:
        _store(tx, room, made)
    if made.plan.floor_at and item.is_due and not made.left_out:
        newsletters.raise_floor(tx, item.newsletter.slug, made.plan.floor_at)


def _record(tx: Transaction, item: Item, report: ComposeReport, *, slot: datetime, now: datetime) -> None:
    subject = report.newsletter if item.is_home else f"{item.turn.series.name} {item.turn.zone}".rstrip()
    runs.begin(tx, job=JOB, subject=subject, due_at=slot, now=now)
    facts = {"edition": report.edition, "outcome": report.outcome, "deliveries": report.deliveries} | run_mark()
    runs.end(tx, (JOB, subject, slot), outcome="done", report=facts, now=now)


def _on(item: Item, report: ComposeReport) -> ComposeReport:
    """Return a report with the turn that it is of."""
    report.series, report.zone = item.turn.series.name, "" if item.is_home else item.turn.zone
    return report


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
