"""The media type that a file is served with, by its name alone.

Not here: what the file holds. Our own table comes first, so that no machine's list changes what readers get.
"""

from __future__ import annotations

from functools import lru_cache
from mimetypes import MimeTypes

from feeds.web.places import FEEDS

_OURS = {
    "html": "text/html",
    "css": "text/css",
    "txt": "text/plain",
    "md": "text/markdown",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "xml": "application/xml",
    "json": "application/json",
    "opml": "text/x-opml",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "avif": "image/avif",
    "ico": "image/x-icon",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "opus": "audio/ogg",
    "ogg": "audio/ogg",
    "epub": "application/epub+zip",
    "woff2": "font/woff2",
    "gz": "application/gzip",
}
_TEXT = ("application/xml", "application/json", "+xml", "+json")
_STANDARD = MimeTypes().types_map[True]  # Python's own table, without the machine's files
UNKNOWN = "application/octet-stream"


@lru_cache(maxsize=4096)
def media_type(path: str) -> str:
    """Return the media type of a file, without charset."""
    name = path.rpartition("/")[2].lower()
    if name in FEEDS:
        return FEEDS[name].media_type
    ending = name.rpartition(".")[2]
    return _OURS.get(ending) or _STANDARD.get(f".{ending}", UNKNOWN)


def is_text(kind: str) -> bool:
    """Tell whether a media type is text: it is served with its charset, and may have coded forms."""
    return kind.startswith("text/") or kind.endswith(_TEXT)
