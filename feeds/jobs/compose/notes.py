"""The editor's note of an edition: where it lies, and what it says, read when the edition is composed.

Where each article is an edition, there are none. Not here: what a note may hold (rules.notes), the file itself
(sources.notes).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feeds.config import Config, NewsletterConfig
from feeds.errors import ArticleRefused, NoteUnreadable
from feeds.rules.cadence import local_day
from feeds.rules.notes import NO_NOTE, Note, Places, read_note
from feeds.rules.printing import Press
from feeds.sources.notes import has_note, is_note_name, note_path, read_raw_note


@dataclass(frozen=True, slots=True)
class NoteStanding:
    """Where the note of an edition to come is looked for, whether it is there, and what keeps it from being read."""

    place: str = ""
    is_there: bool = False
    problem: str = ""


def note_standing(config: Config, newsletter: NewsletterConfig, slot: datetime) -> NoteStanding:
    """Return how the note of the edition of a slot stands; the place is written from the config's folder on."""
    place = note_place(config, newsletter, slot)
    if place is None:
        return NoteStanding()
    shown = str(place.relative_to(config.folder) if place.is_relative_to(config.folder) else place)
    try:
        read_note_at(place, Places(config.site.url))
    except NoteUnreadable as error:
        return NoteStanding(shown, True, str(error))
    return NoteStanding(shown, has_note(place))


def note_place(config: Config, newsletter: NewsletterConfig, slot: datetime) -> Path | None:
    """Return where the note of the edition of a slot is looked for, None where there are no notes."""
    cadence = newsletter.cadence_in(config.site.timezone)
    return None if cadence.each_article else note_path(newsletter.notes, local_day(cadence, slot))


def note_at(config: Config, newsletter: NewsletterConfig, slot: datetime) -> str:
    """Return the file of the note of the edition of a slot, "" where there is none."""
    place = note_place(config, newsletter, slot)
    return str(place) if place and has_note(place) else ""


def note_of(config: Config, newsletter: NewsletterConfig, slot: datetime, *, press: Press) -> Note:
    """Return the note of the edition of a slot; raise NoteUnreadable where it cannot be read as it is meant."""
    place = note_place(config, newsletter, slot)
    sources = [source.slug for source in config.sources]
    return read_note_at(place, Places(press.site_url, sources, press.pages)) if place else NO_NOTE


def read_note_at(place: Path, places: Places) -> Note:
    """Return the note at a place, an empty one where there is none; raise NoteUnreadable."""
    raw = read_raw_note(place)
    try:
        return read_note(raw.meta, raw.text, places) if raw else NO_NOTE
    except ArticleRefused as error:
        raise NoteUnreadable(place, error.reason) from None


def note_faults(config: Config) -> list[str]:
    """Return what is wrong in the folders of notes: files that no edition will look for, or that cannot be read."""
    found = []
    for newsletter in config.newsletters:
        places = sorted(newsletter.notes.iterdir()) if newsletter.notes.is_dir() else []
        for place in (place for place in places if not place.name.startswith(".")):
            if not is_note_name(place.name):
                found.append(f"{place}: no edition looks for this name; call it by the day of its slot: 2026-11-23.md")
                continue
            try:
                read_note_at(place, Places(config.site.url))
            except NoteUnreadable as error:
                found.append(str(error))
    return found
