"""What was withdrawn after an edition was fixed leaves the deliveries that are not sent; an empty edition is cancelled.

Not here: fixing editions (editions), withdrawing entries (jobs.sync).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.config import NewsletterConfig
from feeds.errors import EntryUnprintable, TemplateInvalid
from feeds.jobs.compose.pressroom import Common, Copy, Pressroom, fix, require_sound
from feeds.model import Edition, Part
from feeds.rendering.edition import frame_from, note_from
from feeds.rules.series import language_in
from feeds.store import delivery_changes, editions, entries, renderings, tags
from feeds.store.editions import Selection
from feeds.store.engine import Store, Transaction


@dataclass(frozen=True, slots=True)
class Revised:
    """An edition from which entries were taken, for how many deliveries; cancelled where nothing was left of it.

    ``left_out`` pairs an entry that cannot stand in a digest without those that were taken with the reason why. Where
    a template is wrong ``problem`` says so: nothing was taken out, and nothing of it is sent until that can be done.
    """

    edition: str
    deliveries: int
    cancelled: bool
    left_out: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def take_out_withdrawn(store: Store, room: Pressroom, *, now: datetime) -> list[Revised]:
    """Fix anew every selection that waits to be sent and holds what is public no more."""
    configured = {newsletter.slug: newsletter for newsletter in room.config.newsletters}
    with store.reading() as tx:
        stale = [editions.get_selection(tx, selection_id) for selection_id in delivery_changes.list_stale(tx)]
        of = {edition.id: edition for edition in editions.list_with(tx, {one.edition_id for one in stale})}
    ours = [
        one for one in stale if of[one.edition_id].newsletter in configured
    ]  # the others' queues stand still anyway
    last = {one.edition_id: one.id for one in ours}
    return [
        _revise(
            store,
            room,
            selection,
            edition=(edition := of[selection.edition_id]),
            newsletter=configured[edition.newsletter],
            now=now,
            is_last=last[edition.id] == selection.id,
        )
        for selection in ours
    ]


def _revise(
    store: Store,
    room: Pressroom,
    selection: Selection,
    *,
    edition: Edition,
    newsletter: NewsletterConfig,
    now: datetime,
    is_last: bool,
) -> Revised:
    """Fix a selection anew; behind the last of its edition, nothing stays of what was rendered and nobody gets."""
    left_out: dict[str, str] = {}
    language = language_in(edition.series, newsletter.digest_languages) or newsletter.language
    newsletter = newsletter.model_copy(update={"language": language})
    with store.reading() as tx:
        by_entry, parts = tags.by_entry(tx), renderings.get(tx, edition.id, selection.id)
    common, note = _common(parts), note_from(parts)
    while True:
        with store.reading() as tx:
            copy = replace(_what_is_left(tx, selection, newsletter.maximum, without=left_out), note=note)
        if not copy.shown:
            return replace(_cancel(store, selection, now, is_last=is_last), left_out=tuple(left_out.items()))
        try:
            fixed = fix(room, newsletter, edition, copy=copy, tags_of=lambda one: by_entry.get(one, ()), common=common)
            require_sound(fixed, newsletter.slug)
            break
        except EntryUnprintable as error:
            left_out[error.entry_id] = error.reason
        except TemplateInvalid as error:
            return Revised(edition.id, 0, False, problem=str(error))
    with store.writing() as tx:
        editions.add_selection(tx, fixed.selection)
        renderings.put(tx, fixed.selection, key=fixed.key, parts=fixed.parts)
        room.pictures.keep(tx, edition.id, fixed.files)
        moved = delivery_changes.reselect(tx, selection.id, fixed.selection.id, edition_id=edition.id, at=now)
        if is_last:
            renderings.drop_unused(tx, edition.id)
    return Revised(edition.id, moved, False, tuple(left_out.items()))


def _what_is_left(tx: Transaction, selection: Selection, maximum: int, *, without: Collection[str]) -> Copy:
    """Return what is public still, each entry as it was fixed, and behind ``maximum`` those only named."""
    ids = {one.entry_id for one in selection.entries} | {one.entry_id for one in selection.corrections}
    public = {entry.id: entry for entry in entries.list_with(tx, ids) if entry.is_public}
    left = [one for one in selection.entries if one.entry_id in public and one.entry_id not in without]
    told = [one for one in selection.corrections if one.entry_id in public]
    return Copy(
        shown=[entries.at_revision(tx, public[one.entry_id], one.revision) for one in left[:maximum]],
        named=[(one.entry_id, one.revision) for one in left[maximum:]],
        corrections=[(one, entries.at_revision(tx, public[one.entry_id], one.revision)) for one in told],
    )


def _common(parts: Mapping[str, Part]) -> Common:
    """Return what a selection that was stored in pieces has in common with others, which it is to have still."""
    return Common(frame_from(parts).mark) if isinstance(parts.get("html"), tuple) else Common()


def _cancel(store: Store, selection: Selection, now: datetime, *, is_last: bool) -> Revised:
    with store.writing() as tx:
        number = delivery_changes.reselect(tx, selection.id, None, edition_id=selection.edition_id, at=now)
        ended = delivery_changes.are_all_cancelled(tx, selection.edition_id)
        if ended:
            editions.mark_cancelled(tx, selection.edition_id, now)
        if is_last:
            renderings.drop_unused(tx, selection.edition_id)
    return Revised(selection.edition_id, number, ended)
