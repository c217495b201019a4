"""Preview: a newsletter's edition as files to look at, with pictures from disk; nothing is recorded or sent.

For a reader it is, byte for byte, the message that would go, but for the link of that reader's own and the signature.
Not here: how a digest looks (rendering), composing it (editions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from feeds.errors import OutputRefused, UsageWrong
from feeds.jobs.compose.agenda import next_slot
from feeds.jobs.compose.editions import make
from feeds.jobs.compose.items import Item
from feeds.jobs.compose.notes import note_at, note_of
from feeds.jobs.compose.pictures import MailFile
from feeds.jobs.compose.plan import Call
from feeds.jobs.compose.pressroom import Copy, Pressroom, fix
from feeds.model import Edition, EditionState, Part, Subscriber, whole_part
from feeds.rendering.edition import as_read, frame_from, host_of
from feeds.rendering.galley import proof_message
from feeds.rendering.lint import Finding, judge_message
from feeds.rendering.lint.editions import sender_of
from feeds.rendering.lint.sampling import Sampled, with_template_faults
from feeds.rendering.preview_page import preview_page
from feeds.rendering.views import Mailbox
from feeds.rules.cadence import length_at, slot_name
from feeds.rules.due import Standing
from feeds.rules.message_identity import edition_id, message_id
from feeds.rules.queries import wanted
from feeds.store import editions, entries, tags
from feeds.store.engine import Store

PAGE = "index.html"  # all views of the edition side by side


@dataclass(slots=True)
class PreviewReport:
    """What a preview shows and where it was written; ``findings`` are the lint's.

    ``note`` is the file of the editor's note, "" where none stands in it; ``notes`` tell what is amiss with that and
    with pictures.
    """

    newsletter: str
    subject: str
    entries: int
    more: int
    html_bytes: int
    corrections: int = 0
    note: str = ""
    written: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A message to look at: the stored parts that it is made of, how many entries are in it and how many only named.

    ``note`` is the file of the editor's note, "" where none stands in it; ``files`` are the pictures, ``notes`` tell
    what is amiss with either; ``sampled`` tells what is with its templates.
    """

    parts: Mapping[str, Part]
    message: bytes
    entries: int
    more: int
    corrections: int = 0
    note: str = ""
    files: tuple[MailFile, ...] = ()
    notes: tuple[str, ...] = ()
    sampled: tuple[Sampled, ...] = ()


def proof_for(store: Store, room: Pressroom, item: Item, *, reader: Subscriber, at: datetime) -> Proof:
    """Return the message that would go to a reader at an instant; raise UsageWrong where none would.

    ``item`` is what is due at that instant; where nothing is, it is an edition asked for at it.
    """
    due = item.decision is not None and item.decision.standing is Standing.DUE
    slot = item.decision.slot if due and item.decision and item.decision.slot else at
    call = Call(
        newsletter=item.newsletter,
        seen=item.seen,
        turn=item.turn,
        slot=slot,
        length=length_at(item.cadence, slot),
        now=at,
        until=at,
        only_reader=reader.address_key,
    )
    made = make(store, room, call, name=slot_name(item.cadence, slot))
    if not made.fixed:
        raise UsageWrong(f"newsletter {item.newsletter.slug}: {reader.address} would get nothing at {_shown(room, at)}")
    parts, held = made.fixed[0][0].parts, made.fixed[0][0].selection.entries
    name = message_id(made.edition.id, reader.id, generation=0, host=host_of(room.config))
    message = proof_message(
        parts, recipient=Mailbox(reader.name, reader.address), date=at.replace(microsecond=0), message_id=name
    )
    named = sum(entry.named_only for entry in held)
    place = note_at(room.config, item.newsletter, made.edition.due_at)
    return Proof(
        parts=parts,
        message=message,
        entries=len(held) - named,
        more=named,
        corrections=len(made.fixed[0][0].selection.corrections),
        note=place if made.note.html else "",
        files=made.fixed[0][0].files,
        notes=(*(f"{place}: {remark}" for remark in made.note.remarks), *made.fixed[0][0].notes),
        sampled=made.fixed[0][0].sampled,
    )


