"""The way of an article from its bytes to three documents, without a store: so quick that it can be gone 100,000 times.

The same functions as in sync and publish. Not here: which articles go it (fuzzing, many_articles).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from feeds.errors import ArticleRefused
from feeds.formats import FORMATS, Elements, print_document, print_entry_elements
from feeds.model import Entry, Feed, LocalFile, Person, Printed, RawEntry
from feeds.rules.articles import Desk, read_article
from feeds.rules.identity import new_id
from feeds.rules.instants import Instants
from feeds.rules.printing import Press, for_feeds, print_entry
from feeds.rules.revising import Taken, new_entry
from feeds.sources.decoding import decode
from feeds.sources.folder import KINDS
from feeds.sources.front_matter import split_front_matter

SITE_ID = UUID("7f0f8b5e-6a57-4a0b-9a0e-3d2c4b1f6e21")
SITE = "https://gazette.example/"
NOW = datetime(2024, 11, 23, 12, tzinfo=UTC)
SHELF = {
    f"{number}.mp3": LocalFile(name=f"{number:064x}.mp3", media_type="audio/mpeg", length=number) for number in range(9)
}
PRESS = Press(site_url=SITE, language="en", author="The desk")
FEED = Feed(
    id="urn:uuid:0b9f2a16-0000-4000-8000-0000000000fe",
    title="The Harbour Gazette",
    description="News from the waterfront",
    home_url=SITE,
    language="en",
    author=Person("The desk"),
    addresses={name: SITE + format.filename for name, format in FORMATS.items()},
    updated_at=NOW,
)


def raw_entry(key: str, data: bytes) -> RawEntry:
    """Read a file as a folder does; ArticleRefused where it is none."""
    media_type = KINDS[f".{key.rpartition('.')[2]}"]
    decoded = decode(data, html=media_type == "text/html")
    if decoded is None:
        raise ArticleRefused("it is binary data, whatever its name says")
    meta, text = split_front_matter(decoded.text)
    return RawEntry(
        key=key,
        media_type=media_type,
        text=text,
        meta=meta,
        source_hash=hashlib.sha256(data).hexdigest(),
        notes=decoded.notes,
    )


def entry_of(raw: RawEntry, *, site_url: str = SITE, instants: Instants | None = None) -> Entry:
    """Make the entry that an article is when it is first seen; ArticleRefused where it is none."""
    zone = ZoneInfo("Europe/Dublin")
    desk = Desk("articles", zone, site_url, lambda path: SHELF.get(path.rpartition("/")[2], "is not there"), "en")
    id = new_id(SITE_ID, "articles", raw, taken=())
    taken = Taken(slugs=(), instants=instants or Instants())
    return new_entry(raw, read_article(raw, desk), id=id, source="articles", taken=taken, now=NOW)


def printed_of(raw: RawEntry) -> Printed:
    """Read an article and make it ready for the feeds; ArticleRefused where it is none."""
    entry = entry_of(raw)
    return for_feeds(print_entry(entry, PRESS, entry.article.tags))


def elements_of(entries: Iterable[Printed]) -> list[Elements]:
    """Write each entry in every format."""
    formats = FORMATS.values()
    return [print_entry_elements(formats, each, full_text=True, language=FEED.language) for each in entries]


def documents_of(elements: Sequence[Elements]) -> dict[str, bytes]:
    """Join elements to a document in each format."""
    return {
        name: print_document(format, FEED, [element.data[name] for element in elements])
        for name, format in FORMATS.items()
    }
