"""Tags, once all entries are read: what each spelling means now, and how each tag is written.

Not here: deciding it (rules.tags).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from feeds.model import Tag
from feeds.rules.slugs import slug_of
from feeds.rules.tags import Spelling, alias_slugs, collisions, current_slug, names
from feeds.store import tags
from feeds.store.engine import Store


def settle_tags(store: Store, aliases: Mapping[str, str], *, now: datetime) -> list[str]:
    """Apply the aliases to all entries and choose each tag's spelling; return what collides."""
    renamed = alias_slugs(aliases)
    with store.writing() as tx:
        used = tags.list_spellings(tx)
        spellings = [Spelling(slug_of(name, signs=True), name, uses) for _, name, uses in used]
        for slug, name in names(spellings, renamed).items():
            tags.put(tx, Tag(slug, name), at=now)
        for slug, name, _ in used:
            meant = current_slug(slug_of(name, signs=True), renamed)
            if meant != slug:
                tags.move_spelling(tx, name, meant)
        tags.replace_aliases(tx, {old: tag.slug for old, tag in renamed.items()}, at=now)
    return collisions(spellings)
