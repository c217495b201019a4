"""The files that come with articles: of what kind, how long, how large; named by their own hash.

Only kinds that a browser shows without running anything. Not here: finding them (folder), keeping them (store).
"""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path

from feeds.model import LocalFile

PICTURES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
MEDIA_TYPES = PICTURES | {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".csv": "text/csv",
}


def measure(path: Path) -> LocalFile | str:
    """Return the file at ``path`` measured, or why it cannot be published."""
    suffix = path.suffix.lower()
    media_type = MEDIA_TYPES.get(suffix)
    if media_type is None:
        return f"is of a kind that is not published ({suffix or 'no suffix'})"
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        length = path.stat().st_size
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    size = _size(path) if suffix in PICTURES else (None, None)
    if size is None:
        return "is no picture that can be read, whatever its name says"
    return LocalFile(
        name=f"{digest}{'.jpg' if suffix == '.jpeg' else suffix}",
        media_type=media_type,
        length=length,
        width=size[0],
        height=size[1],
    )


def _size(path: Path) -> tuple[int, int] | None:
    from PIL import Image

    try:
        with warnings.catch_warnings(), Image.open(path) as picture:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            turned = picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}  # shown on its side: EXIF orientation
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    return (height, width) if turned else (width, height)
