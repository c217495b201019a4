"""Tags: which spellings mean the same, how a tag is written for people, and what a renamed one is called now.

Pure. Not here: reading tags from front matter (meta), keeping them (store).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feeds.model import Tag
from feeds.rules.slugs import slug_of


@dataclass(frozen=True, slots=True)
class Spelling:
    """A spelling in use: the slug of its own words, the words, and how many entries write it so."""

    slug: str
    name: str
    uses: int


def alias_slugs(aliases: Mapping[str, str]) -> dict[str, Tag]:
    """Return old slug → the tag that it means now, chains followed to their end; an alias of itself is passed over."""
    renamed = {slug_of(old, signs=True): Tag(slug_of(new, signs=True), new) for old, new in aliases.items()}
    ends = {old: _end(new, renamed) for old, new in renamed.items() if old and new.slug}
    return {old: end for old, end in ends.items() if end.slug != old}


def current_slug(slug: str, aliases: Mapping[str, Tag]) -> str:
    """Return the slug of the tag that ``slug`` means now."""
    return aliases[slug].slug if slug in aliases else slug


def names(spellings: Iterable[Spelling], aliases: Mapping[str, Tag]) -> dict[str, str]:
    """Return tag's slug → the spelling to show: the one most used, of equals the first in the alphabet."""
    ranked = sorted(spellings, key=lambda s: (-s.uses, s.name))
    shown: dict[str, str] = {tag.slug: tag.name for tag in aliases.values()}
    own: dict[str, str] = {}
    for spelling in ranked:
        if spelling.slug not in aliases:
            own.setdefault(spelling.slug, spelling.name)
    return shown | own


def collisions(spellings: Iterable[Spelling]) -> list[str]:
    """Tell of every tag that is spelt in more than one way without an alias that says so."""
    by_slug: defaultdict[str, list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        by_slug[spelling.slug].append(spelling)
    return [
        f"tag {slug}: spelt {_listed(found)}; all are one" for slug, found in sorted(by_slug.items()) if len(found) > 1
    ]


def _listed(spellings: list[Spelling]) -> str:
    return ", ".join(repr(s.name) for s in sorted(spellings, key=lambda s: (-s.uses, s.name)))


def _end(tag: Tag, renamed: Mapping[str, Tag]) -> Tag:
    followed = {tag.slug}
    while tag.slug in renamed and renamed[tag.slug].slug not in followed:
        tag = renamed[tag.slug]
        followed.add(tag.slug)
    return tag
