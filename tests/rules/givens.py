"""What the tests of reading share: a desk with a few files on it, and raw entries for it to read.

Not here: entries in the store (each test makes its own).
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from feeds.model import LocalFile, RawEntry
from feeds.rules.articles import Desk, read_article
from feeds.rules.html import Picture, clean_html

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
QUAY = LocalFile(name="a" * 64 + ".jpg", media_type="image/jpeg", length=9, width=800, height=600)
TALK = LocalFile(name="d" * 64 + ".mp3", media_type="audio/mpeg", length=55)
FILES = {"pictures/quay.jpg": QUAY, "2026/quay.jpg": QUAY, "IMG_2041.jpg": QUAY, "talk.mp3": TALK}
KINDS = {"md": "text/markdown", "html": "text/html", "txt": "text/plain"}
DESK = Desk(
    source="articles",
    zone=ZoneInfo("Europe/London"),
    site_url="https://gazette.example/",
    find_file=lambda path: FILES.get(path, "is not there"),
)


def raw(text, kind="md", *, key=None, hash="h1", meta=None, **more):
    """Make a raw entry whose front matter is ``meta`` (keys of any kind) and what is named beside it."""
    given = {**(meta or {}), **more}
    return RawEntry(key=key or f"piece.{kind}", media_type=KINDS[kind], text=text, meta=given, source_hash=hash)


def read(text, kind="md", **said):
    return read_article(raw(text, kind, **said), DESK)


def article(text, kind="md", **said):
    return read(text, kind, **said).article


def clean(html, *, title=""):
    """Clean HTML with links and pictures that go where they say, if that is an absolute address."""
    return clean_html(html, link=_absolute, show=lambda a: Picture(a) if _absolute(a) else None, title=title)


def _absolute(address):
    return address if address.startswith(("http://", "https://", "mailto:")) else None
