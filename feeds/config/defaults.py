"""What stands in for the sections and keys that a config leaves out, where the schema cannot say it.

Not here: the defaults of single keys (schema).
"""

from __future__ import annotations

import copy
from typing import Any

from feeds.config.feeds import NAME_MARK
from feeds.config.places import PRIVATE_FOLDER, SLUG_MARK
from feeds.config.schema import REPEATED, SECTIONS
from feeds.config.values import as_slug
from feeds.config.words import quietly

Data = dict[str, Any]


def with_defaults(data: Data) -> Data:
    """Return a copy of the parsed config in which every section but [site] stands, and each feed has its path."""
    full = copy.deepcopy(data)
    for section in SECTIONS:
        if section != "site":
            full.setdefault(section, [] if section in REPEATED else {})
    full["sources"] = [{}] if full["sources"] == [] else full["sources"]
    full["feeds"] = _usual_feeds(_title(full)) if full["feeds"] == [] else full["feeds"]
    _place_feeds(full)
    _place_notes(full)
    return full


def tables(data: Data, section: str) -> list[tuple[int, Data]]:
    """Return the tables of a repeated section with their indexes; whatever is no table is left out."""
    found = data.get(section)
    listed = found if isinstance(found, list) else []
    return [(index, table) for index, table in enumerate(listed) if isinstance(table, dict)]


def table(data: Data, section: str) -> Data:
    """Return a section, empty where it is missing or no table."""
    found = data.get(section)
    return found if isinstance(found, dict) else {}


def _usual_feeds(title: str) -> list[Data]:
    family = f"{title}: {NAME_MARK}"
    return [
        {"slug": "site", "title": title, "path": "."},
        {"slug": "tags", "title": family, "each": "tag", "path": f"tags/{SLUG_MARK}"},
        {"slug": "authors", "title": family, "each": "author", "path": f"authors/{SLUG_MARK}"},
    ]


def _place_feeds(data: Data) -> None:
    taken: set[object] = set()
    for index, feed in tables(data, "feeds"):
        slug = quietly(as_slug, feed.get("slug"))
        # A wrong or repeated slug is one mistake: a number keeps the path made from it from being a second one.
        above = PRIVATE_FOLDER if feed.get("private") is True else "feeds"
        folder = f"{above}/{index if slug in taken or slug is None else slug}"
        feed.setdefault("path", f"{folder}/{SLUG_MARK}" if "each" in feed else folder)
        taken.add(slug)


def _place_notes(data: Data) -> None:
    for index, newsletter in tables(data, "newsletters"):
        newsletter.setdefault("notes", f"notes/{quietly(as_slug, newsletter.get('slug')) or index}")


def _title(data: Data) -> str:
    title = table(data, "site").get("title")
    return title if isinstance(title, str) and title.strip() else "Feed"
