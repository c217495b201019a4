"""What an entry is about, as categories: its tags, then its section, each in a scheme of its own.

The scheme is the folder of their pages. Not here: pages (rendering), how a format writes a category (rss, atom).
"""

from __future__ import annotations

from feeds.model import Printed


def categories(entry: Printed) -> list[dict[str, str | None]]:
    """Return an entry's categories as feedgen takes them: term, label and scheme."""
    found = [_category(tag.slug, tag.name, entry.tag_urls.get(tag.slug, "")) for tag in entry.tags]
    if entry.section:
        term = entry.section_url.rstrip("/").rpartition("/")[2]
        found.append(_category(term or entry.section, entry.section, entry.section_url))
    return found


def names(entry: Printed) -> list[str]:
    """Return the names of an entry's categories, in the same order."""
    return [tag.name for tag in entry.tags] + ([entry.section] if entry.section else [])


def _category(term: str, label: str, page: str) -> dict[str, str | None]:
    folder = page.rstrip("/").rpartition("/")[0]
    return {"term": term, "label": label, "scheme": f"{folder}/" if folder else None}
