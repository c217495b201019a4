"""The editions as they are printed on the site: what most readers were given, but for what is public no more.

Words stand as they were fixed, the editor's note too; links and pictures as they are now. No reader's delivery is read,
and of the mail the note alone. Not here: the pages and feeds that are made of them (edition_pages).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feeds.config import NewsletterConfig
from feeds.jobs.publish.room import Room
from feeds.jobs.publish.stock import Item
from feeds.model import Edition, EditionState, Printed
from feeds.rendering.digest import subject_of
from feeds.rendering.edition import Matter, note_from, view_of
from feeds.rendering.edition_pages import EditionView
from feeds.rendering.views import FeedLink
from feeds.rendering.words import words_for
from feeds.rules.instants import Instants
from feeds.rules.notes import NO_NOTE, Note
from feeds.rules.printing import print_entry
from feeds.rules.series import folder_of, language_in
from feeds.store import changes, entries, printed_editions


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEdition:
    """An edition with the view of it; ``held`` are (entry id, change), ``changed_at`` when it last lost an entry."""

    edition: Edition
    view: EditionView
    held: tuple[tuple[str, int], ...]
    changed_at: datetime | None


class EditionStock:
    """Gives editions ready for print."""

    def __init__(self, room: Room) -> None:
        self._room, self._press = room, room.config.site.press

    def numbered(
        self, newsletter: NewsletterConfig, numbers: Collection[int], feeds: tuple[FeedLink, ...], *, series: str = ""
    ) -> list[PrintedEdition]:
        """Return those of the editions with these numbers that are in print, the newest first.

        They are the newsletter's own, or those of another ``series`` of it.
        """
        with self._room.store.reading() as tx:
            found = printed_editions.list_numbered(tx, series or newsletter.slug, numbers)
        return list(self._printed(newsletter, found, feeds))

    def newest(self, newsletter: NewsletterConfig, limit: int) -> list[tuple[PrintedEdition, datetime]]:
        """Return the newest editions in print, by the time of their slots, each with the time that it was updated."""
        with self._room.store.reading() as tx:
            found = printed_editions.list_newest(tx, newsletter.slug, limit)
            first = printed_editions.first_numbers(tx, newsletter.slug, {edition.composed_at for edition in found})
        printed = list(self._printed(newsletter, found, ()))
        times = updated_at(printed, first)
        order = sorted(printed, key=lambda one: (one.edition.due_at, one.edition.number), reverse=True)
        return [(one, times[one.edition.id]) for one in order]

    def _printed(
        self, newsletter: NewsletterConfig, found: Iterable[Edition], feeds: tuple[FeedLink, ...]
    ) -> Iterator[PrintedEdition]:
        composed = [edition for edition in found if edition.state is not EditionState.CANCELLED]
        with self._room.store.reading() as tx:
            composed_ids = [edition.id for edition in composed]
            selected = printed_editions.main_entries(tx, composed_ids)
            notes = printed_editions.list_notes(tx, composed_ids)
            ids = {one.entry_id for held in selected.values() for one in held}
            changed = changes.changes_of(tx, ids)
        items = {item.entry.id: item for item in self._room.stock.items(sorted(ids))}
        words = self._as_fixed(items, {(one.entry_id, one.revision) for held in selected.values() for one in held})
        for edition in composed:
            held = [one for one in selected.get(edition.id, ()) if one.entry_id in items]
            public = [one for one in held if items[one.entry_id].entry.is_public]
            left = [items[one.entry_id].entry for one in held if one not in public]
            if public:
                said = [(words[one.entry_id, one.revision], one.named_only) for one in public]
                yield PrintedEdition(
                    edition=edition,
                    view=self._view(newsletter, edition, said, feeds=feeds, note=_note(notes.get(edition.id))),
                    held=tuple((one.entry_id, changed[one.entry_id]) for one in public),
                    changed_at=max((entry.withdrawn_at or entry.updated_at for entry in left), default=None),
                )

    def _as_fixed(self, items: Mapping[str, Item], wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Printed]:
        """Return entries as they were at a revision; what is public no more is left as it is, and not shown."""
        found = dict[tuple[str, int], Printed]()
        with self._room.store.reading() as tx:
            for entry_id, revision in wanted:
                item = items.get(entry_id)
                if item is not None and item.entry.revision == revision:
                    found[entry_id, revision] = item.printed
                elif item is not None:
                    then = print_entry(entries.at_revision(tx, item.entry, revision), self._press, item.tags)
                    found[entry_id, revision] = replace(then, url=item.printed.url, image=item.printed.image)
        return found

    def _view(
        self,
        newsletter: NewsletterConfig,
        edition: Edition,
        words: Sequence[tuple[Printed, bool]],
        *,
        feeds: tuple[FeedLink, ...],
        note: Note,
    ) -> EditionView:
        site = self._room.site
        shown = tuple(entry for entry, is_named in words if not is_named)
        named = tuple(entry for entry, is_named in words if is_named)
        if not shown:  # whatever it showed in full was withdrawn
            shown, named = named, ()
        matter = Matter(entries=shown, more=len(named), note=note)
        language = language_in(edition.series, newsletter.digest_languages) or newsletter.language
        newsletter = newsletter.model_copy(update={"language": language})
        digest = view_of(newsletter, site, matter, due_at=edition.due_at, number=edition.number)
        return EditionView(
            title=newsletter.title,
            newsletter_url=f"{site.url}{folder_of(newsletter.slug)}/",
            url=f"{site.url}{folder_of(edition.series)}/{edition.number}/",
            number=edition.number,
            # But for what the note asked for, the one that was mailed names an entry, which may be public no more.
            subject=note.subject or subject_of(digest, words_for(digest.language, self._room.templates)),
            subject_language=digest.language if note.subject else shown[0].language or digest.language,
            at=edition.due_at,
            language=digest.language,
            shown=shown,
            named=named,
            feeds=feeds,
            note=note.html,
        )


def _note(stored: bytes | None) -> Note:
    return NO_NOTE if stored is None else note_from({"note": stored})


def updated_at(printed: Iterable[PrintedEdition], first: Mapping[datetime, int]) -> dict[str, datetime]:
    """Return when each edition was updated, no two alike.

    It is when it was composed, or when it lost an entry. Those composed at one instant are spread by seconds; ``first``
    maps such an instant to the lowest number among them.
    """
    oldest_first = sorted(printed, key=lambda one: one.edition.number)
    made = {
        one.edition.id: one.edition.composed_at.replace(microsecond=0)
        + timedelta(seconds=one.edition.number - first[one.edition.composed_at])
        for one in oldest_first
    }
    taken, found = Instants(), dict[str, datetime]()
    for one in (*(o for o in oldest_first if not o.changed_at), *(o for o in oldest_first if o.changed_at)):
        at = max(made[one.edition.id], one.changed_at or made[one.edition.id])
        found[one.edition.id] = taken.free_from(at)
        taken.add(found[one.edition.id])
    return found