def proof_for_nobody(store: Store, room: Pressroom, item: Item, *, at: datetime) -> Proof:
    """Return the newest entries at an instant, in a message to the sender, as the edition that comes next would be set.

    Raises UsageWrong where there are none.
    """
    newsletter = item.newsletter
    with store.reading() as tx:
        by_entry = tags.by_entry(tx)
        query, press = wanted(newsletter.query, tags.list_aliases(tx)), room.press
        out = entries.list_out_at(tx, at)
        found = [one for one in out if query.fits(press.facts_of(one, by_entry.get(one.id, ())))][: newsletter.maximum]
        number = editions.next_number(tx, newsletter.slug)
    if not found:
        raise UsageWrong(f"newsletter {newsletter.slug}: no public entry fits its query at {_shown(room, at)}")
    slot = next_slot(item, at)
    name = slot_name(item.cadence, slot)
    edition = Edition(
        id=edition_id(newsletter.slug, name),
        newsletter=newsletter.slug,
        series=newsletter.slug,
        slot=name,
        due_at=slot,
        number=number,
        state=EditionState.COMPOSED,
        composed_at=at,
    )
    copy = Copy(shown=found, note=note_of(room.config, newsletter, slot, press=room.press), is_main=True)
    fixed = fix(room, newsletter, edition, copy=copy, tags_of=lambda entry_id: by_entry.get(entry_id, ()))
    parts = fixed.parts
    to = Mailbox("", frame_from(parts).sender.address)
    letter = message_id(edition.id, "preview", generation=0, host=host_of(room.config))
    message = proof_message(parts, recipient=to, date=at, message_id=letter)
    more = len(found) - fixed.shown
    place = note_at(room.config, newsletter, slot)
    return Proof(
        parts=parts,
        message=message,
        entries=fixed.shown,
        more=more,
        note=place if copy.note.html else "",
        files=fixed.files,
        notes=(*(f"{place}: {remark}" for remark in copy.note.remarks), *fixed.notes),
        sampled=fixed.sampled,
    )


def write_preview(
    proof: Proof, room: Pressroom, newsletter: str, *, folder: Path, reload: bool = False
) -> PreviewReport:
    """Write the page of all views, and digest.html, .txt and .eml, into ``folder``.

    With ``reload`` the page looks for changes. Raises OutputRefused where a file cannot be written.
    """
    html, text = as_read(proof.parts)
    judged = judge_message(proof.message, sender=sender_of(room.config), weights=room.config.lint.weights)
    judged = replace(judged, findings=with_template_faults(judged.findings, proof.sampled))
    report = PreviewReport(
        newsletter=newsletter,
        subject=whole_part(proof.parts["subject"]).decode(),
        entries=proof.entries,
        more=proof.more,
        html_bytes=judged.html_bytes,
        corrections=proof.corrections,
        note=proof.note,
        notes=list(proof.notes),
        findings=judged.findings,
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shown = _with_local_pictures(html, proof.files, folder)
        page = preview_page(proof.message, shown, judged, templates=room.templates, reload=reload)
        for name, data in (
            (PAGE, page.encode()),
            ("digest.html", shown.encode()),
            ("digest.txt", text.encode()),
            ("digest.eml", proof.message),
        ):
            (folder / name).write_bytes(data)
            report.written.append(str(folder / name))
    except OSError as error:
        raise OutputRefused(folder, f"the preview cannot be written: {error.strerror}") from error
    return report


def _shown(room: Pressroom, at: datetime) -> str:
    return f"{at.astimezone(room.config.site.zone):%Y-%m-%d %H:%M %Z}"


def _with_local_pictures(html: str, files: Iterable[MailFile], folder: Path) -> str:
    """Put the pictures that the digest shows beside it, and let the HTML show those."""
    for file in files:
        (folder / "media").mkdir(exist_ok=True)
        (folder / "media" / file.made.name).write_bytes(file.made.data)
        html = html.replace(f'src="{file.address}"', f'src="media/{file.made.name}"')
    return html
