"""An entry's leading picture as Media RSS has it, in RSS and Atom alike.

feedgen's own extension groups it, which is an error with one picture. Not here: pictures inside the text (rules).
"""

from __future__ import annotations

from typing import Any

from feeds.formats.frame import add
from feeds.formats.names import MEDIA
from feeds.model import Image


def add_picture(entry: Any, image: Image) -> None:
    """Add a picture with its words and who made it, and as the thumbnail that lists of entries show."""
    content = add(
        entry,
        MEDIA + "content",
        url=image.address,
        medium="image",
        type=image.media_type,
        **_measures(image),
        fileSize=str(image.length or ""),
    )
    # No media:description: feedparser, and whatever stands on it, takes it for the description of the entry.
    if image.caption or image.alt:
        add(content, MEDIA + "title", image.caption or image.alt, type="plain")
    if image.credit:
        add(content, MEDIA + "credit", image.credit)
    add(entry, MEDIA + "thumbnail", url=image.address, **_measures(image))


def _measures(image: Image) -> dict[str, str]:
    return {"width": str(image.width), "height": str(image.height)} if image.width and image.height else {}
