"""The files that come with articles: of what kind, how long, how large; named by their own hash.

Only kinds that a browser shows without running anything. Not here: finding them (folder), keeping them (store).
"""

from __future__ import annotations

import hashlib
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.model import LocalFile

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

PICTURES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")  # what the names above promise; others may run programs
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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bad EXIF, which browsers pass over too
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as picture:
                width, height = picture.size
                turned = _is_turned(picture)
    except (OSError, ValueError, SyntaxError, RuntimeError, Image.DecompressionBombError, Warning):
        return None
    return (height, width) if turned else (width, height)


def _is_turned(picture: ImageFile) -> bool:
    """Tell whether the picture is shown on its side (EXIF orientation)."""
    try:
        return picture.getexif().get(0x0112, 1) in {5, 6, 7, 8}
    except (OSError, ValueError, SyntaxError, TypeError, struct.error):
        return False
