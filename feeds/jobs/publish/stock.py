"""What one publish prints from: the public entries as they stand, their tags, authors and addresses.

Read at once, from one state of the store. Not here: which documents there are (plan), writing them (output).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feeds.config import Config
from feeds.model import Entry, Person, Printed, Tag
from feeds.rules.meta import author_slug
from feeds.rules.printing import Press, print_entry
from feeds.rules.queries import newest_first
from feeds.store import entries as entry_store
from feeds.store import tags
from feeds.store.engine import Store


@dataclass(frozen=True, slots=True)
class Group:
    """The entries that share a tag or an author, newest first; ``slug`` and ``name`` are that tag's or author's."""

    slug: str
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """All public entries, newest first, and how they hang together."""

    entries: tuple[Entry, ...]
    tags: Mapping[str, tuple[Tag, ...]]
    press: Press
    aliases: tuple[entry_store.Alias, ...]
    tag_aliases: Mapping[str, str]
    _printed: dict[str, Printed] = field(default_factory=dict)

    def printed(self, entry: Entry) -> Printed:
        """Return an entry ready for print, made once."""
        if entry.id not in self._printed:
            self._printed[entry.id] = print_entry(entry, self.press, self.tags_of(entry))
        return self._printed[entry.id]

    def tags_of(self, entry: Entry) -> tuple[Tag, ...]:
        """Return an entry's tags as they are called now."""
        return self.tags.get(entry.id, ())

    def authors_of(self, entry: Entry) -> tuple[Person, ...]:
        """Return an entry's authors, the site's where it names none."""
        return entry.article.authors or ((Person(self.press.author),) if self.press.author else ())

    def by_tag(self) -> list[Group]:
        """Return a group for every tag in use, in the order of the slugs."""
        return self._grouped({e.id: [(tag.slug, tag.name) for tag in self.tags_of(e)] for e in self.entries})

    def by_author(self) -> list[Group]:
        """Return a group for every author, in the order of the slugs."""
        return self._grouped({e.id: [(author_slug(p.name), p.name) for p in self.authors_of(e)] for e in self.entries})

    def _grouped(self, keys: Mapping[str, list[tuple[str, str]]]) -> list[Group]:
        names: dict[str, str] = {}
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            for slug, name in keys[entry.id]:
                names.setdefault(slug, name)
                found.setdefault(slug, []).append(entry)
        return [Group(slug, names[slug], tuple(found[slug])) for slug in sorted(found)]


def read_stock(store: Store, config: Config) -> Stock:
    """Read all that is public now."""
    with store.reading() as tx:
        public = tuple(newest_first(entry_store.list_public(tx)))
        aliases = tuple(entry_store.list_aliases(tx))
        return Stock(
            entries=public,
            tags=tags.by_entry(tx),
            press=press_of(config, public, aliases),
            aliases=aliases,
            tag_aliases=tags.list_aliases(tx),
        )


def press_of(config: Config, public: tuple[Entry, ...], aliases: tuple[entry_store.Alias, ...]) -> Press:
    """Return what print needs to know of the site, with the address of each public entry's page."""
    site = config.site
    press = Press(site_url=site.url, language=site.language, author=site.author or "")
    by_id = {entry.id: press.page_url(entry) for entry in public}
    pages = {alias.value: by_id[alias.entry_id] for alias in aliases if alias.kind == "key" and alias.entry_id in by_id}
    pages |= {f"{entry.source}/{entry.key}": by_id[entry.id] for entry in public}
    return Press(site_url=site.url, language=site.language, author=site.author or "", pages=pages)
