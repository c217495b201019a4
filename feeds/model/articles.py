"""Nouns of the desk: articles, entries, and what is printed from them.

Values only, frozen. Not here: decisions about them (rules), reading or writing them (sources, store, formats).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where an entry stands: only LIVE entries are printed."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    LIVE = "live"
    WITHDRAWN = "withdrawn"


class WithdrawnBy(StrEnum):
    """Who withdrew an entry: its SOURCE, which may bring it back, or an OPERATOR, whose word outlasts what it says."""

    SOURCE = "source"
    OPERATOR = "operator"


class Access(StrEnum):
    """Who may read an entry; MEMBERS entries appear nowhere public."""

    PUBLIC = "public"
    MEMBERS = "members"


class Role(StrEnum):
    """What a block of an article is for."""

    TITLE = "title"
    BYLINE = "byline"
    STANDFIRST = "standfirst"
    DATELINE = "dateline"
    CAPTION = "caption"
    SUBHEADING = "subheading"
    BODY = "body"
    CREDIT = "credit"
    AUTHORS_NOTE = "author's note"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article in its role; ``content`` is plain text, or clean HTML where ``is_html``."""

    role: Role
    content: str
    is_html: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """An author: a name, and an address or a page where one is given."""

    name: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A subject, keyed by its slug; ``name`` is the spelling that people see."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An entry's leading picture. ``address``: ``media:<hash>.<ext>`` in the store, absolute once printed.

    ``width`` and ``height`` are in pixels, None where the picture is remote and could not be measured.
    """

    address: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None
    media_type: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that comes with an entry; ``length`` is its size in bytes. ``address`` as for :class:`Image`."""

    address: str
    media_type: str
    length: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was put right in an entry, and when."""

    at: datetime
    text: str


class EpisodeKind(StrEnum):
    """What an episode of a podcast is."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What an entry is in a podcast: ``duration`` in seconds, None or "" where it says nothing."""

    duration: int | None = None
    number: int | None = None
    season: int | None = None
    kind: EpisodeKind | None = None
    explicit: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFile:
    """A file that an article names: ``name`` is ``<sha256>.<ext>``, ``length`` bytes, sizes in pixels for pictures."""

    name: str
    media_type: str
    length: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An entry as a source reads it: decoded and free of illegal characters, not yet understood.

    ``key`` is its permanent name within the source (for a folder, the path with ``/``). ``media_type`` is
    ``text/markdown``, ``text/html`` or ``text/plain`` and says how to read ``text``. ``meta`` is its front matter.
    ``source_hash`` is the SHA-256, in hex, of the bytes as they came. ``notes`` tell what reading had to mend.
    """

    key: str
    media_type: str
    text: str
    meta: Mapping[str, Any]
    source_hash: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that a source could not give, named by its key, with the reason and what to do.

    It is no withdrawal: what the store had of it stays as it was, unless it ``hides``: then it may say that it is not,
    or not yet, for everyone.
    """

    key: str
    reason: str
    hides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What an article says: all that an edit can change, and nothing that the store decides.

    ``html`` is the body as clean HTML, in which ``media:<hash>.<ext>`` stands for a local file and
    ``entry:<source>/<key>`` for another article's page. ``url`` is set where the article lives elsewhere.
    ``published_at`` is what the article says of itself, None where it says nothing; ``promised_year`` is the last
    year in a date of its that cannot be read. Times are aware and in UTC.
    ``files`` pairs each local file named in it (its path in the source) with its media name, "" where it is missing;
    ``linked_entries`` holds the ``<source>/<key>`` of each article it links to.
    """

    title: str
    blocks: tuple[Block, ...]
    html: str
    summary: str = ""
    authors: tuple[Person, ...] = ()
    tags: tuple[Tag, ...] = ()
    section: str = ""
    language: str = ""
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    access: Access = Access.PUBLIC
    corrections: tuple[Correction, ...] = ()
    url: str | None = None
    draft: bool = False
    declared_id: str | None = None
    asked_slug: str | None = None
    published_at: datetime | None = None
    promised_year: int | None = None
    declared_updated_at: datetime | None = None
    former_addresses: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    linked_entries: tuple[str, ...] = ()
    rights: str = ""
    episode: Episode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article in the store: what it says, who it is for good, and where it stands.

    ``id`` and ``slug`` never change once set (a slug may be changed by hand, which leaves an alias). ``live_at`` is
    when it first went live here, ``sequence`` its place in the order of going live, never reused.
    """

    id: str
    source: str
    key: str
    slug: str
    article: Article
    state: State
    revision: int
    content_hash: str
    source_hash: str
    published_at: datetime
    updated_at: datetime
    first_seen_at: datetime
    live_at: datetime | None = None
    sequence: int | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Tell whether everyone may read it now."""
        return self.state is State.LIVE and self.article.access is Access.PUBLIC

    @property
    def is_kept_out(self) -> bool:
        """Tell whether an operator withdrew it: nothing that its source says brings it back."""
        return self.state is State.WITHDRAWN and self.withdrawn_by == WithdrawnBy.OPERATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An entry ready for print: every address absolute, every text clean, in the public.

    ``url`` is the canonical link. ``html`` is the full body without title and standfirst.
    ``author_urls`` and ``tag_urls`` map a name or a tag's slug to its page on the site, ``section_url`` is where its
    section's is. ``rights`` is a licence's address or a line of text.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    blocks: tuple[Block, ...]
    authors: tuple[Person, ...]
    tags: tuple[Tag, ...]
    section: str
    language: str
    direction: str
    image: Image | None
    enclosures: tuple[Enclosure, ...]
    corrections: tuple[Correction, ...]
    published_at: datetime
    updated_at: datetime
    author_urls: Mapping[str, str] = field(default_factory=dict)
    tag_urls: Mapping[str, str] = field(default_factory=dict)
    section_url: str = ""
    rights: str = ""
    episode: Episode | None = None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The word that an entry was withdrawn (RFC 6721): which, when, and a line for its readers."""

    entry_id: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """What makes a feed a podcast. ``guid`` is its UUID for good, the same wherever it moves.

    ``categories`` are Apple's, each a main one and perhaps one below it. ``locked`` tells other hosts whether they may
    take the podcast over, None where nothing is said of it.
    """

    guid: str
    author: str
    image_url: str
    categories: tuple[tuple[str, ...], ...]
    explicit: bool = False
    owner: Person | None = None
    serial: bool = False
    locked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it is printed: who it is, where it stands, and in which formats.

    ``id`` is a permanent URN. ``home_url`` is the HTML page it belongs to; ``page_url`` the feed's own, where it has
    one. ``addresses`` maps a format's name to the absolute address of that document, in the order in which they are
    advertised. ``full_text`` is False for a feed of summaries. ``updated_at`` is the newest change of the entries it
    holds. ``previous`` maps a format to the next older archive document (RFC 5005); ``current`` to the document that
    people subscribe to, and is given for archives only. ``rights`` is a licence's address or a line of text.
    """

    id: str
    title: str
    description: str
    home_url: str
    language: str
    author: Person
    addresses: Mapping[str, str]
    updated_at: datetime
    full_text: bool = True
    icon_url: str | None = None
    page_url: str = ""
    previous: Mapping[str, str] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)
    tombstones: tuple[Tombstone, ...] = ()
    hubs: tuple[str, ...] = ()
    rights: str = ""
    podcast: Podcast | None = None
