"""The topics that readers may follow or mute: sections and tags, of what everyone may read, the most used first.

A function per statement. Not here: what was chosen (rules.preferences), tags as such (tags).
"""

from __future__ import annotations

from sqlalchemy import func, select

from feeds.model import Access, State, Tag
from feeds.rules.preferences import SECTION
from feeds.rules.queries import section_slug
from feeds.store.engine import Transaction
from feeds.store.schema import entries, entry_tags, tags

_PUBLIC = (entries.c.state == State.LIVE, entries.c.access == Access.PUBLIC)


def list_sections(tx: Transaction) -> list[Tag]:
    """Return the sections; each is called as most of its entries spell it."""
    number = func.count().label("number")
    query = select(entries.c.section, number).where(*_PUBLIC, entries.c.section != "")
    found: dict[str, Tag] = {}
    counts: dict[str, int] = {}
    for name, used in tx.execute(query.group_by(entries.c.section).order_by(number.desc(), entries.c.section)):
        slug = SECTION + section_slug(name)
        found.setdefault(slug, Tag(slug, name))
        counts[slug] = counts.get(slug, 0) + used
    return sorted(found.values(), key=lambda tag: -counts[tag.slug])


def list_tags(tx: Transaction) -> list[Tag]:
    """Return the tags."""
    number = func.count().label("number")
    used = select(entry_tags.c.tag, number).join(entries, entries.c.id == entry_tags.c.entry_id).where(*_PUBLIC)
    counted = used.group_by(entry_tags.c.tag).subquery()
    query = select(tags.c.slug, tags.c.name).join(counted, counted.c.tag == tags.c.slug)
    return [Tag(row.slug, row.name) for row in tx.execute(query.order_by(counted.c.number.desc(), tags.c.slug))]
