"""Writes JSON Feed 1.1: the feed for programs that would rather not parse XML.

The specification's own order of keys, one key a line. Not here: cleaning (prepare), size (printing).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from feeds.formats.kinds import KINDS
from feeds.model import Enclosure, Feed, Person, Printed

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeed:
    """JSON Feed 1.1."""

    name = "json"
    filename = "feed.json"
    media_type = KINDS["json"].media_type

    def render(self, feed: Feed, entries: Sequence[Printed]) -> bytes:
        """Write the document; KeyError where the feed has no address for it."""
        document = _filled(
            version=VERSION,
            title=feed.title,
            home_page_url=feed.home_url,
            feed_url=feed.addresses[self.name],
            description=feed.description,
            icon=feed.icon_url,
            authors=[_person(feed.author)],
            language=feed.language,
        )
        document["items"] = [_item(feed, entry) for entry in entries]
        return (json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _item(feed: Feed, entry: Printed) -> dict[str, Any]:
    full = entry.html if feed.full_text else ""
    return _filled(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        content_html=full,
        content_text="" if full else entry.summary or entry.title,  # an item must have one of the two
        summary=entry.summary,
        image=entry.image.address if entry.image else None,
        date_published=entry.published_at.isoformat(),
        date_modified=entry.updated_at.isoformat(),
        authors=[_person(author) for author in entry.authors],
        tags=[tag.name for tag in entry.tags],
        language=entry.language if entry.language != feed.language else "",
        attachments=[_attachment(file) for file in entry.enclosures],
    )


def _person(author: Person) -> dict[str, Any]:
    return _filled(name=author.name, url=author.url)


def _attachment(file: Enclosure) -> dict[str, Any]:
    return {
        "url": file.address,
        "mime_type": file.media_type,
        **_filled(title=file.title),
        "size_in_bytes": file.length,
    }


def _filled(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
