"""Writes JSON Feed 1.1: the feed for programs that would rather not parse XML.

The specification's own order of keys; an item a line. Not here: cleaning (prepare), size (printing).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from feeds.formats.kinds import KINDS
from feeds.formats.subjects import names
from feeds.model import Enclosure, Episode, Feed, Person, Printed

VERSION = "https://jsonfeed.org/version/1.1"
_BEFORE, _BEHIND = b'"items": [\n', b"\n]\n}\n"
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class JsonFeed:
    """JSON Feed 1.1."""

    name = "json"
    filename = "feed.json"
    media_type = KINDS["json"].media_type

    def element(self, entry: Printed, *, full_text: bool, language: str) -> bytes:
        """Write one entry as an item, on one line."""
        return _encoded(_item(entry, entry.html if full_text else "", language)).encode()

    def frame(self, feed: Feed) -> bytes:
        """Write the document without items; KeyError where the feed has no address for it."""
        frame = _filled(
            version=VERSION,
            title=feed.title,
            home_page_url=feed.home_url,
            feed_url=feed.addresses[self.name],
            description=feed.description,
            next_url=feed.previous.get(self.name),
            icon=feed.icon_url,
            authors=[_person(feed.author)],
            language=feed.language,
            hubs=[{"type": "WebSub", "url": hub} for hub in feed.hubs],
        )
        head = b"".join(f'"{key}": {_encoded(value)},\n'.encode() for key, value in frame.items())
        return b"{\n" + head + _BEFORE + _BEHIND

    def join(self, frame: bytes, elements: Sequence[bytes]) -> bytes:
        """Return a frame with items in it, an item a line."""
        return b"".join((frame.removesuffix(_BEHIND), b",\n".join(elements), _BEHIND))

    def alone(self, element: bytes) -> bytes:
        """Return the least document that holds an item."""
        return b'{"items":[' + element + b"]}"

    def is_whole(self, element: bytes) -> bool:
        """Tell whether an item can be cut out of any document again."""
        return b"\n" not in element

    def cut(self, document: bytes) -> list[bytes]:
        """Return the items of a document that was written here: no string holds a raw line feed."""
        items = document.partition(_BEFORE)[2].removesuffix(_BEHIND)
        return items.split(b",\n") if items else []


def _item(entry: Printed, full: str, language: str) -> dict[str, Any]:
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
        tags=names(entry),
        language=entry.language if entry.language != language else "",
        attachments=[_attachment(file, entry.episode) for file in entry.enclosures],
    )


def _person(author: Person) -> dict[str, Any]:
    return _filled(name=author.name, url=author.url)


def _attachment(file: Enclosure, episode: Episode | None) -> dict[str, Any]:
    is_heard = file.media_type.startswith(("audio/", "video/"))
    return {
        "url": file.address,
        "mime_type": file.media_type,
        **_filled(title=file.title),
        "size_in_bytes": file.length,
        **_filled(duration_in_seconds=episode.duration if episode and is_heard else None),
    }


def _filled(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
