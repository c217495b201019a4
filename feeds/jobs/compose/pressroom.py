"""What an edition is made with, and making one: from a choice of entries to a selection and its bytes.

Not here: who gets it (plan), storing it (editions).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from feeds.config import Config, NewsletterConfig
from feeds.model import Edition, Entry, Tag
from feeds.rendering.edition import render_edition, view_of
from feeds.rendering.environment import Templates
from feeds.rendering.views import Digest, SiteView
from feeds.rules.printing import Press, print_entry
from feeds.store.editions import Selected, Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressroom:
    """What every edition is made with: the settings, the site as digests show it, where its pages are, templates."""

    config: Config
    site: SiteView
    press: Press
    templates: Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A selection with the bytes that it was rendered to, and the digest that they are of."""

    selection: Selection
    parts: Mapping[str, bytes]
    key: tuple[str, str]
    digest: Digest


def fix(
    room: Pressroom,
    newsletter: NewsletterConfig,
    edition: Edition,
    *,
    shown: Sequence[Entry],
    named: Sequence[tuple[str, int]],
    tags_of: Callable[[str], tuple[Tag, ...]],
) -> Fixed:
    """Render the entries of a selection, newest first; ``named`` are (id, revision) of those that are only counted.

    Raises TemplateInvalid, and EntryUnprintable where one entry cannot stand in a digest.
    """
    printed = tuple(print_entry(entry, room.press, tags_of(entry.id)) for entry in shown)
    view = view_of(newsletter, room.site, printed, due_at=edition.due_at, number=edition.number, more=len(named))
    digest, parts = render_edition(room.config, newsletter, view, templates=room.templates, number=edition.number)
    held = [Selected(e.id, e.revision, position >= digest.shown) for position, e in enumerate(shown)]
    held += [Selected(entry_id, revision, True) for entry_id, revision in named]
    selection = selection_of(edition.id, tuple(held))
    return Fixed(selection=selection, parts=parts, key=(view.language, newsletter.layout), digest=digest)


def selection_of(edition_id: str, held: tuple[Selected, ...]) -> Selection:
    """Return the selection of these entries; its id is made of the edition and of what it holds."""
    said = "\n".join(f"{entry.entry_id} {entry.revision} {entry.named_only}" for entry in held)
    digest = hashlib.sha256(said.encode()).hexdigest()
    return Selection(id=f"{edition_id}#{digest[:12]}", edition_id=edition_id, hash=digest, entries=held)
